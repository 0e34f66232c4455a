"""Files that are no workbook, or that nobody should open without care."""

from __future__ import annotations

import io
import struct
import zipfile

SECTOR = 512
END_OF_CHAIN = 0xFFFFFFFE
FREE = 0xFFFFFFFF
FAT_SECTOR = 0xFFFFFFFD


def _directory_entry(name: str, kind: int, child: int, right: int, start: int, size: int) -> bytes:
    """A directory entry of a compound file; kind 5 is the root, 2 a stream."""
    encoded = name.encode("utf-16-le") + b"\0\0"
    head = encoded.ljust(64, b"\0") + struct.pack("<HBBIII", len(encoded), kind, 1, FREE, right, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def compound_file(streams: dict[str, bytes]) -> bytes:
    """An OLE compound file (MS-CFB) of a few streams, each padded to 4096 bytes so that none is a small one."""
    padded = {name: content.ljust(4096, b"\0") for name, content in streams.items()}
    sectors, chain, starts = [b"", b""], [FAT_SECTOR, END_OF_CHAIN], {}
    for name, content in padded.items():
        starts[name] = len(sectors)
        count = -(-len(content) // SECTOR)
        chain += [*range(len(sectors) + 1, len(sectors) + count), END_OF_CHAIN]
        sectors += [content[i * SECTOR : (i + 1) * SECTOR].ljust(SECTOR, b"\0") for i in range(count)]
    entries = [_directory_entry("Root Entry", 5, 1, FREE, END_OF_CHAIN, 0)]
    for number, name in enumerate(padded, 1):
        entries.append(
            _directory_entry(
                name, 2, FREE, number + 1 if number < len(padded) else FREE, starts[name], len(padded[name])
            )
        )
    sectors[0] = b"".join(struct.pack("<I", link) for link in chain).ljust(SECTOR, b"\xff")
    sectors[1] = b"".join(entries).ljust(SECTOR, b"\0")
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END_OF_CHAIN, 0, END_OF_CHAIN, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", FREE) * 108
    return header + b"".join(sectors)


def encrypted_workbook() -> bytes:
    """A workbook with a password, as Excel and WPS save it: a compound file around an encrypted package."""
    info = (
        struct.pack("<HHI", 4, 4, 0x40) + b'<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption"/>'
    )
    package = struct.pack("<Q", 8000) + bytes(range(256)) * 32
    return compound_file({"EncryptedPackage": package, "EncryptionInfo": info})


_BOOK = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="{target}"/></Relationships>'
)
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)


def _workbook_around(head: str, filling: bytes, repeats: int, tail: str) -> bytes:
    """A bare workbook whose only sheet is head, filling again and again, and tail."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS.format(kind="officeDocument", target="xl/workbook.xml"))
        archive.writestr(
            "xl/_rels/workbook.xml.rels", _RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml")
        )
        archive.writestr("xl/workbook.xml", _BOOK)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(head.encode())
            for _ in range(repeats):
                sheet.write(filling)
            sheet.write(tail.encode())
    return buffer.getvalue()


_SHEET = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_SHEET_END = "</sheetData></worksheet>"


def zip_bomb(megabytes: int = 1024) -> bytes:
    """A workbook of a few megabytes that inflates to many: blanks between two rows."""
    return _workbook_around(_SHEET, b" " * (1 << 20), megabytes, _SHEET_END)


def far_cell() -> bytes:
    """A workbook with one cell in the first row and one in the last: 17 thousand million cells if laid out."""
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return _workbook_around(_SHEET + cells, b"", 0, _SHEET_END)


WEB_PAGE = b"<!DOCTYPE html><html><head><title>404</title></head><body><h1>Not Found</h1></body></html>"
PDF = b"\n".join(
    (
        b"%PDF-1.4",
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
        b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj",
        b"trailer<</Root 1 0 R>>",
        b"%%EOF",
    )
)
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")
TEXT = "控辍保学材料稍后补交。\n".encode()
