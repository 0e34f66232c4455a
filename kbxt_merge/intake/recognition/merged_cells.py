"""Cells merged over the rows of several records: what stands in one is said of each of them."""

from __future__ import annotations

from collections.abc import Mapping, MutableSequence, Sequence

from kbxt_merge.model.returns import Cell, Grid, is_blank


def spread(grid: Grid, rows: Sequence[int], columns: Mapping[int, MutableSequence[Cell]]) -> None:
    """Fill in what cells merged downwards say of the records below their first, where those hold nothing themselves.

    `rows` are the sheet rows of the records; `columns` are their cells, by column of the sheet: only those columns of
    which records may have one together.
    """
    tall = [(top, left, bottom) for top, left, bottom, _ in grid.merged if bottom > top and left in columns]
    place = {row: at for at, row in enumerate(rows)} if tall else {}
    for top, left, bottom in tall:
        first = place.get(top)
        if first is None:
            continue
        cells = columns[left]
        for at in (place[row] for row in range(top + 1, bottom + 1) if row in place):
            if is_blank(cells[at]):
                cells[at] = cells[first]
