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
    """An OLE compound file (MS-CFB) of a few streams, each padded to 4096 bytes: smaller ones are kept otherwise."""
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


_CIPHER = (
    'blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" '
    'hashAlgorithm="SHA512" saltSize="16" saltValue="bm8gc2FsdCBhdCBhbGwhIQ=="'
)
_ENCRYPTION = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption" '
    'xmlns:p="http://schemas.microsoft.com/office/2006/keyEncryptor/password">'
    f'<keyData {_CIPHER}/><dataIntegrity encryptedHmacKey="{"AAAA" * 21}AA==" encryptedHmacValue="{"AAAA" * 21}AA=="/>'
    '<keyEncryptors><keyEncryptor uri="http://schemas.microsoft.com/office/2006/keyEncryptor/password">'
    f'<p:encryptedKey spinCount="100000" {_CIPHER} encryptedVerifierHashInput="{"AAAA" * 5}AA==" '
    f'encryptedVerifierHashValue="{"AAAA" * 21}AA==" encryptedKeyValue="{"AAAA" * 10}AAA="/>'
    "</keyEncryptor></keyEncryptors></encryption>"
)


def encrypted_workbook() -> bytes:
    """A workbook with a password, as Excel and WPS save it: a compound file around an encrypted package.

    No password opens it: its keys are made up.
    """
    info = struct.pack("<HHI", 4, 4, 0x40) + _ENCRYPTION.encode().ljust(4096)
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


_SHEET = (
    b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
_SHEET_END = b"</sheetData></worksheet>"


def zip_bomb(megabytes: int) -> bytes:
    """A bare workbook whose only sheet holds so many megabytes of blanks and nothing else."""
    buffer = io.BytesIO()
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS.format(kind="officeDocument", target="xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": _RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml"),
        "xl/workbook.xml": _BOOK,
    }
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
        blanks = zipfile.ZipInfo("xl/worksheets/sheet1.xml")
        blanks.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(blanks, "w", force_zip64=True) as sheet:
            sheet.write(_SHEET)
            for _ in range(megabytes):
                sheet.write(b" " * (1 << 20))
            sheet.write(_SHEET_END)
    return buffer.getvalue()


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
