"""Returned workbooks out of a mailbox into the inbox: each message once, and nothing changed on the server."""

from __future__ import annotations

import datetime as dt
import ssl
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from kbxt_merge.errors import MailError
from kbxt_merge.mail.fetched import Memory, Place
from kbxt_merge.mail.filing import Arrival, Filing
from kbxt_merge.mail.imap_client import ImapLine, LineBrokenError, MessageRefusedError, imap_line
from kbxt_merge.mail.parse_message import UnreadableMessageError, read_message
from kbxt_merge.model.awaited import Awaited, Wait
from kbxt_merge.model.china_time import CHINA
from kbxt_merge.model.mail_account import MailAccount

FIRST_WAIT_SECONDS = 5.0
_MOST_BREAKS = 2
"""So often may the line break at one message before the others go on without it."""


@dataclass(slots=True)
class Fetch:
    """Fetches an account's new messages.

    `secret` is its authorisation code; messages that came before `since` are left; `mark` marks on the server as read
    what was fetched. `left` counts the messages that were too old.
    """

    account: MailAccount
    secret: str = field(repr=False)
    filing: Filing
    memory: Memory
    since: dt.date | None = None
    mark: bool = False
    context: ssl.SSLContext | None = None
    wait: Callable[[float], None] = time.sleep
    left: int = field(default=0, init=False)
    _broken: Counter[Place | None] = field(default_factory=Counter, init=False)
    _asked: Place | None = field(default=None, init=False)
    _aside: set[Place] = field(default_factory=set, init=False)

    def arrivals(self) -> Iterator[Arrival]:
        """Save every new message's attachments into the inbox, and tell of each message as it is dealt with.

        A message that does not come, or can't be taken apart, is told, and asked for again the next time. Raises
        MailError where the server can't be reached or refuses; run again, it goes on.
        """
        tries = 0
        while True:
            try:
                for arrival in self._session():
                    tries = 0
                    yield arrival
                return
            except LineBrokenError as fault:
                self._broken[self._asked] += 1
                tries += 1
                if tries >= self.account.tries:
                    raise _unreachable(self.account, fault) from fault
                self.wait(FIRST_WAIT_SECONDS * 2.0 ** (tries - 1))

    def _session(self) -> Iterator[Arrival]:
        self._asked, self.left = None, 0
        with imap_line(self.account, self.secret, self.context) as line:
            for folder in self.account.imap_folder:
                yield from self._folder(line, folder)

    def _folder(self, line: ImapLine, folder: str) -> Iterator[Arrival]:
        numbering = f"{self.account.user} {self.account.imap_host} {folder} "
        box = numbering + line.open(folder, writing=self.mark)
        every = line.uids()
        wanted = line.uids(self.since) if self.since else every
        self.left += len(every) - len(wanted)
        self.memory.drop_gone(numbering, {(box, uid) for uid in every})
        for uid in wanted:
            place = box, uid
            if not self.memory.is_done(place) and place not in self._aside:
                yield from self._message(line, place, folder)
        self._asked = None

    def _message(self, line: ImapLine, place: Place, folder: str) -> Iterator[Arrival]:
        """The message of this number, unless it was fetched before."""
        self._asked = place
        try:
            if self._broken[place] >= _MOST_BREAKS:
                raise MessageRefusedError("the line broke")
            raw, at = line.message(place[1])
            message = read_message(raw)
        except (MessageRefusedError, UnreadableMessageError) as fault:
            yield self._set_aside(place, folder, str(fault))
            return
        if self.memory.knows(message.key):
            self.memory.add(place, message.key)
            return
        arrival = self.filing.save(message, (at or dt.datetime.now(dt.UTC)).astimezone(CHINA))
        if self.mark:
            line.mark_seen(place[1])
        yield arrival
        self.memory.add(place, message.key, arrival.who, arrival.brought, arrival.lasting)

    def _set_aside(self, place: Place, folder: str, reason: str) -> Arrival:
        now = dt.datetime.now(CHINA).replace(microsecond=0)
        awaited = Awaited(Wait.ASIDE, f"{folder} #{place[1]}", now, where=(reason,))
        self._aside.add(place)
        self.memory.set_aside(place, awaited)
        return Arrival(awaited.who, now, awaited=(awaited,))


def _unreachable(account: MailAccount, fault: Exception) -> MailError:
    return MailError(
        f"连不上 {account.imap_host}（{fault}）。请检查网络和 mail.imap_host，稍后再次运行，已取回的不会重取。",
        f"{account.imap_host} can't be reached ({fault}); check the network and mail.imap_host, then run it again: "
        "what was fetched is not fetched twice.",
    )
