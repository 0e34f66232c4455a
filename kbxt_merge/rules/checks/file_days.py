"""Of which day a returned sheet is: undated, of another period, or older than the period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from kbxt_merge.model.china_time import moment_of
from kbxt_merge.model.district import District, Reason, Returned
from kbxt_merge.model.period import NEAR_DAYS, Period
from kbxt_merge.model.period_names import span_named
from kbxt_merge.model.returns import TypedDate
from kbxt_merge.rules.checks.file_finding import FileFinding, on_sheet

_CLOCKS_BEGIN = dt.date(2000, 1, 1)
"""Files from before it have no time: archives and programs that know none write 1970 or 1980."""


def day_of_sheet(returned: Returned, district: District) -> Iterator[FileFinding]:
    """No date, a date or a title of another period, or an undated form in an old file."""
    sheet, period = returned.sheet, district.period
    if sheet.date is None:
        yield on_sheet(returned, "fill-date-missing").telling()
    elif not period.is_near(sheet.date.first, sheet.date.last):
        finding = on_sheet(returned, "period-mismatch", sheet.date_cell, value=sheet.date.typed)
        yield finding.telling(found=_shown_date(sheet.date), period=period.label)
        return
    named = span_named(sheet.title)
    if named and not period.meets(named):
        yield on_sheet(returned, "period-mismatch", value=sheet.title).telling(found=sheet.title, period=period.label)
    elif sheet.date is None and named is None and (saved := _day_saved(returned)) < _oldest(period):
        yield on_sheet(returned, "old-return").telling(saved=saved.isoformat(), period=period.label)


def day_of_set_aside(returned: Returned, district: District) -> Iterator[FileFinding]:
    """A file of another period beside one of this: that it did not count is not all that is to be said."""
    if returned.why in (Reason.TERM, Reason.MONTH) and returned.replaced_by != returned.file.path:
        yield from (found for found in day_of_sheet(returned, district) if found.rule != "fill-date-missing")


def _day_saved(returned: Returned) -> dt.date:
    day = moment_of(returned.file.modified).date()
    return day if day >= _CLOCKS_BEGIN else dt.date.max


def _oldest(period: Period) -> dt.date:
    """The first day on which a file of the period can have been saved."""
    return period.first - dt.timedelta(days=NEAR_DAYS if period.term else 0)


def _shown_date(date: TypedDate) -> str:
    return f"{date.first:%Y-%m-%d}" if date.first == date.last else f"{date.first:%Y-%m}"
