"""Rules on this period against the last; they have something to say only where the ledger knows an earlier one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kbxt_merge.model.cell import shown_number
from kbxt_merge.model.child import Children, child_keys
from kbxt_merge.model.district import Flags, Texts
from kbxt_merge.model.earlier import EarlierRecords
from kbxt_merge.model.field import COUNTED
from kbxt_merge.model.keys import Keys, is_among, look_up
from kbxt_merge.model.rule import Role, Scope, Severity
from kbxt_merge.rules.checks.lists import says_none
from kbxt_merge.rules.children.across_periods import dated_then, holds_then
from kbxt_merge.rules.children.matching import children, match
from kbxt_merge.rules.engine.attendance import attendance
from kbxt_merge.rules.engine.rule import Absent, Context, Result, Work, alike, rule, texts

_EARLIER = {"list": Role("form"), "filled": Role("foreign", types=("date",))}


@rule(
    "vanished-without-return",
    Severity.WARNING,
    Scope.PERIOD,
    title=("上期辍学学生去向不明", "gone without a return"),
    message=(
        "上期登记为失学辍学的“{child}”，本期既不在名单中，也没有复学记录，请核实去向。",
        "{child}, a dropout of the last period, is neither listed now nor shown as returned; please verify.",
    ),
    when=(
        "上期失学辍学，本期不在名单中，劝返台账也没有复学",
        "a dropout of the last period, now in neither 1-2 nor, as returned, in form 2",
    ),
    at_types=("person_name",),
    roles={**_EARLIER, "where": Role("where", required=False)},
)
def vanished_without_return(context: Context) -> Result:
    """A child of the last period's list that neither this period's list nor its ledger accounts for.

    Not judged of a school whose list did not come, unless its statistics count nobody for it.
    """
    earlier, form = context.district.earlier, context.records.form
    if earlier is None:
        return context.nothing()
    records = earlier.last[form.slug]
    listed = np.flatnonzero(holds_then(records, context.role("where")))
    then = Children.of_earlier(records, form).at(listed)
    found = match(then, children(context.work, form.slug), anywhere=True)
    back = returned_now(context.work, context.role("list"), context.role("filled"), then)
    gone = ~found.found & ~back & then.first_of_each
    came = attendance(context.work).came(then.schools, form.slug) | says_none(context.work, then.schools, form.slug)
    judged = came & ~found.unsure
    schools, places = then.schools[gone & judged], records.places[listed][gone & judged]
    absent = Absent(schools, then.names[gone & judged], places, then.schools[gone & ~judged])
    return Result(context.nothing().where, absent=absent)


def returned_now(work: Work, ledger: str, return_day: str, then: Children) -> Flags:
    """Which of these children this period's ledger shows as returned, at their school or from or to it."""
    records = work.district.records[ledger]
    filled = records.values[return_day].notna().to_numpy(dtype=bool)
    back = work.once(("back", ledger, return_day), lambda: _back(work, ledger, filled))
    ids = children(work, ledger).by_id_anywhere[filled]
    found: Flags = is_among(then.by_name, back) & (then.by_name != 0)
    found |= is_among(then.by_id_anywhere, ids) & (then.by_id_anywhere != 0)
    return found


def _back(work: Work, slug: str, filled: Flags) -> Keys:
    """School and name of the children in a ledger's flagged records; its school fields count as schools besides."""
    records = work.district.records[slug]
    names = children(work, slug).names[filled]
    fields = [each.name for each in records.form.fields if each.type == "school"]
    schools = [records.school[filled], *(records.shown[each][filled] for each in fields)]
    return np.concatenate([child_keys(names, schools=each) for each in schools])


