"""The children of a form as registers are asked for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from kbxt_merge.model.child import Child, plain_names
from kbxt_merge.model.district import Flags, Records, Texts
from kbxt_merge.model.id_number import NOT_A_DAY, Days, Digits
from kbxt_merge.model.sound_numbers import filled, sound_numbers
from kbxt_merge.rules.children.schools import schools
from kbxt_merge.rules.engine.rule import Work
from kbxt_merge.rules.id_numbers.number import birth_dates


@dataclass(frozen=True)
class Sought:
    """The children of a form as registers are asked for them, a row a record, whatever was found wrong with them.

    `numbers` are as cleaned, `sound` flags those that a child can be known by. `births` are by the number, else as the
    form says. `schools` are the roster's names of the school that returned the child and of those that its row names.
    """

    names: Texts
    numbers: Texts
    sound: Flags
    births: Days
    sexes: Texts
    schools: Sequence[frozenset[str]]

    def child(self, row: int) -> Child:
        """What a record tells of its child besides the name."""
        day = self.births[row].astype(object)
        return Child(self.numbers[row], self.sexes[row], None if day is None else (day, day))


def sought(work: Work, slug: str) -> Sought:
    """Work out a form's children as registers are asked for them, once a run."""
    made: Sought = work.once(("sought", slug), lambda: _sought(work, work.district.records[slug]))
    return made


def _sought(work: Work, records: Records) -> Sought:
    form = records.form
    blank = np.full(len(records), "", dtype=object)
    numbers = filled(records.values[form.child_id]) if form.child_id else blank
    births: Days = np.full(len(records), NOT_A_DAY)
    if form.child_id:
        births = birth_dates(records.values[form.child_id])
        births = np.where(np.isnat(births), Digits.of(records.values[form.child_id]).births, births)
    if form.child_birth_date:
        typed = records.values[form.child_birth_date].to_numpy(dtype="datetime64[D]")
        own = np.where(typed == records.last_days[form.child_birth_date], typed, NOT_A_DAY)
        births = np.where(np.isnat(births), own, births)
    sexes = filled(records.values[form.child_sex]) if form.child_sex else blank
    fields = [each.name for each in form.fields if each.type == "school"]
    named = zip(records.school.tolist(), *(records.shown[name].tolist() for name in fields), strict=True)
    known = schools(work)

    @cache
    def whose(names: tuple[str, ...]) -> frozenset[str]:
        return frozenset(known.named(name) for name in names if name)

    return Sought(
        plain_names(records),
        numbers,
        sound_numbers(records),
        births,
        sexes,
        [whose(names) for names in named],
    )
