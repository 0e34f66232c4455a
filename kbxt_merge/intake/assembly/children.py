"""The children of returned forms before they are put together: as their cells are read, cell by cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np
import pandas as pd

from kbxt_merge.intake.values.cells import Reader, read, read_id, read_name
from kbxt_merge.intake.values.columns import read_column
from kbxt_merge.model.bearer import Bearer
from kbxt_merge.model.cell import CellState
from kbxt_merge.model.child import Child, Children, blank
from kbxt_merge.model.district import Texts
from kbxt_merge.model.field import Field
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.id_number import Days, are_sound
from kbxt_merge.model.returned_form import Returned
from kbxt_merge.model.school import Roster
from kbxt_merge.model.text import plain


def children_of(returned: Sequence[Returned]) -> Children:
    """The children of these forms' records, one form after the other; of a statistic its school stands as the name."""
    lengths = [len(each.sheet.rows) for each in returned]
    of_record = np.repeat(np.arange(len(returned)), lengths)
    typed: list[tuple[str, CellState]] = []
    named: list[str] = []
    for each in returned:  # who asks a sheet for one field has all its cells unpacked
        typed += _read(each, each.form.child_id, read_id)
        named += names_of(each)
    numbers, names = blank(len(typed)), blank(len(typed))
    numbers[:] = [number for number, _ in typed]
    names[:] = named
    schools = np.array([each.school for each in returned], dtype=object)
    days, born_from = _days(each.day for each in returned), _days(each.form.born_from for each in returned)
    damaged = np.array([state == CellState.DAMAGED for _, state in typed], dtype=bool)
    return Children(
        schools=schools[of_record],
        numbers=numbers,
        sound=are_sound(pd.Series(numbers, dtype="string"), damaged, days[of_record], born_from[of_record]),
        names=names,
        sexes=blank(len(typed)),
        ages=np.full(len(typed), np.nan),
        days=days[of_record],
    )


def _days(days: Iterable[dt.date | None]) -> Days:
    """A column of days, NaT for one that nobody knows."""
    return np.array([day or "NaT" for day in days], dtype="datetime64[D]")


def _read(returned: Returned, name: str | None, reader: Reader) -> list[tuple[str, CellState]]:
    """What each record holds in a field, blank where it holds nothing or the sheet lacks the field."""
    cells = returned.sheet.cells.get(name or "") or [None] * len(returned.sheet.rows)
    return [(str(value or ""), state) for value, state in (read(cell, reader) for cell in cells)]


def names_of(returned: Returned) -> list[str]:
    """By what the records are called: people by name, things by what the field means that they are known by."""
    form = returned.form
    if form.bearer is Bearer.THING:
        return _texts(returned, form.by_name[form.record_field])
    return [plain(name) for name, _ in _read(returned, form.record_field, read_name)]


def _texts(returned: Returned, told: Field) -> list[str]:
    """What each record has in a field as it is meant: a day is one day however it was typed."""
    cells = returned.sheet.cells.get(told.name) or [None] * len(returned.sheet.rows)
    return list(map(plain, read_column(cells, told).texts))


def who_is_who(returned: Sequence[Returned], roster: Roster | None) -> list[list[int]]:
    """Who the records of each of these forms are, one number a child: known by number, else by name.

    Of statistics the school that a row names is the child; a record that names nobody stands alone. Where the form has
    a key, or a card a holder, records of one child that differ in it are as good as two children's: none replaces the
    other.
    """
    return next(who_is_who_in_each([returned], roster))


def who_is_who_in_each(groups: Sequence[Sequence[Returned]], roster: Roster | None) -> Iterator[list[list[int]]]:
    """The same for groups of forms, all of one shape, each as if it were alone: their cells are read at once."""
    for returned, known in zip(groups, _numbered(groups, roster), strict=True):
        yield _told_apart(returned, known) if returned else []


def _told_apart(returned: Sequence[Returned], known: list[list[int]]) -> list[list[int]]:
    """Who the records are, those of one child told apart by the form's key and the card's holder."""
    form = returned[0].form
    if not (form.key or form.holder):
        return known
    told: dict[tuple[object, ...], int] = {}
    keys = [form.by_name[name] for name in form.key]
    parts = [known, *_holders(returned, form), *([_texts(each, keyed) for each in returned] for keyed in keys)]
    return [
        [told.setdefault(record, len(told)) for record in zip(*own, strict=True)] for own in zip(*parts, strict=True)
    ]


def _holders(returned: Sequence[Returned], form: Form) -> list[list[list[int]]]:
    """Who holds each card of a thing that a mere text tells from others; nothing for other forms.

    Where two cards name no holder, this tells nothing of them.
    """
    if form.holder is None:
        return []
    name, number = form.holder
    own = replace(form, child_name=name, child_id=number)
    (known,) = _numbered([[replace(each, form=own) for each in returned]], None)
    told = ([_texts(each, form.by_name[part]) for part in form.holder] for each in returned)
    return [
        [
            [who if any(said) else _NOBODY for who, *said in zip(own_known, *parts, strict=True)]
            for own_known, parts in zip(known, told, strict=True)
        ]
    ]


def _numbered(groups: Sequence[Sequence[Returned]], roster: Roster | None) -> Iterator[list[list[int]]]:
    """One number a child for the records of each form, group by group."""
    returned = [each for group in groups for each in group]
    children = children_of(returned)
    if returned and returned[0].form.shape is Shape.STATISTICS:
        children = replace(children, names=_schools_named(children, roster))
    records = iter(range(len(children)))
    for group in groups:
        known = _Known()
        yield [[known.child_of(children, row) for row in islice(records, len(each.sheet.rows))] for each in group]


def _schools_named(children: Children, roster: Roster | None) -> Texts:
    """The schools that the rows of statistics name; a name that nobody knows is the school's own."""
    names = blank(len(children))
    found = (roster.find(name) if roster and name else None for name in children.names)
    names[:] = [school.name if school else own for school, own in zip(found, children.schools, strict=True)]
    return names


_NOBODY = -1
_MOST_ALIKE = 50
"""Children of one name, and records of one child, against which a record is held: of a name that was filled down a
column there are thousands, and each would be held against all."""


@dataclass
class _Known:
    """The children met so far, each with what its records tell of it: by number, and by name."""

    told: list[list[Child]] = field(default_factory=list)
    by_number: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, list[int]] = field(default_factory=dict)

    def child_of(self, children: Children, row: int) -> int:
        """The child that a record is of: a slip in a number is corrected, a namesake is another child."""
        number, name, record = children.ids[row], children.names[row], children.child(row)
        of_name = self.by_name.setdefault(name, []) if name else []
        child = self.by_number.get(number) if number else None
        if child is None:
            alike = (each for each in of_name if all(map(record.may_be, self.told[each])))
            child = next(alike, len(self.told))
        if child == len(self.told):
            self.told.append([])
        if len(self.told[child]) < _MOST_ALIKE:
            self.told[child].append(record)
        if number:
            self.by_number[number] = child
        if len(of_name) < _MOST_ALIKE and child not in of_name:
            of_name.append(child)
        return child
