"""Rules on a single cell; what a cell means has been read before, here it is judged."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kbxt_merge.model.cell import CellState
from kbxt_merge.model.district import Texts
from kbxt_merge.model.form import BASIC_TYPES
from kbxt_merge.model.rule import Scope, Severity
from kbxt_merge.model.text import compact_value, each_once
from kbxt_merge.rules.engine.rule import Context, Result, rule, texts

ANY = (*BASIC_TYPES, "vocabulary")
OLDEST_CHILD = 30
LONGEST_NAME = 20

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
    if context.field.vocabulary is not None and context.field.vocabulary.blank is not None:
        return context.nothing()
    return Result(context.states() == CellState.BLANK)


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
        "“{field}”填“{value}”，应为 0 至 30 的整数，请改正。",
        "{field} holds “{value}”; it must be a whole number from 0 to 30.",
    ),
    when=("不是 0 至 30 的整数", "not an integer from 0 to 30"),
    types=("age",),
)
def age_invalid(context: Context) -> Result:
    """Not an integer from 0 to 30: `十几岁`, 45."""
    outside = ~context.values().between(0, OLDEST_CHILD).fillna(True).to_numpy(dtype=bool)
    return Result((context.states() == CellState.UNREADABLE) | outside)


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
    days = context.records.day
    first = context.values().to_numpy(dtype="datetime64[D]")
    late = context.filled(context.at) & (first > days + np.timedelta64(1, "D"))
    return Result(late, {"date": context.shown(), "day": days.astype(str).astype(object)})


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
    known = {name: roster.find(name) is not None for name in set(names)}
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
}.items():
    _vocabulary_rule(_slug, _title)
