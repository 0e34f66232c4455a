"""What a blank's cell holds already when it is handed out."""

from __future__ import annotations

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kbxt_merge.model.form import Field

NUMBER_TYPES = ("sequence", "age", "count")


def write_typed(sheet: Worksheet, cell: tuple[int, int], field: Field, value: str, look: Format) -> None:
    """Write a value into a cell (row, column, from zero): a number as one, all else as text."""
    if field.type in NUMBER_TYPES and value.isascii() and value.isdecimal():
        sheet.write_number(*cell, int(value), look)
    else:
        sheet.write_string(*cell, value, look)
