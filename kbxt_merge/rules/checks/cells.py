"""Rules on any single cell; what a cell means has been read before, here it is judged."""

from __future__ import annotations

import numpy as np

from kbxt_merge.model.cell import CellState
from kbxt_merge.model.district import Flags
from kbxt_merge.model.field import BASIC_TYPES
from kbxt_merge.model.rule import Scope, Severity
from kbxt_merge.model.text import Words
from kbxt_merge.rules.engine.rule import Context, Result, rule, texts

ANY = (*BASIC_TYPES, "vocabulary")


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


def was_read(context: Context) -> Flags:
    """Which cells hold what was read as what the field is for, in whatever writing."""
    flags: Flags = np.isin(context.states(), (CellState.AS_TYPED, CellState.NORMALISED))
    return flags


def paper_of(*, is_child: bool) -> Words:
    """The paper that a person's name and number are held against by hand: of a child the household register."""
    return Words("户口簿", "household register") if is_child else Words("身份证", "ID card")
