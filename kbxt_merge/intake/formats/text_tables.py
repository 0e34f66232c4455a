"""Tables inside a flow of text, as Word files and web pages have them → a grid a table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from kbxt_merge.intake.formats.layout import laid_out
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Cell, ErrorValue, Grid

ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)

_MOST_DIGITS = 9


def typed(text: str) -> Cell:
    """The text as a cell: an error where it shows one, nothing where it shows nothing."""
    if text in ERRORS:
        return ErrorValue(text)
    return text or None


def whole(text: str) -> int:
    """The whole number that a text writes; 0 for none, and for one past every sheet's end, of however many digits."""
    written = text.strip()
    return int(written) if written.isdecimal() and len(written) < _MOST_DIGITS else 0


def finite(text: str) -> float:
    """The number that a text writes; ValueError for none, and for one of more digits than any spreadsheet can hold."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text[:99])
    return number


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell's text, how many columns and rows it covers, and whether all of it is crossed out."""

    text: str
    columns: int = 1
    rows: int = 1
    struck: bool = False


@dataclass(slots=True)
class Table:
    """Rows of cells from left to right; a place that a cell above reaches down to is left out."""

    rows: list[list[TableCell]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text outside of tables; an empty one parts what belongs to the table above from that below."""

    text: str


Block = Table | Line

_TABS_OF_A_HEADER, _TABS_OF_A_ROW = 3, 2
"""Tabs in the first line of a table and in those below it; fewer set out signatures and contents."""


def grids_of(blocks: Iterable[Block], limits: Limits, page: Iterable[str] = ()) -> list[Grid]:
    """A grid for each table: the lines before it stand in rows above it, those after the last table below that, and
    those of the printed `page` beside each."""
    parts = _parts(blocks)
    limits.check_sheets(len(parts))
    beside = tuple(filter(None, page))
    return [_grid(f"表格{number}", part, beside, limits) for number, part in enumerate(parts, 1)]


def with_tabbed(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, or those of a text without tables whose lines are parted by tabs: such lines are a table's rows."""
    if any(isinstance(block, Table) for block in blocks):
        return list(blocks)
    found: list[Block] = []
    for is_tabbed, run in groupby(blocks, _is_tabbed):
        lines = list(run)
        if is_tabbed and len(lines) > 1 and lines[0].text.count("\t") >= _TABS_OF_A_HEADER:  # type: ignore[union-attr]
            rows = [[TableCell(text.strip()) for text in line.text.split("\t")] for line in lines]  # type: ignore[union-attr]
            found.append(Table(rows))
        else:
            found += lines
    return found


def _is_tabbed(block: Block) -> bool:
    return isinstance(block, Line) and block.text.count("\t") >= _TABS_OF_A_ROW


@dataclass(slots=True)
class _Part:
    table: Table
    above: list[str]
    below: list[str] = field(default_factory=list)


def _parts(blocks: Iterable[Block]) -> list[_Part]:
    parts: list[_Part] = []
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Table):
            parts.append(_Part(block, [line for line in lines if line]))
            lines = []
        elif not block.text and parts and lines and not parts[-1].below:
            parts[-1].below, lines = lines, []
        elif block.text:
            lines.append(block.text)
    if parts:
        parts[-1].below.extend(lines)
    return parts


def _grid(name: str, part: _Part, beside: tuple[str, ...], limits: Limits) -> Grid:
    top = len(part.above)
    cells: dict[tuple[int, int], Cell] = {(row, 0): typed(line) for row, line in enumerate(part.above)}
    merged, struck = [], set()
    for row, column, cell in _placed(part.table.rows, limits):
        cells[top + row, column] = typed(cell.text)
        if cell.struck:
            struck.add((top + row, column))
        if cell.rows > 1 or cell.columns > 1:
            merged.append((top + row, column, top + row + cell.rows - 1, column + cell.columns - 1))
    bottom = top + len(part.table.rows)
    cells |= {(bottom + row, 0): typed(line) for row, line in enumerate(part.below)}
    laid = laid_out({place: cell for place, cell in cells.items() if cell is not None}, limits)
    hidden = frozenset(top + row for row in part.table.hidden_rows)
    return Grid(
        name,
        laid.rows,
        laid.top,
        laid.left,
        hidden_rows=hidden,
        merged=tuple(merged),
        struck=frozenset(struck),
        beside=beside,
    )


def _placed(rows: Sequence[Sequence[TableCell]], limits: Limits) -> Iterable[tuple[int, int, TableCell]]:
    """Each cell with its row and column, past the places that cells of rows above reach down to."""
    reached: dict[int, int] = {}
    count = 0
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while reached.get(column, 0) > row:
                column += 1
            yield row, column, cell
            if cell.rows > 1:
                reached.update(dict.fromkeys(range(column, column + cell.columns), row + cell.rows))
            column += cell.columns
            count += 1
            limits.check_cells(count)
