"""The only home of calamine, whose panics are no exceptions to Python and whose aborts only a worker's end stops."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TypeVar

from python_calamine import CalamineError, CalamineWorkbook, WorksheetNotFound

from kbxt_merge.intake.readers.laid_out import LaidOut, Rows

Book = CalamineWorkbook
Result = TypeVar("Result")


def opened(data: bytes) -> Book | None:
    """The workbook, or None when calamine refuses it."""
    return _spared(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)))


def cells(book: Book, sheet: str) -> LaidOut | None:
    """The sheet's cells, empty ones as empty strings, or None when calamine refuses the sheet."""
    return _spared(lambda: _laid_out(book, sheet))


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


def blank_to_none(rows: Rows) -> None:
    """Turn calamine's empty strings into None, in place."""
    for row in rows:
        if "" in row:
            row[:] = [None if cell == "" else cell for cell in row]
