"""Cards: each label's value, cards one below the other, and the printed hints that may still stand in values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from kbxt_merge.intake.recognition.card_labels import Label, find_labels, without_label
from kbxt_merge.intake.recognition.card_values import CardValues
from kbxt_merge.intake.recognition.recogniser import Recognised
from kbxt_merge.intake.recognition.unit_line import read_unit_lines
from kbxt_merge.intake.recognition.unit_name import ends_as_school
from kbxt_merge.model.cell import shown
from kbxt_merge.model.field import Field
from kbxt_merge.model.form import Form
from kbxt_merge.model.returns import Cell, Grid, Sheet, address, is_blank
from kbxt_merge.model.text import plain

_PRINTED_BLANKS = re.compile(
    r"[年月日省市县区乡镇村组号_—-]+|(?:[□☐○◯][\u4e00-\u9fff]{1,6}|[\u4e00-\u9fff]{1,6}[□☐○◯])+"
)
_HINT_ENDS = " _\t\r\n\u3000。．.，,：:；;"
_TO_FILL_IN = re.compile(r"××|XX|xx|\.\.\.|__|什么时间")
_WHOLE_HINT = 20
"""Characters from which a printed text is a hint from end to end, and no beginning of one."""
_PART_OF_HINT = 8
"""Characters above which a text that stands somewhere in a hint is left of it."""
_WRAPPED = re.compile(r"\s*[(（](?P<inside>[^()（）]+)[)）]\s*")
_STILL_HINT = 70.0
"""Likeness in per cent (rapidfuzz's ratio) up to which a hint may be worded otherwise."""

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
    labels = find_labels(grid, found.labels, found.form.record_field)
    cells = CardValues(grid, labels)
    starts = list(_starts(found.form, labels.found)) or [0]
    sheets: list[Sheet] = []
    above = 0
    for start, end in pairwise([*starts, len(grid.rows)]):
        own = [label for label in labels.found if start <= label.row < end]
        last = max((label.row for label in own), default=start)
        below = range(start, last if end < len(grid.rows) else end)
        sheets.append(_card(grid, found, own, cells, start, [*range(start - 1, above - 1, -1), *below]))
        above = last + 1
    return sheets


def _starts(form: Form, labels: Sequence[Label]) -> Iterator[int]:
    """The rows in which cards begin: at what the card is known by, or where that stands further down at its first
    label; but not at a name in a table of visits below a card.
    """
    first = next(name for name, (row, _) in form.places.items() if row == 0)
    known_by = form.record_field if form.places[form.record_field][0] == 0 else first
    names = [label.row for label in labels if known_by in label.fields]
    for at, row in enumerate(names):
        end = next((other for other in names[at + 1 :] if other > row), None)
        own = [label for label in labels if row <= label.row and (end is None or label.row < end)]
        if at == 0 or len(own) >= _LABELS_OF_A_CARD or any(form.child_id in label.fields for label in own):
            yield row


def _card(
    grid: Grid, found: Recognised, labels: Sequence[Label], cells: CardValues, start: int, around: Sequence[int]
) -> Sheet:
    """The card whose first label stands at `start`; its date stands in one of the rows `around`.

    A card in which nothing is filled in is a blank: it has no record.
    """
    form = found.form
    values = {name: _value(grid, found, name, each, cells) for name, each in _assign(form, labels).items()}
    used = {label.row for label in labels}
    lines = read_unit_lines(grid, form, [position for position in around if position not in used])
    hidden = any(grid.top + i in grid.hidden_rows for i in used)
    filled = any(
        _says_something(value.cell) and not _may_be_printed(form.by_name[name], value.cell)
        for name, value in values.items()
    )
    own = values.get(form.record_field)
    row = own.row if own else grid.top + start
    of_itself = own if own and form.by_name[form.record_field].type == "school" and not lines.unit else None
    return Sheet(
        sheet=grid.sheet,
        form=form.slug,
        shape=form.shape.value,
        rows=[row] if filled else [],
        columns={name: value.column for name, value in values.items()},
        cells={name: [value.cell] if filled else [] for name, value in values.items()},
        card_rows={name: value.row for name, value in values.items()},
        unit=shown(of_itself.cell).strip() or None if of_itself else lines.unit,
        unit_cell=address(of_itself.row, of_itself.column) if of_itself else lines.unit_cell,
        stamp=lines.stamp,
        headings=lines.headings,
        title=found.title,
        date=lines.date,
        date_cell=lines.date_cell,
        missing=tuple(each.name for each in form.fields if each.name not in values),
        hidden=(*(["sheet"] if grid.hidden else []), *(["rows"] if hidden else [])),
        struck=(row,) if filled and _is_struck(grid, form, values) else (),
        score=found.score,
    )


def _is_struck(grid: Grid, form: Form, values: Mapping[str, _Value]) -> bool:
    """Whether the name, or every value, is crossed out."""
    own = {name: (each.row, each.column) in grid.struck for name, each in values.items() if not is_blank(each.cell)}
    return bool(own) and (own.get(form.record_field, False) or all(own.values()))


def _says_something(cell: Cell) -> bool:
    """Whether a value is more than what is printed to be filled in: `  年  月  日`, `男□ 女□`, `____省____市`."""
    return not is_blank(cell) and not (isinstance(cell, str) and _PRINTED_BLANKS.fullmatch(plain(cell)))


def _may_be_printed(field: Field, cell: Cell) -> bool:
    """Whether a value may have been filled in before anybody's card was made: 汉族, the school's own name."""
    return field.vocabulary is not None or (isinstance(cell, str) and ends_as_school(plain(cell)))


def _assign(form: Form, labels: Sequence[Label]) -> dict[str, Label]:
    """Which label is which field's: one that comes more than once belongs to the printed row named before it."""
    places = form.places
    assigned: dict[str, Label] = {}
    beside: dict[int, set[int]] = {}
    for label in labels:
        left = [name for name in label.fields if name not in assigned]
        if not left:
            continue
        rows = beside.setdefault(label.row, set())
        name = left[0] if len(left) == 1 else next((name for name in left if places[name][0] in rows), left[0])
        assigned[name] = label
        rows.add(places[name][0])
    return assigned


def _value(grid: Grid, found: Recognised, name: str, label: Label, cells: CardValues) -> _Value:
    """What stands in a label's place for its value."""
    if label.inline:
        return _Value(grid.top + label.row, grid.left + label.offset, label.inline)
    field = found.form.by_name[name]
    _, width = found.form.places[name]
    cell = cells.text(label, width) if field.type == "text" else cells.value(label, width, field.type)
    if isinstance(cell, str):
        cell = _without_hint(without_label(cell, name, found.labels), field)
    row, offset = cells.place(label)
    return _Value(grid.top + row, grid.left + offset, cell)


def _without_hint(text: str, field: Field) -> str | None:
    """What a school wrote into a value cell; None while only the form's printed hint, or a part of it, stands there."""
    if not (field.hint or field.hints):
        return text
    if wrapped := _WRAPPED.fullmatch(text):
        return text if _without_hint(wrapped["inside"], field) else None
    compact, printed, begins = _unfilled(text), _unfilled(field.hint), tuple(map(_unfilled, field.hints))
    if _PRINTED_BLANKS.fullmatch(compact) or (len(compact) > _PART_OF_HINT and any(compact in each for each in begins)):
        return None
    printed_whole = (printed, *(each for each in begins if len(each) > _WHOLE_HINT))
    if whole := next((each for each in printed_whole if each and compact.startswith(each)), ""):
        behind = next((end for end in range(len(text) + 1) if _unfilled(text[:end]) == whole), 0)
        return text[behind:].strip(_HINT_ENDS) or None
    if not compact.startswith(begins):
        return text
    is_part = any(compact in each for each in (printed, *begins)) or compact.rstrip(_HINT_ENDS) in begins
    is_hint = is_part or bool(_TO_FILL_IN.search(text)) or fuzz.ratio(compact, printed) >= _STILL_HINT
    return None if is_hint else text


@lru_cache(maxsize=4096)
def _unfilled(text: str) -> str:
    """The text as hints are compared: without the lines to write on."""
    return plain(text).replace("_", "")
