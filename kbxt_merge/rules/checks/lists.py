"""Rules on a child that one form of its school holds and another should hold, or should not."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from kbxt_merge.model.cell import CellState
from kbxt_merge.model.district import Flags, Records, Texts
from kbxt_merge.model.field import Conditions
from kbxt_merge.model.rule import Role, Scope, Severity
from kbxt_merge.rules.children.matching import Match, children, match, places
from kbxt_merge.rules.children.spells import spells
from kbxt_merge.rules.engine.attendance import attendance
from kbxt_merge.rules.engine.rule import Context, Result, Work, alike, rule

LIST = Role("form")
LISTED_WHERE = Role("foreign_where", required=False)


def absent_from(context: Context, mine: Flags, found: Match) -> Result:
    """My flagged children that their form does not hold; unchecked where it did not come, or where nobody can tell."""
    schools, listed = context.records.school, context.role("list")
    can_tell = attendance(context.work).came(schools, listed) | says_none(context.work, schools, listed)
    lacking = mine & ~found.found
    unchecked = lacking & (found.unsure | ~can_tell)
    return Result(lacking & can_tell & ~found.unsure, called(context), unchecked=unchecked)


def called(context: Context) -> dict[str, Texts]:
    """The number under which the notice prints the other form, for the sentence; its name where it has none."""
    form = context.district.forms.by_slug[context.role("list")]
    return {"list": alike(len(context.records), form.called)}


def says_none(work: Work, schools: Texts, listed: str) -> Flags:
    """Whose statistics came and count nobody for a list: then the list's absence is no excuse."""
    statistics = work.district.forms.relations.statistics
    if statistics is None or listed not in statistics.counts:
        return np.zeros(len(schools), dtype=bool)
    records, fields = work.district.records[statistics.form], statistics.counts[listed]
    asked: set[str] = work.once(("asked for", listed), lambda: _asked(records, fields))
    not_asked = np.array([school not in asked for school in schools], dtype=bool)
    known = attendance(work)
    none: Flags = known.came(schools, statistics.form) & not_asked & ~known.doubts(schools)
    return none


def _asked(statistics: Records, fields: Iterable[str]) -> set[str]:
    """The schools whose statistics count children in one of these fields, or hold no readable count there."""
    asked: set[str] = set()
    for name in fields:
        counts = statistics.values[name]
        asked |= set(statistics.school[(counts.isna() | (counts > 0)).to_numpy(dtype=bool)])
    return asked


def found_among(context: Context, among: Conditions | None = None) -> Match:
    """Look for the context's children in the other form of their school, there among those that hold these values."""
    listed = context.role("list")
    mine, theirs = children(context.work, context.records.form.slug), children(context.work, listed)
    return match(mine, theirs, context.district.records[listed].holding(among or {}))


@rule(
    "card-missing",
    Severity.ERROR,
    Scope.DISTRICT,
    title=("缺少登记表", "card is missing"),
    message=(
        "“{value}”在名单中，但本校报送的{list} 中没有该生的登记表，请补充报送。",
        "{value} is listed, but has no card among those of the school ({list}); please send it.",
    ),
    when=(
        "名单中的学生没有登记表（本校有其他学生的登记表）",
        "a listed child without a form 5, where some cards of the school came",
    ),
    at_types=("person_name",),
    roles={"list": LIST},
)
def card_missing(context: Context) -> Result:
    """A child of the list without a card, in a school of which some cards came."""
    found = found_among(context)
    some = np.isin(
        context.records.school.astype(str), np.unique(context.district.records[context.role("list")].school.astype(str))
    )
    lacking = some & ~found.found
    return Result(lacking & ~found.unsure, called(context), unchecked=lacking & found.unsure)


@rule(
    "card-orphan",
    Severity.WARNING,
    Scope.DISTRICT,
    title=("登记表不在名单中", "card of a child that is not listed"),
    message=(
        "“{value}”有登记表，但不在本校{list} 名单中，请核实名单是否遗漏。",
        "{value} has a card, but is not in the school's list ({list}); verify whether the list lacks the child.",
    ),
    when=("登记表的学生不在本校名单中", "a form 5 whose child is not in the school's 1-2"),
    at_types=("person_name",),
    roles={"list": LIST},
)
def card_orphan(context: Context) -> Result:
    """A card whose child is not in the school's list."""
    return absent_from(context, np.ones(len(context.records), dtype=bool), found_among(context))


