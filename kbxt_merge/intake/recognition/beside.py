"""Sheet → the parts that stand beside each other on it: halves of a list, two forms, cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from kbxt_merge.intake.recognition.headers import header_text
from kbxt_merge.intake.recognition.recogniser import Recogniser
from kbxt_merge.model.returns import Cell, Grid, first_filled, is_blank

_DEPTH = 60
"""Rows among which the headers are looked for that stand beside each other."""

_HEADERS = 4
"""Headers in a row at least: two parts have two each."""

_STEP = 3
"""Rows by which the header of one part may stand higher than that of the other, and headers that each has at least."""


def parts_beside(grid: Grid, recogniser: Recogniser) -> list[Grid]:
    """The grid, or its parts from left to right, each at its own addresses and with the lines above that it shares."""
    for position, row in enumerate(grid.rows[:_DEPTH]):
        if recogniser.firsts.isdisjoint(row):
            continue
        cuts = _cuts(row, recogniser) or _cut_of_stepped(grid.rows, position, recogniser)
        if cuts:
            parts = _parts(grid, position, [0, *cuts, max(map(len, grid.rows))], recogniser)
            if parts:
                return parts
    return [grid]


def _parts(grid: Grid, header: int, edges: Sequence[int], recogniser: Recogniser) -> list[Grid]:
    """The parts between these columns; none where one of them has no children."""
    parts: list[Grid] = []
    # each only when those before it are sound: a row may repeat a word a thousand times
    for begin, end in pairwise(edges):
        parts.append(_part(grid, header, begin, end))
        if not _has_children(parts[-1], recogniser):
            return []
    return parts


def _has_children(part: Grid, recogniser: Recogniser) -> bool:
    """Whether a part is a form that says where its children's names stand: a table of teachers is none."""
    found = recogniser.recognise(part)
    return found is not None and (found.header is None or found.form.record_field in found.header.columns)


def _cuts(row: Sequence[Cell], recogniser: Recogniser) -> list[int]:
    """Where further parts begin in a row of headers: where the first header comes again, as far before it as there.

    The one behind it must come again as well, unless both are numbers of rows: of two forms only those are alike.
    """
    texts = [(at, text) for at, cell in enumerate(row) if isinstance(cell, str) and (text := header_text(cell))]
    known = [(at, text) for at, text in texts if text in recogniser.headers]
    if len(known) < _HEADERS or known[0][1] not in recogniser.firsts:
        return []
    (first, begins), (_, follows) = known[:2]
    again = [(at, known[i + 1][1]) for i, (at, text) in enumerate(known[:-1]) if i and text == begins]
    lead = first - (first_filled(row) or 0)
    return [at - lead for at, behind in again if behind == follows or begins in recogniser.numbers]


def _cut_of_stepped(rows: Sequence[Sequence[Cell]], position: int, recogniser: Recogniser) -> list[int]:
    """Where the second of two parts begins whose headers stand some rows apart: one has a unit line more."""
    own = _known(rows[position], recogniser)
    if len(own) < _STEP:
        return []
    first, last = own[0], own[-1]
    for row in rows[position + 1 : position + 1 + _STEP]:
        if recogniser.firsts.isdisjoint(row):
            continue
        before, behind = _known(row[:first], recogniser), [at + last + 1 for at in _known(row[last + 1 :], recogniser)]
        if len(behind) >= _STEP and header_text(str(row[behind[0]])) in recogniser.firsts:
            return behind[:1]
        if len(before) >= _STEP and header_text(str(row[before[0]])) in recogniser.firsts:
            return [first]
    return []


def _known(cells: Sequence[Cell], recogniser: Recogniser) -> list[int]:
    return [at for at, cell in enumerate(cells) if isinstance(cell, str) and header_text(cell) in recogniser.headers]


def _part(grid: Grid, header: int, begin: int, end: int) -> Grid:
    """The columns of one part; a line above the header that is empty there is that of the whole sheet."""
    rows = [
        row if at < header and all(map(is_blank, row[begin:end])) else [*[None] * begin, *row[begin:end]]
        for at, row in enumerate(grid.rows)
    ]
    return replace(grid, rows=rows)
