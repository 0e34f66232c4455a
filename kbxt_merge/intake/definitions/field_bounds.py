"""The least and the most that a field may hold: numbers, days, or the form's own date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from kbxt_merge.intake.definitions.field_types import UNKNOWN_TYPE
from kbxt_merge.intake.definitions.yaml_nodes import Entry
from kbxt_merge.model.field import FORM_DAY, Bound

_FORM_DAYS = (FORM_DAY, "填表日期")


def bound_of(entry: Entry | None, type_name: str) -> Bound | None:
    """The least or the most of a field: a number, or a day, or the form's own date."""
    if entry is None or type_name == UNKNOWN_TYPE:
        return None
    reader = _BOUNDS.get(type_name)
    if reader is None:
        entry.fault(
            "只有人数、数值、年龄、日期才有 min 和 max", "only counts, numbers, ages and dates have a `min` and a `max`"
        )
        return None
    return reader(entry)


def _day(entry: Entry) -> dt.date | str | None:
    text = entry.text()
    if text is None or text in _FORM_DAYS:
        return text and FORM_DAY
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        entry.fault(
            "这里要填 2021-03-01 样的日期，或填表日期（form_day）",
            "a day such as 2021-03-01 is wanted here, or form_day",
        )
        return None


_BOUNDS: Mapping[str, Callable[[Entry], Bound | None]] = {
    "count": Entry.signed, "number": Entry.signed, "age": Entry.signed, "date": _day,
}  # fmt: skip
