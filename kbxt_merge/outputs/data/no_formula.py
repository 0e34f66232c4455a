"""Texts of a CSV file that no spreadsheet runs as formulas; free of pandas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import repeat

_FORMULA = re.compile(r"[=+@\t\r]|-(?![0-9.]*$)")
"""How a text begins that a spreadsheet would take for a formula; a negative number and a lone dash are none."""
_BEGINNINGS = ("=", "+", "@", "\t", "\r", "-")


def no_formula(value: object) -> object:
    """A value of a CSV cell; a text that a spreadsheet would run stands behind an apostrophe.

    >>> no_formula("=1+1"), no_formula("-5"), no_formula("—"), no_formula("+86 13800000000")
    ("'=1+1", '-5', '—', "'+86 13800000000")
    """
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def no_formulas(column: Sequence[object]) -> Iterable[object]:
    """A column of a CSV file; a column of texts none of which may be a formula is taken as it is, at once."""
    if set(map(type, column)) == {str} and not any(map(str.startswith, column, repeat(_BEGINNINGS))):  # type: ignore[arg-type]
        return column
    return map(no_formula, column)
