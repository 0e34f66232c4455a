"""`kbxt status`: a story of its own, for it reads no return and must answer at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from kbxt_merge.ledger.overview import overview
from kbxt_merge.mail.outbox import mails_of
from kbxt_merge.mail.waiting import waiting
from kbxt_merge.model.overview import MailSent, Overview
from kbxt_merge.model.period import Period
from kbxt_merge.outputs.data.reminder_text import reminder_text
from kbxt_merge.outputs.data.run_file import bureau_of_last, inbox_of, not_owed, period_of_last
from kbxt_merge.outputs.data.status_lines import status_lines
from kbxt_merge.settings import Settings


def status(out: Path, settings: Settings, period: Period | None = None) -> Overview:
    """Where a period stands, or the one merged last into OUT; raises LedgerError.

    That of the settings is for what is merged next, and need not have begun.
    """
    label = period.label if period else period_of_last(out)
    today, bureau = settings.as_of or dt.date.today(), bureau_of_last(out)
    found = overview(out, settings.ledger, label, today, not_owed(out), bureau)
    return with_awaited(found, out, settings)


def with_awaited(found: Overview, out: Path, settings: Settings) -> Overview:
    """The overview with the mails that are waited for."""
    came = {school.name: school.last_file for school in found.schools}
    awaited = waiting(out, inbox_of(out), settings.mail, Period.parse(found.period), came)
    return replace(found, awaited=tuple(awaited))


def latest_mails(out: Path) -> list[MailSent]:
    """The mails that went out of OUT or were to, the latest first."""
    return sorted(mails_of(out), key=lambda each: each.at, reverse=True)


def lines_of(found: Overview, layout: str, settings: Settings) -> str:
    """The overview as lines for a terminal or a pipe."""
    return status_lines(found, layout, settings.language)


def reminder(out: Path, settings: Settings) -> str:
    """Who owes what by the last merge into OUT, as a message for a group of schools; raises OutputError."""
    return reminder_text(out, settings.language)
