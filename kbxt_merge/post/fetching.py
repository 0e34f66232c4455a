"""Returns come in by mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

from kbxt_merge.mail.account import authorisation_code, check_receiver
from kbxt_merge.mail.fetch import Fetch
from kbxt_merge.mail.fetch_lines import lines_of_fetch
from kbxt_merge.mail.fetched import memory_held
from kbxt_merge.mail.filing import Filing
from kbxt_merge.mail.passwords import passwords_made_beside
from kbxt_merge.model.passwords import Passwords
from kbxt_merge.model.period import NEAR_DAYS
from kbxt_merge.post.at_hand import forms_of, roster_beside
from kbxt_merge.settings import Settings

Ask = Callable[[str], str]


def fetch(
    inbox: Path, settings: Settings, environ_code: str, ask: Ask | None, *, since: dt.date | None, mark: bool
) -> Iterator[str]:
    """Save the attachments of new mails into the inbox, each under its school and moment; yield what there is to tell.

    Locked workbooks and archives are tried with all passwords that are known; which none opens is told.
    Mails that came before `since` are left, else those that came more than NEAR_DAYS before the period's first day.
    """
    from kbxt_merge.post.locked_arrivals import LockedArrivals  # brings all that reads a workbook

    check_receiver(settings.mail)
    code = authorisation_code(settings.mail, environ_code, ask)
    inbox.mkdir(parents=True, exist_ok=True)
    inbox = inbox.absolute()
    forms = forms_of(settings)
    roster = roster_beside(inbox, settings, forms)
    filing = Filing(inbox, roster, settings.mail.user)
    passwords = Passwords(settings.passwords, passwords_made_beside(inbox, None), roster)
    locked = LockedArrivals(inbox, passwords, forms, settings)
    with memory_held(inbox, settings.mail) as memory:
        fetch = Fetch(settings.mail, code, filing, memory, _since(since, settings), mark)
        yield from lines_of_fetch(fetch, settings.language, locked.lines)


def _since(given: dt.date | None, settings: Settings) -> dt.date | None:
    if given or settings.period is None:
        return given
    return settings.period.first - dt.timedelta(days=NEAR_DAYS)
