"""7z archives; the only home of py7zr."""

from __future__ import annotations

import io
import lzma
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import py7zr
from py7zr import archiveinfo
from py7zr.exceptions import AbsolutePathError, ArchiveError, PasswordRequired

from kbxt_merge.intake.formats.damage import DAMAGE, Unreadable
from kbxt_merge.intake.inbox.archive_types import Member, Source
from kbxt_merge.model.china_time import seconds_of
from kbxt_merge.model.limits import Limits

FAULTS = (AbsolutePathError, ArchiveError, lzma.LZMAError, *DAMAGE)


class SevenZip:
    """An open 7z; a solid one is inflated once, whole, when its first member is read."""

    def __init__(self, source: Source, limits: Limits, password: str | None = None) -> None:
        """Open the archive, whose names may be locked, too; raises Unreadable."""
        self.source = source
        self.limits = limits
        self.contents: dict[str | None, dict[str, bytes]] = {}
        try:
            with _counted_first(limits.members), self._opened(password) as archive:
                self.members = [
                    Member(
                        item.filename,
                        item.uncompressed,
                        item.compressed or item.uncompressed,
                        _modified(item),
                        archive.needs_password(),
                    )
                    for item in archive.list()
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
        content = self.contents[password][self.members[position].name]
        if len(content) != self.members[position].size:
            raise ValueError(position)
        return content

    def _inflated(self, password: str | None) -> dict[str, bytes]:
        total = sum(member.size for member in self.members)
        if total > self.limits.file_bytes:
            raise Unreadable("file-unsafe", "inflated-size", limit=self.limits.file_bytes, found=total)
        factory = py7zr.io.BytesIOFactory(self.limits.file_bytes)
        try:
            with self._opened(password) as archive:
                archive.extractall(factory=factory)
        except (PasswordRequired, *FAULTS) as error:
            raise ValueError("damaged, or another password") from error
        return {name: product.read() for name, product in factory.products.items()}


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


def _modified(item: py7zr.FileInfo) -> float | None:
    return None if item.creationtime is None else seconds_of(item.creationtime)
