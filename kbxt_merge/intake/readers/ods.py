"""OpenDocument spreadsheets → grids."""

from __future__ import annotations

from kbxt_merge.intake.limits import Limits
from kbxt_merge.intake.readers import calamine
from kbxt_merge.intake.unreadable import Unreadable
from kbxt_merge.model.submission import Grid, Workbook


def read(data: bytes, limits: Limits) -> Workbook:
    """The workbook's grids; raises Unreadable."""
    book = calamine.opened(data)
    if book is None:
        raise Unreadable("file-unreadable", "damaged")
    grids = []
    for name in book.sheet_names:
        cells = calamine.cells(book, name)
        if cells is None:
            raise Unreadable("file-unreadable", "damaged", sheet=name)
        calamine.blank_to_none(cells.rows)
        grids.append(Grid(name, cells.rows, cells.top, cells.left))
    return Workbook(grids)
