"""Rules on a single cell; what a cell means has been read before, here it is judged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np

from kbxt_merge.model.cell import CellState, shown_number
from kbxt_merge.model.district import Texts
from kbxt_merge.model.form import BASIC_TYPES, FORM_DAY, Bound
from kbxt_merge.model.rule import Scope, Severity
from kbxt_merge.model.text import compact_value, each_once
from kbxt_merge.rules.engine.rule import Context, Result, rule, texts

ANY = (*BASIC_TYPES, "vocabulary")
LONGEST_NAME = 20
PER_CENT = "%"
_ROUNDING = 1e-6
"""What numbers that a spreadsheet worked out may differ by and be the same."""

_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_NAME = rf"(?:[{_HAN}](?:[{_HAN}·]*[{_HAN}])|[A-Za-z][A-Za-z·.' \-]*[A-Za-z])"
_NO_NAME = r"某|待定|待补|不详|不明|未知|无名|同学|^暂?无$|^没有$|^[同如见]上$|^上同$|^姓名$"


@rule(
    "required-missing",
    Severity.ERROR,
    Scope.CELL,
    title=("必填项为空", "required cell is blank"),
    message=("“{field}”未填写，请补填。", "{field} is blank; please fill it in."),
    when=(
        "必填的单元格为空，而该行填有其他内容",
        "a required cell is blank in a row that holds anything besides its number",
    ),
    types=("required",),
)
def required_missing(context: Context) -> Result:
    """Blank where the form requires a value, for instance no 身份证号码 beside a name."""
    field, records = context.field, context.records
    if field.vocabulary is not None and field.vocabulary.blank is not None:
        return context.nothing()
    blank = context.states() == CellState.BLANK
    if field.required_when and not field.required:
        blank &= records.holding(field.required_when)
    return Result(blank & records.holding(field.applies_to) if field.applies_to else blank)


@rule(
    "not-applicable",
    Severity.WARNING,
    Scope.CELL,
    title=("不必填的栏填有内容", "filled where it does not apply"),
    message=(
        "“{field}”填“{value}”，但按“{other}”这一栏不适用，请核实哪一处有误。",
        "{field} holds “{value}”, but does not apply by {other_en}; verify which of them is wrong.",
    ),
    when=("这一栏不适用的行填有内容", "a cell is filled in a row to which its column does not apply"),
    types=("applies_to",),
)
def not_applicable(context: Context) -> Result:
    """Filled though the fields under `applies_to` hold none of the values for which the field is meant."""
    applies = context.field.applies_to
    known = context.filled(*applies) & ~context.unsound(*applies)
    stray = known & context.filled(context.at) & ~context.records.holding(applies)
    labels = [context.records.form.by_name[name].label for name in applies]
    others = {"other": "、".join(each.zh for each in labels), "other_en": ", ".join(each.en for each in labels)}
    return Result(stray, {name: texts(len(stray), text) for name, text in others.items()})


@rule(
    "error-value",
    Severity.ERROR,
    Scope.CELL,
    title=("单元格是错误值", "spreadsheet error"),
    message=(
        "“{field}”为公式错误值 {value}，请直接填写正确内容。",
        "{field} shows {value}: the formula failed; type the value itself.",
    ),
    when=("#N/A、#REF!、#VALUE! 等", "#N/A, #REF!, #VALUE! and the like"),
    types=ANY,
)
def error_value(context: Context) -> Result:
    """A spreadsheet error such as #REF! stands in the cell."""
    return Result(context.states() == CellState.ERROR_VALUE)


@rule(
    "formula-without-value",
    Severity.ERROR,
    Scope.CELL,
    title=("公式没有结果", "formula without its result"),
    message=(
        "“{field}”是公式，但保存时没有计算结果，请改为直接填写的内容后重新保存。",
        "{field} is a formula saved without its result; type the value itself and save again.",
    ),
    when=("公式保存时没有结果", "a formula that was saved without its result"),
    types=ANY,
)
def formula_without_value(context: Context) -> Result:
    """A formula whose result the file does not hold, for instance `=C5+D5` from a converter."""
    return Result(context.states() == CellState.NO_RESULT)


@rule(
    "name-invalid",
    Severity.ERROR,
    Scope.CELL,
    title=("姓名不规范", "not a person's name"),
    message=(
        "“{field}”填“{value}”，不是规范的姓名，请按户口簿填写。",
        "{field} holds “{value}”, which is not a person's name; write it as in the household register.",
    ),
    when=("不是 2 至 20 个汉字（可含·）的姓名", "not a name of 2 to 20 Chinese characters"),
    types=("person_name",),
)
def name_invalid(context: Context) -> Result:
    """Not 2 to 20 Chinese characters with ·, nor an all-Latin name: `张3`, `待定`, `李某`; source: vocabulary.md."""
    names = context.values().fillna("")
    good = names.str.fullmatch(_NAME) & ~names.str.contains(_NO_NAME) & (names.str.len() <= LONGEST_NAME)
    return Result(_read(context) & ~good.to_numpy(dtype=bool))


