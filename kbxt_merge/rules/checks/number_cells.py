"""Rules on cells that hold numbers of any kind: amounts, codes, phone and roll numbers, and the bounds of a field."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from kbxt_merge.model.cell import CellState, shown_number
from kbxt_merge.model.field import FORM_DAY, PER_CENT, Bound
from kbxt_merge.model.rule import Scope, Severity
from kbxt_merge.rules.checks.cells import was_read
from kbxt_merge.rules.engine.rule import Context, Result, rule, texts

_ROUNDING = 1e-6
"""What numbers that a spreadsheet worked out may differ by and be the same."""


@rule(
    "number-invalid",
    Severity.ERROR,
    Scope.CELL,
    title=("数值不规范", "not a number"),
    message=(
        "“{field}”填“{value}”，应为{wanted}，请改正。",
        "{field} holds “{value}”; it must be {wanted_en}.",
    ),
    when=("不是数，小于 0，或小数位数过多", "no number, less than 0, or of too many decimal places"),
    types=("number",),
)
def number_invalid(context: Context) -> Result:
    """No number in the field's unit; below 0, unless its `min` says otherwise; more decimals than its `places`."""
    field, values = context.field, context.values()
    wrong = np.isin(context.states(), (CellState.UNREADABLE,))
    if field.least is None:
        wrong |= (values < 0).fillna(False).to_numpy(dtype=bool)
    if field.places is not None:
        places = field.places + 2 * (field.unit == PER_CENT)  # a spreadsheet holds per cent as parts of one
        wrong |= ((values - values.round(places)).abs() > _ROUNDING).fillna(False).to_numpy(dtype=bool)
    of_places = "" if field.places is None else f"（最多 {field.places} 位小数）" if field.places else "（整数）"
    of_places_en = "" if field.places is None else f" of at most {field.places} decimal places"
    wanted = {
        "wanted": f"数{field.unit and f'，以{field.unit}为单位'}{of_places}",
        "wanted_en": f"a number{of_places_en}{field.unit and f' in {field.unit}'}",
    }
    return Result(wrong, {name: texts(len(wrong), text) for name, text in wanted.items()})


@rule(
    "code-invalid",
    Severity.ERROR,
    Scope.CELL,
    title=("编码不规范", "not a code of its kind"),
    message=(
        "“{field}”填“{value}”，不是正确的{kind}，应为{shape}，请核对。",
        "{field} holds “{value}”, which is no {kind_en}: that is {shape_en}; please check.",
    ),
    when=("不是规定的编码：位数、字符或校验码不对", "not of its kind: length, characters or check digit are wrong"),
    types=("code",),
)
def code_invalid(context: Context) -> Result:
    """Not a code of the field's kind or mask; source: `model.codes`."""
    code = context.field.code
    if code is None:
        return context.nothing()
    read = context.values().fillna("").tolist()
    good = np.array([code.fits(text) for text in read], dtype=bool)
    wrong = (was_read(context) & ~good) | (context.states() == CellState.DAMAGED)
    words = {"kind": code.words.zh, "kind_en": code.words.en, "shape": code.shape.zh, "shape_en": code.shape.en}
    return Result(wrong, {name: texts(len(wrong), text) for name, text in words.items()})


@rule(
    "out-of-range",
    Severity.ERROR,
    Scope.CELL,
    title=("超出规定的范围", "out of range"),
    message=(
        "“{field}”填“{value}”，{bound}，请核对更正。",
        "{field} is {value}; {bound_en}; please check.",
    ),
    when=(
        "小于表格定义的最小值，或大于最大值",
        "less than the least or more than the most that the form's definition allows",
    ),
    types=("bounded",),
)
def out_of_range(context: Context) -> Result:
    """Less than the field's `min` or more than its `max`: of a date no day that it can mean is within."""
    field = context.field
    if field.type == "date":
        first, last = context.values().to_numpy(dtype="datetime64[D]"), context.records.last_days[context.at]
    else:
        first = last = context.values().to_numpy(dtype=np.float64, na_value=np.nan)
    facts = {"bound": texts(len(first)), "bound_en": texts(len(first))}
    wrong = np.zeros(len(first), dtype=bool)
    for bound, zh, en in (
        (field.least, "不应小于", "it must be at least"),
        (field.most, "不应大于", "it must be at most"),
    ):
        if bound is None:
            continue
        limit = _limit(context, bound)
        beyond = (last < limit if bound is field.least else first > limit) & context.filled(context.at) & ~wrong
        says = np.array([shown_number(each) for each in limit.tolist()], dtype=object)
        day, by_day = context.records.form.day_words, bound == FORM_DAY
        told = f"{_BY_DAY[zh]}{day.zh}" if by_day else zh
        told_en = f"{en} {day.en}," if by_day else en
        facts["bound"][beyond] = [f"{told} {each}" for each in says[beyond]]
        facts["bound_en"][beyond] = [f"{told_en} {each}" for each in says[beyond]]
        wrong |= beyond
    return Result(wrong, facts)


_BY_DAY = {"不应小于": "不应早于", "不应大于": "不应晚于"}


def _limit(context: Context, bound: Bound) -> np.ndarray[Any, Any]:
    """The bound of each record."""
    if bound == FORM_DAY:
        return context.records.day
    length = len(context.records)
    return np.full(length, np.datetime64(bound, "D")) if isinstance(bound, dt.date) else np.full(length, float(bound))


@rule(
    "phone-invalid",
    Severity.ERROR,
    Scope.CELL,
    title=("联系电话不规范", "not a phone number"),
    message=(
        "“{field}”填“{value}”，不是有效的电话号码，请填 11 位手机号码，或带区号的固定电话。",
        "{field} holds “{value}”, which is no phone number; write a mobile of 11 digits, or a landline with its area.",
    ),
    when=("不是手机号码或带区号的固定电话", "neither a mobile number nor a landline with area code"),
    types=("phone",),
)
def phone_invalid(context: Context) -> Result:
    """Neither a mobile number (1[3-9] and nine digits) nor a landline with its area code."""
    return Result(context.states() == CellState.UNREADABLE)


@rule(
    "roll-number-invalid",
    Severity.ERROR,
    Scope.CELL,
    title=("学籍号不规范", "not a roll number"),
    message=(
        "“{field}”填“{value}”，应为 G 加 18 位身份证号码（或 J、L 开头的学籍号），请核对。",
        "{field} holds “{value}”; a roll number is G and the ID number, or begins with J or L.",
    ),
    when=("不是 G、J、L 开头的全国学籍号", "not a national roll number"),
    types=("roll_number",),
)
def roll_number_invalid(context: Context) -> Result:
    """Neither G + ID number, nor J + 6 + 8 + 3 + check character, nor L + 6 + 8 + 4; source: vocabulary.md."""
    forms = r"G[0-9]{17}[0-9X]|J[0-9]{17}[0-9X]|L[0-9]{18}"
    good = context.values().fillna("").str.fullmatch(forms).to_numpy(dtype=bool)
    return Result(was_read(context) & ~good)
