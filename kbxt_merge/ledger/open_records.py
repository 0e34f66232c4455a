"""What the last period left in the ledger, for the blanks of the next one."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from kbxt_merge.errors import LedgerError
from kbxt_merge.ledger.earlier import known_periods, left_by
from kbxt_merge.ledger.published import last_merged, published_ledger
from kbxt_merge.model.earlier import EarlierRecords
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.period import Period


def left_open(
    out: Path, url: str, forms: Forms, period: Period | None, likely: Period | None = None, last: str = ""
) -> tuple[Period, Period, dict[str, EarlierRecords]]:
    """The period to carry from, the one to carry into, and the records of all forms as the former left them.

    Without a `period` it is the `likely` one where that begins after the period merged last (its label is `last`;
    blank: the ledger is asked), else the one that follows this. Raises LedgerError where there is no ledger, or none
    that knows an earlier period.
    """
    with published_ledger(out, url) as connection:
        next_one = period or _next(Period.parse(last_merged(connection, out, url, last).label), likely)
        before = _known_before(connection, forms, next_one)
        if before is None:
            raise LedgerError(
                f"账本里没有 {next_one} 之前的汇总，没有可以结转的学生：请检查 --period",
                f"the ledger knows no round before {next_one}, so nothing to carry over; check --period",
            )
        key, since = before
        return since, next_one, left_by(connection, forms, key, list(forms.by_slug))


def _next(last: Period, likely: Period | None) -> Period:
    return likely if likely and likely.first > last.last else last.following()


def _known_before(connection: Connection, forms: Forms, period: Period) -> tuple[int, Period] | None:
    """The id and the period that began last of those before this one, or of a month's or quarter's own term."""
    known = known_periods(connection, forms.bureau)
    before = [each for each in known if each[1].last < period.first or _holds(each[1], period)]
    return max(before, key=lambda each: (each[1].first, each[1].month), default=None)


def _holds(term: Period, part: Period) -> bool:
    return bool(term.term) and part.is_strict and term.contains(part.first)
