"""Files that hold files: archives and mails, told by their bytes from workbooks and web pages, which are alike."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import IO

from kbxt_merge.intake.formats.damage import DAMAGE
from kbxt_merge.intake.formats.ooxml_relations import plain
from kbxt_merge.intake.formats.zip_names import by_true_names
from kbxt_merge.model.file_names import Promise, promise_of
from kbxt_merge.model.returns import Kind

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MESSAGE_STREAM = "__properties_version1.0"
"""What every message of Outlook has at its root ([MS-OXMSG] 2.4)."""
HEAD_BYTES = 64
"""So much of a file tells a container from what is none."""
MAIL_START = re.compile(
    rb"(\xef\xbb\xbf)?\s*(From |(Received|Return-Path|Delivered-To|Envelope-To|From|To|Cc|Sender|Reply-To|Subject|Date"
    rb"|Message-ID|MIME-Version|Content-[A-Z-]+|DKIM-Signature|Authentication-Results|ARC-[A-Z-]+|Thread-[A-Z-]+"
    rb"|References|In-Reply-To|Importance|Organization|X-[\w-]+):)",
    re.I,
)
CONTAINER_STARTS: tuple[tuple[re.Pattern[bytes], Kind], ...] = (
    (re.compile(rb"PK(\x03\x04|\x05\x06)"), Kind.ZIP),
    (re.compile(re.escape(b"7z\xbc\xaf\x27\x1c")), Kind.SEVEN_ZIP),
    (re.compile(re.escape(b"Rar!\x1a\x07")), Kind.RAR),
    (re.compile(re.escape(b"\x78\x9f\x3e\x22")), Kind.TNEF),
    (re.compile(re.escape(OLE)), Kind.MSG),
    (MAIL_START, Kind.EML),
)
CONTAINERS = frozenset(kind for _, kind in CONTAINER_STARTS)
"""Kinds of files that hold files."""
WEB_ARCHIVE = re.compile(r"\s*(?:[\w-]+:.*\n(?:[ \t].*\n)*)*?MIME-Version:", re.I)
MAIL_HEAD_BYTES = 1 << 17
DOCUMENT_ENTRY = re.compile(
    rb"\[Content_Types\]\.xml|_rels/|docProps/|xl/|word/|ppt/|customXml/|mimetype|Index/[\w/-]+\.iwa", re.I
)
"""The entries that office programs write first: such a zip is a document, not a folder of documents."""
DOCUMENT_PARTS = ("[content_types].xml", "mimetype", "ofd.xml", "xl/workbook.xml", "word/document.xml", "content.xml")
DOCUMENT_FOLDERS = ("_rels/", "xl/_rels/", "xl/worksheets/", "word/_rels/", "meta-inf/")
IWORK_PART = ".iwa"
LOCAL_HEADER_SIZE = 30


def archive_kind(head: bytes, name: str = "") -> Kind | None:
    """The format of a container by its first bytes, if it begins as most do; None for any other file.

    A workbook, though a zip, is none, nor is a volume of an archive in several. Every old workbook begins as an
    Outlook message does: one is looked into unless its name promises something else.
    """
    promise = promise_of(name)
    kind = next((kind for start, kind in CONTAINER_STARTS if start.match(head)), None)
    if promise is Promise.VOLUME or (kind is Kind.MSG and promise not in (None, Promise.CONTAINER)):
        return None
    return None if kind is Kind.ZIP and DOCUMENT_ENTRY.match(head, LOCAL_HEADER_SIZE) else kind


def container_kind(source: bytes | Path) -> Kind | None:
    """The format of a container; None for any other file."""
    try:
        with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as stream:
            kind = archive_kind(stream.read(HEAD_BYTES))
            stream.seek(0)
            return kind if kind is None or _CHECKS.get(kind, _is_any)(stream) else None
    except OSError:
        return None


def is_container(archive: zipfile.ZipFile) -> bool:
    """Whether the zip is a folder of files rather than the parts of one document."""
    names = [plain(name) for name in archive.namelist()]
    return not any(
        name in DOCUMENT_PARTS or name.startswith(DOCUMENT_FOLDERS) or name.endswith(IWORK_PART) for name in names
    )


def is_mail(head: bytes) -> bool:
    """Whether the bytes begin with the headers of a mail; those of a saved web page hold no address."""
    if not MAIL_START.match(head):
        return False
    headers = BytesHeaderParser().parsebytes(head.lstrip(b"\xef\xbb\xbf \t\r\n"))
    people = "".join(str(headers.get(name, "")) for name in ("From", "To", "Sender", "Return-Path", "Received"))
    told = ("Subject", "Date", "Message-ID", "MIME-Version", "Received")
    return "@" in people and any(name in headers for name in told)


def is_web_archive(text: str) -> bool:
    """Whether the text is a page that a browser or an office program saved as a message (.mht)."""
    return WEB_ARCHIVE.match(text[:4096]) is not None


def _is_any(stream: IO[bytes]) -> bool:
    return True


def _holds_files(stream: IO[bytes]) -> bool:
    try:
        with by_true_names(stream) as archive:
            return is_container(archive)
    except DAMAGE:
        return False


def _is_message(stream: IO[bytes]) -> bool:
    import olefile  # only such files need it

    try:
        with olefile.OleFileIO(stream) as ole:
            return bool(ole.exists(MESSAGE_STREAM))
    except DAMAGE:
        return False


def _begins_as_mail(stream: IO[bytes]) -> bool:
    return is_mail(stream.read(MAIL_HEAD_BYTES))


_CHECKS: Mapping[Kind, Callable[[IO[bytes]], bool]] = {
    Kind.ZIP: _holds_files,
    Kind.MSG: _is_message,
    Kind.EML: _begins_as_mail,
}
"""What the first bytes leave open."""
