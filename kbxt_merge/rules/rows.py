"""Rules on what must agree within one row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kbxt_merge.model.district import Flags, Records, Texts
from kbxt_merge.model.rule_card import Role, Scope, Severity
from kbxt_merge.rules.id_number import birth_dates, sexes
from kbxt_merge.rules.rule import Failing, Look, rule, texts

ID = {"id": Role("field", types=("id_number",))}
FURTHEST_GRADE = 3
"""So many grades may lie between a child's and its cohort's before somebody should look."""


@dataclass(frozen=True, slots=True)
class Ages:
    """Which ages a form may hold: born in the compulsory cohort, or full years between two bounds."""

    youngest: int
    oldest: int
    by_cohort: bool = False


AGES: Mapping[str, Ages] = {"compulsory": Ages(6, 15, by_cohort=True), "disabled": Ages(6, 18)}
"""The ranges a form's YAML may name; source: vocabulary.md, `Ages and cohorts`."""


@rule(
    "sex-id-mismatch",
    Severity.ERROR,
    Scope.ROW,
    title=("性别与身份证号码不符", "sex differs from the ID number"),
    message=(
        "“{field}”是 {value}，身份证号码显示为 {expected}，请核对。",
        "{field} is {value}, but the ID number says {expected}.",
    ),
    when=("性别与身份证号码第 17 位不符", "the sex differs from the ID number's"),
    at_types=("sex",),
    roles=ID,
)
def sex_id_mismatch(look: Look) -> Failing:
    """Not the sex of the ID number's 17th digit: odd is male."""
    expected = sexes(look.values(look.role("id")))
    differs = look.filled(look.at) & (expected != "") & (look.shown() != expected)
    return Failing(differs, {"expected": expected})


@rule(
    "age-id-mismatch",
    Severity.ERROR,
    Scope.ROW,
    title=("年龄与身份证号码不符", "age differs from the ID number"),
    message=(
        "“{field}”是 {value}，按身份证号码到填表日期应为 {expected} 周岁，请核对。",
        "{field} is {value}, but by the ID number {expected} full years on the form's date.",
    ),
    when=(
        "与填表日期的周岁不符；只差一岁为请核实",
        "differs from the full years on the form's date; off by one is a warning",
    ),
    at_types=("age",),
    roles=ID,
)
def age_id_mismatch(look: Look) -> Failing:
    """Not the full years between the ID number's birth date and the form's date; off by one is a warning.

    Where the form's date is a month, a child whose birthday lies in it may have either age.
    """
    births = birth_dates(look.values(look.role("id")))
    known = ~np.isnat(births) & look.filled(look.at)
    expected = _full_years(births, look.records.day)
    youngest = _full_years(births, _first_days(look.records))
    typed = look.values().fillna(0).to_numpy(dtype=np.int64)
    apart = np.maximum(typed - expected, youngest - typed)
    severity = texts(len(apart))
    severity[apart == 1] = Severity.WARNING.value
    return Failing(known & (apart > 0), {"expected": expected.astype(str).astype(object)}, severity=severity)


@rule(
    "birthdate-id-mismatch",
    Severity.ERROR,
    Scope.ROW,
    title=("出生日期与身份证号码不符", "birth date differs from the ID number"),
    message=(
        "“{field}”是 {read}，身份证号码显示为 {expected}，请核对。",
        "{field} is {read}, but the ID number says {expected}.",
    ),
    when=("出生日期与身份证号码不符", "the birth date differs from the ID number's"),
    at_types=("date",),
    roles=ID,
)
def birthdate_id_mismatch(look: Look) -> Failing:
    """Not the birth date in the ID number; a month alone agrees with every day of it."""
    births = birth_dates(look.values(look.role("id")))
    first = look.values().to_numpy(dtype="datetime64[D]")
    last = look.records.last_days[look.at]
    known = ~np.isnat(births) & look.filled(look.at)
    outside = (births < first) | (births > last)
    return Failing(known & outside, {"read": look.shown(), "expected": births.astype(str).astype(object)})


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
    roles=ID,
)
def roll_number_id_mismatch(look: Look) -> Failing:
    """A G number that does not hold the ID number of its row."""
    rolls = look.values().fillna("")
    numbers = look.values(look.role("id")).fillna("")
    differs = rolls.str.startswith("G") & (numbers != "") & (rolls.str.slice(1) != numbers)
    return Failing(differs.to_numpy(dtype=bool))


