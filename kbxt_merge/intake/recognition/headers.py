"""The cells of a header as they stand on a sheet, and how their texts are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kbxt_merge.model.returns import Cell, Grid
from kbxt_merge.model.text import bare_header


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """A header as it stands on a sheet: its own text, and that of the cell that spans its group."""

    row: int
    column: int
    text: str
    group: str = ""

    @property
    def compared(self) -> tuple[str, str]:
        """Its group and its text as they are compared."""
        return header_text(self.group), header_text(self.text)


@dataclass(frozen=True, slots=True)
class Header:
    """Where a form's header stands: its first and last row, the column of each field, and the headers of no field."""

    first: int
    last: int
    columns: Mapping[str, int]
    others: tuple[HeaderCell, ...]


@lru_cache(maxsize=16384)
def header_text(text: str) -> str:
    """A header as it is compared: without hints, a leading `其中：` and a trailing colon."""
    return bare_header(text).removeprefix("其中:").removeprefix("其中").rstrip(":")


def text_of(cell: Cell) -> str:
    """The text of a cell that may be a header or a label: blank for anything but text."""
    return cell if isinstance(cell, str) else ""


def header_cells(grid: Grid, position: int, height: int) -> list[HeaderCell]:
    """The header cells of a header whose upper row is at this position of the grid, one a column."""
    rows = grid.rows
    upper, row = rows[position], grid.top + position
    lower: Sequence[Cell] = rows[position + 1] if height == 2 and position + 1 < len(rows) else ()
    cells: list[HeaderCell] = []
    group = ""
    for offset in range(max(len(upper), len(lower))):
        over = text_of(upper[offset]).strip() if offset < len(upper) else ""
        under = text_of(lower[offset]).strip() if offset < len(lower) else ""
        column = grid.left + offset
        if over:
            group = over
        if under:
            cells.append(HeaderCell(row + 1, column, under, group))
        elif over:
            cells.append(HeaderCell(row, column, over))
    return cells
