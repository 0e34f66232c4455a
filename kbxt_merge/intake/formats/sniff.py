"""What a file is by its bytes; its name only decides what text is meant to be."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import IO

from kbxt_merge.intake.formats.damage import DAMAGE
from kbxt_merge.intake.formats.encoding import decoded, is_delimited
from kbxt_merge.model.returns import Kind

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEAD_BYTES = 64
"""So much of a file tells an archive from what is none."""
ARCHIVE_STARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"PK\x03\x04", Kind.ZIP),
    (b"PK\x05\x06", Kind.ZIP),
    (b"7z\xbc\xaf\x27\x1c", Kind.SEVEN_ZIP),
    (b"Rar!\x1a\x07", Kind.RAR),
)
CONTAINERS = frozenset(kind for _, kind in ARCHIVE_STARTS)
"""Kinds of files that hold files."""
DOCUMENT_ENTRY = re.compile(rb"\[Content_Types\]\.xml|_rels/|docProps/|xl/|word/|ppt/|customXml/|mimetype", re.I)
"""The entries that office programs write first: such a zip is a document, not a folder of documents."""
DOCUMENT_PARTS = ("[content_types].xml", "mimetype", "ofd.xml", "xl/workbook.xml", "word/document.xml", "content.xml")
DOCUMENT_FOLDERS = ("_rels/", "xl/_rels/", "xl/worksheets/", "word/_rels/", "meta-inf/")
LOCAL_HEADER_SIZE = 30
STARTS: tuple[tuple[bytes, Kind], ...] = (
    *(start for start in ARCHIVE_STARTS if start[1] is not Kind.ZIP),
    (b"\x89PNG\r\n", Kind.IMAGE),
    (b"\xff\xd8\xff", Kind.IMAGE),
    (b"GIF8", Kind.IMAGE),
    (b"II*\0", Kind.IMAGE),
    (b"MM\0*", Kind.IMAGE),
    (b"{\\rtf", Kind.DOC),
    (b"\x09\0\x04\0", Kind.BIFF),
    (b"\x09\x02\x06\0", Kind.BIFF),
    (b"\x09\x04\x06\0", Kind.BIFF),
    (b"\x09\x08\x08\0", Kind.BIFF),
    (b"\x09\x08\x10\0", Kind.BIFF),
)
"""The first bytes of each kind that says at once what it is."""
FURTHER: tuple[tuple[re.Pattern[bytes], Kind], ...] = (
    (re.compile(rb"BM.{4}\0{4}", re.S), Kind.IMAGE),
    (re.compile(rb"RIFF.{4}WEBP", re.S), Kind.IMAGE),
    (re.compile(rb".{4}ftyp(heic|heix|mif1|avif)", re.S), Kind.IMAGE),
)
STREAMS: tuple[tuple[str, Kind], ...] = (
    ("EncryptedPackage", Kind.ENCRYPTED),
    ("Workbook", Kind.XLS),
    ("Book", Kind.XLS),
    ("WordDocument", Kind.DOC),
)
"""The stream of an OLE file that tells what program wrote it; the first that is there counts."""
PARTS: tuple[tuple[str, Kind], ...] = (
    ("xl/workbook.bin", Kind.XLSB),
    ("xl/workbook.xml", Kind.XLSX),
    ("word/document.xml", Kind.DOCX),
    ("ofd.xml", Kind.PDF),  # OFD, China's own page format: a scan like a PDF
)
TRACES: tuple[tuple[str, Kind], ...] = (*PARTS, ("mimetypeapplication/vnd.oasis", Kind.ODS), ("content.xml", Kind.ODS))
"""What still tells the kind of a zip that is damaged."""
CONTENT_TYPES: tuple[tuple[bytes, Kind], ...] = (
    (b"sheet.binary.macroenabled.main", Kind.XLSB),
    (b"spreadsheetml", Kind.XLSX),
    (b"ms-excel.sheet", Kind.XLSX),
    (b"ms-excel.template", Kind.XLSX),
    (b"ms-excel.addin", Kind.XLSX),
    (b"wordprocessingml", Kind.DOCX),
)
DIRECTORY_BYTES = 4096
"""Enough of a zip's end to hold the directory of an ordinary workbook: a quick look before the whole one."""
XML_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
HTML = re.compile(r"<!doctype html|<(html|head|body|table|meta|div|style|frameset)\b", re.I)
WEB_ARCHIVE = re.compile(r"\s*MIME-Version:", re.I)


