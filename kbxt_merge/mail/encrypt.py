"""What holds children's data is locked for its way through the mail: workbooks in their own way, all else in a 7z."""

from __future__ import annotations

import io
from collections.abc import Mapping


def sealed(content: bytes, password: str) -> bytes:
    """The workbook under Office's agile encryption (ECMA-376: AES-256, SHA-512): Excel, WPS and LibreOffice open it."""
    from msoffcrypto.format.ooxml import OOXMLFile  # its cryptography is slow to import

    locked = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, locked)
    return locked.getvalue()


def sealed_archive(name: str, content: bytes, password: str) -> bytes:
    """A 7z of this one file, its name too under AES-256: 7-Zip, WinRAR, 360 and Bandizip open it."""
    return sealed_files({name: content}, password)


def sealed_files(contents: Mapping[str, bytes], password: str) -> bytes:
    """Such a 7z of several files, each by its path in it."""
    import py7zr

    locked = io.BytesIO()
    with py7zr.SevenZipFile(locked, "w", password=password, header_encryption=True) as archive:
        for name, content in contents.items():
            archive.writestr(content, name)
    return locked.getvalue()
