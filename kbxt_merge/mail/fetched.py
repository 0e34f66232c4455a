"""What became of the messages of a mailbox: each is fetched once, whatever folder or inbox it comes to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kbxt_merge.mail.journal import Journal, one_at_a_time
from kbxt_merge.model.awaited import Awaited, Wait
from kbxt_merge.model.mail_account import MailAccount
from kbxt_merge.model.out_folder import safe_name

Place = tuple[str, int]
"""A folder, named with its account and the numbering in force, and a message's number in it."""


class Memory:
    """A mailbox's memory, in a file of its own; every call has reached the disk when it returns."""

    def __init__(self, path: Path) -> None:
        """Read what happened so far."""
        self.path = path
        self._journal = journal = Journal(path)
        self._done: set[Place] = set()
        self._keys: set[str] = set()
        self._aside: dict[Place, Awaited] = {}
        self._awaited: list[Awaited] = []
        for event in journal.events():
            self._advance(event)

    @property
    def awaited(self) -> tuple[Awaited, ...]:
        """The mails that are not done with, in the order in which they came; those set aside last."""
        return (*self._awaited, *self._aside.values())

    def is_done(self, place: Place) -> bool:
        """True for a message that was dealt with; one that was set aside is asked for again."""
        return place in self._done

    def knows(self, key: str) -> bool:
        """True for a message that was fetched, from whatever folder."""
        return key in self._keys

    @property
    def count(self) -> int:
        """How many messages were dealt with, those that lay in several folders once."""
        return len(self._keys)

    def add(self, place: Place, key: str, who: str = "", brought: int = 0, awaited: tuple[Awaited, ...] = ()) -> None:
        """A message is dealt with: from `who`, it brought so many files, and these things are still to be done."""
        self._write(place, {"key": key, "who": who, "brought": brought, "awaited": [_event(each) for each in awaited]})

    def set_aside(self, place: Place, awaited: Awaited) -> None:
        """A message could not be fetched."""
        self._write(place, {"aside": _event(awaited)})

    def drop_gone(self, numbering: str, there: set[Place]) -> None:
        """Forget the messages set aside that are no more in a folder, or have another number there now."""
        for place in [each for each in self._aside if each[0].startswith(numbering) and each not in there]:
            self.add(place, "")

    def _write(self, place: Place, facts: Mapping[str, Any]) -> None:
        event = {"folder": place[0], "uid": place[1], **facts}
        self._journal.write(event)
        self._advance(event)

    def _advance(self, event: Mapping[str, Any]) -> None:
        place = event["folder"], event["uid"]
        if "aside" in event:
            self._aside[place] = _awaited(event["aside"])
            return
        self._aside.pop(place, None)
        self._done.add(place)
        self._keys.add(event["key"])
        if event["brought"]:
            self._awaited = [
                each for each in self._awaited if each.who != event["who"] or not each.wait.ends_with_a_file
            ]
        self._awaited += map(_awaited, event["awaited"])


def _event(awaited: Awaited) -> dict[str, Any]:
    return {**asdict(awaited), "at": awaited.at.isoformat()}


def _awaited(event: Mapping[str, Any]) -> Awaited:
    at = dt.datetime.fromisoformat(event["at"])
    return Awaited(Wait(event["wait"]), event["who"], at, event["subject"], tuple(event["where"]))


@contextmanager
def memory_held(folder: Path, account: MailAccount) -> Iterator[Memory]:
    """The memory of a mailbox, held by one fetch at a time. Raises MailError where another one holds it."""
    with one_at_a_time(memory_of(account, folder).path, "fetch"):
        yield memory_of(account, folder)  # as the last fetch left it


def memory_of(account: MailAccount, folder: Path) -> Memory:
    """The memory of a mailbox: in the account's own folder for it, so that it serves inboxes anywhere; else beside the
    inbox, or OUT."""
    if account.memory is None:
        return memory_beside(folder, account.user)
    account.memory.mkdir(parents=True, exist_ok=True)
    return memory_beside(account.memory / folder.name, account.user)


def memory_beside(folder: Path, user: str) -> Memory:
    """The memory of an account's mailbox: beside the inbox, or OUT, for in an inbox stands only what schools sent."""
    return Memory(folder.absolute().parent / f".{safe_name(user)}.fetched.jsonl")
