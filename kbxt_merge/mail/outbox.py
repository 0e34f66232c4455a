"""What was sent: written down before a mail goes out and after, so that none goes twice."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from kbxt_merge.mail.journal import Journal, one_at_a_time
from kbxt_merge.model.out_folder import OUTBOX_FOLDER
from kbxt_merge.model.overview import MailSent

THREAD_MARK = "-"
"""In a mail's key: what stands before the first is the same in all mails to a school on one occasion, of which each new
one takes the place of the last. What begins with a whole key and goes on behind a mark says the same and more."""

_FILE = "outbox.jsonl"


class Sent(StrEnum):
    """What is known of a mail."""

    NEVER = "never"
    UNCERTAIN = "uncertain"
    SENT = "sent"


class Outbox(Protocol):
    """Remembers mails by their keys; every call has reached the disk when it returns."""

    def state(self, key: str) -> Sent:
        """What is known of a mail; one after which another went out in its place was never sent."""

    def copies(self, key: str) -> int:
        """How often a mail went out, as far as is known."""

    def begin(self, key: str, school: str, address: str) -> None:
        """The mail's content is about to go out: from now on it is uncertain."""

    def sent(self, key: str, reply: str) -> None:
        """The server took the mail."""

    def failed(self, key: str, reply: str) -> None:
        """The server certainly did not take the mail."""


_STATES = {"begin": Sent.UNCERTAIN, "sent": Sent.SENT, "failed": Sent.NEVER}


class FileOutbox:
    """An outbox in OUT/发件/outbox.jsonl."""

    def __init__(self, path: Path) -> None:
        """Read what was sent so far."""
        self._journal = Journal(path)
        self._states: dict[str, Sent] = {}
        self._went: dict[str, list[str]] = {}
        for event in self._journal.events():
            self._advance(event["event"], event["key"])

    def state(self, key: str) -> Sent:
        """What is known of a mail; one after which another went out in its place was never sent."""
        for last in self._of_thread(key)[-1:]:
            if last == key or last.startswith(f"{key}{THREAD_MARK}"):
                return self._states[last]
        return Sent.NEVER

    def copies(self, key: str) -> int:
        """How often a mail went out, as far as is known."""
        return self._of_thread(key).count(key)

    def begin(self, key: str, school: str, address: str) -> None:
        """The mail's content is about to go out: from now on it is uncertain."""
        self._write("begin", key, school=school, to=address)

    def sent(self, key: str, reply: str) -> None:
        """The server took the mail."""
        self._write("sent", key, reply=reply)

    def failed(self, key: str, reply: str) -> None:
        """The server certainly did not take the mail."""
        self._write("failed", key, reply=reply)

    def _advance(self, event: str, key: str) -> None:
        """A mail that was taken once stays sent, whatever became of a second sending."""
        if self._states.get(key) is not Sent.SENT:
            self._states[key] = _STATES[event]
        went = self._of_thread(key)
        if event == "begin":
            went.append(key)
        elif event == "failed" and went[-1:] == [key]:
            went.pop()

    def _of_thread(self, key: str) -> list[str]:
        """The keys of the mails that went out, or may have, to the same school on the same occasion, in their order."""
        return self._went.setdefault(key.partition(THREAD_MARK)[0], [])

    def _write(self, event: str, key: str, **facts: str) -> None:
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        self._journal.write({"at": now, "event": event, "key": key, **facts})
        self._advance(event, key)


def events_of(out: Path) -> list[dict[str, str]]:
    """What the outbox of OUT remembers, in its order: `at`, `event`, `key`, and `school` and `to`, or `reply`."""
    path = out / OUTBOX_FOLDER / _FILE
    written = path.read_bytes() if path.is_file() else b""
    # a sending may be at work: its unfinished line is not ours to cut off
    return [json.loads(line) for line in written[: written.rfind(b"\n") + 1].splitlines()]


def mails_of(out: Path) -> list[MailSent]:
    """What became of each mail of OUT, in the order in which they began; what was tried or sent again is told again."""
    mails: list[MailSent] = []
    of_key: dict[str, int] = {}
    for event in events_of(out):
        key, moment = event["key"], dt.datetime.fromisoformat(event["at"])
        if event["event"] == "begin":
            of_key[key] = len(mails)
            mails.append(MailSent(event["school"], event["to"], moment, event["event"]))
        elif key in of_key:
            at = of_key[key]
            mails[at] = replace(mails[at], at=moment, event=event["event"], reply=event["reply"])
    return mails


@contextmanager
def file_outbox(out: Path) -> Iterator[FileOutbox]:
    """The outbox of OUT, held by one sending at a time. Raises MailError where another one holds it."""
    path = out / OUTBOX_FOLDER / _FILE
    with one_at_a_time(path, "send"):
        yield FileOutbox(path)