@rule(
    "returned-then-listed",
    Severity.WARNING,
    Scope.PERIOD,
    title=("曾复学又辍学", "returned, and listed again"),
    message=(
        "“{value}”此前已劝返复学，本期再次列入名单，请核实。",
        "{value} was brought back in an earlier period and is listed again; please verify.",
    ),
    when=("此前各期已复学，本期再次列入名单", "brought back in an earlier period, listed again"),
    at_types=("person_name",),
    roles=_EARLIER,
)
def returned_then_listed(context: Context) -> Result:
    """A child that an earlier period's ledger shows as returned, and that the list holds again.

    Said once, not every month in which the child stays listed. Where this period's ledger shows it as returned, that is
    the affair of returned-but-listed. Ledgers have no ID numbers: earlier lists tell whether a child of the same name
    is another one.
    """
    earlier, form = context.district.earlier, context.records.form
    if earlier is None:
        return context.nothing()
    mine, (back, places) = children(context.work, form.slug), _back_then(context, earlier.all)
    found = look_up(mine.by_name, back, np.arange(len(back))[::-1])  # the last that tells of it
    related = np.where(found >= 0, np.append(places, "")[found], "")
    back_last, _ = _back_then(context, earlier.last)
    listed_last = Children.of_earlier(earlier.last[form.slug], form).by_name
    stays = is_among(mine.by_name, listed_last) & ~is_among(mine.by_name, back_last)
    back_now = returned_now(context.work, context.role("list"), context.role("filled"), mine)
    again = (related != "") & ~stays & ~back_now
    return Result(_no_namesakes(mine, Children.of_earlier(earlier.all[form.slug], form), again), related=related)


def _back_then(context: Context, periods: Mapping[str, EarlierRecords]) -> tuple[Keys, Texts]:
    """School and name of the children that earlier ledgers show as returned, and where."""
    slug = context.role("list")
    back = np.flatnonzero(dated_then(periods[slug], context.role("filled")))
    known = Children.of_earlier(periods[slug], context.district.forms.by_slug[slug]).at(back)
    return known.by_name, periods[slug].places[back]


def _no_namesakes(mine: Children, then: Children, among: Flags) -> Flags:
    """The flagged of my children, less those that had, under their school and name, only ID numbers that can't be
    theirs."""
    flags, rows, names, names_then = among.copy(), dict[int, list[int]](), mine.by_name, then.by_name
    for row in np.flatnonzero(then.sound & is_among(names_then, names[among & mine.sound])).tolist():
        rows.setdefault(names_then[row].item(), []).append(row)
    for row in np.flatnonzero(among & mine.sound).tolist():
        child, others = mine.child(row), rows.get(names[row].item())
        flags[row] = others is None or any(child.may_be(then.child(each)) for each in others)
    return flags


@rule(
    "category-changed",
    Severity.WARNING,
    Scope.PERIOD,
    title=("人员类别与上期不同", "category differs from the last period's"),
    message=(
        "“{child}”的“{field}”本期填“{read}”，上期填“{before}”，请核实。",
        "{field} of {child} is {read}, was {before} last period; please verify.",
    ),
    when=(
        "同一学生的人员类别与上期不同：辍学情况统计表的“其中”两期对不上",
        "the same child's category is another than last period: the monthly flow's subtotals do not balance",
    ),
    at_types=("person_category",),
)
def category_changed(context: Context) -> Result:
    """Another value than the same child's record of the last period holds."""
    earlier, form = context.district.earlier, context.records.form
    if earlier is None or not len(earlier.last[form.slug]):
        return context.nothing()
    records, mine = earlier.last[form.slug], children(context.work, form.slug)
    partner = match(mine, Children.of_earlier(records, form), anywhere=True).partner
    values = set(context.field.vocabulary.values) if context.field.vocabulary else set()
    before = np.where(partner >= 0, records.fields[context.at].to_numpy(dtype=object)[partner], "")
    known = np.array([each in values for each in before], dtype=bool)
    changed = known & context.filled(context.at) & ~context.unsound(context.at) & (context.shown() != before)
    facts = {"before": before, "read": context.shown(), "child": mine.names}
    return Result(changed, facts, related=np.where(partner >= 0, records.places[partner], ""))


@rule(
    "count-jump",
    Severity.WARNING,
    Scope.PERIOD,
    title=("人数与上期相差较大", "count differs much from the last period"),
    message=(
        "“{field}”填 {value}，上期填 {before}，相差超过{share}，请核实。",
        "{field} is {value}, was {before} last period: more than {share_en} apart; please verify.",
    ),
    when=(
        "与上期相差超过五分之一（或表格定义的百分之几）",
        "differs from the last period's by more than a fifth, or the per cent that the form says",
    ),
    at_types=COUNTED,
    roles={"more_than": Role("number", required=False)},
)
def count_jump(context: Context) -> Result:
    """More than a fifth, or `more_than` per cent, above or below the last period's count of the same school."""
    earlier = context.district.earlier
    if earlier is None:
        return context.nothing()
    counts, places = counts_then(earlier.last[context.records.form.slug], context.at)
    schools = context.records.school
    before = np.array([counts.get(school, -1) for school in schools], dtype=np.float64)
    judged = (before >= 0) & context.filled(context.at) & ~context.unsound(context.at)
    apart = np.abs(context.amounts() - before)
    related: Texts = np.array([places.get(school, "") for school in schools], dtype=object)
    share = context.role("more_than")
    words = ("五分之一", "a fifth") if share is None else (f" {shown_number(share)}%", f"{shown_number(share)}%")
    facts = {
        "before": _told(before),
        "share": alike(len(before), words[0]),
        "share_en": alike(len(before), words[1]),
    }
    return Result(judged & (apart * 100 > before * (20 if share is None else share)), facts, related=related)


