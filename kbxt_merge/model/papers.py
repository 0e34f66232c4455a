"""Identity papers other than the ID card: which kind a record names, and what the numbers of each look like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]

_ID_CARD = ""
_PATTERNS: Sequence[tuple[str, str]] = (
    ("永久居留", r"[A-Z]{3}[0-9]{12}|9[0-9]{16}[0-9X]"),
    ("居住证", _ID_CARD),
    ("身份证", _ID_CARD),
    ("户口", _ID_CARD),
    ("港澳", r"[HMC][0-9]{8}(?:[0-9]{2})?"),
    ("回乡证", r"[HM][0-9]{8}(?:[0-9]{2})?"),
    ("台", r"[0-9]{8}|[0-9]{10}(?:\([A-Z0-9]\))?"),
    ("护照", r"[A-Z0-9]{5,15}"),
)
"""What the name of a kind of paper holds, and its numbers: blank where they are ID numbers."""

_ANY = r"[A-Z0-9()-]{3,30}"
"""The number of a paper that is none of these."""


@lru_cache(maxsize=256)
def _pattern(kind: str) -> str:
    return next((pattern for part, pattern in _PATTERNS if part in kind), _ANY) if kind else _ID_CARD


def are_of_another(kinds: Sequence[str]) -> Flags:
    """Which of these kinds of paper are no ID card; one that is not told is one.

    >>> are_of_another(["居民身份证", "护照", ""]).tolist()
    [False, True, False]
    """
    return np.array([bool(_pattern(kind)) for kind in kinds], dtype=bool)


def fit(kinds: Sequence[str], numbers: Sequence[str]) -> Flags:
    """Which of these numbers can be those of their kinds of paper, where that is no ID card.

    >>> fit(["护照", "港澳居民来往内地通行证", "居民身份证"], ["E12345678", "12345678", "E12345678"]).tolist()
    [True, False, False]
    """
    pairs = zip(map(_pattern, kinds), numbers, strict=True)
    return np.array([bool(each) and re.fullmatch(each, number.upper()) is not None for each, number in pairs], bool)
