"""Headers that are numbers: the days of an attendance sheet, years to come."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from kbxt_merge.model.returns import Cell, Grid

FEWEST = 3
"""So many numbers side by side, each one more than the last, may be headers."""


def with_number_headers(grid: Grid, numbers: Collection[str], rows: int) -> Grid:
    """The grid with the numbers that are headers as texts, in each of its first rows where a run of them stands."""
    changed = {at: row for at, cells in enumerate(grid.rows[:rows]) if (row := as_texts(cells, numbers)) is not cells}
    return replace(grid, rows=[changed.get(at, row) for at, row in enumerate(grid.rows)]) if changed else grid


def as_texts(cells: list[Cell], numbers: Collection[str] | None = None) -> list[Cell]:
    """A row with its runs of numbers as texts, those that are none of `numbers` left out; the row itself without any.

    >>> as_texts(["姓名", 1.0, 2.0, 3.0]), as_texts(["王小明", 3.0, 1.0, 2.0])
    (['姓名', '1', '2', '3'], ['王小明', 3.0, 1.0, 2.0])
    """
    found = {at: str(number) for run in _runs(cells, numbers) for at, number in run}
    return [found.get(at, cell) for at, cell in enumerate(cells)] if found else cells


def _runs(cells: Sequence[Cell], numbers: Collection[str] | None) -> Iterator[list[tuple[int, int]]]:
    numbers_in = ((at, cell) for at, cell in enumerate(cells) if isinstance(cell, int | float))
    whole = [(at, int(cell)) for at, cell in numbers_in if not isinstance(cell, bool) and float(cell).is_integer()]
    known = [(at, number) for at, number in whole if numbers is None or str(number) in numbers]
    for _, run in groupby(known, key=lambda each: each[1] - each[0]):
        members = list(run)
        if len(members) >= FEWEST:
            yield members
