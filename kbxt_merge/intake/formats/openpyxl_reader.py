"""The reader for what calamine refuses or does not give whole: openpyxl in its normal mode, never read_only."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from functools import lru_cache
from typing import Any

from kbxt_merge.intake.formats.damage import DAMAGE, Unreadable
from kbxt_merge.intake.formats.layout import SheetFacts, grid_of, laid_out
from kbxt_merge.intake.formats.ooxml_package import SheetPart
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Cell, Grid

CHINESE_DATE_FORMATS = frozenset((*range(27, 37), *range(50, 59)))
"""Built-in date formats of the Chinese locale, which openpyxl reads as plain numbers (ECMA-376, 18.8.30)."""


def grid(data: bytes, part: SheetPart, facts: SheetFacts, limits: Limits) -> Grid:
    """The sheet by openpyxl; raises Unreadable when it gives fewer or more values than the facts count."""
    sheet = _worksheet(data, part.name)
    cells = {
        (row - 1, column - 1): value
        for (row, column), cell in sheet._cells.items()
        if (value := _value(cell, sheet.parent.epoch)) is not None and (row - 1, column - 1) not in facts.special
    }
    shown = sum(not isinstance(cell, str) or bool(cell.strip()) for cell in cells.values())
    if shown != facts.values:
        raise Unreadable("file-unreadable", "cells-lost", sheet=part.name, read=shown, found=facts.values)
    return grid_of(part.name, laid_out(cells, limits), facts, hidden=part.hidden)


def _worksheet(data: bytes, name: str) -> Any:
    book = _opened(data)
    try:
        return book[name]
    except DAMAGE as error:
        raise Unreadable("file-unreadable", "damaged", sheet=name) from error


@lru_cache(maxsize=1)
def _opened(data: bytes) -> Any:
    """The workbook, kept for its other sheets."""
    import openpyxl  # slow to import, and few files need it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions that are not read here
            return openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    except DAMAGE as error:
        raise Unreadable("file-unreadable", "damaged") from error


def _value(cell: Any, epoch: dt.datetime) -> Cell:
    value: Cell = cell.value
    if isinstance(value, float | int) and not isinstance(value, bool) and _is_chinese_date(cell):
        from openpyxl.utils.datetime import from_excel

        date: Cell = from_excel(value, epoch)
        return date
    return None if value == "" else value


def _is_chinese_date(cell: Any) -> bool:
    return cell.has_style and cell._style.numFmtId in CHINESE_DATE_FORMATS
