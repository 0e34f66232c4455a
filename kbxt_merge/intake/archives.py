"""Archives in the inbox: what is in them, and the bytes of one member.

Nothing is ever unpacked to disk, so a member's name can lead nowhere; it only names the member in the outputs.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import zipfile
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath

from kbxt_merge.intake.limits import Limits
from kbxt_merge.intake.unreadable import DAMAGE, Unreadable
from kbxt_merge.intake.zips import check_ratio, member_name, open_zip
from kbxt_merge.model.submission import SourceFile

ZIP_START = (b"PK\x03\x04", b"PK\x05\x06")
ARCHIVE_NAME = re.compile(r".*\.(zip|7z|rar)", re.I)
# the entries that office programs write first: such a file is a document, not a folder of documents
DOCUMENT_ENTRY = re.compile(rb"\[Content_Types\]\.xml|_rels/|docProps/|xl/|word/|ppt/|customXml/|mimetype", re.I)
DOCUMENT_PARTS = ("[content_types].xml", "mimetype", "ofd.xml", "xl/workbook.xml", "word/document.xml", "content.xml")
CHINA = dt.timezone(dt.timedelta(hours=8))
"""A zip's times are its writer's wall clock."""


def is_archive(path: Path) -> bool:
    """Whether the file is a folder of files by its content; a workbook, though a zip too, is none."""
    try:
        with path.open("rb") as stream:
            head = stream.read(64)
            if not head.startswith(ZIP_START) or DOCUMENT_ENTRY.match(head, 30):
                return False
            return _holds_files(stream)
    except OSError:
        return False


def _holds_files(stream: io.BufferedReader) -> bool:
    try:
        with zipfile.ZipFile(stream) as archive:
            return is_container(archive)
    except DAMAGE:
        return False


def is_container(archive: zipfile.ZipFile) -> bool:
    """Whether the zip is a folder of files rather than one document's parts."""
    return not any(name.replace("\\", "/").lower() in DOCUMENT_PARTS for name in archive.namelist())


def member_files(file: SourceFile, limits: Limits, deeper: bool = False) -> list[SourceFile]:
    """The members of an archive, named below it; with `deeper` those of archives in it too. Raises Unreadable."""
    archive = _opened(file.location, file.size, file.modified, file.members, limits)
    taken: set[str] = set()
    found: list[SourceFile] = []
    for position, entry in enumerate(archive.infolist()):
        if entry.is_dir():
            continue
        path = _free(f"{file.path}/{clean_name(member_name(entry))}", taken)
        members = (*file.members, str(position))
        member = SourceFile(path, file.location, entry.file_size, _modified(entry, file), members)
        found.append(member)
        if deeper and ARCHIVE_NAME.fullmatch(path):
            found.extend(_nested(member, limits))
    return found


def extracted(file: SourceFile, limits: Limits, passwords: Sequence[str] = ()) -> bytes:
    """The bytes of an archive's member; raises Unreadable."""
    status = os.stat(file.location)
    *outer, position = file.members
    archive = _opened(file.location, status.st_size, status.st_mtime, tuple(outer), limits)
    entry = archive.infolist()[int(position)]
    if entry.file_size > limits.file_bytes:
        raise Unreadable("file-unsafe", "file-size", limit=limits.file_bytes, found=entry.file_size)
    check_ratio(entry, limits)
    if entry.flag_bits & 1:
        return _unlocked(archive, entry, passwords)
    try:
        return archive.read(entry)
    except DAMAGE as error:
        raise Unreadable("file-unreadable", "truncated") from error


def clean_name(name: str) -> str:
    """The member's name as a path below its archive: no drive, no root, no way up."""
    parts = PurePosixPath(name.replace("\\", "/").replace("\0", "")).parts
    return "/".join(part for part in parts if part not in ("/", "//", "..") and not part.endswith(":")) or "_"


def _nested(member: SourceFile, limits: Limits) -> Iterable[SourceFile]:
    try:
        return member_files(member, limits)
    except Unreadable:
        return ()


@lru_cache(maxsize=2)
def _opened(location: str, size: int, modified: float, members: tuple[str, ...], limits: Limits) -> zipfile.ZipFile:
    """The zip at `location`, kept open while its members are read; `size` and `modified` tell it from a later one."""
    if not members:
        archive = open_zip(_Kept(location, "rb"), limits, limits.members)
    else:
        inner = SourceFile("", location, size, modified, members)
        archive = open_zip(io.BytesIO(extracted(inner, limits)), limits, limits.members)
    return archive


class _Kept(io.FileIO):
    """A file that is closed when the zip over it is let go."""

    def __del__(self) -> None:
        self.close()


def _unlocked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, passwords: Sequence[str]) -> bytes:
    for password in passwords:
        for encoding in ("utf-8", "gb18030"):
            try:
                return archive.read(entry, password.encode(encoding))
            except DAMAGE:
                continue
    raise Unreadable("file-encrypted", "archive-password")


def _modified(entry: zipfile.ZipInfo, file: SourceFile) -> float:
    try:
        return dt.datetime(*entry.date_time, tzinfo=CHINA).timestamp()
    except ValueError:
        return file.modified


def _free(path: str, taken: set[str]) -> str:
    """The path, numbered where another member has it already."""
    free, number = path, 1
    while free in taken:
        number += 1
        free = f"{path} ({number})"
    taken.add(free)
    return free
