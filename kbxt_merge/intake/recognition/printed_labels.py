"""The labels of printed rows as they stand on a grid, in one column or in two: 一年级 over 1班, 2班."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from kbxt_merge.model.cell import shown
from kbxt_merge.model.form import Form
from kbxt_merge.model.returns import Grid
from kbxt_merge.model.text import compact_value


@dataclass(frozen=True, slots=True)
class PrintedLabels:
    """Where the labels of a form of rows stand; `outer` is the column of what is printed over several of them.

    `known` are the labels, as they are compared.
    """

    grid: Grid
    known: frozenset[str]
    column: int
    outer: int | None = None

    @classmethod
    def of(cls, grid: Grid, form: Form, columns: Mapping[str, int]) -> Self | None:
        """The labels of a form whose fields stand in these columns; None where it prints none."""
        column = columns.get(form.record) if form.row_labels else None
        if column is None:
            return None
        outer = columns.get(form.outer_labels.name) if form.outer_labels else None
        return cls(grid, frozenset(map(compact_value, form.row_labels)), column, outer)

    def label(self, position: int) -> str:
        """The whole label of the row at a position; a blank cell of the outer column goes on saying what is above."""
        own = self._text(position, self.column) or self._merged_over(position)
        if self.outer is None or compact_value(own) in self.known:
            return own
        above = range(position, -1, -1) if own else (position,)
        return next((text for at in above if (text := self._text(at, self.outer or 0))), "") + own

    def _merged_over(self, position: int) -> str:
        """A label that begins further left, as 合计 does over the number and the label."""
        left = (self._text(position, column) for column in range(self.column - 1, self.grid.left - 1, -1))
        return next((text for text in left if compact_value(text) in self.known), "")

    def _text(self, position: int, column: int) -> str:
        row, at = self.grid.rows[position], column - self.grid.left
        return shown(row[at]).strip() if 0 <= at < len(row) else ""
