"""Rules on one child that several forms tell of: what one says must not deny what another says."""

from __future__ import annotations

import re
from functools import cache

import numpy as np

from kbxt_merge.model.cell import CellState
from kbxt_merge.model.child import Children
from kbxt_merge.model.compact.records import parts_of
from kbxt_merge.model.district import Flags, Positions, Records, Texts
from kbxt_merge.model.rule import Role, Scope, Severity
from kbxt_merge.rules.checks.lists import LIST, LISTED_WHERE, says_none
from kbxt_merge.rules.children.matching import children, match, places
from kbxt_merge.rules.children.same_value import SameValue
from kbxt_merge.rules.engine.attendance import attendance
from kbxt_merge.rules.engine.rule import Context, Result, Work, alike, positions, rule, texts


@rule(
    "same-child-differs",
    Severity.WARNING,
    Scope.DISTRICT,
    title=("同一学生两张表填的不同", "two forms say different things of one child"),
    message=(
        "“{field}”填“{value}”，{this_child}在{list} 的“{other}”填“{theirs}”，两处不一致，请核实。",
        "{field} is “{value}”, but {list} says “{theirs}” ({other_en}) of {this_child}; please verify.",
    ),
    when=(
        "同一学生的性别、人员类别、监护人、学校、残疾类别等在两张表中不一致（监护人只要与两位之一相同即可）",
        "one child's field says one thing in one form and another in the other",
    ),
    roles={"list": LIST, "with": Role("foreign"), "or": Role("field", required=False)},
)
def same_child_differs(context: Context) -> Result:
    """Not what the same child's field `with` of the form `list` says; the field named by `or` may say it as well."""
    slug, named = context.role("list"), context.role("with")
    theirs = context.district.records[slug]
    partner = _partners(context.work, context.records.form.slug, slug)
    field, also = theirs.form.by_name[named], context.role("or")
    same = cache(SameValue(context.work, context.field, field))  # many children are told of in the same words
    told, where = texts(len(partner)), np.zeros(len(partner), dtype=bool)
    for at in parts_of(positions(partner >= 0)):
        found, own = _read(theirs, named, partner[at]), _read(context.records, context.at, at)
        judged = positions((own != "") & (found != "") & (own != found))  # what is written alike agrees
        besides = _read(context.records, also, at[judged]) if also else texts(len(judged))
        said = zip(own[judged].tolist(), besides.tolist(), found[judged].tolist(), strict=True)
        differs = [not same(mine, other) and not (also and same(also, other)) for mine, also, other in said]
        wrong = judged[np.array(differs, dtype=bool)]
        where[at[wrong]], told[at[wrong]] = True, found[wrong]
    facts = {
        "theirs": told,
        "list": alike(len(told), theirs.form.called),
        "other": alike(len(told), field.label.zh),
        "other_en": alike(len(told), field.label.en),
    }
    return Result(where, facts, suggestion=told, related=places(theirs, named, np.where(where, partner, -1)))


def _partners(work: Work, own: str, slug: str) -> Positions:
    """For each child of a form its record in the other one, -1 where none is it for sure."""

    def make() -> Positions:
        mine, others = children(work, own), children(work, slug)
        found = match(mine, others, anywhere=True)
        return np.where(found.found & _may_be_one(mine, others, found.partner), found.partner, -1)

    made: Positions = work.once(("partners", own, slug), make)
    return made


def _may_be_one(mine: Children, others: Children, partner: Positions) -> Flags:
    """Which children and their partners may be one, where only a name joins them."""
    flags = np.ones(len(partner), dtype=bool)
    joined = positions(partner >= 0)
    numbers, theirs = mine.by_id_anywhere[joined], others.by_id_anywhere[partner[joined]]
    for at in joined[(numbers == 0) | (numbers != theirs)].tolist():
        flags[at] = mine.child(at).may_be(others.child(partner[at]))
    return flags


def _read(records: Records, name: str, at: Positions) -> Texts:
    """A field's values at these positions as they were read; blank where none was typed, or one that bears an error."""
    read: Texts = records.shown[name][at]
    states = records.states[name][at]
    read[records.bears_error(name)[at] | (states == CellState.UNREADABLE) | (states == CellState.BLANK)] = ""
    return read


