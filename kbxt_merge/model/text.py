"""How texts are compared and shown: the same everywhere, so that no two rooms differ on what a blank is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Language = Literal["zh", "en"]

_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]+")
_BREAKS = re.compile(r"[\r\n\t\v\f\x85\u2028\u2029]+")
_COMMANDS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_NOT_IN_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SURELY_IN_XML = re.compile(r"[ -\ud7ff\ue000-\ufffd]*")
_CLOSING = ")]】〕〉》"
_BRACKETED = re.compile(rf"[(\[【〔〈《].*?[{re.escape(_CLOSING)}]")
DASHES = "‐‑‒–—―−─━﹣~〜"
"""What is typed for the - of a range, after NFKC."""
_AS_COMPARED = str.maketrans({**dict.fromkeys("、,/"), **dict.fromkeys(DASHES, "-")})
_DASHES_IN_A_ROW = re.compile("-{2,}")

LONGEST_CELL = 120
"""Characters of a cell that a page shows: a log of persuasion can fill a sheet."""


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in both languages of the bureau's screens."""

    zh: str
    en: str

    def of(self, language: Language) -> str:
        """The words in `language`."""
        return self.zh if language == "zh" else self.en


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """The text after NFKC, without white space, zero-width and direction characters."""
    normal = unicodedata.normalize("NFKC", text)
    return normal if normal.isalnum() else _INVISIBLE.sub("", normal)  # letters and digits are never invisible


def printable(text: str) -> str:
    """The text on one line, without what a terminal or a reader's eye would obey: escapes and marks of direction.

    >>> printable("a\\x1b[2Jb\\r\\nc")
    'a\ufffd[2Jb c'
    """
    return _COMMANDS.sub("\ufffd", _BREAKS.sub(" ", text))


def allowed_in_xml(text: str) -> str:
    r"""The text without the characters that XML, and so every office file and page, can't hold, not even escaped.

    >>> allowed_in_xml("南塘\x07小学")
    '南塘小学'
    """
    return text if _SURELY_IN_XML.fullmatch(text) else _NOT_IN_XML.sub("", text)


def bare_header(text: str) -> str:
    """A header as it is compared: plain, and without the hints in brackets unless nothing else is left."""
    compact = plain(text)
    if compact.isalnum():
        return compact
    last = max(map(compact.rfind, _CLOSING)) + 1  # behind it each bracket would be looked at up to the text's end
    return _BRACKETED.sub("", compact[:last]) + compact[last:] or compact


def compact_value(text: str) -> str:
    """A value as vocabularies compare it: plain, upper case, dashes alike, without 、，/ unless nothing else is left.

    >>> compact_value("失学、 辍学"), compact_value("m"), compact_value(" / "), compact_value("7——9 座")
    ('失学辍学', 'M', '/', '7-9座')
    """
    compact = plain(text).upper()
    return compact if compact.isalnum() else _DASHES_IN_A_ROW.sub("-", compact.translate(_AS_COMPARED)) or compact


def shortened(text: str, longest: int) -> str:
    """The text, of one that is longer than that its beginning.

    >>> shortened("劝返经过", 3), shortened("劝返", 3)
    ('劝返经…', '劝返')
    """
    return text if len(text) <= longest else f"{text[:longest]}…"


def each_once(show: Callable[[str], str], texts: Sequence[str]) -> list[str]:
    """Apply `show` to each of the texts; a distinct one is looked at once."""
    shown = {text: show(text) for text in set(texts)}
    return [shown[text] for text in texts]


_NEAR_ENOUGH = 60.0
"""Likeness in per cent (rapidfuzz's normalised edit distance) from which a suggestion helps more than it misleads."""


def nearest(name: str, names: Iterable[str], near_enough: float = _NEAR_ENOUGH) -> str | None:
    """The one of `names` most like `name`, or None where none is near enough to suggest.

    >>> nearest("requierd", ["required", "remark"])
    'required'
    """
    from rapidfuzz import fuzz, process  # imported when something is mistyped: no command pays for it otherwise

    found = process.extractOne(name, sorted(names), scorer=fuzz.ratio, score_cutoff=near_enough)
    return str(found[0]) if found else None
