"""Zip archives, by the standard library."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.intake.formats.zip_names import member_name
from kbxt_merge.intake.formats.zip_safety import open_zip
from kbxt_merge.intake.inbox.archive_types import Member, Source
from kbxt_merge.model.china_time import seconds_of
from kbxt_merge.model.limits import Limits

LOCKED = 0x1
AES = 99
"""How a member is marked that is locked as newer packers can; the standard library knows the old lock alone."""
COUNTED = 200_000
"""So many entries are listed at least, to be told how many they are; more would fill the memory."""


class ZipFiles:
    """An open zip; its members are the entries that are no folders."""

    def __init__(self, source: Source, limits: Limits) -> None:
        """Open the zip; raises Unreadable."""
        stream = _Kept(source, "rb") if isinstance(source, Path) else io.BytesIO(source)
        self.archive = open_zip(stream, limits, max(limits.members, COUNTED))
        self.entries = [entry for entry in self.archive.infolist() if not entry.is_dir()]
        self.members = [
            Member(
                member_name(entry),
                entry.file_size,
                entry.compress_size,
                _modified(entry),
                bool(entry.flag_bits & LOCKED),
            )
            for entry in self.entries
        ]

    def read(self, position: int, password: str | None) -> bytes:
        """The bytes of one member; a password may have been typed on a Chinese Windows."""
        entry = self.entries[position]
        if password is None:
            return self.archive.read(entry)
        if entry.compress_type == AES:
            raise Unreadable("file-encrypted", "archive-cipher")
        try:
            return self.archive.read(entry, password.encode())
        except RuntimeError:
            return self.archive.read(entry, password.encode("gb18030"))


class _Kept(io.FileIO):
    """A file that is closed when the zip over it is let go."""

    def __del__(self) -> None:
        """Close without the warning that an open file gives."""
        self.close()


def _modified(entry: zipfile.ZipInfo) -> float | None:
    """When a member was changed; a zip's times are its writer's wall clock."""
    try:
        return seconds_of(dt.datetime(*entry.date_time))
    except ValueError:
        return None
