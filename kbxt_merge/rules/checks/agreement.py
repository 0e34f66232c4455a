"""Rules that any form may use: what must follow from other cells of the same record."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kbxt_merge.model.cell import shown_number
from kbxt_merge.model.district import Flags, Texts
from kbxt_merge.model.field import COUNTED, PER_CENT
from kbxt_merge.model.rule import Role, Scope, Severity
from kbxt_merge.model.text import Language, Words, plain
from kbxt_merge.rules.checks.ages import full_years
from kbxt_merge.rules.engine.rule import PLACES, Context, Result, alike, rule
from kbxt_merge.rules.id_numbers.number import birth_dates


@rule(
    "product",
    Severity.ERROR,
    Scope.ROW,
    title=("与乘积不符", "a product does not come out"),
    message=(
        "“{field}”填 {value}，但按{parts} 应为 {expected}，请核对更正。",
        "{field} is {value}, but by {parts_en} it must be {expected}; please correct.",
    ),
    when=(
        "不等于几栏的乘积（或再除以一栏；比率按百分数）",
        "not the product of the fields, divided by another where one is named (a rate in per cent)",
    ),
    at_types=COUNTED,
    roles={
        "of": Role("fields", required=False, types=COUNTED),
        "plus": Role("fields", required=False, types=COUNTED),
        "divided_by": Role("field", required=False, types=COUNTED),
    },
    any_of=("of", "plus"),
)
def product(context: Context) -> Result:
    """Not the product of the fields under `of`, divided by the one under `divided_by`; in the field's decimal places.

    The sum of the fields under `plus` is a factor as well: 优良率 = （优秀 + 良好）÷ 实测.

    Of a field in % the quotient counts a hundred times; a spreadsheet may hold it as a part of one.
    """
    names, added, by = context.role("of") or (), context.role("plus") or (), context.role("divided_by")
    numbers = [context.amounts(name) for name in names]
    numbers += [np.sum([context.amounts(name) for name in added], axis=0)] if added else []
    worth = np.prod(numbers, axis=0, dtype=np.float64)
    known = context.filled(context.at, *names, *added, *([by] if by else []))
    is_rate = context.field.unit == PER_CENT
    if by:
        divisor = context.amounts(by)
        known &= divisor != 0
        worth = worth / np.where(divisor == 0, 1, divisor) * (100 if is_rate else 1)
    typed = context.amounts()
    wrong = ~_is_rounded(context, typed, worth)
    if is_rate:
        wrong &= ~_is_rounded(context, typed * 100, worth)
    facts = {
        "parts": _told(context, names, added, by, "zh"),
        "parts_en": _told(context, names, added, by, "en"),
        "expected": np.array([shown_number(each) for each in np.round(worth, _shown_places(context)).tolist()], object),
    }
    return Result(known & wrong, facts)


def _shown_places(context: Context) -> int:
    return 2 if context.field.places is None else context.field.places


def _is_rounded(context: Context, typed: np.ndarray, worth: np.ndarray) -> Flags:
    """Whether each number is what was worked out, rounded to the field's places, or to as many as it is typed with."""
    if context.field.type == "count":
        places = np.zeros(len(typed), dtype=np.int64)
    else:
        least = context.field.places or 0
        decimals = (shown_number(each).partition(".")[2] for each in typed.tolist())
        places = np.array([max(len(each), least) for each in decimals], dtype=np.int64)
    close: Flags = np.abs(typed - worth) <= 0.5 * 10.0**-places + 10.0**-PLACES
    return close


def _told(context: Context, names: Sequence[str], added: Sequence[str], by: str | None, language: Language) -> Texts:
    def numbers(fields: Sequence[str], between: str) -> list[str]:
        columns = [[f"{labels[each].of(language)} {text}" for text in context.shown(each)] for each in fields]
        return [between.join(each) for each in zip(*columns, strict=True)]

    labels = {each.name: each.label for each in context.records.form.fields}
    brackets = "（{}）" if language == "zh" else "({})"
    parts = [list(map(brackets.format, numbers(added, " + ")))] if added else []
    parts += [numbers(names, " × ")] if names else []
    told = [" × ".join(each) for each in zip(*parts, strict=True)]
    if by:
        told = [f"{part} ÷ {each}" for part, each in zip(told, numbers([by], ""), strict=True)]
    return np.array(told, dtype=object)


