"""A vocabulary split over columns to tick: 登记类型 over 失学辍学 and 缓学休学, with a √ in one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kbxt_merge.intake.recognition.headers import Header, header_text
from kbxt_merge.model.cell import shown
from kbxt_merge.model.field import Vocabulary
from kbxt_merge.model.form import Form
from kbxt_merge.model.returns import Cell, Grid, is_blank
from kbxt_merge.model.text import compact_value, plain

_NOT_TICKED = frozenset({"×", "X", "✗", "✘", "☐", "□", "否", "不是", "0", "/", "-", "—", "无", "()"})

Ticks = Mapping[int, str]
"""Columns to tick, each with the value that a tick there means."""


def with_ticks(grid: Grid, form: Form, header: Header) -> Header:
    """The header, with the columns to tick of fields split into them: below the field's own header, or without one."""
    within, below = _lowest(grid, header), _row_below(grid, form, header)
    ticks: dict[str, Ticks] = {}
    for field in form.fields:
        if field.vocabulary is not None:
            column = header.columns.get(field.name)
            if column is None:
                split = _others(header, field.vocabulary)
            else:
                split = _from(column, within, field.vocabulary) or _from(column, below, field.vocabulary)
            if len(set(split.values())) > 1:
                ticks[field.name] = split
    if not ticks:
        return header
    used = {column for each in ticks.values() for column in each}
    return replace(
        header,
        last=header.last + any(below.get(header.columns.get(name, -1)) for name in ticks),
        columns={**header.columns, **{name: min(each) for name, each in ticks.items()}},
        others=tuple(each for each in header.others if each.column not in used),
        ticks=ticks,
        beside=header.beside | used,
    )


def ticked(rows: Iterable[Sequence[Cell]], left: int, ticks: Ticks, vocabulary: Vocabulary) -> list[Cell]:
    """What the ticks in each row mean; a value typed in place of one is taken as it is, several are told together."""
    return [_meant(list(_said(row, left, ticks, vocabulary))) for row in rows]


def _said(row: Sequence[Cell], left: int, ticks: Ticks, vocabulary: Vocabulary) -> Iterator[str]:
    for column, value in ticks.items():
        cell = row[column - left] if column - left < len(row) else None
        text = "" if is_blank(cell) else plain(shown(cell)).upper()
        if text and text not in _NOT_TICKED:
            yield text if text in vocabulary.values else value


def _meant(said: Sequence[str]) -> Cell:
    return "、".join(dict.fromkeys(said)) or None


def _lowest(grid: Grid, header: Header) -> Mapping[int, str]:
    """The texts of the header's last row by column, where it has several."""
    if header.first == header.last:
        return {}
    row = grid.rows[header.last - grid.top]
    return {column: cell for column, cell in enumerate(row, start=grid.left) if isinstance(cell, str)}


def _row_below(grid: Grid, form: Form, header: Header) -> Mapping[int, str]:
    """The texts below the header by column, but for columns of the school's own; none where a child stands there."""
    position = header.last + 1 - grid.top
    row = grid.rows[position] if position < len(grid.rows) else []
    name = header.columns.get(form.record_field, grid.left) - grid.left
    if name < len(row) and not is_blank(row[name]):
        return {}
    others = {each.column for each in header.others}
    return {
        grid.left + at: cell for at, cell in enumerate(row) if isinstance(cell, str) and grid.left + at not in others
    }


def _from(column: int, below: Mapping[int, str], vocabulary: Vocabulary) -> dict[int, str]:
    """The columns to tick from a field's own on."""
    found: dict[int, str] = {}
    while value := _value(below.get(column, ""), vocabulary):
        found[column] = value
        column += 1
    return found


def _others(header: Header, vocabulary: Vocabulary) -> dict[int, str]:
    """The columns whose own headers are values of the vocabulary."""
    named = {each.column: _value(each.text, vocabulary) for each in header.others}
    return {column: value for column, value in named.items() if value}


def _value(text: str, vocabulary: Vocabulary) -> str:
    """The value that a header names, or blank."""
    return vocabulary.variants.get(compact_value(header_text(text)), "") if text.strip() else ""