@rule(
    "age-invalid",
    Severity.ERROR,
    Scope.CELL,
    title=("年龄不规范", "age is not a number of years"),
    message=(
        "“{field}”填“{value}”，应为 {least} 至 {most} 的整数，请改正。",
        "{field} holds “{value}”; it must be a whole number from {least} to {most}.",
    ),
    when=("不是 0 至 30 的整数（成人 120）", "not an integer from 0 to 30 (of adults 120)"),
    types=("age",),
)
def age_invalid(context: Context) -> Result:
    """Not an integer from 0 to 30: `十几岁`, 45; of others than children up to 120, or as the field says."""
    least, most = context.field.ages
    outside = ~context.values().between(least, most).fillna(True).to_numpy(dtype=bool)
    bounds = {"least": texts(len(outside), str(least)), "most": texts(len(outside), str(most))}
    return Result((context.states() == CellState.UNREADABLE) | outside, bounds)


@rule(
    "count-invalid",
    Severity.ERROR,
    Scope.CELL,
    title=("人数不规范", "not a count"),
    message=(
        "“{field}”填“{value}”，应为 0 或正整数，请改正。",
        "{field} holds “{value}”; it must be a whole number, 0 or more.",
    ),
    when=("不是 0 或正整数", "not an integer of 0 or more"),
    types=("count",),
)
def count_invalid(context: Context) -> Result:
    """Not an integer of 0 or more: -1, 3.5, `若干`."""
    negative = (context.values() < 0).fillna(False).to_numpy(dtype=bool)
    return Result((context.states() == CellState.UNREADABLE) | negative)


@rule(
    "date-invalid",
    Severity.ERROR,
    Scope.CELL,
    title=("日期不规范", "not a date"),
    message=(
        "“{field}”填“{value}”，不是有效日期，请填写为 2021-03-01 或 2021年3月 的格式。",
        "{field} holds “{value}”, which is no date; write it like 2021-03-01 or 2021-03.",
    ),
    when=("不是日期", "not a date"),
    types=("date",),
)
def date_invalid(context: Context) -> Result:
    """Not a date in any form of vocabulary.md, or no such day: 2021-02-30."""
    return Result(context.states() == CellState.UNREADABLE)


@rule(
    "date-ambiguous",
    Severity.WARNING,
    Scope.CELL,
    title=("日期有两种可能", "date may be another one"),
    message=(
        "“{field}”填“{value}”，有两种可能（如 2021.1 是 1 月，还是丢了 0 的 10 月），请填写为 2021年10月 的格式。",
        "{field} holds “{value}”, which may be two dates (as 2021.1: January, or an October that lost its zero); "
        "write it like 2021-10.",
    ),
    when=(
        "数字 2021.1：1 月，或丢了 0 的 10 月；12.5：2012 年 5 月，或 12 月 5 日",
        "the number 2021.1: January, or a damaged 2021.10; 12.5: May 2012, or a day of December",
    ),
    types=("date",),
)
def date_ambiguous(context: Context) -> Result:
    """A number such as 2021.1, which may be a 2021.10 that lost its zero."""
    return Result(context.states() == CellState.AMBIGUOUS)


@rule(
    "date-future",
    Severity.ERROR,
    Scope.CELL,
    title=("日期晚于填表日期", "date lies in the future"),
    message=(
        "“{field}”填“{date}”，晚于填表日期 {day}，请核对更正。",
        "{field} is {date}, after the form's own date {day}; please check.",
    ),
    when=("晚于填表日期一天以上", "after the form's date by more than a day"),
    types=("date",),
)
def date_future(context: Context) -> Result:
    """More than a day after the last day that the form's date can mean."""
    if context.field.may_lie_ahead:
        return context.nothing()
    days = context.records.day
    first = context.values().to_numpy(dtype="datetime64[D]")
    late = context.filled(context.at) & (first > days + np.timedelta64(1, "D"))
    return Result(late, {"date": context.shown(), "day": days.astype(str).astype(object)})


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
    wrong = (_read(context) & ~good) | (context.states() == CellState.DAMAGED)
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
        by_day = bound == FORM_DAY
        facts["bound"][beyond] = [f"{_BY_DAY[zh] if by_day else zh} {each}" for each in says[beyond]]
        facts["bound_en"][beyond] = [f"{en} {'the form’s own date, ' if by_day else ''}{each}" for each in says[beyond]]
        wrong |= beyond
    return Result(wrong, facts)


