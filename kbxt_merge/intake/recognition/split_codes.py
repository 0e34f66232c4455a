"""A number of eighteen characters whose parts stand in neighbouring cells under one header."""

from __future__ import annotations

from collections.abc import Collection, MutableSequence, Sequence

from kbxt_merge.model.cell import shown
from kbxt_merge.model.returns import Cell, Grid, is_blank

_LENGTH = 18


def join_parts(
    grid: Grid, positions: Sequence[int], column: int, taken: Collection[int], cells: MutableSequence[Cell]
) -> set[int]:
    """Join what stands right of a number's column, as far as no header does, where it makes the number whole.

    `positions` are the records' rows in the grid and `cells` theirs in `column`; `taken` are the columns with a header.
    The columns that held parts are returned.
    """
    used: set[int] = set()
    if column + 1 in taken:
        return used
    for at, position in enumerate(positions):
        row = grid.rows[position]
        parts: list[str] = []
        for offset in range(column - grid.left, len(row)):
            if (offset + grid.left != column and offset + grid.left in taken) or is_blank(row[offset]):
                break
            parts.append(shown(row[offset]).strip())
        whole = "".join(parts)
        if len(parts) > 1 and len(whole) == _LENGTH:
            cells[at] = whole
            used.update(range(column + 1, column + len(parts)))
    return used
