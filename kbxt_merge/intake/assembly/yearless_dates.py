"""Days without a year in a list of events, which lie in the one month or quarter that the form is of."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kbxt_merge.intake.values.numerals import numerals_to_digits
from kbxt_merge.model.bearer import Bearer
from kbxt_merge.model.district import Positions, Texts
from kbxt_merge.model.field import Field
from kbxt_merge.model.form import Form
from kbxt_merge.model.period import Period
from kbxt_merge.model.period_names import Span, span_named
from kbxt_merge.model.returned_form import Returned
from kbxt_merge.model.returns import Cell
from kbxt_merge.model.text import bare_header, plain

_MONTH_AND_DAY = re.compile(r"(?P<month>1[0-2]|0?[1-9])(?:月|[./-])(?P<day>[12][0-9]|3[01]|0?[1-9])[日号]?")
_OF_THE_THING = re.compile(r"出生|生日|建成|竣工|成立|购[置买]|启用|投用|生产|有效|到期|截止|保质|检[验测]|发证|签订")
"""Days that a thing may have had in any year."""
_MOST_DAYS = 100
"""Of a month or a quarter; a longer span may hold a day in which something else happened a year before."""


def with_years(
    form: Form, field: Field, cells: Texts, returned: Sequence[Returned], sheet: Positions, period: Period
) -> tuple[Texts, NDArray[np.bool_]]:
    """The cells of a date, those without a year as the day of the form's own month or quarter; and which these are.

    Of people nobody can tell: what happened to a child may have happened a year before.
    """
    found = np.zeros(len(cells), dtype=bool)
    is_event = form.bearer is Bearer.THING and not field.may_lie_ahead
    if not is_event or _OF_THE_THING.search(bare_header(field.header)):
        return cells, found
    spans = [_span(each, period) for each in returned]
    told = np.array(cells, dtype=object)
    for at, cell in enumerate(cells):
        day = _day_in(cell, spans[sheet[at]])
        if day is not None:
            told[at], found[at] = day.isoformat(), True
    return told, found


def _span(returned: Returned, period: Period) -> Span | None:
    """The month or quarter that the sheet's title names, else the round's."""
    named = span_named(returned.sheet.title, years=False)
    span = named or ((period.first, period.last) if period.is_strict else None)
    return span if span and (span[1] - span[0]).days <= _MOST_DAYS else None


def _day_in(cell: Cell, span: Span | None) -> dt.date | None:
    found = _MONTH_AND_DAY.fullmatch(numerals_to_digits(plain(cell))) if span and isinstance(cell, str) else None
    if found is None or span is None:
        return None
    days = (_day(year, int(found["month"]), int(found["day"])) for year in range(span[0].year, span[1].year + 1))
    inside = [day for day in days if day and span[0] <= day <= span[1]]
    return inside[0] if len(inside) == 1 else None


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
