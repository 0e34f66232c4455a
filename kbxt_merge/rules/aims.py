"""The notice's own aims, worked out of what was returned: what only the statistics count by them, else by the lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from kbxt_merge.freed_memory import give_back
from kbxt_merge.model.aims import Aim, Aims, NamedChild, to_sum
from kbxt_merge.model.child import Children
from kbxt_merge.model.district import District, Flags, Positions, Records
from kbxt_merge.model.earlier import Earlier
from kbxt_merge.model.field import Conditions
from kbxt_merge.model.form import Form
from kbxt_merge.model.relations import Dropouts, Relations
from kbxt_merge.rules.checks.lists import says_none
from kbxt_merge.rules.children.across_periods import holds_then
from kbxt_merge.rules.children.matching import children, match
from kbxt_merge.rules.engine.attendance import attendance
from kbxt_merge.rules.engine.rule import Work

_NUMBER = re.compile("[0-9]{1,9}")


def aims(district: District) -> Aims | None:
    """The figures of a district; None where the forms in force say nothing of dropouts."""
    relations = district.forms.relations
    if relations.dropouts is None:
        return None
    work = Work(district)
    schools = _table(_counts(work, relations), district.schools)
    stage_of = {each.name: each.stage for each in district.roster.schools} if district.roster else {}
    told = to_sum(schools)
    stages = told.groupby([stage_of.get(name, "") for name in told.index], sort=False).sum(min_count=1)
    earlier = district.earlier
    return Aims(
        schools,
        stages,
        stage_of,
        tuple(_left(work, relations.dropouts)),
        tuple(_unpersuaded(work, relations, relations.dropouts)),
        _lacking(work, relations.dropouts),
        _table(_counts_then(earlier, district, relations), _schools_then(earlier)) if earlier else None,
        earlier.period if earlier else None,
    )


def _table(counts: Iterable[tuple[Aim, Mapping[str, int]]], names: Sequence[str]) -> pd.DataFrame:
    """A row a school that told something, a column an aim's value."""
    columns = {aim.value: [told.get(name) for name in names] for aim, told in counts}
    rows: pd.DataFrame = pd.DataFrame(columns, index=list(names)).astype("float64").dropna(how="all")
    return rows


def _counts(work: Work, relations: Relations) -> Iterator[tuple[Aim, Mapping[str, int]]]:
    """By aim the figure of each school that told it."""
    for aim, (slug, name) in _statistics(relations).items():
        yield aim, _told(work.district.records[slug], name)
    for aim, (slug, where) in _lists(relations).items():
        yield aim, _persons(work, slug, where)
        if work.is_large:
            give_back()


def _counts_then(earlier: Earlier, district: District, relations: Relations) -> Iterator[tuple[Aim, Mapping[str, int]]]:
    """The same of the last period: a field in which an error was left counts no more than it did then."""
    for aim, (slug, name) in _statistics(relations).items():
        if slug in earlier.last:
            yield aim, _told_then(earlier, slug, name)
    for aim, (slug, where) in _lists(relations).items():
        if slug in earlier.last:
            yield aim, _persons_then(earlier, district.forms.by_slug[slug], where)


def _statistics(relations: Relations) -> Mapping[Aim, tuple[str, str]]:
    """By aim the form and the field of schools' statistics that tell it."""
    told = relations.statistics
    if told is None:
        return {}
    names = {Aim.DUE: told.due, Aim.BACK: told.back, Aim.BROUGHT_BACK: told.brought_back}
    return {aim: (told.form, name) for aim, name in names.items() if name}


def _lists(relations: Relations) -> Mapping[Aim, tuple[str, Conditions]]:
    """By aim the form whose children it counts, and which of them."""
    found: dict[Aim, tuple[str, Conditions]] = {}
    if dropouts := relations.dropouts:
        found[Aim.DROPOUTS] = dropouts.form, dropouts.where
        found[Aim.DEFERRED] = dropouts.form, {dropouts.registration: dropouts.deferred}
        if dropouts.cleared:
            found[Aim.CLEARED] = dropouts.form, {**dropouts.where, dropouts.category: dropouts.cleared}
    if relations.home_taught:
        found[Aim.HOME_TAUGHT] = relations.home_taught, {}
    if relations.disabled:
        found[Aim.DISABLED] = relations.disabled, {}
        if relations.in_school:
            found[Aim.DISABLED_IN_SCHOOL] = relations.disabled, relations.in_school
    return found


