"""The worker's longer ways: to the mailbox and back; each line is told to every page while it is on its way."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from kbxt_merge.desk.events import Events
from kbxt_merge.desk.place import Place
from kbxt_merge.model.china_time import moment_of
from kbxt_merge.model.out_folder import CLERKS_FOLDER, PASSWORD_SHEET
from kbxt_merge.model.text import Language, Words
from kbxt_merge.settings import MAIL_PASSWORD_VARIABLE

if TYPE_CHECKING:  # who never mails need not wait for what mails bring
    from kbxt_merge import post

_MADE = Words(
    "为 {count} 所学校生成了打开附件的口令，见“{path}”，请电话告知学校",
    "passwords were made for {count} schools: see “{path}”, and tell them by telephone",
)
_WAITS = Words("按邮箱的发信限制，等 {seconds} 秒再发下一封", "waiting {seconds} seconds, as the provider wants it")
_WORTH_TELLING = 10.0
_LOOKED = "上次收信"
"""In the clerk's folder: a file that is as old as the last look into the mailbox."""
_LEFT = Words("发信中断：未发的下次再发", "sending was ended: what did not go out goes out next time")


class LeavingError(Exception):
    """The desk is being left: what was begun is whole, the rest comes another time."""


@dataclass(frozen=True)
class Mailbox:
    """What the desk does with the bureau's mailbox; `leaving` ends a wait."""

    place: Place
    events: Events
    language: Language
    leaving: Event

    def send(self, prepare: Callable[[], post.Sending], code: str) -> None:
        """Send each mail once."""
        from kbxt_merge import post

        sending, told = prepare(), []
        try:
            for outcome in post.send(sending, _code(code), None, self._tell_made, wait=self._wait):
                told.append(outcome)
                tone = "file" if outcome.fate.went else "error"
                self.events.tell(post.line_of(outcome, self.language), tone)
        except LeavingError:
            self.events.tell(_LEFT.of(self.language), "error")
        self.events.tell(post.total_of(told, self.language), "done")

    def fetch(self, code: str) -> None:
        """Bring what came by mail into the inbox."""
        from kbxt_merge import post

        settings = self.place.settings()
        for line in post.fetch(self.place.inbox, settings, _code(code), None, since=None, mark=False):
            self.events.tell(line, "file")
        (self.place.own / _LOOKED).touch()

    @property
    def looked(self) -> dt.datetime | None:
        """When the mailbox was last looked into from a desk; None where it never was."""
        path = self.place.own / _LOOKED
        return moment_of(path.stat().st_mtime).astimezone() if path.exists() else None

    def _tell_made(self, made: Mapping[str, str]) -> None:
        """Say where the passwords stand: they are not for a page that many see."""
        if made:
            path = Path(CLERKS_FOLDER, PASSWORD_SHEET).as_posix()
            self.events.tell(_MADE.of(self.language).format(count=len(made), path=path), "error")

    def _wait(self, seconds: float) -> None:
        if seconds >= _WORTH_TELLING:
            self.events.tell(_WAITS.of(self.language).format(seconds=round(seconds)), "file")
        if self.leaving.wait(seconds):
            raise LeavingError


def _code(typed: str) -> str:
    """The authorisation code: typed on the page for this once, else what the environment says."""
    return typed.strip() or os.environ.get(MAIL_PASSWORD_VARIABLE, "")
