"""A plain .xlsx of a file that can't be edited: its cells as read, at their own addresses."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain, count

import xlsxwriter

from kbxt_merge.model.returns import Cell, Grid
from kbxt_merge.model.text import allowed_in_xml
from kbxt_merge.outputs.returned.filled import columns_within, merged_within, rows_within

_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\[\]:*?/\\]")
_LONGEST_NAME = 31
_ROOM_FOR_A_NUMBER = 8
_DATE_FORMATS: dict[type, str] = {
    dt.datetime: "yyyy/m/d h:mm",
    dt.date: "yyyy/m/d",
    dt.time: "h:mm:ss",
    dt.timedelta: "[h]:mm:ss",
}
_EARLIEST_DATE = dt.date(1900, 1, 1)
_NARROWEST, _WIDEST = 9, 60
"""Characters of a column; in a wider one a clerk loses sight of the next."""


def sheet_names(grids: Sequence[Grid]) -> list[str]:
    """For each grid the name that its sheet can have in an .xlsx: short enough, without what is forbidden, unique.

    Of several sheets with one name none keeps it: nobody could tell which of them a finding means.
    """
    times = Counter(grid.sheet for grid in grids)
    taken = {_possible(name).casefold() for name, several in times.items() if several > 1}
    numbers: dict[str, count[int]] = {}
    return [_free(_possible(grid.sheet), taken, numbers) for grid in grids]


def _possible(name: str) -> str:
    return _NOT_IN_NAMES.sub("_", allowed_in_xml(name)).strip("'")[:_LONGEST_NAME].rstrip("'") or "Sheet"


def _free(name: str, taken: set[str], numbers: dict[str, count[int]]) -> str:
    """The name, or where it is taken with the next number; it is taken from then on."""
    counted = numbers.setdefault(name.casefold(), count(2))
    numbered = (f"{name[: _LONGEST_NAME - _ROOM_FOR_A_NUMBER]}({number})" for number in counted)
    free = next(each for each in chain([name], numbered) if each.casefold() not in taken)
    taken.add(free.casefold())
    return free


def plain_copy(grids: Sequence[Grid]) -> bytes:
    """The workbook: what was text stays text, so that no ID number turns into a number and no text into a formula."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": dt.datetime(2000, 1, 1)})
        formats = {kind: book.add_format({"num_format": text}) for kind, text in _DATE_FORMATS.items()}
        for name, grid in zip(sheet_names(grids), grids, strict=True):
            _write(book.add_worksheet(name), grid, formats)
        if not grids:
            book.add_worksheet("Sheet1")
    return out.getvalue()


def _write(sheet: xlsxwriter.worksheet.Worksheet, grid: Grid, formats: dict[type, object]) -> None:
    widths: dict[int, int] = {}
    for i, cells in enumerate(grid.rows):
        for column, cell in enumerate(cells, grid.left):
            if cell is not None:
                _write_cell(sheet, grid.top + i, column, cell, formats)
                widths[column] = max(widths.get(column, _NARROWEST), _width(cell))
    for column, width in widths.items():
        sheet.set_column(column, column, width)
    # merge_range would write a blank cell for each that a range covers
    sheet.merge.extend(map(list, merged_within(grid)))
    for row in rows_within(grid, grid.hidden_rows):
        sheet.set_row(row, None, None, {"hidden": True})
    for column in columns_within(grid, grid.hidden_columns):
        sheet.set_column(column, column, widths.get(column), None, {"hidden": True})


def _width(cell: Cell) -> int:
    """The characters that a cell takes; a Chinese one counts for two."""
    return min(len(str(cell)[:_WIDEST].encode("gb18030", "replace")) + 1, _WIDEST)


def _write_cell(
    sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell, formats: dict[type, object]
) -> None:
    match cell:
        case bool():
            sheet.write_boolean(row, column, cell)
        case int() | float() if abs(cell) < 1e308:
            sheet.write_number(row, column, cell)
        case dt.datetime() | dt.date() | dt.time() | dt.timedelta() if _has_number(cell):
            sheet.write_datetime(row, column, cell, formats[type(cell)])
        case _:
            sheet.write_string(row, column, allowed_in_xml(str(cell)))


def _has_number(moment: dt.datetime | dt.date | dt.time | dt.timedelta) -> bool:
    """Tell whether a spreadsheet has a number for the moment: from 1900 on, and in nobody's time zone."""
    if isinstance(moment, dt.timedelta):
        return moment >= dt.timedelta(0)
    if getattr(moment, "tzinfo", None) is not None:
        return False
    day = moment.date() if isinstance(moment, dt.datetime) else moment
    return not isinstance(day, dt.date) or day >= _EARLIEST_DATE