def kind_of(data: bytes, name: str) -> Kind:
    """The kind of the bytes; `name` is the file's name, which only tells a table of text from prose."""
    head = data[:4096]
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _kind_of_zip(data)
    if head.startswith(OLE):
        return _kind_of_ole(data)
    known = next((kind for start, kind in STARTS if head.startswith(start)), None)
    known = known or next((kind for pattern, kind in FURTHER if pattern.match(head)), None)
    if known is not None:
        return known
    if b"%PDF-" in head[:1024]:
        return Kind.PDF
    return _kind_of_text(data, name)


def archive_kind(head: bytes) -> Kind | None:
    """The format of an archive by its first bytes; a workbook, though a zip, is none, if it begins as most do."""
    kind = next((kind for start, kind in ARCHIVE_STARTS if head.startswith(start)), None)
    return None if kind is Kind.ZIP and DOCUMENT_ENTRY.match(head, LOCAL_HEADER_SIZE) else kind


def container_kind(source: bytes | Path) -> Kind | None:
    """The format of an archive; None for any other file."""
    try:
        with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as stream:
            kind = archive_kind(stream.read(HEAD_BYTES))
            return None if kind is Kind.ZIP and not _holds_files(stream) else kind
    except OSError:
        return None


def _holds_files(stream: IO[bytes]) -> bool:
    try:
        with zipfile.ZipFile(stream) as archive:
            return is_container(archive)
    except DAMAGE:
        return False


def is_container(archive: zipfile.ZipFile) -> bool:
    """Whether the zip is a folder of files rather than the parts of one document."""
    names = [name.replace("\\", "/").lower() for name in archive.namelist()]
    return not any(name in DOCUMENT_PARTS or name.startswith(DOCUMENT_FOLDERS) for name in names)


def _kind_of_zip(data: bytes) -> Kind:
    is_document = DOCUMENT_ENTRY.match(data, LOCAL_HEADER_SIZE) is not None
    if is_document and b"xl/workbook.xml" in data[-DIRECTORY_BYTES:]:
        return Kind.XLSX
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _kind_of_entries(archive)
    except DAMAGE:
        # without a directory the names still stand before each entry
        low = data.lower()
        return next((kind for part, kind in TRACES if part.encode() in low), Kind.XLSX if is_document else Kind.ZIP)


def _kind_of_entries(archive: zipfile.ZipFile) -> Kind:
    names = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
    for part, kind in PARTS:
        if part in names:
            return kind
    if "mimetype" in names:
        text = archive.read(names["mimetype"])[:200]
        return Kind.ODS if b"opendocument.spreadsheet" in text else Kind.UNKNOWN
    if "[content_types].xml" in names:
        types = archive.read(names["[content_types].xml"]).lower()
        return next((kind for mark, kind in CONTENT_TYPES if mark in types), Kind.UNKNOWN)
    return Kind.ZIP if is_container(archive) else Kind.UNKNOWN


def _kind_of_ole(data: bytes) -> Kind:
    names = _streams(data)
    found = next((kind for name, kind in STREAMS if name.lower() in names), None)
    if found is not None:
        return found
    # a broken directory: any trace of the stream's name will do
    return next((kind for name, kind in STREAMS if name.encode("utf-16-le") in data), Kind.UNKNOWN)


def _streams(data: bytes) -> set[str]:
    """The names of an OLE file's streams at its root, in lower case."""
    import olefile  # only such files need it

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            return {path[0].lower() for path in ole.listdir() if len(path) == 1}
    except DAMAGE:
        return set()


def _kind_of_text(data: bytes, name: str) -> Kind:
    text = decoded(data)
    if text is None:
        return Kind.UNKNOWN
    if not text.strip():
        return Kind.EMPTY
    head = text[:4096].lstrip("\ufeff \t\r\n")
    if head.startswith("<"):
        if XML_SPREADSHEET in head:
            return Kind.XML2003
        if HTML.search(head):
            return Kind.HTML
    if WEB_ARCHIVE.match(head):
        return Kind.HTML
    return Kind.CSV if is_delimited(text, name) else Kind.TEXT
