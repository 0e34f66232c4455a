"""A sheet's cells laid out in rows, and what the facts add to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Cell, Grid

Rectangle = tuple[int, int, int, int]

HARMLESS_AREA = 4_000_000
"""Cells that may be laid out whatever the sheet holds: 128 MB, at calamine's 32 bytes each."""
SPARSE = 20
"""A rectangle this many times larger than the number of cells in it is not laid out."""


@dataclass(slots=True)
class SheetFacts:
    """The facts of one sheet; rows and columns count from zero.

    `values` is the number of cells that show something besides `special`, the cells with an error or a lost result.
    `rows` and `columns` are the first and last of the `cells` that the sheet writes, filled or not; None without any.
    """

    values: int = 0
    cells: int = 0
    special: dict[tuple[int, int], Cell] = field(default_factory=dict)
    rows: tuple[int, int] | None = None
    columns: tuple[int, int] | None = None
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[Rectangle, ...] = ()

    @property
    def area(self) -> int:
        """The cells of the rectangle around all cells: what calamine lays out in memory."""
        if self.rows is None or self.columns is None:
            return 0
        return (self.rows[1] - self.rows[0] + 1) * (self.columns[1] - self.columns[0] + 1)

    @property
    def is_sparse(self) -> bool:
        """Whether the sheet, laid out, would be much more than what it holds."""
        return self.area > max(HARMLESS_AREA, SPARSE * self.cells)

    def reach(self, row: int, column: int) -> None:
        """Count a cell that the sheet writes at this place."""
        self.cells += 1
        self.widen((row, row), (column, column))

    def widen(self, rows: tuple[int, int], columns: tuple[int, int]) -> None:
        """Reach over these rows and columns, first and last, too."""
        if self.rows is not None and self.columns is not None:
            rows = min(rows[0], self.rows[0]), max(rows[1], self.rows[1])
            columns = min(columns[0], self.columns[0]), max(columns[1], self.columns[1])
        self.rows, self.columns = rows, columns


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
