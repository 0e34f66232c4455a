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
from kbxt_merge.model.overview import MailSent, Overview
from kbxt_merge.model.period import Period
from kbxt_merge.outputs.data.run_file import inbox_of, period_of_last
from kbxt_merge.outputs.data.status_lines import status_lines
from kbxt_merge.settings import Settings


def status(out: Path, settings: Settings, period: Period | None = None) -> Overview:
    """Where a period stands, or the one merged last into OUT; raises LedgerError.

    That of the settings is for what is merged next, and need not have begun.
    """
    label = period.label if period else period_of_last(out)
    found = overview(out, settings.ledger, label, settings.as_of or dt.date.today())
    return replace(found, awaited=tuple(_awaited(found, out, settings.mail.user)))


def _awaited(found: Overview, out: Path, user: str) -> Iterator[Awaited]:
    """What the mailbox waits for in this period: no newer file was merged, and no later mail sent after a bounce."""
    if not user:
        return
    period, sent = Period.parse(found.period), _last_sent(out)
    came = {school.name: school.last_file for school in found.schools}
    for each in _mails(out, user):
        bounced = each.wait is Wait.BOUNCED
        answered = sent.get(each.who) if bounced else came.get(each.who)
        # a mail that was sent out of here is of here, whenever it comes back
        known = each.wait is Wait.ASIDE or (bounced and each.who in sent)
        of_period = known or period.is_near(each.at.date(), each.at.date())
        if of_period and (answered is None or answered <= each.at):
            yield each


def _mails(out: Path, user: str) -> Iterator[Awaited]:
    """What the mailbox's memory beside OUT knows, and the one beside the inbox that was merged last."""
    inbox = inbox_of(out)
    if inbox and inbox.parent.is_dir() and inbox.parent.resolve() != out.absolute().parent.resolve():
        yield from memory_beside(inbox, user).awaited
    yield from memory_beside(out, user).awaited


def _last_sent(out: Path) -> Mapping[str, dt.datetime]:
    """When the last mail to each school went out."""
    events = events_of(out)
    schools = {event["key"]: event["school"] for event in events if event["event"] == "begin"}
    moments = {schools.get(event["key"], ""): event["at"] for event in events if event["event"] == "sent"}
    return {school: dt.datetime.fromisoformat(moment) for school, moment in moments.items()}


def mails_of(out: Path) -> list[MailSent]:
    """The mails that went out of OUT or were to, the latest first."""
    known: dict[str, MailSent] = {}
    for event in events_of(out):
        begun = known.get(event["key"])
        school = event.get("school") or (begun.school if begun else "")
        address = event.get("to") or (begun.address if begun else "")
        moment = dt.datetime.fromisoformat(event["at"])
        known[event["key"]] = MailSent(school, address, moment, event["event"], event.get("reply", ""))
    return sorted(known.values(), key=lambda each: each.at, reverse=True)


def lines_of(found: Overview, layout: str, settings: Settings) -> str:
    """The overview as lines for a terminal or a pipe."""
    return status_lines(found, layout, settings.language)
