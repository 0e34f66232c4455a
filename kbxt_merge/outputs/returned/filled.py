"""What of a grid's layout lies where somebody filled something: a sheet may say that a million empty rows are one."""

from __future__ import annotations

import bisect
import heapq
from collections.abc import Iterable, Iterator

from kbxt_merge.model.returns import Grid

Range = tuple[int, int, int, int]
"""First row, first column, last row, last column, all inclusive, from zero."""


def rows_within(grid: Grid, rows: Iterable[int]) -> list[int]:
    """Those of the rows that lie within the cells of the grid, in order."""
    return sorted(row for row in rows if grid.top <= row <= _last_row(grid))


def columns_within(grid: Grid, columns: Iterable[int]) -> list[int]:
    """Those of the columns that lie within the cells of the grid, in order."""
    last = _last_column(grid)
    return sorted(column for column in columns if grid.left <= column <= last)


def merged_within(grid: Grid) -> Iterator[Range]:
    """The merged ranges, cut to the cells of the grid; of two that overlap only the upper one, for Excel has no other.

    A range of which a single cell is left is none.
    """
    bottom, right = _last_row(grid), _last_column(grid)
    cut = ((top, left, min(last, bottom), min(end, right)) for top, left, last, end in grid.merged)
    lying = _Lying()
    for top, left, last, end in sorted(cut):
        if top <= last and left <= end and (top, left) != (last, end) and lying.takes(top, left, last, end):
            yield top, left, last, end


class _Lying:
    """The ranges that reach the row which is looked at: their columns are parted, and kept in order."""

    def __init__(self) -> None:
        self._columns: list[tuple[int, int]] = []
        self._ends: list[tuple[int, tuple[int, int]]] = []

    def takes(self, top: int, left: int, last: int, end: int) -> bool:
        """Whether the range overlaps none before it, none of which begins further down; it lies there from now on."""
        while self._ends and self._ends[0][0] < top:
            _, gone = heapq.heappop(self._ends)
            del self._columns[bisect.bisect_left(self._columns, gone)]
        place = bisect.bisect(self._columns, (end + 1,))
        if place and self._columns[place - 1][1] >= left:
            return False
        bisect.insort(self._columns, (left, end))
        heapq.heappush(self._ends, (last, (left, end)))
        return True


def _last_row(grid: Grid) -> int:
    return grid.top + len(grid.rows) - 1


def _last_column(grid: Grid) -> int:
    return grid.left + max(map(len, grid.rows), default=0) - 1
