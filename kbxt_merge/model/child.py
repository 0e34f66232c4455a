"""Who is the same child, on whatever it stands: a row of a list, a card, a record of an earlier period.

A child is known by its ID number where both sides have a sound one, else by school and name.  Under one name stand
namesakes too: those of whom number, sex or age say that they can't be one child.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from kbxt_merge.model.compact.cells import held_once
from kbxt_merge.model.compact.records import column_of
from kbxt_merge.model.district import Flags, Positions, Records, TextColumn, Texts
from kbxt_merge.model.earlier import EarlierRecords
from kbxt_merge.model.form import Form
from kbxt_merge.model.keys import Keys, all_of, firsts, is_among, keys_of, shared
from kbxt_merge.model.sound_numbers import filled, papers_of, sound_numbers, sound_then
from kbxt_merge.model.text import each_once, plain

Ages = npt.NDArray[np.float64]
Days = npt.NDArray[np.datetime64]

_WELL_FORMED = re.compile(r"[0-9]{17}[0-9X]")
_SLIPS = 3
"""In so many characters two ID numbers of one child may differ: two neighbours swapped, and the check character."""


@dataclass(frozen=True, slots=True)
class Child:
    """What one record tells of its child besides a name; blank or None where it tells nothing.

    `number` is the cleaned ID number, sound or not; `born` are the first and the last day on which the child can have
    been born by its age.
    """

    number: str = ""
    sex: str = ""
    born: tuple[dt.date, dt.date] | None = None

    def may_be(self, other: Child) -> bool:
        """Tell whether two records of one name may be of one child.

        Two numbers decide alone: they name one birth date, or differ by a slip.  Without two of them sex and age do.

        >>> Child("360704200805210315").may_be(Child("360704201108070534")), Child(sex="男").may_be(Child(sex="女"))
        (False, False)
        """
        if _WELL_FORMED.fullmatch(self.number) and _WELL_FORMED.fullmatch(other.number):
            return _may_be_one_number(self.number, other.number)
        if self.sex and other.sex and self.sex != other.sex:
            return False
        if self.born is None or other.born is None:
            return True
        return self.born[0] <= other.born[1] and other.born[0] <= self.born[1]


def _may_be_one_number(number: str, other: str) -> bool:
    return number[6:14] == other[6:14] or sum(a != b for a, b in zip(number, other, strict=True)) <= _SLIPS


@dataclass(frozen=True)
class Children:
    """The children of some records, a row a record; texts are blank where there is none.

    `numbers` are the cleaned ID numbers, `sound` flags those by which a child is known, `names` are as names are
    compared. `sexes` and `ages` (NaN: unknown) are what the records say, on the day `days` (NaT: unknown).
    """

    schools: Texts
    numbers: TextColumn
    sound: Flags
    names: TextColumn
    sexes: TextColumn
    ages: Ages
    days: Days

    def __len__(self) -> int:
        """How many records there are: a child may have several."""
        return len(self.schools)

    def at(self, where: Positions | Flags) -> Children:
        """The records at these positions."""
        return Children(*(getattr(self, each.name)[where] for each in fields(self)))

    @classmethod
    def of(cls, records: Records) -> Children:
        """The children of this period's records; a name that is none, by the errors found so far, names nobody."""
        form = records.form
        ages = records.values[form.child_age] if form.child_age else None
        return cls(
            schools=records.school,
            numbers=_told(records, form.child_id),
            sound=sound_numbers(records),
            names=_named(records, form.child_name),
            sexes=_told(records, form.child_sex),
            ages=_nan(records) if ages is None else ages.to_numpy(dtype=np.float64, na_value=np.nan),
            days=records.day,
        )

    @classmethod
    def of_earlier(cls, records: EarlierRecords, form: Form) -> Children:
        """The children of an earlier period's records; of their forms' days the ledger keeps nothing."""

        def told(name: str | None) -> Texts:
            known = name is not None and len(records) > 0
            return records.fields[name].to_numpy(dtype=object) if known else blank(len(records))

        numbers, names = told(form.child_id), _plain(told(form.child_name))
        return cls(
            schools=records.schools,
            numbers=numbers,
            sound=sound_then(numbers, told(papers_of(form)), form),
            names=names,
            sexes=told(form.child_sex),
            ages=_nan(records),
            days=np.full(len(records), np.datetime64("NaT", "D")),
        )

    @cached_property
    def ids(self) -> TextColumn:
        """The ID numbers by which children are known."""
        if self.sound.all():
            return self.numbers
        return column_of(len(self), lambda at: np.where(self.sound[at], self.numbers[at], ""))

    @cached_property
    def by_id_anywhere(self) -> Keys:
        """The ID number as a key, whatever the school; 0 without one."""
        return keys_of(self.ids)

    @cached_property
    def by_name_anywhere(self) -> Keys:
        """The name as a key, whatever the school; 0 without one."""
        return keys_of(self.names)

    @cached_property
    def by_school(self) -> Keys:
        """The school as a key; 0 where nobody knows it."""
        return keys_of(self.schools)

    @property
    def by_id(self) -> Keys:
        """School and ID number as one key; 0 without an ID number."""
        return all_of(self.by_id_anywhere, beside=self.by_school)

    @property
    def by_name(self) -> Keys:
        """School and name as one key; 0 without a name."""
        return all_of(self.by_name_anywhere, beside=self.by_school)

    @property
    def by_both(self) -> Keys:
        """School, ID number and name as one key; 0 without number and name."""
        return all_of(self.by_id_anywhere, self.by_name_anywhere, beside=self.by_school)

    @property
    def by_both_anywhere(self) -> Keys:
        """ID number and name as one key, whatever the school; 0 without both."""
        return all_of(self.by_id_anywhere, self.by_name_anywhere)

    @cached_property
    def persons(self) -> Positions:
        """One number a child: its records share it, which is the position of one of them.

        A record without a sound number goes with those of its school and name with which it may be one child; one that
        says nothing of its child stands alone.
        """
        persons, names = np.arange(len(self), dtype=np.int32), self.by_name
        again = np.flatnonzero(shared(self.by_id_anywhere))
        persons[again] = pd.Series(again).groupby(self.by_id_anywhere[again]).transform("first")
        known: dict[int, dict[Child, int]] = {}
        for row in self._sharing_a_name():
            of_name, child = known.setdefault(names[row].item(), {}), self.child(row)
            if child not in of_name:
                its_own = persons[row].item()
                of_name[child] = its_own if self.ids[row] else _person_of(child, of_name, its_own)
            persons[row] = of_name[child]
        return persons

    def _sharing_a_name(self) -> list[int]:
        """The records of a school's name that stands there more than once, those with a sound number first; not those
        of a name of which each record has one: by it all are known."""
        names = self.by_name
        again = shared(names)
        unsure = again & is_among(names, names[again & ~self.sound])
        rows: list[int] = np.flatnonzero(unsure).tolist()
        return sorted(rows, key=lambda row: not self.sound[row])

    @cached_property
    def first_of_each(self) -> Flags:
        """The first record of each child."""
        return firsts(self.persons)

    def child(self, row: int) -> Child:
        """Collect what one record tells of its child; a sound number tells sex and birth date."""
        number = self.numbers[row]
        if self.sound[row] and _WELL_FORMED.fullmatch(number):
            born = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
            return Child(number, "男" if int(number[16]) % 2 else "女", (born, born))
        if np.isnan(self.ages[row]) or np.isnat(self.days[row]):
            return Child(number, self.sexes[row])
        day: dt.date = self.days[row].astype("datetime64[D]").astype(object)
        age = int(self.ages[row])
        return Child(number, self.sexes[row], (_years_before(day, age + 1) + dt.timedelta(1), _years_before(day, age)))