@rule(
    "home-teaching-differs",
    Severity.ERROR,
    Scope.DISTRICT,
    title=("送教上门两处不一致", "home teaching differs"),
    message=(
        "该生的送教上门情况与{list} 不一致（{how}），请核对更正。",
        "What is said of teaching this child at home differs from {list} ({how_en}); correct one of them.",
    ),
    when=(
        "附件 4 的学生在附件 3 中就学情况不是送教上门；附件 3 为送教上门而不在附件 4 中",
        "in form 4, and not taught at home by form 3; or taught at home by form 3, and not in form 4",
    ),
    at_types=("person_name", "enrolment"),
    roles={"list": LIST, "where": LISTED_WHERE, "value": Role("text", required=False)},
)
def home_teaching_differs(context: Context) -> Result:
    """A child that this form teaches at home and the other does not, or the other way round.

    In the form of those taught at home, `where` says what the other form must hold; in the other form, `value` is what
    its field says of a child that must stand in the form of those taught at home.
    """
    slug, value = context.role("list"), context.role("value")
    theirs = context.district.records[slug]
    found = match(children(context.work, context.records.form.slug), children(context.work, slug))
    told = {"list": alike(len(context.records), theirs.form.called)}
    if value is not None:
        schools = context.records.school
        says = (context.values() == value).fillna(False).to_numpy(dtype=bool) & ~context.unsound(context.at)
        lacking = says & ~found.found
        can_tell = attendance(context.work).came(schools, slug) | says_none(context.work, schools, slug)
        how = {"how": alike(len(says), "那里没有该生"), "how_en": alike(len(says), "the child is not there")}
        unchecked = lacking & (found.unsure | ~can_tell)
        return Result(lacking & ~unchecked, {**told, **how}, unchecked=unchecked)
    conditions = context.role("where") or {}
    name = next(iter(conditions), theirs.form.record_field)
    fits = theirs.holding(conditions)
    readable = ~theirs.bears_error(name) & ~np.isin(theirs.states[name], (CellState.BLANK, CellState.ABSENT))
    known = found.partner >= 0
    where = np.zeros(len(known), dtype=bool)
    where[known] = (readable & ~fits)[found.partner[known]]
    label = theirs.form.by_name[name].label
    how = {"how": texts(len(known)), "how_en": texts(len(known))}
    at = positions(where)
    for row, said in zip(at.tolist(), theirs.shown[name][found.partner[at]].tolist(), strict=True):
        how["how"][row], how["how_en"][row] = f"那里“{label.zh}”填“{said}”", f"{label.en} there is “{said}”"
    return Result(where, {**told, **how}, related=places(theirs, name, np.where(where, found.partner, -1)))


_BACK = re.compile(r"复学|返校|返学|回校|返回学校|入学|就读")
_NOT_BACK = re.compile(r"未|没|不|拒|无|暂|待|拟|将|准备|承诺|同意|愿意|答应|计划|动员|劝返中|争取|年|月|学期|休学")


@rule(
    "persuasion-incomplete",
    Severity.WARNING,
    Scope.DISTRICT,
    title=("劝返情况没有填完整", "persuasion is not told in full"),
    message=("{what}，请核实补填。", "{what_en}; please verify, and fill it in."),
    when=(
        "已开展劝返而没有次数、结果或记录；未开展而有次数；没有复学而没有未复学原因；已复学而附件 1-2 仍为失学辍学",
        "persuaded and no count, result or log; not persuaded and a count; no return and no reason; back and listed",
    ),
    at_types=("count", "text"),
    roles={
        "begun": Role("field", required=False, types=("yes_no",)),
        "result": Role("field", required=False, types=("text",)),
        "list": Role("form", required=False),
        "where": LISTED_WHERE,
    },
)
def persuasion_incomplete(context: Context) -> Result:
    """Blank though persuasion has begun (`begun`), or though its `result` is no return; or other cells deny it.

    A result that says that the child returned is held against the `list`, which must not hold it under `where`.
    """
    said = _Said(context)
    if begun := context.role("begun"):
        said.of_persuasion(begun)
    if result := context.role("result"):
        said.of_no_return(result)
    if context.role("list"):
        said.of_a_return()
    return said.result()


class _Said:
    """What is wrong with one cell of each record about persuasion, and the other end where there is one."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._zh, self._en, self._related = (texts(len(context.records)) for _ in range(3))
        self._blank = (context.states() == CellState.BLANK) & ~context.unsound(context.at)

    def of_persuasion(self, begun: str) -> None:
        """Blank, or 0, though it has begun; more than 0 though it has not."""
        context, label = self._context, self._context.field.label
        sound = ~context.unsound(begun, context.at)
        yes, no = (sound & (context.shown(begun) == word) for word in ("是", "否"))
        none = self._blank.copy()
        if context.field.type == "count":
            counts = context.values().fillna(-1).to_numpy(dtype=np.int64)
            none |= counts == 0
            self._say(
                no & (counts > 0), f"未开展劝返，“{label.zh}”却填有次数", f"no persuasion, yet {label.en} is given"
            )
        self._say(yes & none, f"已开展劝返，但没有填“{label.zh}”", f"persuasion has begun, but {label.en} is blank")

    def of_no_return(self, result: str) -> None:
        """Blank though the result is another than the child's return."""
        context = self._context
        told = context.shown(result)
        stays = (told != "") & ~_says_back(told) & ~context.unsound(result)
        label = context.field.label
        self._say(self._blank & stays, f"没有复学，但没有填“{label.zh}”", f"not returned, but {label.en} is blank")

    def of_a_return(self) -> None:
        """The result says that the child is back, and the list holds it."""
        context, slug = self._context, self._context.role("list")
        listed = context.district.records[slug]
        mine, theirs = children(context.work, context.records.form.slug), children(context.work, slug)
        found = match(mine, theirs, listed.holding(context.role("where") or {}))
        back = _says_back(context.shown()) & ~context.unsound(context.at) & found.found
        label, called = context.field.label, listed.form.called
        self._say(
            back,
            f"“{label.zh}”为已复学，但{called} 仍登记为辍学",
            f"{label.en} says that the child is back, yet {called} lists it",
        )
        related = places(listed, listed.form.record_field, np.where(back, found.partner, -1))
        self._related = np.where(back, related, self._related)

    def _say(self, where: Flags, zh: str, en: str) -> None:
        free = where & (self._zh == "")
        self._zh[free], self._en[free] = zh, en

    def result(self) -> Result:
        """What was said."""
        return Result(self._zh != "", {"what": self._zh, "what_en": self._en}, related=self._related)


def _says_back(told: Texts) -> Flags:
    """Which results say that the child is back at school; a promise is none."""
    return np.array([bool(_BACK.search(text)) and not _NOT_BACK.search(text) for text in map(str, told)], dtype=bool)
