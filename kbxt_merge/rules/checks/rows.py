"""Rules on what must agree within one row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kbxt_merge.model.cell import shown_number
from kbxt_merge.model.district import Flags, Texts
from kbxt_merge.model.field import COUNTED
from kbxt_merge.model.rule import Role, Scope, Severity
from kbxt_merge.rules.engine.rule import PLACES, Context, Result, alike, rule, texts
from kbxt_merge.rules.id_numbers.number import birth_dates, sexes

_ID = {"id": Role("field", types=("id_number",))}


@rule(
    "sex-id-mismatch",
    Severity.ERROR,
    Scope.ROW,
    title=("性别与身份证号码不符", "sex differs from the ID number"),
    message=(
        "“{field}”填“{value}”，但身份证号码对应为“{expected}”，请核对更正。",
        "{field} is {value}, but the ID number says {expected}; check both.",
    ),
    when=("性别与身份证号码第 17 位不符", "the sex differs from the ID number's"),
    at_types=("sex",),
    roles=_ID,
)
def sex_id_mismatch(context: Context) -> Result:
    """Not the sex of the ID number's 17th digit: odd is male."""
    expected = sexes(context.values(context.role("id")), context.born_from("id"))
    differs = context.filled(context.at) & (expected != "") & (context.shown() != expected)
    return Result(differs, {"expected": expected})


@rule(
    "birthdate-id-mismatch",
    Severity.ERROR,
    Scope.ROW,
    title=("出生日期与身份证号码不符", "birth date differs from the ID number"),
    message=(
        "“{field}”填“{read}”，但身份证号码对应为“{expected}”，请核对更正。",
        "{field} is {read}, but the ID number says {expected}; check both.",
    ),
    when=("出生日期与身份证号码不符", "the birth date differs from the ID number's"),
    at_types=("date",),
    roles=_ID,
)
def birthdate_id_mismatch(context: Context) -> Result:
    """Not the birth date in the ID number; a month alone agrees with every day of it."""
    births = birth_dates(context.values(context.role("id")), context.born_from("id"))
    first = context.values().to_numpy(dtype="datetime64[D]")
    last = context.records.last_days[context.at]
    known = ~np.isnat(births) & context.filled(context.at)
    outside = (births < first) | (births > last)
    return Result(known & outside, {"read": context.shown(), "expected": births.astype(str).astype(object)})


@rule(
    "roll-number-id-mismatch",
    Severity.WARNING,
    Scope.ROW,
    title=("学籍号与身份证号码不符", "roll number differs from the ID number"),
    message=(
        "“{field}”{value} 中的身份证号码与本表的身份证号码不同，请核实。",
        "{field} {value} holds another ID number than this form; please verify.",
    ),
    when=("G 开头的学籍号不含本人的身份证号码", "a G number that does not hold the card's ID number"),
    at_types=("roll_number",),
    roles=_ID,
)
def roll_number_id_mismatch(context: Context) -> Result:
    """A G number that does not hold the ID number of its row."""
    rolls = context.values().fillna("")
    numbers = context.values(context.role("id")).fillna("")
    differs = rolls.str.startswith("G") & (numbers != "") & (rolls.str.slice(1) != numbers)
    return Result(differs.to_numpy(dtype=bool))


@rule(
    "date-order",
    Severity.ERROR,
    Scope.ROW,
    title=("日期先后矛盾", "dates in the wrong order"),
    message=(
        "“{field}”{read} 早于“{other}”{before}，请核对更正。",
        "{field} {read} lies before {other_en} {before}; check both dates.",
    ),
    when=("后面的日期早于前面的日期", "a later date lies before an earlier one"),
    at_types=("date",),
    roles={"after": Role("field", types=("date",))},
)
def date_order(context: Context) -> Result:
    """Even the last day that the date can mean lies before the first day of the other."""
    before = context.role("after")
    first = context.values(before).to_numpy(dtype="datetime64[D]")
    wrong = context.filled(context.at, before) & (context.records.last_days[context.at] < first)
    label, length = context.records.form.by_name[before].label, len(wrong)
    other = {"other": alike(length, label.zh), "other_en": alike(length, label.en)}
    return Result(wrong, {"read": context.shown(), "before": context.shown(before), **other})