def _person_of(child: Child, known: Mapping[Child, int], otherwise: int) -> int:
    """The first of these persons of whose records each may be this child's; where there is none, another."""
    others = {person for other, person in known.items() if not child.may_be(other)}
    return next((person for person in known.values() if person not in others), otherwise)


def plain_names(records: Records) -> Texts:
    """The names of the records' children as names are compared, whether they are names or not."""
    return _plain(_texts_at(records, records.form.child_name, np.arange(len(records))))


def _plain(names: Texts) -> Texts:
    plain_ones = blank(len(names))
    plain_ones[:] = each_once(plain, names.tolist())
    return plain_ones


def _told(records: Records, name: str | None) -> TextColumn:
    """The values of a field of texts, blank where there is none."""
    column = column_of(len(records), lambda at: _texts_at(records, name, at))
    return held_once(column, records.shown[name]) if name else column


def _named(records: Records, name: str | None) -> TextColumn:
    """The names as names are compared; of those that bear an error nothing."""
    if name is None:
        return _told(records, name)
    wrong = records.bears_error(name)
    column = column_of(len(records), lambda at: np.where(wrong[at], "", _plain(_texts_at(records, name, at))))
    return held_once(column, records.shown[name])


def _texts_at(records: Records, name: str | None, at: Positions) -> Texts:
    """The values of a field of texts at these positions, blank where there is none."""
    return blank(len(at)) if name is None else filled(records.column_at(name, at))


def child_keys(known_by: TextColumn, schools: Texts) -> Keys:
    """What each child is known by at its school as one key, as the `by_…` of its `Children`; 0 where it is blank."""
    return all_of(keys_of(known_by), beside=keys_of(schools))


def blank(length: int) -> Texts:
    """A column of blank texts."""
    column: Texts = np.full(length, "", dtype=object)
    return column


def _nan(records: Records | EarlierRecords) -> Ages:
    return np.full(len(records), np.nan)


def _years_before(day: dt.date, years: int) -> dt.date:
    """The same day of an earlier year; of a leap day, where that year has none, the day before."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
