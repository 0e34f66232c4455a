"""The blocks of a list that several schools share, each below a line that names its school; one without such lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kbxt_merge.intake.recognition.unit_line import read_unit_lines
from kbxt_merge.model.form import Form
from kbxt_merge.model.left_out import Reason, RowLeftOut
from kbxt_merge.model.returns import Grid


@dataclass(frozen=True, slots=True)
class Block:
    """Records of one school, as positions in the grid's rows, and the rows left out among them.

    `lines` are the rows outside the table that may say whose they are and of which day, the nearest first.
    """

    positions: Sequence[int]
    left_out: tuple[RowLeftOut, ...]
    lines: Sequence[int]


def blocks(
    grid: Grid, form: Form, above: Sequence[int], positions: Sequence[int], left_out: tuple[RowLeftOut, ...]
) -> list[Block]:
    """Cut records where a line among them names another school than the line before; `above` are rows over the header.

    Where the form prints its unit line below the table, and no school stands above it, a line ends its block.
    """
    outside = [each.row - grid.top for each in left_out]
    first = read_unit_lines(grid, form, above).unit
    named = _named(grid, form, left_out, first or "")
    ends = form.unit_line.below and not first
    cuts = [at + ends for at in named if any(each < at for each in positions) and any(each > at for each in positions)]
    if not cuts:
        return [Block(positions, left_out, (*outside, *above) if form.unit_line.below else (*above, *outside))]
    found = []
    for start, end in pairwise([0, *cuts, len(grid.rows)]):
        own = [at for at in outside if start <= at < end]
        foot = [at for at in outside if at > positions[-1] and at not in named and at not in own]
        found.append(
            Block(
                [at for at in positions if start <= at < end],
                tuple(each for each in left_out if start <= each.row - grid.top < end),
                (*own, *above, *foot) if start or ends else (*above, *own, *foot),
            )
        )
    return found


def _named(grid: Grid, form: Form, left_out: Sequence[RowLeftOut], school: str) -> list[int]:
    """Where a line names a school that is not the one named before it, with the county before it or without."""
    found = []
    for at in (each.row - grid.top for each in left_out if each.reason is Reason.UNIT_LINE):
        unit = read_unit_lines(grid, form, [at]).unit or ""
        if unit and not (school and (unit.endswith(school) or school.endswith(unit))):
            found.append(at)
            school = unit
    return found
