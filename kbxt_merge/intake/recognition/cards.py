"""Cards: a label stands left of its value, values are merged cells, and printed hints may still stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz

from kbxt_merge.intake.recognition.headers import header_text, text_of
from kbxt_merge.intake.recognition.recogniser import Recognised
from kbxt_merge.intake.recognition.unit_line import read_unit_lines
from kbxt_merge.model.cell import shown
from kbxt_merge.model.form import Field, Form
from kbxt_merge.model.returns import Cell, Grid, Sheet, is_blank
from kbxt_merge.model.text import plain

_PRINTED_BLANKS = re.compile(r"[年月日_—-]+")
_HINT_ENDS = " _\t\r\n\u3000。．.，,：:；;"
_TO_FILL_IN = re.compile(r"××|XX|xx|\.\.\.|__|什么时间")
_WHOLE_HINT = 20
"""Characters from which a printed text is a hint from end to end, and no beginning of one."""
_STILL_HINT = 70.0
"""Likeness in per cent (rapidfuzz's ratio) up to which a hint may be worded otherwise."""
_AFTER_LABEL = re.compile(r"\s*[:：]\s*(?P<value>\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Label:
    """A label: its place and the first one right of it (positions in the grid), and what follows in its cell."""

    row: int
    offset: int
    after: int
    fields: tuple[str, ...]
    inline: str = ""


@dataclass(frozen=True, slots=True)
class _Value:
    """A field's value as typed, and the cell that holds it, or should."""

    row: int
    column: int
    cell: Cell


def extract_cards(grid: Grid, found: Recognised) -> list[Sheet]:
    """One sheet noun a card: as a rule one, but cards set one below the other are told apart by their first label."""
    labels = list(_labels(grid, found.form))
    starts = [label.row for label in labels if found.form.child_name in label.fields] or [0]
    sheets: list[Sheet] = []
    above = 0
    for start, end in pairwise([*starts, len(grid.rows)]):
        own = [label for label in labels if start <= label.row < end]
        last = max((label.row for label in own), default=start)
        below = range(start, last if end < len(grid.rows) else end)
        sheets.append(_card(grid, found, own, start, [*range(start - 1, above - 1, -1), *below]))
        above = last + 1
    return sheets


def _card(grid: Grid, found: Recognised, labels: Sequence[_Label], start: int, around: Sequence[int]) -> Sheet:
    """The card whose first label stands at `start`; its date stands in one of the rows `around`.

    A card in which nothing is filled in is a blank: it has no record.
    """
    form = found.form
    values = {name: _value(grid, form.by_name[name], label, labels) for name, label in _assign(form, labels).items()}
    used = {label.row for label in labels}
    lines = read_unit_lines(grid, form, [position for position in around if position not in used])
    hidden = any(grid.top + i in grid.hidden_rows for i in used)
    filled = any(_says_something(value.cell) for value in values.values())
    row = values[form.record_field].row if form.record_field in values else grid.top + start
    return Sheet(
        sheet=grid.sheet,
        form=form.slug,
        shape=form.shape.value,
        rows=[row] if filled else [],
        columns={name: value.column for name, value in values.items()},
        cells={name: [value.cell] if filled else [] for name, value in values.items()},
        card_rows={name: value.row for name, value in values.items()},
        unit=lines.unit,
        unit_cell=lines.unit_cell,
        stamp=lines.stamp,
        headings=lines.headings,
        title=found.title,
        date=lines.date,
        date_cell=lines.date_cell,
        missing=tuple(each.name for each in form.fields if each.name not in values),
        hidden=(*(["sheet"] if grid.hidden else []), *(["rows"] if hidden else [])),
        score=found.score,
    )


def _says_something(cell: Cell) -> bool:
    """Whether a value is more than the blanks printed for a date: `  年  月  日`."""
    return not is_blank(cell) and not (isinstance(cell, str) and _PRINTED_BLANKS.fullmatch(plain(cell)))


def _fields_by_label(fields: tuple[Field, ...]) -> Mapping[str, tuple[str, ...]]:
    """The fields that each wording of a label may mean, in the form's order."""
    found: dict[str, tuple[str, ...]] = {}
    for each in fields:
        for text in {header_text(each.header), *map(header_text, each.also)}:
            found[text] = (*found.get(text, ()), each.name)
    return found


def _labels(grid: Grid, form: Form) -> Iterator[_Label]:
    """The labels on the grid in reading order."""
    known = _fields_by_label(form.fields)
    spans = {(top, left): right for top, left, _, right in grid.merged}
    for position, row in enumerate(grid.rows):
        for offset, cell in enumerate(row):
            text = text_of(cell)
            if not text or len(text) > 200:
                continue
            label, inline = _split_label(text, known)
            if label in known:
                right = spans.get((grid.top + position, grid.left + offset), grid.left + offset) - grid.left
                yield _Label(position, offset, right + 1, known[label], inline)


def _split_label(text: str, known: Mapping[str, tuple[str, ...]]) -> tuple[str, str]:
    """The label in a cell, and the value where a school wrote it behind the label: `姓名：…`."""
    whole = header_text(text)
    if whole in known:
        return whole, ""
    head, colon, _ = plain(text).partition(":")
    if colon and header_text(head) in known:
        behind = _AFTER_LABEL.search(text)
        return header_text(head), behind["value"] if behind else ""
    return "", ""


def _assign(form: Form, labels: Sequence[_Label]) -> dict[str, _Label]:
    """Which label is which field's: one that comes more than once belongs to the printed row named before it."""
    row_of = {name: i for i, names in enumerate(_printed_rows(form)) for name in names}
    assigned: dict[str, _Label] = {}
    for label in labels:
        left = [name for name in label.fields if name not in assigned]
        if not left:
            continue
        beside = {row_of[name] for name, other in assigned.items() if other.row == label.row}
        own = [name for name in left if row_of[name] in beside]
        assigned[(own or left)[0]] = label
    return assigned


def _printed_rows(form: Form) -> list[tuple[str, ...]]:
    return [tuple(name for name, _ in row) for band in form.bands for row in band.rows]


def _value(grid: Grid, field: Field, label: _Label, labels: Sequence[_Label]) -> _Value:
    """What stands between a label and the next one in its row; several filled cells are read as one text."""
    row = grid.rows[label.row]
    place = (grid.top + label.row, grid.left + label.after)
    if label.inline:
        return _Value(grid.top + label.row, grid.left + label.offset, label.inline)
    right = (each.offset for each in labels if each.row == label.row and each.offset > label.offset)
    end = min(min(right, default=len(row)), len(row))
    filled = [(offset, row[offset]) for offset in range(label.after, end) if not is_blank(row[offset])]
    if not filled:
        return _Value(*place, None)
    cell = filled[0][1] if len(filled) == 1 else " ".join(shown(each).strip() for _, each in filled)
    return _Value(*place, _without_hint(cell, field) if isinstance(cell, str) else cell)


def _without_hint(text: str, field: Field) -> str | None:
    """What a school wrote into a value cell; None while only the form's printed hint, or a part of it, stands there."""
    compact, printed, begins = _unfilled(text), _unfilled(field.hint), tuple(map(_unfilled, field.hints))
    printed_whole = (printed, *(each for each in begins if len(each) > _WHOLE_HINT))
    if whole := next((each for each in printed_whole if each and compact.startswith(each)), ""):
        behind = next((end for end in range(len(text) + 1) if _unfilled(text[:end]) == whole), 0)
        return text[behind:].strip(_HINT_ENDS) or None
    if not compact.startswith(begins):
        return text
    is_part = compact in printed or compact.rstrip(_HINT_ENDS) in begins
    is_hint = is_part or bool(_TO_FILL_IN.search(text)) or fuzz.ratio(compact, printed) >= _STILL_HINT
    return None if is_hint else text


def _unfilled(text: str) -> str:
    """The text as hints are compared: without the lines to write on."""
    return plain(text).replace("_", "")
