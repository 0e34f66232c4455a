"""Cells of files that hold text only: what is shown is all that there is."""

from __future__ import annotations

from kbxt_merge.model.returns import Cell, ErrorValue

ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)


def typed(text: str) -> Cell:
    """The text as a cell: an error where it shows one, nothing where it shows nothing."""
    if text in ERRORS:
        return ErrorValue(text)
    return text or None
