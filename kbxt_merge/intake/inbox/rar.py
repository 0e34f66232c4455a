"""RAR archives; the only home of rarfile, which needs an unpacker at hand for what is compressed."""

from __future__ import annotations

import io
from pathlib import Path

import rarfile

from kbxt_merge.intake.formats.damage import DAMAGE, Unreadable
from kbxt_merge.intake.inbox.archive_types import Member, Source
from kbxt_merge.model.china_time import seconds_of
from kbxt_merge.model.limits import Limits

FAULTS = (rarfile.Error, *DAMAGE)


class Rar:
    """An open RAR archive."""

    def __init__(self, source: Source, limits: Limits) -> None:
        """Open the archive; raises Unreadable."""
        try:
            self.archive = rarfile.RarFile(str(source) if isinstance(source, Path) else io.BytesIO(source))
            self.entries = [entry for entry in self.archive.infolist() if entry.is_file()]
            self.members = [
                Member(entry.filename, entry.file_size, entry.compress_size, _modified(entry), entry.needs_password())
                for entry in self.entries
            ]
        except rarfile.PasswordRequired as error:
            raise Unreadable("file-encrypted", "archive-password") from error
        except FAULTS as error:
            raise Unreadable("file-unreadable", "truncated") from error
        if not self.members:  # an archive of nothing is made by no program: its list is locked or lost
            locked = self.archive.needs_password()
            raise Unreadable(*(("file-encrypted", "archive-password") if locked else ("file-unreadable", "truncated")))

    def read(self, position: int, password: str | None) -> bytes:
        """The bytes of one member; raises Unreadable where no unpacker is at hand."""
        entry = self.entries[position]
        try:
            if not _lies_open(entry):
                rarfile.tool_setup()  # else rarfile copies the archive to a temporary file first, and leaves it there
            content: bytes = self.archive.read(entry, pwd=password)
        except rarfile.RarCannotExec as error:
            raise Unreadable("file-unreadable", "rar-unpacker") from error
        except rarfile.Error as error:
            raise ValueError("damaged, or another password") from error
        return content


def _lies_open(entry: rarfile.RarInfo) -> bool:
    """Whether a member is neither compressed nor locked: no unpacker is needed."""
    return bool(entry.compress_type == rarfile.RAR_M0 and not entry.needs_password())


def _modified(entry: rarfile.RarInfo) -> float | None:
    return None if entry.mtime is None else seconds_of(entry.mtime)
