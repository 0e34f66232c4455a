"""Locked workbooks, opened with the passwords at hand; the only home of msoffcrypto."""

from __future__ import annotations

import io
import time
from collections.abc import Sequence

from kbxt_merge.intake.formats.damage import DAMAGE, Unreadable

EXCELS_OWN = "VelvetSweatshop"
"""What Excel itself tries first: the password of a workbook that was locked without one."""

PATIENCE_SECONDS = 10.0
"""After so long no further password is tried: each is hashed a hundred thousand times, and a district has hundreds."""


def unlocked(data: bytes, passwords: Sequence[str]) -> bytes:
    """The workbook's bytes by the first password that opens it; raises Unreadable when none does in time."""
    begun = time.monotonic()
    for password in (EXCELS_OWN, *passwords):
        if time.monotonic() - begun > PATIENCE_SECONDS:
            break
        plain = _decrypted(data, password)
        if plain is not None:
            return plain
    raise Unreadable("file-encrypted", "password")


def _decrypted(data: bytes, password: str) -> bytes | None:
    import msoffcrypto  # its cryptography is slow to import, and few files are locked
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

    plain = io.BytesIO()
    try:
        locked = msoffcrypto.OfficeFile(io.BytesIO(data))
        locked.load_key(password=password)
        locked.decrypt(plain)
    except InvalidKeyError:
        return None
    except (DecryptionError, FileFormatError, ParseError, *DAMAGE):
        # some ciphers know no verification: a wrong password shows in what it makes of the file
        return None
    return plain.getvalue()
