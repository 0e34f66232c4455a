"""The seal on what goes out for an answer: none can be made up without the key, and none tells what it stands for.

A plain digest of an ID number is the number: there are few enough to try them all.  On a sheet that leaves the bureau
stands what only its ledger's key makes of the digest, and behind each line a code over all that the line is about.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Self

from kbxt_merge.model.text import allowed_in_xml, plain

_BYTES = 12
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_LETTERS_OF_BYTES = bytes.maketrans(b"0123456789abcdef", b"abcdefghijklmnop")
_HEXADECIMAL = str.maketrans("abcdefghijklmnop", "0123456789abcdef")
"""Codes and keys are written in letters alone: neither a spreadsheet nor a reader takes one for a number."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What makes and knows the codes of one bureau."""

    key: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """A seal that nobody had before."""
        return cls(secrets.token_bytes(32))

    @classmethod
    def read(cls, written: str) -> Self:
        """The seal whose key was written so."""
        return cls(bytes.fromhex(written.translate(_HEXADECIMAL)))

    def written(self) -> str:
        """The key in letters, for the ledger alone."""
        return self.key.hex().translate(_LETTERS)

    def token(self, digest: str) -> str:
        """What stands on a sheet for a digest; blank for a blank one."""
        return self._code(f"digest:{digest}") if digest else ""

    def of_line(self, identity: Sequence[str]) -> str:
        """The code of a line that is about this, however a spreadsheet keeps its blanks."""
        return self.of_lines([identity])[0]

    def of_lines(self, identities: Sequence[Sequence[str]]) -> list[str]:
        """The codes of lines, each about one of these."""
        compared = {text: _as_compared(text) for text in set(chain.from_iterable(identities))}
        return [self._code("line:" + "\x1f".join(map(compared.__getitem__, each))) for each in identities]

    def is_of_line(self, identity: Sequence[str], code: str) -> bool:
        """Tell whether a line bears its own code."""
        return hmac.compare_digest(self.of_line(identity).encode(), code.encode("utf-8", "surrogatepass"))

    def _code(self, text: str) -> str:
        made = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=self.key, digest_size=_BYTES)
        return made.hexdigest().encode().translate(_LETTERS_OF_BYTES).decode()


def _as_compared(text: str) -> str:
    return text if text.isascii() and text.isalnum() else _kept_as(text)


@lru_cache(maxsize=16384)
def _kept_as(text: str) -> str:
    """The text without what a file can't hold and a spreadsheet may change."""
    return plain(allowed_in_xml(text))
