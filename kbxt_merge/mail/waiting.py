"""What the bureau's mailbox still waits for, and when each school was last written to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

from kbxt_merge.mail.fetched import memory_beside, memory_of
from kbxt_merge.mail.outbox import Sent, mails_of
from kbxt_merge.model.awaited import Awaited, Wait
from kbxt_merge.model.mail_account import MailAccount
from kbxt_merge.model.period import Period


def waiting(
    out: Path, inbox: Path | None, account: MailAccount, period: Period, came: Mapping[str, dt.datetime | None]
) -> Iterator[Awaited]:
    """The mails of a period that are not done with: no newer file was merged, no later mail sent after a bounce.

    `came` holds the moment of the newest file of each school, `inbox` is the one that was merged last.
    """
    if not account.user:
        return
    sent = last_sent(out)
    for each in _mails(out, inbox, account):
        bounced = each.wait is Wait.BOUNCED
        answered = sent.get(each.who) if bounced else came.get(each.who)
        # a mail that was sent out of here is of here, whenever it comes back
        known = each.wait is Wait.ASIDE or (bounced and each.who in sent)
        of_period = known or period.is_near(each.at.date(), each.at.date())
        if of_period and (answered is None or answered <= each.at):
            yield each


def _mails(out: Path, inbox: Path | None, account: MailAccount) -> Iterator[Awaited]:
    """What the mailbox's memory knows: the one beside OUT, and beside the inbox that was merged last, or its own."""
    user = account.user
    if account.memory is not None:
        yield from memory_of(account, out).awaited
        return
    if inbox and inbox.parent.is_dir() and inbox.parent.resolve() != out.absolute().parent.resolve():
        yield from memory_beside(inbox, user).awaited
    yield from memory_beside(out, user).awaited


def last_sent(out: Path) -> Mapping[str, dt.datetime]:
    """When the last mail to each school went out."""
    return {each.school: each.at for each in mails_of(out) if each.event == Sent.SENT.value}