def _told(numbers: NDArray[np.float64]) -> Texts:
    return np.array([shown_number(each) for each in numbers.tolist()], dtype=object)


@rule(
    "follows",
    Severity.ERROR,
    Scope.PERIOD,
    title=("与上期接不上", "does not follow from the last period"),
    message=(
        "“{field}”填 {value}，上期“{other}”为 {before}，{wanted}，请核对更正。",
        "{field} is {value}, {other_en} of the last period was {before}: {wanted_en}; please correct.",
    ),
    when=(
        "不等于上期的期末数，或累计数小于上期",
        "not what the last period ended with, or, of what is counted up, less than it was",
    ),
    at_types=COUNTED,
    roles={
        "field": Role("field", required=False, types=COUNTED),
        "how": Role("choice", required=False, choices=("equal", "not-below")),
    },
)
def follows(context: Context) -> Result:
    """Other than the last period's field, or, `not-below`, less than it; of the same school, or the same child."""
    earlier, form = context.district.earlier, context.records.form
    if earlier is None:
        return context.nothing()
    name = context.role("field") or context.at
    then = earlier.last[form.slug]
    if form.child_name is not None or form.row_labels:
        rows = _same_then(context, then)
        before = np.append(numbers_of(then, name), np.nan)[rows]  # of none, -1, what was added last
        related = np.append(then.places, "")[rows]
    else:
        counts, of_school = counts_then(then, name)
        schools = context.records.school
        before = np.array([counts.get(school, np.nan) for school in schools], dtype=np.float64)
        related = np.array([of_school.get(school, "") for school in schools], dtype=object)
    typed, not_below = context.amounts(), context.role("how") == "not-below"
    known_then = ~np.isnan(before) & context.filled(context.at) & ~context.unsound(context.at)
    wrong = known_then & (typed < before if not_below else typed != before)
    label, length = form.by_name[name].label, len(typed)
    wanted = ("不应小于上期", "it must not fall below that") if not_below else ("应与上期相等", "they must be equal")
    facts = {
        "other": alike(length, label.zh),
        "other_en": alike(length, label.en),
        "before": _told(before),
        "wanted": alike(length, wanted[0]),
        "wanted_en": alike(length, wanted[1]),
        "expected": texts(length) if not_below else _told(before),
    }
    return Result(wrong, facts, related=related)


def _same_then(context: Context, then: EarlierRecords) -> NDArray[np.intp]:
    """For each record the last period's of the same child, or of the same printed row of its school, or -1."""
    form = context.records.form
    if form.child_name is not None:
        mine = children(context.work, form.slug)
        return match(mine, Children.of_earlier(then, form), anywhere=True).partner
    labels = then.fields[form.record].tolist()
    rows = {(school, label): row for row, (school, label) in enumerate(zip(then.schools.tolist(), labels, strict=True))}
    own = zip(context.records.school.tolist(), context.shown(form.record).tolist(), strict=True)
    return np.array([rows.get(key, -1) for key in own], dtype=np.intp)


def numbers_of(records: EarlierRecords, name: str) -> NDArray[np.float64]:
    """The earlier numbers of a field; NaN where none was read."""
    typed = records.fields[name].astype(str)
    read = typed.where(typed.str.fullmatch(r"-?[0-9]{1,12}(?:\.[0-9]+)?"))
    return pd.to_numeric(read, errors="coerce").to_numpy(dtype=np.float64)


def counts_then(records: EarlierRecords, name: str) -> tuple[dict[str, float], dict[str, str]]:
    """Each school's earlier count in a field that was read, and where it stands; of several the last."""
    numbers = numbers_of(records, name)
    read = ~np.isnan(numbers)
    schools = records.schools[read].tolist()
    counts = dict(zip(schools, numbers[read].tolist(), strict=True))
    return counts, dict(zip(schools, records.places[read].tolist(), strict=True))
