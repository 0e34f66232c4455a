"""Cards: each label's value, cards one below the other, and the printed hints that may still stand in values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz

from kbxt_merge.intake.recognition.card_labels import (
    Label,
    Labels,
    find_labels,
    further_parts,
    value_rows,
    without_label,
)
from kbxt_merge.intake.recognition.recogniser import Recognised
from kbxt_merge.intake.recognition.unit_line import read_unit_lines
from kbxt_merge.model.cell import shown
from kbxt_merge.model.form import Field, Form
from kbxt_merge.model.returns import Cell, Grid, Sheet, is_blank
from kbxt_merge.model.text import plain

_PRINTED_BLANKS = re.compile(r"[年月日_—-]+")
_HINT_ENDS = " \t\r\n\u3000。．.，,：:；;"
_TO_FILL_IN = re.compile(r"××|XX|xx|\.\.\.|什么时间")
_STILL_HINT = 70.0
"""Likeness in per cent (rapidfuzz's ratio) up to which a hint may be worded otherwise."""

_IN_PARTS = {
    "date": re.compile(r"[0-9]{1,4}[年月日./-]?|[年月日./-]"),
    "id_number": re.compile(r"[0-9]*[0-9Xx]"),
    "roll_number": re.compile(r"[GJLgjl]?[0-9]*[0-9Xx]"),
    "phone": re.compile(r"[0-9-]+"),
}
"""What the further parts look like of values that schools write into boxes, by the field's type."""

_LABELS_OF_A_CARD = 8
"""Labels below a further name that make it another card's, where no number is asked for."""


@dataclass(frozen=True, slots=True)
class _Value:
    """A field's value as typed, and the cell that holds it, or should."""

    row: int
    column: int
    cell: Cell


def extract_cards(grid: Grid, found: Recognised) -> list[Sheet]:
    """One sheet noun a card: as a rule one, but cards set one below the other are told apart by their first label."""
    labels = find_labels(grid, found.form)
    starts = list(_starts(found.form, labels.found)) or [0]
    sheets: list[Sheet] = []
    above = 0
    for start, end in pairwise([*starts, len(grid.rows)]):
        own = labels.between(start, end)
        last = max((label.row for label in own.found), default=start)
        below = range(start, last if end < len(grid.rows) else end)
        sheets.append(_card(grid, found, own, start, [*range(start - 1, above - 1, -1), *below]))
        above = last + 1
    return sheets


def _starts(form: Form, labels: Sequence[Label]) -> Iterator[int]:
    """The rows in which cards begin: at the child's name, but not at one in a table of visits below a card."""
    names = [label.row for label in labels if form.child_name in label.fields]
    for at, row in enumerate(names):
        end = next((other for other in names[at + 1 :] if other > row), None)
        own = [label for label in labels if row <= label.row and (end is None or label.row < end)]
        if at == 0 or len(own) >= _LABELS_OF_A_CARD or any(form.child_id in label.fields for label in own):
            yield row


def _card(grid: Grid, found: Recognised, labels: Labels, start: int, around: Sequence[int]) -> Sheet:
    """The card whose first label stands at `start`; its date stands in one of the rows `around`.

    A card in which nothing is filled in is a blank: it has no record.
    """
    form = found.form
    values = {name: _value(grid, form, name, each, labels) for name, each in _assign(form, labels.found).items()}
    used = {label.row for label in labels.found}
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
        title=found.title,
        date=lines.date,
        date_cell=lines.date_cell,
        missing=tuple(each.name for each in form.fields if each.name not in values),
        hidden=(*(["sheet"] if grid.hidden else []), *(["rows"] if hidden else [])),
    )


def _says_something(cell: Cell) -> bool:
    """Whether a value is more than the blanks printed for a date: `  年  月  日`."""
    return not is_blank(cell) and not (isinstance(cell, str) and _PRINTED_BLANKS.fullmatch(plain(cell)))


def _assign(form: Form, labels: Sequence[Label]) -> dict[str, Label]:
    """Which label is which field's: one that comes more than once belongs to the printed row named before it."""
    row_of = {name: i for i, names in enumerate(_printed_rows(form)) for name in names}
    assigned: dict[str, Label] = {}
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


def _value(grid: Grid, form: Form, name: str, label: Label, labels: Labels) -> _Value:
    """What stands in a label's place for its value; a text in several cells is read as one."""
    field = form.by_name[name]
    row, offset = (label.bottom + 1, label.offset) if labels.above else (label.row, label.after)
    if label.inline:
        return _Value(grid.top + label.row, grid.left + label.offset, label.inline)
    width = next((span for band in form.bands for cells in band.rows for each, span in cells if each == name), 1)
    rows = [cells for cells in value_rows(grid, label, labels, width) if cells]
    cell = _one_text(rows) if field.type == "text" else _first(grid, field, label, labels, rows)
    if isinstance(cell, str):
        cell = _without_hint(without_label(cell, (name,), labels.known), field)
    return _Value(grid.top + row, grid.left + offset, cell)


def _one_text(rows: Sequence[Sequence[tuple[int, Cell]]]) -> Cell:
    if len(rows) == len(rows[0]) == 1 if rows else False:
        return rows[0][0][1]
    return "\n".join(" ".join(shown(cell).strip() for _, cell in cells) for cells in rows) or None


def _first(grid: Grid, field: Field, label: Label, labels: Labels, rows: Sequence[Sequence[tuple[int, Cell]]]) -> Cell:
    """The first cell, with those that are further parts of a date or a number."""
    if not rows:
        return None
    offset, cell = rows[0][0]
    part = _IN_PARTS.get(field.type)
    parts = further_parts(grid, label, labels, offset, part) if part and not labels.above else []
    return cell if len(parts) < 2 else " ".join(shown(each).strip() for each in parts)


def _without_hint(text: str, field: Field) -> str | None:
    """What a school wrote into a value cell; None while only the form's printed hint, or a part of it, stands there."""
    compact, printed, begins = plain(text), plain(field.hint), tuple(map(plain, field.hints))
    if not compact.startswith(begins):
        return text
    if printed and compact.startswith(printed):
        behind = next((end for end in range(len(text) + 1) if plain(text[:end]) == printed), 0)
        return text[behind:].strip(_HINT_ENDS) or None
    is_part = compact in printed or compact.rstrip(_HINT_ENDS) in begins
    is_hint = is_part or bool(_TO_FILL_IN.search(compact)) or fuzz.ratio(compact, printed) >= _STILL_HINT
    return None if is_hint else text
