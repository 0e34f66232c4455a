"""Cell addresses as they stand in files, counted from zero."""

from __future__ import annotations

import re
from functools import lru_cache

ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")


@lru_cache(maxsize=16384)
def column_number(letters: str) -> int:
    """The column from its letters: A is 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def position(address: str) -> tuple[int, int]:
    """Row and column of an A1 address; ValueError for anything else."""
    match = ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(address)
    return int(match[2]) - 1, column_number(match[1])


def rectangle(reference: str) -> tuple[int, int, int, int]:
    """First row, first column, last row, last column of a reference such as A1:B2, or of one cell."""
    first, _, last = reference.partition(":")
    top, left = position(first)
    bottom, right = position(last or first)
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)
