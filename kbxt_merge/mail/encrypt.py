"""Workbooks locked for their way through the mail: they hold children's data."""

from __future__ import annotations

import io


def sealed(content: bytes, password: str) -> bytes:
    """The workbook under Office's agile encryption (ECMA-376: AES-256, SHA-512): Excel, WPS and LibreOffice open it."""
    from msoffcrypto.format.ooxml import OOXMLFile  # its cryptography is slow to import

    locked = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, locked)
    return locked.getvalue()