_BY_DAY = {"不应小于": "不应早于填表日期", "不应大于": "不应晚于填表日期"}


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
    return Result(_read(context) & ~good)


@rule(
    "school-not-in-roster",
    Severity.WARNING,
    Scope.CELL,
    title=("学校不在名册中", "school is not in the roster"),
    message=(
        "“{field}”填的“{value}”不在学校名册中，请核对校名，并写全称。",
        "{field} holds “{value}”, which is not in the roster; check the school's name, and write it in full.",
    ),
    when=("学籍所在、原就读、送教学校不在名册中", "a school that must be of this district is not in the roster"),
    at_types=("school",),
)
def school_not_in_roster(context: Context) -> Result:
    """Neither a name nor an alias of the roster, with or without the city's and county's names before it."""
    roster = context.district.roster
    if roster is None:
        return context.nothing()
    names = context.values().fillna("").to_numpy(dtype=object)
    known = {name: (roster.find(name) or roster.of_place(name)) is not None for name in set(names)}
    unknown = context.filled(context.at) & ~np.array([known[name] for name in names], dtype=bool)

    def nearest(name: str) -> str:
        school = roster.nearest(name)
        return school.name if school else ""

    suggestion = texts(len(names))
    suggestion[unknown] = each_once(nearest, names[unknown].tolist())
    return Result(unknown, suggestion=suggestion)


@rule(
    "value-normalised",
    Severity.INFO,
    Scope.CELL,
    title=("已按规范写法读取", "read in its standard form"),
    message=(
        "“{field}”填“{value}”，已按“{read}”读取，无需修改。",
        "{field} was typed “{value}” and read as “{read}”; nothing to do.",
    ),
    when=("读取的内容与填写的不同", "what was read differs from what was typed"),
    types=ANY,
)
def value_normalised(context: Context) -> Result:
    """What was read differs from what was typed: `初一` is read as `七年级`."""
    changed = (context.states() == CellState.NORMALISED) & ~context.records.bears_error(context.at)
    return Result(changed, {"read": context.shown()})


def _read(context: Context) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.isin(context.states(), (CellState.AS_TYPED, CellState.NORMALISED))


def _vocabulary_rule(slug: str, title: tuple[str, str]) -> None:
    """Enter the rule of one vocabulary: what is neither a value nor a variant; suggests the nearest value."""

    def check(context: Context) -> Result:
        vocabulary = context.field.vocabulary
        assert vocabulary is not None, "only fields with a vocabulary are of its rule's kind"
        wrong = context.states() == CellState.UNREADABLE
        shown = context.shown()
        choices = texts(len(shown), "、".join(vocabulary.values[:8]) + ("……" if len(vocabulary.values) > 8 else ""))
        return Result(wrong, {"choices": choices}, suggestion=_nearest(shown, wrong, vocabulary.variants))

    check.__doc__ = f"Neither a value nor a known variant: {slug}; source: schemas/vocabularies.yaml."
    rule(
        slug,
        Severity.ERROR,
        Scope.CELL,
        title=title,
        message=(
            "“{field}”填“{value}”，不在填写范围内，请改填：{choices}。",
            "{field} holds “{value}”; it must be one of {choices}.",
        ),
        when=("不在规定的填写范围内", "neither a value of the vocabulary nor a known variant"),
        types=(slug,),
    )(check)


def _nearest(shown: Texts, wrong: np.ndarray[tuple[int], np.dtype[np.bool_]], variants: Mapping[str, str]) -> Texts:
    from rapidfuzz import fuzz, process  # imported where something is wrong: a clean district never needs it

    known = list(variants)

    def nearest(value: str) -> str:
        hit = process.extractOne(compact_value(value), known, scorer=fuzz.ratio, score_cutoff=60)
        return variants[hit[0]] if hit else ""

    offered = texts(len(shown))
    offered[wrong] = each_once(nearest, list(map(str, shown[wrong].tolist())))
    return offered


for _slug, _title in {
    "sex-invalid": ("性别不规范", "not a sex"),
    "person-category-invalid": ("人员类别不规范", "not a person category"),
    "registration-type-invalid": ("登记类型不规范", "not a registration type"),
    "disability-invalid": ("残疾类别不规范", "not a kind of disability"),
    "grade-invalid": ("年级不规范", "not a grade"),
    "enrolment-invalid": ("就学情况不规范", "not an enrolment"),
    "ethnicity-invalid": ("民族不规范", "not an ethnicity"),
    "yes-no-invalid": ("应填是或否", "neither yes nor no"),
    "vocabulary-invalid": ("不在填写范围内", "not of the vocabulary"),
    "row-unknown": ("不是印好的行", "not one of the printed rows"),
}.items():
    _vocabulary_rule(_slug, _title)
