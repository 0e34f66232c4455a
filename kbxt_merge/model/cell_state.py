"""How a typed cell was read."""

from __future__ import annotations

from enum import IntEnum


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