@rule(
    "age-out-of-range",
    Severity.WARNING,
    Scope.ROW,
    title=("不在应有的年龄范围", "not of the age that the form is for"),
    message=(
        "按“{field}”计算为 {age} 周岁，不在本表应有的年龄范围（{range}），请核实。",
        "By {field} the child is {age}, outside the ages of this form ({range}); please verify.",
    ),
    when=(
        "附件 1-2、2、5：非义务教育适龄；附件 3、4：不满 6 岁或超过 18 岁",
        "not of compulsory age (1-2, 2, 5); under 6 or over 18 (3, 4)",
    ),
    at_types=("id_number", "age"),
    roles={"ages": Role("choice", choices=tuple(AGES))},
)
def age_out_of_range(look: Look) -> Failing:
    """Outside the compulsory cohort, or the ages of disabled children; by the ID number, or by the age it points at."""
    ages = AGES[look.role("ages")]
    if look.field.type == "age":
        return _out_of_years(look, ages)
    births = birth_dates(look.values())
    years = _full_years(births, look.records.day)
    if ages.by_cohort:
        year = look.district.period.school_year
        first, last = np.datetime64(f"{year - 15}-09-01"), np.datetime64(f"{year - 6}-08-31")
        outside, span = (births < first) | (births > last), f"{first}—{last}"
    else:
        outside, span = (years < ages.youngest) | (years > ages.oldest), f"{ages.youngest}—{ages.oldest}"
    facts = {"age": years.astype(str).astype(object), "range": texts(len(years), span)}
    return Failing(~np.isnat(births) & outside, facts)


def _out_of_years(look: Look, ages: Ages) -> Failing:
    """Where there is no birth date: from September to August a cohort's children are 6 to 15 years old."""
    years = look.values().fillna(-1).to_numpy(dtype=np.int64)
    outside = look.filled(look.at) & ((years < ages.youngest) | (years > ages.oldest))
    span = texts(len(years), f"{ages.youngest}—{ages.oldest}")
    return Failing(outside, {"age": years.astype(str).astype(object), "range": span})


@rule(
    "grade-age-mismatch",
    Severity.WARNING,
    Scope.ROW,
    title=("年级与年龄相差较大", "grade is far from the child's cohort"),
    message=(
        "“{field}”是 {value}，按出生日期应在{expected}左右，相差三个年级以上，请核实。",
        "{field} is {value}, more than three grades from the cohort's ({expected}); please verify.",
    ),
    when=("与同龄人的年级相差三个以上", "more than three grades from the cohort's"),
    at_types=("grade",),
    roles=ID,
)
def grade_age_mismatch(look: Look) -> Failing:
    """More than three grades from the one that takes those born in the child's school year."""
    vocabulary = look.field.vocabulary
    assert vocabulary is not None, "the loader lets this rule point at a vocabulary only"
    births = birth_dates(look.values(look.role("id")))
    expected = look.district.period.school_year - 5 - _cohort_years(births)
    order = {value: position for position, value in enumerate(vocabulary.values, 1)}
    grade = pd.Series(look.shown()).map(order).fillna(0).to_numpy(dtype=np.int64)
    far = ~np.isnat(births) & (grade > 0) & (np.abs(grade - expected) > FURTHEST_GRADE)
    nearest = np.clip(expected, 1, len(vocabulary.values)) - 1
    return Failing(far, {"expected": np.array(vocabulary.values, dtype=object)[nearest]})


@rule(
    "date-order",
    Severity.ERROR,
    Scope.ROW,
    title=("日期先后颠倒", "dates in the wrong order"),
    message=(
        "“{field}”{read} 早于{other} {before}，请核对。",
        "{field} {read} lies before {other} {before}; please check.",
    ),
    when=("复学时间早于辍学时间", "returned before dropping out"),
    at_types=("date",),
    roles={"after": Role("field", types=("date",))},
)
def date_order(look: Look) -> Failing:
    """Even the last day that the date can mean lies before the first day of the other."""
    before = look.role("after")
    first = look.values(before).to_numpy(dtype="datetime64[D]")
    wrong = look.filled(look.at, before) & (look.records.last_days[look.at] < first)
    label = texts(len(wrong), look.records.form.by_name[before].label.zh)
    return Failing(wrong, {"read": look.shown(), "before": look.shown(before), "other": label})


