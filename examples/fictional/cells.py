"""What can stand in a cell, and the addresses of cells."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with the result it was saved with; None where it was saved without one."""

    formula: str
    result: str | float | None = None


Cell = str | int | float | dt.date | Formula | None


def column_letters(column: int) -> str:
    """The letters of a column counted from zero."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """The A1 address of a cell counted from zero."""
    return f"{column_letters(column)}{row + 1}"
