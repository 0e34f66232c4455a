"""A typed cell: its address, how it is shown to people, how it was read."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache

from kbxt_merge.model.returns import Cell

EXACT = 1e15
"""Below it a spreadsheet keeps every digit of a whole number: it keeps fifteen."""


def shown(cell: Cell) -> str:
    """The cell as text: 12.0 is 12, a day is ISO, and a long number stands with the fifteen digits that it kept.

    >>> shown(12.0), shown(dt.datetime(2021, 3, 1)), shown(3.6072120110217702e17)
    ('12', '2021-03-01', '360721201102177000')
    """
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return _shown_number(cell)
    if isinstance(cell, dt.datetime):
        return _shown_moment(cell)
    return str(cell)


def shown_number(number: object) -> str:
    """A number, or a day, that was worked out, without the noise of its working.

    >>> shown_number(0.1 + 0.2), shown_number(1250.0)
    ('0.3', '1250')
    """
    return shown(round(number, 6)) if isinstance(number, float) else str(number)


@lru_cache(maxsize=16384)
def _shown_number(number: float) -> str:
    if abs(number) < EXACT and number == int(number):
        return str(int(number))
    fifteen = f"{number:.15g}"
    return f"{Decimal(fifteen):f}" if "e+" in fifteen else fifteen


def _shown_moment(moment: dt.datetime) -> str:
    if moment.time() == dt.time():
        return moment.date().isoformat()
    return moment.isoformat(" ", "seconds")


class CellState(IntEnum):
    """What became of one typed cell; columns hold these as uint8."""

    BLANK = 0
    AS_TYPED = 1
    NORMALISED = 2
    """Read, but what was read differs from what was typed."""
    UNREADABLE = 3
    AMBIGUOUS = 4
    """A date that was read, and may mean another one."""
    ERROR_VALUE = 5
    NO_RESULT = 6
    """A formula that was saved without its result."""
    DAMAGED = 7
    """A spreadsheet number of 1e15 or more in the cell of an ID number: digits beyond the fifteenth are lost."""
    ABSENT = 8
    """The sheet lacks the whole column."""


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
