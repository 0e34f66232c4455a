"""Cards: a label stands left of its value, values are merged cells, and printed hints may still stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kbxt_merge.intake.recognise import Recognised, header_text, text_of
from kbxt_merge.intake.unit_line import read_unit_lines
from kbxt_merge.model.form import Field, Form
from kbxt_merge.model.submission import Cell, Grid, Sheet, is_blank
from kbxt_merge.model.text import plain
from kbxt_merge.model.typed_cell import shown

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
    ends = [*starts[1:], len(grid.rows)]
    return [
        _card(grid, found, [label for label in labels if start <= label.row < end], start, end, previous)
        for start, end, previous in zip(starts, ends, [0, *ends], strict=False)
    ]


def _card(grid: Grid, found: Recognised, labels: Sequence[_Label], start: int, end: int, previous: int) -> Sheet:
    form = found.form
    values = {name: _value(grid, form.by_name[name], label, labels) for name, label in _assign(form, labels).items()}
    used = {label.row for label in labels}
    around = [i for i in (*range(start - 1, previous - 1, -1), *range(start, end)) if i not in used]
    lines = read_unit_lines(grid, form, around)
    hidden = any(grid.top + i in grid.hidden_rows for i in used)
    return Sheet(
        sheet=grid.sheet,
        form=form.slug,
        shape=form.shape.value,
        rows=[values[form.record_field].row if form.record_field in values else grid.top + start],
        columns={name: value.column for name, value in values.items()},
        cells={name: [value.cell] for name, value in values.items()},
        card_rows={name: value.row for name, value in values.items()},
        unit=lines.unit,
        unit_cell=lines.unit_cell,
        title=found.title,
        date=lines.date,
        date_cell=lines.date_cell,
        missing=tuple(each.name for each in form.fields if each.name not in values),
        hidden=(*(["sheet"] if grid.hidden else []), *(["rows"] if hidden else [])),
    )


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
    return _Value(*place, None if _is_hint(cell, field) else cell)


def _is_hint(cell: Cell, field: Field) -> bool:
    """Whether a value cell still holds only what the form prints in it."""
    if not isinstance(cell, str) or not field.hints:
        return False
    text = plain(cell)
    return any(text.startswith(plain(hint)) for hint in field.hints)