@rule(
    "same-as",
    Severity.ERROR,
    Scope.ROW,
    title=("两栏应当一致", "two cells that must be alike differ"),
    message=(
        "“{field}”填“{value}”，与“{other}”不一致，请核对更正。",
        "{field} holds “{value}”, other than {other_en}; please correct.",
    ),
    when=("与应当相同的另一栏不同", "another value than the field that it must be the same as"),
    roles={"as": Role("field")},
)
def same_as(context: Context) -> Result:
    """Another text than the field under `as` holds, compared without white space and width."""
    other = context.role("as")
    pairs = zip(context.shown(), context.shown(other), strict=True)
    differs = np.array([plain(mine).upper() != plain(theirs).upper() for mine, theirs in pairs], dtype=bool)
    label, length = context.records.form.by_name[other].label, len(differs)
    facts = {"other": alike(length, label.zh), "other_en": alike(length, label.en)}
    return Result(differs & context.filled(context.at, other), facts)


@rule(
    "within",
    Severity.WARNING,
    Scope.ROW,
    title=("超出规定的时限或年龄", "outside the days or ages that the form allows"),
    message=(
        "“{field}”填“{value}”，{told}，不在规定的{range}之内，请核实。",
        "{field} is {value}, {told_en}, outside {range_en}; please verify.",
    ),
    when=(
        "日期与另一日期相隔的天数，或按身份证号码、年龄计算的周岁，超出规定",
        "the days from another date, or the full years by ID number or age, are not those that the form allows",
    ),
    at_types=("date", "id_number", "age"),
    roles={
        "of": Role("field", required=False, types=("date",)),
        "least": Role("number", required=False),
        "most": Role("number", required=False),
    },
    any_of=("least", "most"),
)
def within(context: Context) -> Result:
    """A date fewer than `least` or more than `most` days after that under `of`; or a person younger or older."""
    least, most = context.role("least"), context.role("most")
    if context.field.type == "date":
        told, outside, counted, unit = _days(context, least, most)
    else:
        told, outside, counted, unit = _years(context, least, most)
    length = len(outside)
    spans = (_span(least, most, unit.zh, "至"), _span(least, most, unit.en, "to"))
    facts = {"range": alike(length, spans[0]), "range_en": alike(length, spans[1])}
    for name, words in (("told", told.zh), ("told_en", told.en)):
        facts[name] = np.array([words.format(count=each) for each in counted.tolist()], dtype=object)
    return Result(outside, facts)


_Judged = tuple[Words, Flags, np.ndarray, Words]
"""What is told, which records are outside, the days or years of each, and what these are called."""


def _days(context: Context, least: float | None, most: float | None) -> _Judged:
    """How many days lie between two dates; of a month those that make it fit."""
    other = context.role("of")
    if other is None:
        firsts = lasts = context.records.day
        known, label = context.filled(context.at), context.records.form.day_words
    else:
        firsts = context.values(other).to_numpy(dtype="datetime64[D]")
        lasts = context.records.last_days[other].astype("datetime64[D]")
        known, label = context.filled(context.at, other), context.records.form.by_name[other].label
    first = context.values().to_numpy(dtype="datetime64[D]")
    last = context.records.last_days[context.at].astype("datetime64[D]")
    day = np.timedelta64(1, "D")
    longest = np.where(known, (last - firsts) / day, 0).astype(np.int64)
    shortest = np.where(known, (first - lasts) / day, 0).astype(np.int64)
    low, high = (0.0 if least is None else least), (np.inf if most is None else most)
    outside = known & ((longest < low) | (shortest > high))
    told = Words(f"距“{label.zh}” {{count}} 天", f"{{count}} days from {label.en}")
    return told, outside, np.where(longest < low, longest, shortest), Words("天", "days")


def _years(context: Context, least: float | None, most: float | None) -> _Judged:
    if context.field.type == "age":
        years, known = context.values().fillna(0).to_numpy(dtype=np.int64), context.filled(context.at)
    else:
        births = birth_dates(context.values(), context.field.born_from)
        years, known = full_years(births, context.records.day), ~np.isnat(births)
    outside = known & ((years < (-np.inf if least is None else least)) | (years > (np.inf if most is None else most)))
    return Words("为 {count} 周岁", "{count} full years"), outside, years, Words("周岁", "years")


def _span(least: float | None, most: float | None, unit: str, between: str) -> str:
    parts = [shown_number(each) for each in (least, most) if each is not None]
    marks = {
        (True, False): f"≥ {parts[0] if parts else ''} {unit}",
        (False, True): f"≤ {parts[-1] if parts else ''} {unit}",
    }
    return marks.get((least is not None, most is not None), f" {f' {between} '.join(parts)} {unit}").strip()