@rule(
    "persuasion-record-missing",
    Severity.ERROR,
    Scope.DISTRICT,
    title=("缺少劝返台账记录", "no row in the persuasion ledger"),
    message=(
        "“{value}”为失学辍学的脱贫户或城镇贫困户子女，但{list} 劝返台账中没有，请补充登记。",
        "{value} is a dropout of a relief or urban poor household, but not in {list}; please add the child there.",
    ),
    when=(
        "名单中应有劝返记录的学生不在劝返台账中",
        "a dropout of a relief or urban poor household without a row in form 2",
    ),
    at_types=("person_name",),
    roles={"list": LIST, "where": Role("where", required=False)},
)
def persuasion_record_missing(context: Context) -> Result:
    """A child of the list to whom `where` applies, and no row in the ledger."""
    conditions = context.role("where") or {}
    mine = context.records.holding(conditions) & ~context.unsound(*conditions)
    return absent_from(context, mine, found_among(context))


@rule(
    "not-in-dropout-list",
    Severity.ERROR,
    Scope.DISTRICT,
    title=("未复学学生不在辍学名单中", "not returned, and not in the dropout list"),
    message=(
        "“{value}”没有复学时间，但不在{list} 名单中，请补充登记或填写复学时间。",
        "{value} has no date of return, yet is not in {list}; list the child there, or fill in the date.",
    ),
    when=(
        "劝返台账中没有复学时间的学生不在辍学名单中",
        "a row of form 2 without a return date whose child is not in 1-2",
    ),
    at_types=("person_name",),
    roles={"list": LIST, "unless": Role("field", types=("date",))},
)
def not_in_dropout_list(context: Context) -> Result:
    """A child that the ledger does not show as returned, and that the list does not hold."""
    name = context.role("unless")
    mine = (context.states(name) == CellState.BLANK) & ~context.unsound(name)
    return absent_from(context, mine, found_among(context))


@rule(
    "returned-but-listed",
    Severity.ERROR,
    Scope.DISTRICT,
    title=("已复学仍在辍学名单中", "returned, and still listed"),
    message=(
        "该生已于 {read} 复学，但{list} 仍登记为失学辍学，两处不一致，请核对更正。",
        "The child returned on {read}, yet {list} still lists it as a dropout; correct one of them.",
    ),
    when=("已有复学时间，辍学名单仍登记为失学辍学", "returned to school, and still in 1-2 as a dropout"),
    at_types=("date",),
    roles={"list": LIST, "where": LISTED_WHERE, "since": Role("field", required=False, types=("date",))},
)
def returned_but_listed(context: Context) -> Result:
    """A child with a date of return that the list still holds under `where`, unless it dropped out anew (`since`)."""
    found = found_among(context, context.role("where"))
    left_again = spells(context, context.role("since"), context.at).left_again
    mine = context.filled(context.at) & ~context.unsound(context.at) & found.found & ~left_again
    listed = context.district.records[context.role("list")]
    related = places(listed, listed.form.record_field, np.where(mine, found.partner, -1))
    return Result(mine, {"read": context.shown(), **called(context)}, related=related)


@rule(
    "not-in-disability-ledger",
    Severity.ERROR,
    Scope.DISTRICT,
    title=("不在残疾儿童台账中", "not in the disability ledger"),
    message=(
        "“{value}”接受送教上门，但不在本校{list} 残疾儿童台账中，请补充登记。",
        "{value} is taught at home, yet not in the school's {list}; please add the child there.",
    ),
    when=("送教上门的学生不在本校残疾儿童台账中", "a child of form 4 that is not in the school's form 3"),
    at_types=("person_name",),
    roles={"list": LIST},
)
def not_in_disability_ledger(context: Context) -> Result:
    """A child taught at home that the school's ledger of disabled children does not hold."""
    return absent_from(context, np.ones(len(context.records), dtype=bool), found_among(context))


@rule(
    "out-of-school-unexplained",
    Severity.WARNING,
    Scope.DISTRICT,
    title=("未入学没有说明", "out of school without a reason"),
    message=(
        "该生“{field}”为否，备注未说明原因，{list} 名单中也没有该生，请核实后说明原因或补充登记。",
        "The child is out of school, without a remark and not in {list}; explain it there, or list the child.",
    ),
    when=(
        "就学情况为否，没有备注，也不在本校辍学名单中",
        "not enrolled, without a remark, and not in the school's 1-2",
    ),
    at_types=("enrolment",),
    roles={"value": Role("text"), "remark": Role("field"), "list": LIST},
)
def out_of_school_unexplained(context: Context) -> Result:
    """Out of school, and neither the remark nor the list of dropouts says why."""
    remark = context.role("remark")
    out = (context.values() == context.role("value")).fillna(False).to_numpy(dtype=bool)
    unexplained = out & (context.states(remark) == CellState.BLANK) & ~context.unsound(context.at, remark)
    return absent_from(context, unexplained, found_among(context))
