"""What a file is by its bytes; its name only decides what text is meant to be."""

from __future__ import annotations

import io
import re
import zipfile

from kbxt_merge.intake.formats.containers import (
    DOCUMENT_ENTRY,
    IWORK_PART,
    LOCAL_HEADER_SIZE,
    MAIL_HEAD_BYTES,
    MESSAGE_STREAM,
    OLE,
    is_container,
    is_mail,
    is_web_archive,
)
from kbxt_merge.intake.formats.damage import DAMAGE
from kbxt_merge.intake.formats.encoding import decoded, is_delimited
from kbxt_merge.intake.formats.ooxml_relations import plain
from kbxt_merge.intake.formats.zip_names import by_true_names
from kbxt_merge.intake.formats.zip_safety import END_RECORD, END_RECORD_SIZE
from kbxt_merge.model.returns import Kind

STARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"7z\xbc\xaf\x27\x1c", Kind.SEVEN_ZIP),
    (b"Rar!\x1a\x07", Kind.RAR),
    (b"\x78\x9f\x3e\x22", Kind.TNEF),
    (b"\x89PNG\r\n", Kind.IMAGE),
    (b"\xff\xd8\xff", Kind.IMAGE),
    (b"GIF8", Kind.IMAGE),
    (b"II*\0", Kind.IMAGE),
    (b"MM\0*", Kind.IMAGE),
    (b"{\\rtf", Kind.RTF),
    (b"ID;P", Kind.SYLK),
    (b"L\0\0\0\x01\x14\x02\0", Kind.SHORTCUT),
    (b"\0\x05\x16\x07", Kind.RESOURCE_FORK),
    (b"\0\x05\x16\0", Kind.RESOURCE_FORK),
    (b"ID3", Kind.MEDIA),
    (b"OggS", Kind.MEDIA),
    (b"#!AMR", Kind.MEDIA),
    (b"FLV\x01", Kind.MEDIA),
    (b"\x1aE\xdf\xa3", Kind.MEDIA),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Kind.MEDIA),
    (b"\0\0\x01\xba", Kind.MEDIA),
    (b"\x7fELF", Kind.PROGRAM),
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
    (re.compile(rb".{4}ftyp", re.S), Kind.MEDIA),
    (re.compile(rb"RIFF.{4}(AVI |WAVE)", re.S), Kind.MEDIA),
    (re.compile(rb"MZ[^\t -~].|MZ.[^\t -~]", re.S), Kind.PROGRAM),
    (re.compile(rb"bplist0.{0,4096}https?://", re.S), Kind.SHORTCUT),
)
STREAMS: tuple[tuple[str, Kind], ...] = (
    ("EncryptedPackage", Kind.ENCRYPTED),
    ("Workbook", Kind.XLS),
    ("Book", Kind.XLS),
    ("WordDocument", Kind.DOC),
    (MESSAGE_STREAM, Kind.MSG),
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
MANIFEST = "meta-inf/manifest.xml"
MANIFEST_BYTES = 4096
SPANNED = b"PK\x07\x08"
"""How the first volume of a zip in several begins."""
DIRECTORY_BYTES = 4096
"""Enough of a zip's end to hold the directory of an ordinary workbook: a quick look before the whole one."""
LINK = re.compile(r"\s*\[(InternetShortcut|Desktop Entry)\].*|\s*[^\n]{0,40}https?://\S+\s*", re.I | re.S)
"""Where a link is all that there is: a shortcut, or a line that says where the file is."""
XML_MARKS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile("urn:schemas-microsoft-com:office:spreadsheet"), Kind.XML2003),
    (re.compile("application/vnd.oasis.opendocument.spreadsheet"), Kind.FODS),
    (re.compile(r"<plist\b.*<key>\s*URL\s*</key>", re.S), Kind.SHORTCUT),
    (re.compile(r"<!doctype html|<(html|head|body|table|meta|div|style|frameset)\b", re.I), Kind.HTML),
)
"""What tells the kind of text that begins with a tag; the first that is there counts."""


def kind_of(data: bytes, name: str) -> Kind:
    """The kind of the bytes; `name` is the file's name, which only tells a table of text from prose."""
    head = data[:4096]
    if head.startswith((b"PK\x03\x04", END_RECORD, SPANNED)):
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


def _kind_of_zip(data: bytes) -> Kind:
    is_document = DOCUMENT_ENTRY.match(data, LOCAL_HEADER_SIZE) is not None
    end = data[-DIRECTORY_BYTES:]
    if is_document and b"xl/workbook.xml" in end and b"word/" not in end:  # a workbook may be embedded in a letter
        return Kind.XLSX
    try:
        with by_true_names(io.BytesIO(data)) as archive:
            return _kind_of_entries(archive)
    except DAMAGE:
        if data.startswith(SPANNED) or _is_last_volume(data):
            return Kind.VOLUME
        # without a directory the names still stand before each entry
        low = data.lower()
        return next((kind for part, kind in TRACES if part.encode() in low), Kind.XLSX if is_document else Kind.ZIP)


def _is_last_volume(data: bytes) -> bool:
    """Whether a zip's end record says that its directory lies on another disk than the first."""
    at = data.rfind(END_RECORD, -END_RECORD_SIZE - 65535)
    return at >= 0 and data[at + 4 : at + 6] not in (b"\0\0", b"\xff\xff", b"")


def _kind_of_entries(archive: zipfile.ZipFile) -> Kind:
    names = {plain(name): name for name in archive.namelist()}
    for part, kind in PARTS:
        if part in names:
            return kind
    if "mimetype" in names or {MANIFEST, "content.xml"} <= names.keys():
        told = (archive.read(names[name])[:MANIFEST_BYTES] for name in ("mimetype", MANIFEST) if name in names)
        return Kind.ODS if any(b"opendocument.spreadsheet" in text for text in told) else Kind.UNKNOWN
    if "[content_types].xml" in names:
        types = archive.read(names["[content_types].xml"]).lower()
        return next((kind for mark, kind in CONTENT_TYPES if mark in types), Kind.UNKNOWN)
    if any(name.endswith(IWORK_PART) for name in names):
        return Kind.IWORK
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
    if is_mail(data[:MAIL_HEAD_BYTES]):
        return Kind.EML
    text = decoded(data)
    if text is None:
        return Kind.VOLUME if _is_last_volume(data) else Kind.UNKNOWN
    if not text.strip():
        return Kind.EMPTY
    head = text[:4096].lstrip("\ufeff \t\r\n")
    marked = next((kind for mark, kind in XML_MARKS if mark.search(head)), None) if head.startswith("<") else None
    if marked is not None:
        return marked
    if is_web_archive(head):
        return Kind.HTML
    if LINK.fullmatch(text):
        return Kind.SHORTCUT
    return Kind.CSV if is_delimited(text, name) else Kind.TEXT