@rule(
    "count-sum",
    Severity.ERROR,
    Scope.ROW,
    title=("合计与分项不符", "a sum does not add up"),
    message=("“{field}”是 {value}，{parts}，两者不符，请核对。", "{field} is {value}, but {parts_en}; please check."),
    when=(
        "合计不等于各分项之和，或小于其中的几项之和",
        "a total is not the sum of its parts, or less than some of them",
    ),
    at_types=("count",),
    roles={
        "equals": Role("fields", required=False, types=("count",)),
        "at_least": Role("fields", required=False, types=("count",)),
    },
)
def count_sum(look: Look) -> Failing:
    """Not the sum of the fields under `equals`, or less than that of those under `at_least`; source: forms.md, 1-1."""
    exact, some = look.role("equals"), look.role("at_least")
    parts = exact or some
    numbers = {name: look.values(name).fillna(0).to_numpy(dtype=np.int64) for name in (look.at, *parts)}
    total: NDArray[np.int64] = np.sum([numbers[name] for name in parts], axis=0)
    wrong = numbers[look.at] != total if exact else numbers[look.at] < total
    return Failing(look.filled(look.at, *parts) & wrong, _sum_facts(look, parts, numbers, total, exact=bool(exact)))


def _sum_facts(
    look: Look, parts: tuple[str, ...], numbers: Mapping[str, NDArray[Any]], total: NDArray[Any], *, exact: bool
) -> dict[str, Texts]:
    labels = [look.records.form.by_name[name].label for name in parts]
    zh, en = ("应等于", "must equal") if exact else ("不应小于", "must be at least")
    columns = [numbers[name] for name in parts]
    rows = list(zip(*columns, strict=True))
    sums_zh = [" + ".join(f"{label.zh} {n}" for label, n in zip(labels, row, strict=True)) for row in rows]
    sums_en = [" + ".join(f"{label.en} {n}" for label, n in zip(labels, row, strict=True)) for row in rows]
    totals = [f" = {value}" if len(parts) > 1 else "" for value in total]
    facts = {"parts": texts(len(rows)), "parts_en": texts(len(rows))}
    facts["parts"][:] = [f"{zh}{text}{value}" for text, value in zip(sums_zh, totals, strict=True)]
    facts["parts_en"][:] = [f"it {en} {text}{value}" for text, value in zip(sums_en, totals, strict=True)]
    return facts


def _first_days(records: Records) -> NDArray[np.datetime64]:
    """The first day that the date of each record's form can mean; without one its `day`."""
    dates = [each.sheet.date for each in records.returned]
    firsts = np.array([date.first if date else None for date in dates], dtype="datetime64[D]")[records.sheet]
    return np.where(np.isnat(firsts), records.day, firsts)


def _full_years(births: NDArray[np.datetime64], days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """The full years between births and days; 0 where there is no birth date.  Born on 29 February: on 1 March."""
    known: Flags = ~np.isnat(births)
    safe = np.where(known, births, days).astype("datetime64[D]")
    years = days.astype("datetime64[Y]").astype(np.int64) - safe.astype("datetime64[Y]").astype(np.int64)
    had_birthday = _month_day(days) >= _month_day(safe)
    return np.where(known, years - ~had_birthday, 0).astype(np.int64)


def _month_day(days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    months = days.astype("datetime64[M]")
    return np.asarray(
        (months.astype(np.int64) % 12) * 100 + (days - months.astype("datetime64[D]")).astype(np.int64), dtype=np.int64
    )


def _cohort_years(births: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """The calendar year in whose 31 August a cohort ends: a child of September counts to the next year."""
    safe = np.where(np.isnat(births), np.datetime64("2000-01-01"), births).astype("datetime64[M]").astype(np.int64)
    return (safe // 12 + 1970 + (safe % 12 >= 8)).astype(np.int64)
