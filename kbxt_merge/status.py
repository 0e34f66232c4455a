"""`kbxt status`: a story of its own, for it reads no return and must answer at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from kbxt_merge.ledger.overview import overview
from kbxt_merge.mail.fetched import memory_beside
from kbxt_merge.mail.outbox import events_of
from kbxt_merge.model.awaited import Awaited, Wait
from kbxt_merge.model.overview import Overview
from kbxt_merge.model.period import Period
from kbxt_merge.outputs.data.status_lines import status_lines
from kbxt_merge.settings import Settings


def status(out: Path, settings: Settings) -> Overview:
    """Where the period of the settings stands, or the one merged last into OUT; raises LedgerError."""
    period = settings.period.label if settings.period else ""
    found = overview(out, settings.ledger, period, settings.as_of or dt.date.today())
    return replace(found, awaited=tuple(_awaited(found, out, settings.mail.user)))


def _awaited(found: Overview, out: Path, user: str) -> Iterator[Awaited]:
    """What the mailbox waits for in this period: no newer file was merged, and no later mail sent after a bounce."""
    if not user:
        return
    period, sent = Period.parse(found.period), _last_sent(out)
    came = {school.name: school.last_file for school in found.schools}
    for each in memory_beside(out, user).awaited:
        answered = sent.get(each.who) if each.wait is Wait.BOUNCED else came.get(each.who)
        of_period = each.wait is Wait.ASIDE or period.is_near(each.at.date(), each.at.date())
        if of_period and (answered is None or answered <= each.at):
            yield each


def _last_sent(out: Path) -> Mapping[str, dt.datetime]:
    """When the last mail to each school went out."""
    events = events_of(out)
    schools = {event["key"]: event["school"] for event in events if event["event"] == "begin"}
    moments = {schools.get(event["key"], ""): event["at"] for event in events if event["event"] == "sent"}
    return {school: dt.datetime.fromisoformat(moment) for school, moment in moments.items()}


def lines_of(found: Overview, layout: str, settings: Settings) -> str:
    """The overview as lines for a terminal or a pipe."""
    return status_lines(found, layout, settings.language)
