"""The only home of calamine, whose panics are no exceptions to Python and whose aborts only a worker's end stops."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from python_calamine import CalamineError, CalamineWorkbook, WorksheetNotFound

from kbxt_merge.intake.formats.layout import LaidOut, Rows, SheetFacts, grid_of
from kbxt_merge.intake.formats.ooxml_package import SheetPart
from kbxt_merge.model.returns import Grid

Book = CalamineWorkbook
Result = TypeVar("Result")
FEW_BLANKS = 3
"""So many cells of a row are found faster than each is looked at."""


def opened(data: bytes) -> Book | None:
    """The workbook, or None when calamine refuses it."""
    return _spared(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)))


def grid(book: Book, part: SheetPart, facts: SheetFacts, count: Callable[[Rows], int]) -> Grid | None:
    """The sheet's grid, or None when calamine refuses it or gives other values.

    `count` counts the values in its rows, to be held against what the facts say.
    """
    cells = _spared(lambda: _laid_out(book, part.name))
    if cells is None or count(cells.rows) != facts.values:
        return None
    _drop_blank_end(cells.rows)
    _blank_to_none(cells.rows)
    return grid_of(part.name, cells, facts, part.hidden)


def _laid_out(book: Book, name: str) -> LaidOut:
    sheet = book.get_sheet_by_name(name)
    top, left = sheet.start or (0, 0)
    return LaidOut(sheet.to_python(skip_empty_area=True), top, left)  # type: ignore[arg-type]  # its lists are ours


def _spared(read: Callable[[], Result]) -> Result | None:
    try:
        return read()
    except (CalamineError, WorksheetNotFound, OSError, ValueError):
        return None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        return None


def filled(rows: Rows) -> int:
    """The number of cells that are not empty."""
    return sum(len(row) - row.count("") for row in rows)


def shown(rows: Rows) -> int:
    """The number of cells that show something: white space does not."""
    return sum(not isinstance(cell, str) or bool(cell.strip()) for row in rows for cell in row)


def _drop_blank_end(rows: Rows) -> None:
    """Drop the rows below the last that holds something: a blank has formulas in hundreds that say nothing yet."""
    while rows and rows[-1].count("") == len(rows[-1]):
        rows.pop()


def _blank_to_none(rows: Rows) -> None:
    for row in rows:
        blank = row.count("")
        if blank > FEW_BLANKS:
            row[:] = [None if cell == "" else cell for cell in row]
            continue
        at = -1
        for _ in range(blank):
            at = row.index("", at + 1)
            row[at] = None


def rows(book: Book, name: str) -> tuple[int, int, Iterator[list[Any]]] | None:
    """The first column of a sheet that is no table of charts, how many cells it spans, and its rows from the sheet's
    first one on, blank cells as empty texts; None when calamine refuses it."""
    sheet = _spared(lambda: book.get_sheet_by_name(name))
    if sheet is None:
        return None
    left = sheet.start[1] if sheet.start else 0
    return left, sheet.total_height * sheet.total_width, sheet.iter_rows()
