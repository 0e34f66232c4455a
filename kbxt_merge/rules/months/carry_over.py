"""Which children of the last period are still open, and what the next period's forms say of them already.

Lists go over row by row, cards from the list that they belong to. What time changes is worked out anew where an ID
number tells it, and left open where nothing does.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from kbxt_merge.model.carry_over import Carried, Row
from kbxt_merge.model.child import Children
from kbxt_merge.model.district import Flags, Texts
from kbxt_merge.model.earlier import EarlierRecords
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.id_number import are_sound
from kbxt_merge.model.keys import Keys, firsts, is_among, look_up, shared
from kbxt_merge.model.period import Period
from kbxt_merge.model.relations import Closing, Returns
from kbxt_merge.rules.checks.ages import full_years
from kbxt_merge.rules.children.across_periods import dated_then, holds_then
from kbxt_merge.rules.children.matching import match
from kbxt_merge.rules.id_numbers.number import birth_dates, sexes


def carried(last: Mapping[str, EarlierRecords], since: Period, forms: Forms, period: Period, day: dt.date) -> Carried:
    """What the records of the last period (`since`) leave open for the forms of `period`, ages as of `day`."""
    carry = _Carry(last, since, forms, period, day)
    rows: dict[str, dict[str, list[Row]]] = defaultdict(dict)
    for form in forms.forms:
        for school, row in carry.rows(form):
            rows[school].setdefault(form.slug, []).append(row)
    return Carried(since, rows)


@dataclass(frozen=True)
class _Carry:
    """The last period's records, and what they are carried into."""

    last: Mapping[str, EarlierRecords]
    since: Period
    forms: Forms
    period: Period
    day: dt.date

    def rows(self, form: Form) -> Iterator[tuple[str, Row]]:
        """The records that a form starts with, each with its school."""
        if form.shape is Shape.LIST:
            records = self.last[form.slug]
            schools, frame = records.schools, self._renewed(form, records.fields)
            yield from _filled(schools[self._open(form)], frame[self._open(form)])
        dropouts = self.forms.relations.dropouts
        if dropouts and form.slug == self.forms.relations.cards:
            yield from self._cards(form, self.forms.by_slug[dropouts.form])

    def _open(self, form: Form) -> Flags:
        """The records of a list that are not closed: by a return, as the list that tells of returns shows it."""
        records = self.last[form.slug]
        is_open = np.ones(len(records), dtype=bool)
        if closing := self.forms.relations.closings.get(form.slug):
            is_open &= ~self._closed(form, closing)
        dropouts, returns = self.forms.relations.dropouts, self.forms.relations.returns
        if dropouts is None or returns is None:
            return is_open
        if form.slug == returns.form:
            is_open &= ~dated_then(records, returns.return_day) | self._counts_still(records.fields[returns.return_day])
        if form.slug == dropouts.form:
            is_open &= ~(holds_then(records, dropouts.where) & self._came_back(form, returns))
        return is_open

    def _closed(self, form: Form, closing: Closing) -> Flags:
        """The records that hold what closes them, or whose child's one record in the list that is named does."""
        records = self.last[closing.form or form.slug]
        told = holds_then(records, closing.where)
        if closing.filled:
            told &= (records.fields[closing.filled].astype(str) != "").to_numpy(dtype=bool)
        if not closing.form:
            return told if closing.filled or closing.where else np.zeros(len(records), dtype=bool)
        return self._is_told(form, self.forms.by_slug[closing.form], told)

    def _counts_still(self, days: pd.Series[str]) -> Flags:
        """The days that lie in the new period's own term: statistics go on counting who was brought back in it."""
        term = self.period if self.period.term else Period.of(self.period.first)
        first, last = term.first.isoformat(), term.last.isoformat()
        flags: Flags = days.str[:7].between(first[:7], last[:7]).to_numpy(dtype=bool)
        return flags

    def _came_back(self, form: Form, returns: Returns) -> Flags:
        """The records of a list whose child the ledger shows as returned, and neither of them twice."""
        dated = dated_then(self.last[returns.form], returns.return_day)
        return self._is_told(form, self.forms.by_slug[returns.form], dated)

    def _is_told(self, form: Form, other: Form, told: Flags) -> Flags:
        """The records of a list whose child stands in another with what is told there, and in neither of them twice."""
        keys = Children.of_earlier(self.last[form.slug], form).by_name
        those_told = Children.of_earlier(self.last[other.slug], other).by_name
        once = those_told[told & (those_told != 0) & ~shared(those_told)]
        return is_among(keys, once) & ~shared(keys)

    def _renewed(self, form: Form, frame: pd.DataFrame) -> pd.DataFrame:
        """The records with today's ages, and without what nobody can know before the school says it."""
        renewed = frame.copy()
        renewed[[each.name for each in form.fields if each.type == "age"]] = ""
        if form.child_age:
            renewed[form.child_age] = self._ages(frame[form.child_id] if form.child_id else self._numbers(form))
        if form.child_grade and self.period.school_year != self.since.school_year:
            renewed[form.child_grade] = ""
        return renewed

    def _ages(self, numbers: pd.Series[str]) -> list[str]:
        births = birth_dates(numbers.astype("string"))
        days = np.full(len(births), np.datetime64(self.day, "D"))
        known = ~np.isnat(births)
        return [str(age) if is_known else "" for age, is_known in zip(full_years(births, days), known, strict=True)]

    def _numbers(self, form: Form) -> pd.Series[str]:
        """The ID numbers of a form's children as other forms of their schools have them; blank where they don't."""
        keys, (named, numbers) = Children.of_earlier(self.last[form.slug], form).by_name, self._numbered
        found = look_up(keys, named, np.arange(len(named)))
        return pd.Series(np.where(found >= 0, np.append(numbers, "")[found], ""), dtype=object)

    @cached_property
    def _numbered(self) -> tuple[Keys, Texts]:
        """School and name of the children that have one valid ID number there, and that number."""
        every = [Children.of_earlier(self.last[form.slug], form) for form in self.forms.forms]
        names, both = (np.concatenate([getattr(each, key) for each in every]) for key in ("by_name", "by_both"))
        numbers = np.concatenate([each.ids for each in every])
        once = np.flatnonzero(firsts(both) & (both != 0))
        once = once[~shared(names[once])]
        return names[once], numbers[once]

    def _cards(self, card: Form, form: Form) -> Iterator[tuple[str, Row]]:
        """A card for each open child of a list: as it stood, or else with what the list and the ID number tell."""
        records, is_open = self.last[form.slug], self._open(form)
        then = Children.of_earlier(records, form).at(np.flatnonzero(is_open))
        typed = records.fields[is_open].reset_index(drop=True)
        frame = self._cards_before(card, then)
        if card.child_name and form.child_name:
            frame[card.child_name] = typed[form.child_name]
        if card.child_id and form.child_id:
            unsound = ~are_sound(frame[card.child_id].astype("string"))
            frame[card.child_id] = frame[card.child_id].mask(then.sound | unsound, typed[form.child_id])
        yield from _filled(then.schools, self._renewed(card, self._told_by_number(card, frame)))

    def _cards_before(self, card: Form, then: Children) -> pd.DataFrame:
        """The last period's cards of these children, a row each; blank for a child that had none of its own."""
        cards, frame = Children.of_earlier(self.last[card.slug], card), self.last[card.slug].fields
        partner = match(then, cards, anywhere=True).partner.tolist()
        own = [at if at >= 0 and then.child(row).may_be(cards.child(at)) else -1 for row, at in enumerate(partner)]
        return frame.reindex(own, fill_value="").reset_index(drop=True)

    def _told_by_number(self, card: Form, frame: pd.DataFrame) -> pd.DataFrame:
        """The cards with what their ID numbers tell, where they say nothing of it."""
        for name, tell in ((card.child_birth_date, _birth_days), (card.child_sex, sexes)):
            if name and card.child_id:
                values = pd.Series(tell(frame[card.child_id].astype("string")), index=frame.index)
                frame[name] = frame[name].where(frame[name] != "", values)
        return frame


def _birth_days(numbers: pd.Series[str]) -> Sequence[str]:
    return ["" if np.isnat(birth) else str(birth) for birth in birth_dates(numbers)]


def _filled(schools: Texts, frame: pd.DataFrame) -> Iterator[tuple[str, Row]]:
    """The records with what is not blank, each with its school."""
    for school, record in zip(schools, frame.to_dict("records"), strict=True):
        yield school, {str(name): value for name, value in record.items() if value != ""}
