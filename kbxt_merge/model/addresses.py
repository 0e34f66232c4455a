"""Mail addresses in what people and programs write around them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from kbxt_merge.model.mail_headers import decoded_header, unfolded

_ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?")
_PART_OF_ADDRESS = re.compile(r"[a-z0-9@._+-]")
"""What left beside an address makes it doubtful: a blank may have cut it in two."""
_ANGLED = re.compile(r"<\s*([^<>\s]+@[^<>\s]+)\s*>")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_LONGEST = 4_000
"""Characters of a From header: no name is that long, and whoever wrote more of them meant harm."""
_ENCODED = re.compile(r"=\?[^?\s]+\?[BbQq]\?[^?]*\?=")


def addresses(text: str) -> tuple[str, ...]:
    """The distinct addresses in a text, in lower and half-width letters.

    >>> addresses("mailto:A@school.example；ｂ@school.example")
    ('a@school.example', 'b@school.example')
    """
    return tuple(dict.fromkeys(_ADDRESS.findall(unicodedata.normalize("NFKC", text).lower())))


def roster_addresses(cell: str) -> tuple[str, ...]:
    """The addresses in a cell of the roster; none where the cell could mean another one than it seems to.

    >>> roster_addresses("mailto:A@school.example、<ｂ@school.example>"), roster_addresses("mei lin@school.example")
    (('a@school.example', 'b@school.example'), ())
    """
    text = unicodedata.normalize("NFKC", cell).lower().replace("mailto:", " ")
    found = addresses(text)
    left = _ADDRESS.sub(" ", text)
    return found if not _PART_OF_ADDRESS.search(left) and all(map(_can_be_reached, found)) else ()


def _can_be_reached(address: str) -> bool:
    name, _, host = address.partition("@")
    return "." in host and all(part for each in (name, host) for part in each.split("."))


def sender_of(header: object) -> str:
    """The address that a From header gives; several are joined by commas, none is blank.

    The header is taken apart before its words are decoded: a name may hold commas, brackets and other addresses.

    >>> sender_of('"maodian@school.example" <meilin@school.example>')
    'meilin@school.example'
    """
    text = unfolded(header)[:_LONGEST]
    for read in _READINGS:
        seen = read(text)
        found = addresses(" ".join(_ANGLED.findall(seen))) or addresses(seen)
        if found:
            return ", ".join(found)
    return ""


def _without_names(text: str) -> str:
    return _QUOTED.sub(" ", _ENCODED.sub(" ", text))


def _without_comments(text: str) -> str:
    """The text outside of its round brackets, however deep they lie in each other."""
    depth, kept = 0, []
    for character in text:
        depth += character == "("
        if not depth:
            kept.append(character)
        depth -= character == ")" and depth > 0
    return "".join(kept)


_READINGS: tuple[Callable[[str], str], ...] = (
    lambda text: _without_comments(_without_names(text)),
    _without_names,
    str,
    decoded_header,
)
"""From the strictest to the most lenient: a bracket or quote that is never closed hides nothing."""
