"""A plain .xlsx of a file that can't be edited: its cells as read, at their own addresses."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence

import xlsxwriter

from kbxt_merge.model.returns import Cell, ErrorValue, Grid, MissingResult

_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 31
_DATE_FORMATS: dict[type, str] = {
    dt.datetime: "yyyy/m/d h:mm",
    dt.date: "yyyy/m/d",
    dt.time: "h:mm:ss",
    dt.timedelta: "[h]:mm:ss",
}
_EARLIEST_DATE = dt.date(1900, 1, 1)


def sheet_names(grids: Sequence[Grid]) -> dict[str, str]:
    """For each grid's sheet the name that it can have in an .xlsx: short enough, without what is forbidden, unique."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for grid in grids:
        wanted = _NOT_IN_NAMES.sub("_", grid.sheet).strip("'")[:_LONGEST_NAME] or "Sheet"
        tries = [wanted] + [f"{wanted[: _LONGEST_NAME - 5]}({n})" for n in range(2, len(grids) + 2)]
        names[grid.sheet] = next(name for name in tries if name.casefold() not in taken)
        taken.add(names[grid.sheet].casefold())
    return names


def plain_copy(grids: Sequence[Grid]) -> bytes:
    """The workbook: what was text stays text, so that no ID number turns into a number and no text into a formula."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": dt.datetime(2000, 1, 1)})
        names = sheet_names(grids)
        formats = {kind: book.add_format({"num_format": text}) for kind, text in _DATE_FORMATS.items()}
        for grid in grids:
            _write(book.add_worksheet(names[grid.sheet]), grid, formats)
        if not grids:
            book.add_worksheet("Sheet1")
    return out.getvalue()


def _write(sheet: xlsxwriter.worksheet.Worksheet, grid: Grid, formats: dict[type, object]) -> None:
    for i, cells in enumerate(grid.rows):
        for j, cell in enumerate(cells):
            _write_cell(sheet, grid.top + i, grid.left + j, cell, formats)
    sheet.autofit()
    for first_row, first_column, last_row, last_column in grid.merged:
        if (first_row, first_column) != (last_row, last_column):
            value = _at(grid, first_row, first_column)
            sheet.merge_range(first_row, first_column, last_row, last_column, "")
            _write_cell(sheet, first_row, first_column, value, formats)
    for row in grid.hidden_rows:
        sheet.set_row(row, None, None, {"hidden": True})
    for column in grid.hidden_columns:
        sheet.set_column(column, column, None, None, {"hidden": True})


def _at(grid: Grid, row: int, column: int) -> Cell:
    i, j = row - grid.top, column - grid.left
    inside = 0 <= i < len(grid.rows) and 0 <= j < len(grid.rows[i])
    return grid.rows[i][j] if inside else None


def _write_cell(
    sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell, formats: dict[type, object]
) -> None:
    match cell:
        case None:
            pass
        case bool():
            sheet.write_boolean(row, column, cell)
        case int() | float() if abs(cell) < 1e308:
            sheet.write_number(row, column, cell)
        case dt.datetime() | dt.date() | dt.time() | dt.timedelta() if not _before_1900(cell):
            sheet.write_datetime(row, column, cell, formats[type(cell)])
        case ErrorValue() | MissingResult():
            sheet.write_string(row, column, str(cell))
        case _:
            sheet.write_string(row, column, str(cell))


def _before_1900(moment: dt.datetime | dt.date | dt.time | dt.timedelta) -> bool:
    """Tell whether a spreadsheet has no number for the day."""
    if isinstance(moment, dt.timedelta):
        return moment < dt.timedelta(0)
    day = moment.date() if isinstance(moment, dt.datetime) else moment
    return isinstance(day, dt.date) and day < _EARLIEST_DATE
