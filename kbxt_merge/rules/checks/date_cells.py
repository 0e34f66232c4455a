"""Rules on a date's own cell."""

from __future__ import annotations

import numpy as np

from kbxt_merge.model.cell import CellState
from kbxt_merge.model.rule import Scope, Severity
from kbxt_merge.rules.engine.rule import Context, Result, rule


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
        "“{field}”填“{date}”，晚于{form_day} {day}，请核对更正。",
        "{field} is {date}, after {form_day} {day}; please check.",
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
