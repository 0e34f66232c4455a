"""What calamine does not tell of a sheet: errors, lost results, what is hidden, its extent, its values' count."""

from __future__ import annotations

from dataclasses import dataclass, field

from kbxt_merge.model.submission import Cell

Rectangle = tuple[int, int, int, int]


@dataclass(slots=True)
class SheetFacts:
    """The facts of one sheet; rows and columns count from zero.

    `values` is the number of cells that show something besides `special`, the cells with an error or a lost result.
    `rows` and `columns` are the first and last that hold a cell, filled or not; None without any.
    """

    values: int = 0
    special: dict[tuple[int, int], Cell] = field(default_factory=dict)
    rows: tuple[int, int] | None = None
    columns: tuple[int, int] | None = None
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[Rectangle, ...] = ()
    cells: int = 0

    @property
    def area(self) -> int:
        """The cells of the rectangle around all cells: what calamine lays out in memory."""
        if self.rows is None or self.columns is None:
            return 0
        return (self.rows[1] - self.rows[0] + 1) * (self.columns[1] - self.columns[0] + 1)
