"""The cells of one field, sheet by sheet: texts that come again in other sheets become one object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from kbxt_merge.model.district import Texts
from kbxt_merge.model.returns import Cell

SAMPLE = 1000
"""Different texts that tell whether a column's texts come again: those of names and numbers hardly do."""


@dataclass(slots=True)
class Stack:
    """The cells so far."""

    _cells: list[Cell] = field(default_factory=list)
    _known: dict[str, str] | None = field(default_factory=dict)

    def add(self, cells: Sequence[Cell]) -> None:
        """Put the cells of one more sheet below."""
        if self._known is None:
            self._cells += cells
            return
        know = self._known.setdefault
        self._cells += [know(cell, cell) if type(cell) is str else cell for cell in cells]
        if len(self._known) > SAMPLE and 2 * len(self._known) > len(self._cells):
            self._known = None

    def column(self) -> Texts:
        """All cells, one below the other."""
        column: Texts = np.empty(len(self._cells), dtype=object)
        column[:] = self._cells
        return column
