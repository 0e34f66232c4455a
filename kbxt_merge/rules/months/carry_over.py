"""Which children of the last period are still open, and what the next period's forms say of them already.

Lists go over row by row, cards from the list that they belong to. What time changes is worked out anew where an ID
number tells it, and left open where nothing does.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from kbxt_merge.model.carry_over import Carried, Row
from kbxt_merge.model.child import Children
from kbxt_merge.model.district import Flags, Texts
from kbxt_merge.model.earlier import EarlierRecords
from kbxt_merge.model.form import Form, Forms, RuleUse, Shape
from kbxt_merge.model.id_number import are_sound
from kbxt_merge.model.period import Period
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
        for use, each in self._uses("card-missing"):
            if use.roles["list"] == form.slug and form.shape is Shape.CARD:
                yield from self._cards(form, each)

    def _uses(self, slug: str) -> Iterator[tuple[RuleUse, Form]]:
        return ((use, form) for form in self.forms.forms for use in form.rules if use.slug == slug)

    def _open(self, form: Form) -> Flags:
        """The records of a list that are not closed: by a return, as the list that tells of returns shows it."""
        records = self.last[form.slug]
        is_open = np.ones(len(records), dtype=bool)
        for use, returns in self._uses("returned-but-listed"):
            if returns is form:
                is_open &= ~dated_then(records, use.at) | self._counts_still(records.fields[use.at])
            if use.roles["list"] == form.slug:
                is_open &= ~self._came_back(form, returns, use)
        return is_open

    def _counts_still(self, days: pd.Series[str]) -> Flags:
        """The days that lie in the new period's own term: statistics go on counting who was brought back in it."""
        term = self.period if self.period.term else Period.of(self.period.first)
        first, last = term.first.isoformat(), term.last.isoformat()
        flags: Flags = days.str[:7].between(first[:7], last[:7]).to_numpy(dtype=bool)
        return flags

    def _came_back(self, form: Form, returns: Form, use: RuleUse) -> Flags:
        """The records of a list whose child the other list shows as returned, and neither list twice."""
        records, told = self.last[form.slug], self.last[returns.slug]
        keys, those_told = Children.of_earlier(records, form).by_name, Children.of_earlier(told, returns).by_name
        listed, counted = Counter(keys), Counter(those_told)
        dated = zip(those_told, dated_then(told, use.at), strict=True)
        back = {key for key, is_dated in dated if is_dated and key and counted[key] == 1}
        where = holds_then(records, use.roles.get("where"))  # type: ignore[arg-type]
        is_back: Flags = np.array([key in back and listed[key] == 1 for key in keys], dtype=bool)
        return where & is_back

    def _renewed(self, form: Form, frame: pd.DataFrame) -> pd.DataFrame:
        """The records with today's ages, and without what nobody can know before the school says it."""
        by_number = {use.at: str(use.roles["id"]) for use in form.rules if use.slug == "age-id-mismatch"}
        renewed = frame.copy()
        for each in form.fields:
            if each.type == "age":
                numbers = frame[by_number[each.name]] if each.name in by_number else self._numbers(form)
                renewed[each.name] = self._ages(numbers)
        if self.period.school_year != self.since.school_year:
            for use in form.rules:
                if use.slug == "grade-age-mismatch":
                    renewed[use.at] = ""
        return renewed

    def _ages(self, numbers: pd.Series[str]) -> list[str]:
        births = birth_dates(numbers.astype("string"))
        days = np.full(len(births), np.datetime64(self.day, "D"))
        known = ~np.isnat(births)
        return [str(age) if is_known else "" for age, is_known in zip(full_years(births, days), known, strict=True)]

    def _numbers(self, form: Form) -> pd.Series[str]:
        """The ID numbers of a form's children as other forms of their schools have them; blank where they don't."""
        keys = Children.of_earlier(self.last[form.slug], form).by_name
        return pd.Series([self._number_of.get(key, "") for key in keys], dtype=object)

    @cached_property
    def _number_of(self) -> Mapping[str, str]:
        """The one valid ID number that a school's child of that name has."""
        numbers: dict[str, set[str]] = defaultdict(set)
        for form in self.forms.forms:
            known = Children.of_earlier(self.last[form.slug], form)
            for key, number in zip(known.by_name, known.ids, strict=True):
                numbers[key] |= {number} if number and key else set()
        return {key: next(iter(each)) for key, each in numbers.items() if len(each) == 1}

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
        told = {"birthdate-id-mismatch": _birth_days, "sex-id-mismatch": sexes}
        for use in card.rules:
            if use.slug in told:
                values = told[use.slug](frame[str(use.roles["id"])].astype("string"))
                frame[use.at] = frame[use.at].where(frame[use.at] != "", pd.Series(values, index=frame.index))
        return frame


def _birth_days(numbers: pd.Series[str]) -> Sequence[str]:
    return ["" if np.isnat(birth) else str(birth) for birth in birth_dates(numbers)]


def _filled(schools: Texts, frame: pd.DataFrame) -> Iterator[tuple[str, Row]]:
    """The records with what is not blank, each with its school."""
    for school, record in zip(schools, frame.to_dict("records"), strict=True):
        yield school, {str(name): value for name, value in record.items() if value != ""}
