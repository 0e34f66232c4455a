"""What calamine does not tell of a sheet: errors, lost results, what is hidden, its extent, its values' count."""

from __future__ import annotations

from dataclasses import dataclass, field

from kbxt_merge.model.returns import Cell

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