def _told(records: Records, name: str) -> Mapping[str, int]:
    """What each school's statistics say in a field that was read."""
    read = (records.values[name].notna() & ~records.bears_error(name)).to_numpy(dtype=bool)
    counts: Counter[str] = Counter()
    for school, count in zip(records.school[read], records.values[name][read].tolist(), strict=True):
        counts[str(school)] += int(count)
    return counts


def _persons(work: Work, slug: str, where: Conditions) -> Mapping[str, int]:
    """How many children of a form each school has, each once; 0 for a school whose list came without any."""
    counts = Counter(school for school, form in attendance(work).returned if form == slug)
    counts = Counter(dict.fromkeys(counts, 0))
    counts.update(map(str, work.district.records[slug].school[_rows(work, slug, where)]))
    return counts


def _named(work: Work, slug: str, where: Conditions) -> Iterator[NamedChild]:
    """School and name of the children of a form, each once."""
    records = work.district.records[slug]
    rows = _rows(work, slug, where)
    names = records.texts(records.form.child_name or "")[rows].tolist() if len(rows) else []
    for school, name in zip(records.school[rows], names, strict=True):
        yield str(school), str(name)


def _rows(work: Work, slug: str, where: Conditions) -> Positions:
    """The records of a form that hold this, of each child the first."""
    return _each_once(children(work, slug), work.district.records[slug].holding(where))


def _each_once(known: Children, among: Flags) -> Positions:
    if among.all():  # what is known of all is worked out once
        return np.flatnonzero(known.first_of_each)
    at = np.flatnonzero(among)
    return at[known.at(at).first_of_each]


def _left(work: Work, dropouts: Dropouts) -> Iterator[NamedChild]:
    """The children of the families of whom none may be left out of school."""
    if dropouts.cleared:
        yield from _named(work, dropouts.form, {**dropouts.where, dropouts.category: dropouts.cleared})


def _unpersuaded(work: Work, relations: Relations, dropouts: Dropouts) -> Iterator[NamedChild]:
    """The children put off school whose card says that nobody persuaded them this term, and whom no ledger names."""
    if not (relations.cards and relations.persuaded):
        return
    listed, cards = work.district.records[dropouts.form], work.district.records[relations.cards]
    mine = children(work, dropouts.form)
    card = match(mine, children(work, relations.cards)).partner
    begun = cards.texts(relations.persuaded)
    sound = ~cards.bears_error(relations.persuaded)
    in_ledger = np.zeros(len(mine), dtype=bool)
    if relations.returns:
        in_ledger = match(mine, children(work, relations.returns.form)).found
    none = np.zeros(len(mine), dtype=bool)
    none[card >= 0] = ((begun != "是") & sound)[card[card >= 0]]
    wanted = listed.holding({dropouts.registration: dropouts.deferred}) & none & ~in_ledger
    for row in _each_once(mine, wanted):
        yield str(listed.school[row]), str(listed.shown[listed.form.child_name or ""][row])


def _lacking(work: Work, dropouts: Dropouts) -> int:
    """How many schools of the roster did not send the list of dropouts, and whose statistics do not say that there is
    nobody for it."""
    roster = work.district.roster
    owing = work.district.forms.by_slug[dropouts.form].is_owed_by
    names = np.array([each.name for each in roster.schools if owing(each.stage)] if roster else [], dtype=object)
    came = attendance(work).came(names, dropouts.form) | says_none(work, names, dropouts.form)
    return int((~came).sum())


def _schools_then(earlier: Earlier) -> Sequence[str]:
    """The schools of which something came in the last period."""
    told = (school for records in earlier.last.values() for school in records.schools)
    return sorted({*map(str, told), *(school for school, _ in earlier.returned)})


def _told_then(earlier: Earlier, slug: str, name: str) -> Mapping[str, int]:
    records = earlier.last[slug]
    counts: Counter[str] = Counter()
    for school, text in zip(records.schools, records.fields[name].astype(str), strict=True):
        if _NUMBER.fullmatch(text) and (slug, school, name) not in earlier.in_error:
            counts[str(school)] += int(text)
    return counts


def _persons_then(earlier: Earlier, form: Form, where: Conditions) -> Mapping[str, int]:
    records = earlier.last[form.slug]
    counts = Counter(dict.fromkeys((school for school, slug in earlier.returned if slug == form.slug), 0))
    for row in _each_once(Children.of_earlier(records, form), holds_then(records, where)):
        counts[str(records.schools[row])] += 1
    return counts
