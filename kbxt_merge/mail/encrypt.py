"""Workbooks locked for their way through the mail: they hold children's data."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterable, Mapping

from kbxt_merge.mail.recipients import Recipient

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for one another on the telephone or on paper: i l o 0 1."""
_LENGTH = 10


def sealed(content: bytes, password: str) -> bytes:
    """The workbook under Office's agile encryption (ECMA-376: AES-256, SHA-512): Excel, WPS and LibreOffice open it."""
    from msoffcrypto.format.ooxml import OOXMLFile  # its cryptography is slow to import

    locked = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, locked)
    return locked.getvalue()


def made_passwords(recipients: Iterable[Recipient]) -> Mapping[str, str]:
    """A new password for every school that gets workbooks and has none in the roster, by the school's name."""
    return {
        each.school.name: "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        for each in recipients
        if each.files and not each.school.password
    }
