"""Where a message's files are laid, and what it leaves to be done."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kbxt_merge.errors import InboxError
from kbxt_merge.mail.parse_message import Attachment, Incoming
from kbxt_merge.model.addresses import addresses
from kbxt_merge.model.awaited import Awaited, Wait
from kbxt_merge.model.out_folder import school_folder
from kbxt_merge.model.privacy import MASKED
from kbxt_merge.model.school import Roster

_KEPT_APART = "待核实"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that was asked for: what it brought, and what is still to be done.

    `who` is the sender's school; the sender where the roster knows none by it, the message's place where it did not
    come. `subject` is masked.
    """

    who: str
    at: dt.datetime
    subject: str = ""
    files: tuple[Path, ...] = ()
    awaited: tuple[Awaited, ...] = ()

    @property
    def brought(self) -> int:
        """How many files it brought into the inbox."""
        return 0 if any(each.wait is Wait.FORGED for each in self.awaited) else len(self.files)

    @property
    def lasting(self) -> tuple[Awaited, ...]:
        """What is still to be done tomorrow: a table in the text of a message that brings files too is told once."""
        return tuple(each for each in self.awaited if not (self.files and each.wait is Wait.IN_TEXT))


@dataclass(frozen=True, slots=True)
class Filing:
    """Files the messages of an account, `user`, into an inbox by the schools of the roster."""

    inbox: Path
    roster: Roster | None
    user: str

    def save(self, message: Incoming, at: dt.datetime) -> Arrival:
        """Save a message's attachments under <school or sender>/<moment>/; those of a forged one beside the inbox."""
        known = self.roster.of_address(message.sender) if self.roster else None
        school = known.name if known else ""
        who, subject = school or message.sender or "unknown", MASKED.text[message.subject]
        if message.undelivered is not None and not school:
            return Arrival(who, at, subject, awaited=tuple(self._bounces(message.undelivered, who, at, subject)))
        below = self.inbox.with_name(f"{self.inbox.name}-{_KEPT_APART}") if message.forged else self.inbox
        folder = below / school_folder(who) / f"{at:%Y-%m-%d %H%M%S}"
        files = tuple(_write(folder, each, at) for each in message.attachments)
        facts = (
            (Wait.FORGED, message.forged, (str(folder),) if files else ()),
            (Wait.CLOUD, message.links, message.links),
            (Wait.IN_TEXT, message.table, ()),
        )
        awaited = tuple(Awaited(wait, who, at, subject, where) for wait, holds, where in facts if holds)
        return Arrival(who, at, subject, files, awaited)

    def holds_newer(self, awaited: Awaited) -> bool:
        """True where a file that is newer than the mail lies in the folder of its school or sender."""
        newer = awaited.at.timestamp()
        lying = (self.inbox / school_folder(awaited.who)).rglob("*")
        return any(each.is_file() and each.stat().st_mtime > newer for each in lying)

    def _bounces(self, failed: tuple[str, ...], carrier: str, at: dt.datetime, subject: str) -> Iterator[Awaited]:
        """Who did not get our mail: the schools of these addresses, else the addresses, else that nobody says."""
        for school, of_school in self._addresses():
            if missed := tuple(each for each in failed if each in of_school):
                yield Awaited(Wait.BOUNCED, school, at, subject, missed)
        known = {each for _, of_school in self._addresses() for each in of_school}
        if not known.intersection(failed):
            others = [each for each in failed if each != self.user.lower()]
            yield Awaited(Wait.BOUNCED, carrier, at, subject, tuple(others))

    def _addresses(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each school of the roster with its addresses."""
        return ((each.name, addresses(each.email)) for each in (self.roster.schools if self.roster else ()))


def _write(folder: Path, attachment: Attachment, received: dt.datetime) -> Path:
    """Write a file at once, or not at all, as old as the message: of two returns the later counts."""
    try:
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
    except OSError as fault:
        raise InboxError(
            f"附件存不进 {folder}（{fault.strerror}）。请检查磁盘空间和文件夹权限，再次运行会接着取。",
            f"an attachment can't be saved in {folder} ({fault.strerror}); check the disk, then run it again.",
        ) from fault
    return path
