"""Texts of a CSV file that no spreadsheet runs as formulas; free of pandas."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"[=+@\t\r]|-(?![0-9.]*$)")
"""How a text begins that a spreadsheet would take for a formula; a negative number and a lone dash are none."""


def no_formula(value: object) -> object:
    """A value of a CSV cell; a text that a spreadsheet would run stands behind an apostrophe.

    >>> no_formula("=1+1"), no_formula("-5"), no_formula("—"), no_formula("+86 13800000000")
    ("'=1+1", '-5', '—', "'+86 13800000000")
    """
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
