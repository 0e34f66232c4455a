"""Rules on a child's age: against its ID number, against what the form is for, against its grade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kbxt_merge.model.district import Flags, Records, Texts
from kbxt_merge.model.rule import Role, Scope, Severity
from kbxt_merge.model.text import Words
from kbxt_merge.rules.engine.rule import Context, Result, alike, rule, texts
from kbxt_merge.rules.id_numbers.number import birth_dates

_ID = {"id": Role("field", types=("id_number",))}
FURTHEST_GRADE = 3
"""So many grades may lie between a child's and its cohort's before somebody should look."""


@dataclass(frozen=True, slots=True)
class Ages:
    """Which ages a form may hold: born in the compulsory cohort, or full years between two bounds."""

    youngest: int
    oldest: int
    by_cohort: bool = False

    @property
    def words(self) -> Words:
        """The range in years."""
        return Words(f"{self.youngest} 至 {self.oldest} 周岁", f"{self.youngest} to {self.oldest} years")


AGES: Mapping[str, Ages] = {"compulsory": Ages(6, 15, by_cohort=True), "disabled": Ages(6, 18)}
"""The ranges a form's YAML may name; source: vocabulary.md, `Ages and cohorts`."""


@rule(
    "age-id-mismatch",
    Severity.ERROR,
    Scope.ROW,
    title=("年龄与身份证号码不符", "age differs from the ID number"),
    message=(
        "“{field}”填“{value}”，但按身份证号码，{form_day}时为 {expected} 周岁，请核对更正。",
        "{field} is {value}, but by the ID number {expected} full years on {form_day}; check both.",
    ),
    when=(
        "与填表日期的周岁不符；只差一岁为请核实",
        "differs from the full years on the form's date; off by one is a warning",
    ),
    at_types=("age",),
    roles=_ID,
)
def age_id_mismatch(context: Context) -> Result:
    """Not the full years between the ID number's birth date and the form's date; off by one is a warning.

    Where the form's date is a month, a child whose birthday lies in it may have either age.
    """
    births = birth_dates(context.values(context.role("id")), context.born_from("id"))
    known = ~np.isnat(births) & context.filled(context.at)
    expected = full_years(births, context.records.day)
    youngest = full_years(births, _first_days(context.records))
    typed = context.values().fillna(0).to_numpy(dtype=np.int64)
    apart = np.maximum(typed - expected, youngest - typed)
    severity = texts(len(apart))
    severity[apart == 1] = Severity.WARNING.value
    return Result(known & (apart > 0), {"expected": expected.astype(str).astype(object)}, severity=severity)


@rule(
    "age-out-of-range",
    Severity.WARNING,
    Scope.ROW,
    title=("不在应有的年龄范围", "not of the age that the form is for"),
    message=(
        "按“{field}”为 {age} 周岁，不在本表的范围（{range}）内，请核实{this_child}是否应填在本表。",
        "By {field} {this_child} is {age}, outside what this form is for ({range_en}); verify that it belongs here.",
    ),
    when=(
        "不是表格所要求的年龄：义务教育适龄，或残疾儿童的 6 至 18 岁",
        "not of the age that the form says: compulsory age, or 6 to 18 of disabled children",
    ),
    at_types=("id_number", "age"),
    roles={"ages": Role("choice", choices=tuple(AGES))},
)
def age_out_of_range(context: Context) -> Result:
    """Outside the compulsory cohort, or the ages of disabled children; by the ID number, or by the age it points at."""
    ages = AGES[context.role("ages")]
    if context.field.type == "age":
        return _out_of_years(context, ages)
    births = birth_dates(context.values(), context.field.born_from)
    years = full_years(births, context.records.day)
    if ages.by_cohort:
        year = context.district.period.school_year
        first, last = np.datetime64(f"{year - 15}-09-01"), np.datetime64(f"{year - 6}-08-31")
        outside, words = (births < first) | (births > last), _born(str(first), str(last))
    else:
        outside, words = (years < ages.youngest) | (years > ages.oldest), ages.words
    return Result(~np.isnat(births) & outside, _age_facts(years, words))


def _out_of_years(context: Context, ages: Ages) -> Result:
    """Where there is no birth date: from September to August a cohort's children are 6 to 15 years old."""
    years = context.values().fillna(-1).to_numpy(dtype=np.int64)
    outside = context.filled(context.at) & ((years < ages.youngest) | (years > ages.oldest))
    return Result(outside, _age_facts(years, ages.words))


def _age_facts(years: NDArray[np.int64], words: Words) -> dict[str, Texts]:
    length = len(years)
    return {
        "age": years.astype(str).astype(object),
        "range": alike(length, words.zh),
        "range_en": alike(length, words.en),
    }


def _born(first: str, last: str) -> Words:
    return Words(f"{first} 至 {last} 出生", f"born {first} to {last}")


@rule(
    "grade-age-mismatch",
    Severity.WARNING,
    Scope.ROW,
    title=("年级与年龄相差较大", "grade is far from the child's cohort"),
    message=(
        "“{field}”填“{value}”，按出生日期应在{expected}左右，相差超过三个年级，请核实。",
        "{field} is {value}, more than three grades from the cohort's ({expected}); please verify.",
    ),
    when=("与同龄人的年级相差超过三个", "more than three grades from the cohort's"),
    at_types=("grade",),
    roles=_ID,
)
def grade_age_mismatch(context: Context) -> Result:
    """More than three grades from the one that takes those born in the child's school year."""
    vocabulary = context.field.vocabulary
    assert vocabulary is not None, "the loader lets this rule point at a vocabulary only"
    births = birth_dates(context.values(context.role("id")), context.born_from("id"))
    expected = context.district.period.school_year - 5 - _cohort_years(births)
    order = {value: position for position, value in enumerate(vocabulary.values, 1)}
    grade = pd.Series(context.shown()).map(order).fillna(0).to_numpy(dtype=np.int64)
    far = ~np.isnat(births) & (grade > 0) & (np.abs(grade - expected) > FURTHEST_GRADE)
    nearest = np.clip(expected, 1, len(vocabulary.values)) - 1
    return Result(far, {"expected": np.array(vocabulary.values, dtype=object)[nearest]})


def _first_days(records: Records) -> NDArray[np.datetime64]:
    """The first day that the date of each record's form can mean; without one its `day`."""
    dates = [each.sheet.date for each in records.returned]
    firsts = np.array([date.first if date else None for date in dates], dtype="datetime64[D]")[records.sheet]
    return np.where(np.isnat(firsts), records.day, firsts)


def full_years(births: NDArray[np.datetime64], days: NDArray[np.datetime64]) -> NDArray[np.int64]:
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
