"""A sheet's cells laid out in rows, and what the facts add to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kbxt_merge.intake.readers.sheet_facts import SheetFacts
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Cell, Grid

Rows = list[list[Cell]]


@dataclass(slots=True)
class LaidOut:
    """Rows of cells of which the first starts at row `top`, column `left`."""

    rows: Rows
    top: int = 0
    left: int = 0

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Set one cell, at the sheet's own address, making room where there is none."""
        if not self.rows:
            self.top, self.left = row, column
        if column < self.left:
            self.rows = [[None] * (self.left - column) + cells for cells in self.rows]
            self.left = column
        if row < self.top:
            self.rows = [[] for _ in range(self.top - row)] + self.rows
            self.top = row
        self.rows.extend([] for _ in range(row - self.top - len(self.rows) + 1))
        cells = self.rows[row - self.top]
        cells.extend([None] * (column - self.left - len(cells) + 1))
        cells[column - self.left] = cell


def laid_out(cells: Mapping[tuple[int, int], Cell], limits: Limits) -> LaidOut:
    """Single cells, by row and column from zero, as rows; raises Unreadable when they would fill the memory."""
    ends: dict[int, int] = {}
    for row, column in cells:
        ends[row] = max(ends.get(row, 0), column)
    if not ends:
        return LaidOut([])
    left = min(column for _, column in cells)
    room = sum(ends.values()) - (left - 1) * len(ends)
    limits.check_cells(room)
    top = min(ends)
    rows: Rows = [[] for _ in range(max(ends) - top + 1)]
    for row, end in ends.items():
        rows[row - top] = [None] * (end - left + 1)
    for (row, column), cell in cells.items():
        rows[row - top][column - left] = cell
    return LaidOut(rows, top, left)


def grid_of(name: str, cells: LaidOut, facts: SheetFacts, hidden: bool) -> Grid:
    """The grid of a sheet: its cells as read, and those that only the facts know."""
    for (row, column), cell in facts.special.items():
        cells.put(row, column, cell)
    return Grid(name, cells.rows, cells.top, cells.left, hidden, facts.hidden_rows, facts.hidden_columns, facts.merged)
