"""A list in blocks: between them lines that say whose the children below are, `学校名称：桃源小学`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from kbxt_merge.intake.recognition.recogniser import Recognised
from kbxt_merge.intake.recognition.unit_line import read_unit_lines
from kbxt_merge.model.returns import Cell, Grid

_CELLS_OF_A_LINE = 2
_CELLS_OF_A_RECORD = 3

Table = tuple[Grid, Recognised]
"""A form, and the part of a grid that is its own."""


def in_blocks(grid: Grid, found: Recognised) -> list[Table]:
    """The list, or its blocks, each with its own line and the lines above the header."""
    header = found.header
    if header is None or found.form.child_name is None or found.form.unit_line.below:
        return [(grid, found)]
    below = header.last + 1 - grid.top
    lines = list(_lines(grid, found, below))
    if not lines:
        return [(grid, found)]
    tables: list[Table] = []
    for begin, end in pairwise([below - 1, *lines, len(grid.rows)]):
        rows = [row if at < header.first - grid.top or begin <= at < end else [] for at, row in enumerate(grid.rows)]
        if begin >= below:
            own = replace(header, first=grid.top + begin + 1, last=grid.top + begin)
            tables.append((replace(grid, rows=rows), replace(found, header=own)))
        elif _holds_records(grid.rows[below:end]):
            tables.append((replace(grid, rows=rows), found))
    return tables


def _lines(grid: Grid, found: Recognised, below: int) -> Iterator[int]:
    """Where a line names another school than the one above it, and children stand below."""
    named: str | None = None
    for position in range(below, len(grid.rows)):
        row = grid.rows[position]
        if not 0 < _filled(row) <= _CELLS_OF_A_LINE or not _holds_records(grid.rows[position + 1 : position + 2]):
            continue
        unit = read_unit_lines(grid, found.form, [position]).unit
        if unit:
            if named is None:
                named = read_unit_lines(grid, found.form, range(below - 1, -1, -1)).unit or ""
            if not is_one_school(named, unit):
                yield position
            named = unit


def is_one_school(above: str, below: str) -> bool:
    """Whether two lines name one school, with the county before it or without; the lower one may name none."""
    return above.endswith(below) or (above != "" and below.endswith(above))


def _filled(row: Sequence[Cell]) -> int:
    return len(row) - row.count(None)


def _holds_records(rows: Iterable[Sequence[Cell]]) -> bool:
    return any(_filled(row) >= _CELLS_OF_A_RECORD for row in rows)
