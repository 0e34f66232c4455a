"""Rules that any form may use: what must agree between records, forms and periods."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kbxt_merge.model.cell import CellState, shown_number
from kbxt_merge.model.district import Flags, Records, Texts
from kbxt_merge.model.field import COUNTED
from kbxt_merge.model.keys import Keys, keys_of, shared
from kbxt_merge.model.rule import Role, Scope, Severity
from kbxt_merge.model.text import plain
from kbxt_merge.rules.checks.lists import LIST, LISTED_WHERE, absent_from, called, found_among
from kbxt_merge.rules.children.matching import others_of, places
from kbxt_merge.rules.engine.attendance import attendance
from kbxt_merge.rules.engine.rule import PLACES, Context, Result, alike, positions, rule, texts


@rule(
    "unique",
    Severity.ERROR,
    Scope.DISTRICT,
    title=("不应重复的内容重复", "the same value twice"),
    message=(
        "“{field}”填“{value}”，在{circle}另一行中已经填过，请核对更正。",
        "{field} holds “{value}”, which stands in another row of {circle_en} too; please correct.",
    ),
    when=("几行填了同样的内容", "several rows hold the same"),
    roles={
        "with": Role("fields", required=False),
        "among": Role("choice", required=False, choices=("school", "district")),
    },
)
def unique(context: Context) -> Result:
    """The same value, together with those of the fields under `with`, as another record of the school or district."""
    names = (context.at, *(context.role("with") or ()))
    in_district = context.role("among") == "district"
    columns = [np.array([plain(each).upper() for each in context.shown(name)], dtype=object) for name in names]
    if not in_district:
        columns.append(context.records.school)
    sound = context.filled(context.at) & ~context.unsound(*names)
    keys = np.where(sound, keys_of(*columns), 0)
    again = shared(keys)
    circle = ("全区范围内", "the district") if in_district else ("本校同一张表", "the school's form")
    facts = {"circle": alike(len(again), circle[0]), "circle_en": alike(len(again), circle[1])}
    unchecked = context.unsound(*names) & (context.states() != CellState.ABSENT)
    return Result(again, facts, related=_others(context, keys, again), unchecked=unchecked)


def _others(context: Context, keys: Keys, among: Flags) -> Texts:
    """For each flagged record the places of the others with its key."""
    related, at = texts(len(keys)), positions(among)
    related[at] = others_of(keys[at], places(context.records, context.at, at))
    return related


@rule(
    "row-sum",
    Severity.ERROR,
    Scope.DISTRICT,
    title=("合计行与各行不符", "a row of sums does not add up"),
    message=(
        "“{row}”的“{field}”填 {value}，但{parts}，请核对更正。",
        "{field} of the row {row} is {value}, but {parts_en}; please correct.",
    ),
    when=(
        "印好的合计行不等于各行之和，或小于其中的几行之和",
        "a printed row is not the sum of others, or less than some of them",
    ),
    at_types=COUNTED,
    roles={
        "row": Role("rows"),
        "equals": Role("rows", required=False),
        "at_least": Role("rows", required=False),
        "less": Role("rows", required=False),
    },
    one_of=("equals", "at_least"),
)
def row_sum(context: Context) -> Result:
    """In the row under `row` not the sum of the rows under `equals`, or less than of those under `at_least`.

    Of the sum the rows under `less` are taken away: 年末结余 = 上年结转 + 收入 − 支出.
    """
    exact, some = context.role("equals"), context.role("at_least")
    less: tuple[str, ...] = context.role("less") or ()
    parts: tuple[str, ...] = exact or some or ()
    length, numbers = len(context.records), context.amounts()
    labels = context.shown(context.records.form.record)
    sound = context.filled(context.at) & ~context.unsound(context.at)
    known = sound | context.counts_as_nothing(context.at)
    wrong, unchecked = np.zeros(length, dtype=bool), np.zeros(length, dtype=bool)
    facts = {name: texts(length) for name in ("row", "parts", "parts_en", "expected")}
    where = {(sheet, label): at for at, (sheet, label) in enumerate(zip(context.records.sheet, labels, strict=True))}
    for sheet in np.unique(context.records.sheet).tolist():
        for label in context.role("row"):
            at = where.get((sheet, label), -1)
            others = [where.get((sheet, each), -1) for each in (*parts, *less)]
            if at < 0:
                continue
            if min(others, default=-1) < 0 or not sound[at] or not known[others].all() or not sound[others].any():
                unchecked[at] = True
                continue
            signs = np.array([1] * len(parts) + [-1] * len(less))
            total = np.round((numbers[others] * signs).sum(), PLACES)
            wrong[at] = numbers[at] != total if exact else numbers[at] < total
            told = shown_number(total.item())
            facts["row"][at], facts["expected"][at] = label, told if exact else ""
            taken = f"减去{_rows_told(less, '至')}" if less else ""
            taken_en = f" less {_rows_told(less, 'to')}" if less else ""
            facts["parts"][at] = f"{'应等于' if exact else '不应小于'}{_rows_told(parts, '至')}之和{taken} {told}"
            facts["parts_en"][at] = (
                f"it must {'equal' if exact else 'be at least'} {_rows_told(parts, 'to')}{taken_en}: {told}"
            )
    return Result(wrong, facts, unchecked=unchecked)


def _rows_told(parts: Sequence[str], between: str) -> str:
    quoted = [f"“{each}”" for each in parts]
    return f" {' + '.join(quoted)} " if len(quoted) < 4 else f"{quoted[0]}{between}{quoted[-1]}"


@rule(
    "row-missing",
    Severity.ERROR,
    Scope.DISTRICT,
    title=("缺少印好的行", "a printed row is missing"),
    message=("表中缺少“{rows}”这些行，请按原表补上并填写。", "the rows {rows} are missing; add and fill them in."),
    when=("印好的行被删去", "printed rows were deleted"),
    at_types=("row_label",),
)
def row_missing(context: Context) -> Result:
    """A sheet on which some of the printed rows do not stand."""
    labels, length = context.records.form.row_labels, len(context.records)
    lacking, rows = np.zeros(length, dtype=bool), texts(length)
    frame = pd.DataFrame({"sheet": context.records.sheet, "label": context.shown()})
    for _, own in frame.groupby("sheet"):
        stand = set(own["label"])
        absent = [label for label in labels if label not in stand]
        lacking[own.index[0]], rows[own.index[0]] = bool(absent), "、".join(absent)
    return Result(lacking, {"rows": rows}, on_sheet=True)


@rule(
    "total",
    Severity.ERROR,
    Scope.DISTRICT,
    title=("与另一张表的合计不符", "differs from another form's total"),
    message=(
        "“{field}”填 {value}，但本校《{list}》中“{other}”的合计为 {expected}，请核对更正。",
        "{field} is {value}, but {other_en} of the school's {list} adds up to {expected}; correct one of them.",
    ),
    when=("不等于本校另一张表某一栏的合计", "not the sum of another form's column over the school's records"),
    at_types=COUNTED,
    roles={"list": LIST, "field": Role("foreign", types=COUNTED), "among": LISTED_WHERE},
)
def total(context: Context) -> Result:
    """Not the sum of a column over the school's records of another form; unchecked while one of those can't be read."""
    listed: Records = context.district.records[context.role("list")]
    name, conditions = context.role("field"), context.role("among") or {}
    numbers = listed.values[name].fillna(0).to_numpy(dtype=np.float64)
    counted = listed.holding(conditions)
    doubtful = np.zeros(len(listed), dtype=bool)
    for each in (name, *conditions):
        doubtful |= listed.bears_error(each) | (listed.states[each] == CellState.ABSENT)
    sums = pd.Series(numbers[counted]).groupby(listed.school[counted].astype(str)).sum()
    schools = context.records.school
    expected = np.round(sums.reindex(schools.astype(str), fill_value=0.0).to_numpy(dtype=np.float64), PLACES)
    came = attendance(context.work).came(schools, listed.form.slug)
    unsure = np.isin(schools.astype(str), np.unique(listed.school[doubtful].astype(str))) | context.unsound(context.at)
    label = listed.form.by_name[name].label
    facts = {
        **called(context),
        "expected": np.array([shown_number(each) for each in expected.tolist()], dtype=object),
        "other": alike(len(schools), label.zh),
        "other_en": alike(len(schools), label.en),
    }
    differs = context.filled(context.at) & came & (context.amounts() != expected)
    return Result(differs & ~unsure, facts, unchecked=came & unsure)


@rule(
    "listed",
    Severity.ERROR,
    Scope.DISTRICT,
    title=("应在另一张表中而没有", "missing from another form"),
    message=(
        "“{value}”应在本校《{list}》中，但没有找到，请补充登记。",
        "{value} should stand in the school's {list}, and does not; please add it there.",
    ),
    when=("按规定应同时登记在另一张表中，却没有", "a person that another form of the school must hold, and does not"),
    at_types=("person_name",),
    roles={"list": LIST, "among": LISTED_WHERE, "unless": Role("field", required=False)},
)
def listed(context: Context) -> Result:
    """A person that the school's other form does not hold (there under `among`), unless `unless` is filled."""
    return absent_from(context, _concerned(context), found_among(context, context.role("among")))


@rule(
    "not-listed",
    Severity.ERROR,
    Scope.DISTRICT,
    title=("不应在另一张表中", "stands in another form as well"),
    message=(
        "“{value}”同时登记在本校《{list}》中，两张表不能都有，请核对更正。",
        "{value} stands in the school's {list} too, and can't be in both; please correct.",
    ),
    when=("按规定不应同时登记在另一张表中", "a person that another form of the school must not hold, and does"),
    at_types=("person_name",),
    roles={"list": LIST, "among": LISTED_WHERE, "unless": Role("field", required=False)},
)
def not_listed(context: Context) -> Result:
    """A person that the school's other form holds (there under `among`), unless the field `unless` is filled."""
    found = found_among(context, context.role("among"))
    theirs = context.district.records[context.role("list")]
    where = _concerned(context) & found.found
    related = places(theirs, theirs.form.record_field, np.where(where, found.partner, -1))
    return Result(where, called(context), related=related)


def _concerned(context: Context) -> Flags:
    unless = context.role("unless")
    if unless is None:
        return np.ones(len(context.records), dtype=bool)
    concerned: Flags = (context.states(unless) == CellState.BLANK) & ~context.unsound(unless)
    return concerned
