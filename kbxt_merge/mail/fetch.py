"""Returned workbooks out of a mailbox into the inbox: each message once, and nothing changed on the server."""

from __future__ import annotations

import datetime as dt
import os
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kbxt_merge.errors import MailError
from kbxt_merge.mail.fetched import Seen
from kbxt_merge.mail.imap_client import ImapLine, LineBrokenError, imap_line
from kbxt_merge.mail.parse_message import Attachment, Incoming, message_id, read_message
from kbxt_merge.model.mail_account import MailAccount
from kbxt_merge.model.out_folder import safe_name, school_folder
from kbxt_merge.model.school import Roster

FIRST_WAIT_SECONDS = 5.0
CHINA = dt.timezone(dt.timedelta(hours=8))
"""Folders are named by the bureau's clock, whatever clock the server has."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that was fetched; `school` is blank where the roster does not know the sender."""

    sender: str
    school: str
    at: dt.datetime
    files: tuple[Path, ...]
    links: tuple[str, ...]
    bounced: bool


@dataclass(slots=True)
class Fetch:
    """Fetches an account's new messages.

    `secret` is its authorisation code; `mark` marks on the server as read what was fetched.
    """

    account: MailAccount
    secret: str = field(repr=False)
    roster: Roster | None
    seen: Seen
    mark: bool = False
    context: ssl.SSLContext | None = None
    wait: Callable[[float], None] = time.sleep

    def into(self, inbox: Path) -> Iterator[Arrival]:
        """Save every new message's attachments under <school or sender>/<date>/, and tell of each as it is saved.

        Raises MailError where the server can't be reached or refuses; run again, it goes on.
        """
        tries = 0
        while True:
            try:
                for arrival in self._session(inbox):
                    tries = 0
                    yield arrival
                return
            except LineBrokenError as fault:
                tries += 1
                if tries >= self.account.tries:
                    raise _unreachable(self.account, fault) from fault
                self.wait(FIRST_WAIT_SECONDS * 2.0 ** (tries - 1))

    def _session(self, inbox: Path) -> Iterator[Arrival]:
        with imap_line(self.account, self.secret, self.context, writing=self.mark) as line:
            folder = f"{self.account.user} {self.account.imap_folder} {line.validity}"
            for uid in line.new_uids(self.seen.last_uid(folder)):
                known = message_id(line.header(uid))
                if not self.seen.knows(known):
                    yield self._save(line, uid, inbox)
                self.seen.add(folder, uid, known)

    def _save(self, line: ImapLine, uid: int, inbox: Path) -> Arrival:
        raw, at = line.message(uid)
        message, received = read_message(raw), (at or dt.datetime.now(dt.UTC)).astimezone(CHINA)
        school = self._school(message.sender)
        folder = inbox / self._folder(message, school) / f"{received:%Y-%m-%d %H%M%S}"
        files = tuple(_write(folder, each, received) for each in message.attachments)
        if self.mark:
            line.mark_seen(uid)
        return Arrival(message.sender, school, received, files, message.links, message.bounced)

    def _folder(self, message: Incoming, school: str) -> str:
        return school_folder(school) if school else safe_name(message.sender) or "unknown"

    def _school(self, sender: str) -> str:
        """The school that the roster knows by this address; blank where it knows none, or several."""
        schools = self.roster.schools if self.roster else ()
        found = [each.name for each in schools if sender and each.email.strip().lower() == sender]
        return found[0] if len(found) == 1 else ""


def _write(folder: Path, attachment: Attachment, received: dt.datetime) -> Path:
    """Write a file at once, or not at all, as old as the message: of two returns the later counts."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / attachment.name
    number = 1
    while path.exists() and path.read_bytes() != attachment.content:
        number += 1
        path = folder / f"{Path(attachment.name).stem}({number}){Path(attachment.name).suffix}"
    half = folder / "~$kbxt.part"
    half.write_bytes(attachment.content)
    os.utime(half, (received.timestamp(), received.timestamp()))
    os.replace(half, path)
    return path


def _unreachable(account: MailAccount, fault: Exception) -> MailError:
    return MailError(
        f"连不上 {account.imap_host}（{fault}）。请检查网络和 mail.imap_host，稍后再次运行，已取回的不会重取。",
        f"{account.imap_host} can't be reached ({fault}); check the network and mail.imap_host, then run it again: "
        "what was fetched is not fetched twice.",
    )
