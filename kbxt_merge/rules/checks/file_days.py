"""Of which day a returned sheet is: undated, of another period, or older than the period."""

from __future__ import annotations

from collections.abc import Iterator

from kbxt_merge.model.district import District
from kbxt_merge.model.period import day_saved
from kbxt_merge.model.period_names import span_named
from kbxt_merge.model.returned_form import Reason, Returned, Standing
from kbxt_merge.model.returns import TypedDate
from kbxt_merge.model.text import Words
from kbxt_merge.rules.checks.file_finding import FileFinding, on_sheet

_COUNTED, _NOT_COUNTED = Words("", ""), Words("，没有汇总", ", and was not merged")


def day_of_sheet(returned: Returned, district: District) -> Iterator[FileFinding]:
    """No date, a date or a title of another period, or an undated form in an old file."""
    sheet, period = returned.sheet, district.period
    counted = _COUNTED if returned.standing is Standing.IN_FORCE else _NOT_COUNTED
    if sheet.date is None and returned.form.is_dated:
        yield on_sheet(returned, "fill-date-missing").telling()
    elif sheet.date is not None and not period.is_near(sheet.date.first, sheet.date.last):
        finding = on_sheet(returned, "period-mismatch", sheet.date_cell, value=sheet.date.typed)
        yield finding.telling(found=_shown_date(sheet.date), period=period.label, counted=counted)
        return
    named = span_named(sheet.title)
    if named and not period.meets(named):
        finding = on_sheet(returned, "period-mismatch", value=sheet.title)
        yield finding.telling(found=sheet.title, period=period.label, counted=counted)
    elif sheet.date is None and named is None and period.is_older(returned.file.modified):
        saved = day_saved(returned.file.modified)
        yield on_sheet(returned, "old-return").telling(saved=saved.isoformat(), period=period.label, counted=counted)


def day_of_set_aside(returned: Returned, district: District) -> Iterator[FileFinding]:
    """A file of another period, or an old one: that it did not count is not all that is to be said."""
    if returned.why in (Reason.TERM, Reason.MONTH, Reason.OLD) and returned.replaced_by != returned.file.path:
        yield from (found for found in day_of_sheet(returned, district) if found.rule != "fill-date-missing")


def _shown_date(date: TypedDate) -> str:
    return f"{date.first:%Y-%m-%d}" if date.first == date.last else f"{date.first:%Y-%m}"
