"""A list in blocks: between them lines that say whose the children are, `学校名称：桃源小学` or just `桃源小学`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kbxt_merge.intake.recognition.recogniser import Recognised
from kbxt_merge.intake.recognition.unit_line import named_in_row, read_unit_lines
from kbxt_merge.model.cell import shown
from kbxt_merge.model.returns import Cell, Grid, is_blank
from kbxt_merge.model.text import plain

_CELLS_OF_A_LINE = 2
_CELLS_OF_A_RECORD = 3

_COUNT = r"\(?共?[0-9]+[人名]\)?"
_BARE = re.compile(
    r"(?:[0-9一二三四五六七八九十]{1,3}[.、．]|\([0-9一二三四五六七八九十]{1,3}\))?[(\[【]?(?:.*(?:下属|所属|下辖|辖区))?"
    rf"(?P<name>[\u4e00-\u9fff]{{2,24}}(?:小学|中学|学校|教学点|村小|完小|分校|校区|中心校))[)\]】]?:?(?:{_COUNT})?"
)
"""A school that stands alone in its row, numbered or not, with the count of its children or without."""

Table = tuple[Grid, Recognised]
"""A form, and the part of a grid that is its own."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that names a school: its position, the name, and whether it stands there without a label."""

    position: int
    name: str
    bare: bool


def in_blocks(grid: Grid, found: Recognised) -> list[Table]:
    """The list, or its blocks, each with its own line and the lines above the header."""
    header = found.header
    if header is None or found.form.child_name is None:
        return [(grid, found)]
    below = header.last + 1 - grid.top
    lines = list(_lines(grid, found, below))
    if not lines:
        return [(grid, found)]
    if found.form.unit_line.below and _close_blocks(grid, found, below, lines):
        ends = [each.position + 1 for each in _parting(grid, found, below, lines, close=True)]
        cuts = [below, *ends[:-1], len(grid.rows)]
        return [_block(grid, found, begin, end, None) for begin, end in pairwise(cuts)]
    parting = _parting(grid, found, below, lines, close=False)
    cuts = [below - 1, *(each.position for each in parting), len(grid.rows)]
    tables: list[Table] = []
    first = _bare_above(grid, found) if parting else None
    for line, (begin, end) in zip([first, *parting], pairwise(cuts), strict=True):
        if begin >= below or not parting or _holds_records(grid.rows[below:end]):
            tables.append(_block(grid, found, begin + 1, end, line))
    return tables


def _block(grid: Grid, found: Recognised, begin: int, end: int, line: _Line | None) -> Table:
    """The rows of a block from its first on, with its line and what stands above the header of the list."""
    header = found.header
    if header is None:
        return grid, found
    top, below = header.first - grid.top, header.last + 1 - grid.top
    own = range(top if begin == below else line.position if line else begin, end)
    rows = [row if at < top or at in own else [] for at, row in enumerate(grid.rows)]
    if begin > below:
        header = replace(header, first=grid.top + begin, last=grid.top + begin - 1)
    return replace(grid, rows=rows), replace(found, header=header, block=line.name if line and line.bare else "")


def _lines(grid: Grid, found: Recognised, below: int) -> Iterator[_Line]:
    """The lines among the rows that name a school."""
    for position in range(below, len(grid.rows)):
        if 0 < _filled(grid.rows[position]) <= _CELLS_OF_A_LINE:
            unit = named_in_row(grid, found.form, position)
            line = _Line(position, unit, bare=False) if unit else _bare(grid, found, position)
            if line:
                yield line


def _bare(grid: Grid, found: Recognised, position: int) -> _Line | None:
    """The line of a school alone there; in its own column one is left over, unless children follow."""
    form, header = found.form, found.header
    schools = {header.columns.get(each.name) for each in form.fields if each.type == "school"} if header else set()
    cells = [(at, plain(shown(cell))) for at, cell in enumerate(grid.rows[position]) if not is_blank(cell)]
    left_over = (
        cells and grid.left + cells[0][0] in schools and not _holds_records(grid.rows[position + 1 : position + 2])
    )
    if not cells or left_over or not all(re.fullmatch(_COUNT, text) for _, text in cells[1:]):
        return None
    named = _BARE.fullmatch(cells[0][1])
    return _Line(position, named["name"], bare=True) if named else None


def _bare_above(grid: Grid, found: Recognised) -> _Line | None:
    """The school that stands alone right above the header."""
    header = found.header
    filled = [at for at in range(header.first - grid.top if header else 0) if _filled(grid.rows[at])]
    return _bare(grid, found, filled[-1]) if filled else None


def _close_blocks(grid: Grid, found: Recognised, below: int, lines: Sequence[_Line]) -> bool:
    """Whether the lines stand below the children they are about, as the form prints its own."""
    first, last = lines[0].position, lines[-1].position
    if not _holds_records(grid.rows[below:first]):
        return False
    return not _holds_records(grid.rows[last + 1 :]) or not (_above(grid, found, below) or _bare_above(grid, found))


def _parting(grid: Grid, found: Recognised, below: int, lines: Sequence[_Line], *, close: bool) -> list[_Line]:
    """The lines that part the list: each names another school than the one before, and has children of its own."""
    named = "" if close else _above(grid, found, below)
    kept: list[_Line] = []
    for each in lines:
        if not close and not _holds_records(_next(grid.rows, each.position)):
            continue
        if close and kept and is_one_school(kept[-1].name, each.name):
            kept[-1] = each
        elif close or not is_one_school(named, each.name):
            kept.append(each)
        named = each.name
    return kept


def _above(grid: Grid, found: Recognised, below: int) -> str:
    """The school that the lines above the list name."""
    return read_unit_lines(grid, found.form, range(below - 1, -1, -1)).unit or ""


def is_one_school(above: str, below: str) -> bool:
    """Whether two lines name one school, with the county before it or without; the lower one may name none."""
    return above.endswith(below) or (above != "" and below.endswith(above))


def _filled(row: Sequence[Cell]) -> int:
    return len(row) - row.count(None)


def _next(rows: Sequence[Sequence[Cell]], position: int) -> Iterator[Sequence[Cell]]:
    """The next row that holds something."""
    return iter([next((row for row in rows[position + 1 :] if _filled(row)), [])])


def _holds_records(rows: Iterable[Sequence[Cell]]) -> bool:
    return any(_filled(row) >= _CELLS_OF_A_RECORD for row in rows)