@rule(
    "count-sum",
    Severity.ERROR,
    Scope.ROW,
    title=("合计与分项不符", "a sum does not add up"),
    message=("“{field}”填 {value}，但{parts}，请核对更正。", "{field} is {value}, but {parts_en}; please correct."),
    when=(
        "合计不等于各分项之和，或小于其中的几项之和，或大于别的几项之和",
        "a total is not the sum of its parts, or less than some of them, or more than others may make",
    ),
    at_types=COUNTED,
    roles={
        "equals": Role("fields", required=False, types=COUNTED),
        "at_least": Role("fields", required=False, types=COUNTED),
        "at_most": Role("fields", required=False, types=COUNTED),
        "less": Role("fields", required=False, types=COUNTED),
    },
    one_of=("equals", "at_least", "at_most"),
)
def count_sum(context: Context) -> Result:
    """Not the sum under `equals`, less than that under `at_least`, or more than that under `at_most`; forms.md, 1-1.

    From the sum the fields under `less` are taken away. A blank cell counts as nothing where the form does not ask for
    it and another of the parts is filled.
    """
    how = next(each for each in _HOW if context.role(each))
    added, taken = context.role(how), context.role("less") or ()
    parts = (*added, *taken)
    numbers = {name: context.amounts(name) for name in (context.at, *parts)}
    signed = [numbers[name] if at < len(added) else -numbers[name] for at, name in enumerate(parts)]
    total: NDArray[Any] = np.round(np.sum(signed, axis=0), PLACES)
    wrong: Flags = _HOW[how][0](numbers[context.at], total)
    facts = _sum_facts(context, parts, len(added), numbers, total, how)
    known = np.all([context.filled(name) | context.counts_as_nothing(name) for name in parts], axis=0)
    some = np.any([context.filled(name) for name in parts], axis=0)
    return Result(context.filled(context.at) & known & some & wrong, facts)


_HOW: Mapping[str, tuple[Callable[[Any, Any], Any], str, str]] = {
    "equals": (np.not_equal, "应等于", "must equal"),
    "at_least": (np.less, "不应小于", "must be at least"),
    "at_most": (np.greater, "不应大于", "must be at most"),
}
"""By the part's name what makes a number wrong beside the sum, and how that is told."""


def _sum_facts(
    context: Context,
    parts: tuple[str, ...],
    added: int,
    numbers: Mapping[str, NDArray[Any]],
    total: NDArray[Any],
    how: str,
) -> dict[str, Texts]:
    """What the sentence tells of a sum: of the parts the first `added` are added, the others taken away."""
    labels = [context.records.form.by_name[name].label for name in parts]
    signs = ["", *(" + " if at < added else " - " for at in range(1, len(parts)))]
    _, zh, en = _HOW[how]
    columns = [[shown_number(each) for each in numbers[name].tolist()] for name in parts]
    rows = list(zip(*columns, strict=True))
    told = [list(zip(signs, labels, row, strict=True)) for row in rows]
    sums_zh = ["".join(f"{sign}{label.zh} {n}" for sign, label, n in each) for each in told]
    sums_en = ["".join(f"{sign}{label.en} {n}" for sign, label, n in each) for each in told]
    wanted = list(map(shown_number, total.tolist()))
    totals = [f" = {value}" if len(parts) > 1 else "" for value in wanted]
    facts = {name: texts(len(rows)) for name in ("parts", "parts_en", "expected")}
    facts["expected"][:] = wanted if how == "equals" else [""] * len(rows)
    facts["parts"][:] = [f"{zh}{text}{value}" for text, value in zip(sums_zh, totals, strict=True)]
    facts["parts_en"][:] = [f"it {en} {text}{value}" for text, value in zip(sums_en, totals, strict=True)]
    return facts
