"""Workbooks of Excel 97 and before (.xls, .et) → grids: xlrd, which tells errors and hidden rows too."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import xlrd

from kbxt_merge.intake.limits import Limits
from kbxt_merge.intake.unreadable import DAMAGE, Unreadable
from kbxt_merge.model.submission import Cell, ErrorValue, Grid, Workbook

XLRD_FAULTS = (xlrd.XLRDError, xlrd.compdoc.CompDocError, *DAMAGE)
EARLIEST_DAY = 1.0
"""Below it a serial number is a time of day."""


def read(data: bytes, limits: Limits) -> Workbook:
    """The workbook's grids and marks; raises Unreadable."""
    book = _opened(data)
    if book.nsheets > limits.sheets:
        raise Unreadable("file-unsafe", "too-many-sheets", limit=limits.sheets, found=book.nsheets)
    return Workbook([_grid(sheet, book.datemode) for sheet in book.sheets()])


def _opened(data: bytes) -> xlrd.Book:
    try:
        return xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO())
    except XLRD_FAULTS as error:
        if "encrypted" in str(error):
            raise Unreadable("file-encrypted", "password") from error
        raise Unreadable("file-unreadable", "damaged") from error


def _grid(sheet: Any, datemode: int) -> Grid:
    rows = [
        [_cell(kind, value, datemode) for kind, value in zip(sheet.row_types(i), sheet.row_values(i), strict=True)]
        for i in range(sheet.nrows)
    ]
    return Grid(
        sheet.name,
        rows,
        hidden=sheet.visibility != 0,
        hidden_rows=frozenset(row for row, info in sheet.rowinfo_map.items() if info.hidden),
        hidden_columns=frozenset(column for column, info in sheet.colinfo_map.items() if info.hidden),
        merged=tuple((top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells),
    )


def _cell(kind: int, value: Any, datemode: int) -> Cell:
    if kind == xlrd.XL_CELL_TEXT:
        text: str = value
        return text or None
    if kind == xlrd.XL_CELL_NUMBER:
        number: float = value
        return number
    if kind == xlrd.XL_CELL_DATE:
        return _date(value, datemode)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind == xlrd.XL_CELL_ERROR:
        return ErrorValue(xlrd.error_text_from_code.get(value, "#ERR!"))
    return None


def _date(value: float, datemode: int) -> Cell:
    try:
        moment: dt.datetime = xlrd.xldate_as_datetime(value, datemode)
    except XLRD_FAULTS:
        return value
    return moment.time() if 0 <= value < EARLIEST_DAY else moment
