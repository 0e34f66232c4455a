"""A returned 核查意见 sheet → what the school answered; the sheet is known by its hidden columns, whatever its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kbxt_merge.model.answer import (
    EXPLANATION,
    IDENTITY_COLUMNS,
    IDENTITY_PREFIX,
    SEAL_COLUMN,
    TREATMENT,
    Answer,
    Treatment,
)
from kbxt_merge.model.cell import shown
from kbxt_merge.model.returns import Cell, Grid, is_blank
from kbxt_merge.model.text import Words, compact_value, plain

_DEPTH = 30
"""Rows among which the header is looked for: a school may have put lines above it."""

_FIRST = IDENTITY_PREFIX + IDENTITY_COLUMNS[0]
"""A header that every such sheet has: looked for as a whole, for all sheets are looked through."""

_ALSO = {
    Treatment.CORRECTED: ("已改正", "已修改", "已更正", "已改好", "改正"),
    Treatment.VERIFIED: ("已核实", "已核实无误", "无误", "确认无误", "核实", "属实", "情况属实"),
}
"""What schools type over the drop-down."""

_TREATMENTS = {
    compact_value(text): treatment
    for treatment in (Treatment.CORRECTED, Treatment.VERIFIED)
    for text in (treatment.words.zh, treatment.words.en, *_ALSO[treatment])
}


def is_opinion_sheet(grid: Grid) -> bool:
    """Whether the sheet is a 核查意见 of ours: such a sheet is never a form."""
    return _header(grid) is not None


def read_opinions(grid: Grid, file: str) -> Iterator[Answer]:
    """The lines that the school filled; `file` is the workbook in which they came."""
    header = _header(grid)
    if header is None:
        return
    row, columns = header
    for cells in grid.rows[row + 1 :]:
        typed = {name: _text(cells, column) for name, column in columns.items()}
        treatment = _TREATMENTS.get(compact_value(typed["treatment"]), Treatment.NONE)
        if typed["rule"] and (treatment is not Treatment.NONE or typed["explanation"]):
            told = {name: typed.get(name, "") for name in (*IDENTITY_COLUMNS, "explanation", SEAL_COLUMN)}
            yield Answer(**told, treatment=treatment, answered_in=file)  # type: ignore[arg-type]


def _header(grid: Grid) -> tuple[int, Mapping[str, int]] | None:
    """The header's row and, by name, the columns of the identity, the treatment and the explanation."""
    for row, cells in enumerate(grid.rows[:_DEPTH]):
        if _FIRST not in cells:
            continue
        columns = {each: column for column, cell in enumerate(cells) if isinstance(cell, str) for each in _names(cell)}
        if columns.keys() >= {*IDENTITY_COLUMNS, "treatment", "explanation"}:
            return row, columns
    return None


def _names(header: str) -> Iterator[str]:
    if header.startswith(IDENTITY_PREFIX):
        yield header.removeprefix(IDENTITY_PREFIX)
    for name, words in (("treatment", TREATMENT), ("explanation", EXPLANATION)):
        if _is(header, words):
            yield name


def _is(header: str, words: Words) -> bool:
    return plain(header) in (plain(words.zh), plain(words.en))


def _text(cells: list[Cell], column: int) -> str:
    cell = cells[column] if column < len(cells) else None
    return "" if is_blank(cell) else shown(cell).strip()
