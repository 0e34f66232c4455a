"""7z archives; the only home of py7zr."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import PurePosixPath
from typing import Any, BinaryIO

import py7zr
from py7zr import archiveinfo
from py7zr import py7zr as engine
from py7zr.exceptions import AbsolutePathError, ArchiveError, PasswordRequired

from kbxt_merge.intake.formats.damage import DAMAGE, Unreadable
from kbxt_merge.intake.inbox.archive_types import Member, Source
from kbxt_merge.model.china_time import seconds_of
from kbxt_merge.model.limits import Limits

BUFFER_BYTES = 32 << 20
FAULTS = (AbsolutePathError, ArchiveError, *DAMAGE)


class SevenZip:
    """An open 7z; a solid one is inflated once, whole, when its first member is read."""

    def __init__(self, source: Source, limits: Limits, password: str | None = None) -> None:
        """Open the archive, whose names may be locked, too; raises Unreadable."""
        self.source = source
        self.limits = limits
        self.contents: dict[str | None, Sequence[bytes]] = {}
        try:
            with _counted_first(limits.members), self._opened(password) as archive:
                listed = archive.list()
                self.places = [place for place, item in enumerate(listed) if not item.is_directory]
                self.members = [
                    Member(
                        item.filename,
                        item.uncompressed,
                        item.compressed or item.uncompressed,
                        _modified(item),
                        archive.needs_password(),
                    )
                    for item in listed
                    if not item.is_directory
                ]
        except PasswordRequired as error:
            raise Unreadable("file-encrypted", "archive-password") from error
        except FAULTS as error:
            raise Unreadable("file-unreadable", "truncated") from error

    def _opened(self, password: str | None) -> py7zr.SevenZipFile:
        source = io.BytesIO(self.source) if isinstance(self.source, bytes) else self.source
        return py7zr.SevenZipFile(source, password=password)

    def read(self, position: int, password: str | None) -> bytes:
        """The bytes of one member."""
        if password not in self.contents:
            self.contents[password] = self._inflated(password)
        content = self.contents[password][position]
        if len(content) != self.members[position].size:
            raise ValueError(position)
        return content

    def _inflated(self, password: str | None) -> Sequence[bytes]:
        """The bytes of all members, in their order."""
        total = sum(member.size for member in self.members)
        if total > self.limits.file_bytes:
            raise Unreadable("file-unsafe", "inflated-size", limit=self.limits.file_bytes, found=total)
        factory = py7zr.io.BytesIOFactory(self.limits.file_bytes)
        try:
            with _into_memory(), self._opened(password) as archive:
                archive.extractall(factory=factory)
            return [factory.products[str(place)].read() for place in self.places]
        except (PasswordRequired, *FAULTS) as error:
            raise ValueError("damaged, or another password") from error


@contextmanager
def _counted_first(most: int) -> Iterator[None]:
    """Let py7zr look at no name of an archive with more entries: 60,000 take it ten seconds, and nobody can stop it.

    It tells how many there are only when it has read them all, but asks a class of its own to do so.
    """
    usual: Any = archiveinfo.FilesInfo

    class Counted(usual):  # type: ignore[misc]
        def _read(self, fp: BinaryIO) -> None:
            begins = fp.tell()
            count = archiveinfo.read_uint64(fp)
            if count > most:
                raise Unreadable("file-unsafe", "whole-members", count=count, found=count, limit=most)
            fp.seek(begins)
            super()._read(fp)

    archiveinfo.FilesInfo = Counted  # type: ignore[misc]
    try:
        yield
    finally:
        archiveinfo.FilesInfo = usual  # type: ignore[misc]


@contextmanager
def _into_memory() -> Iterator[None]:
    """Let py7zr call the members by their places, and reckon with a buffer of one size.

    It looks on the disk for where each name would lead to, and in the machine for how much memory is left, which takes
    a thousand members seconds; of two with one name it calls the second otherwise, and it refuses a whole archive for
    one name that climbs. Nothing is written to the disk here.
    """
    places = count()
    ours = {
        "get_sanitized_output_path": lambda name, path: PurePosixPath(str(next(places))),
        "get_memory_limit": lambda: BUFFER_BYTES,
    }
    usual = {name: getattr(engine, name) for name in ours}
    vars(engine).update(ours)
    try:
        yield
    finally:
        vars(engine).update(usual)


def _modified(item: py7zr.FileInfo) -> float | None:
    return None if item.creationtime is None else seconds_of(item.creationtime)
