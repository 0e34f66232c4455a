"""The schools' mails sent: each once, slowly enough for the provider, and none without a word on what became of it."""

from __future__ import annotations

import datetime as dt
import heapq
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from kbxt_merge.errors import MailError
from kbxt_merge.mail.compose import Letter
from kbxt_merge.mail.outbox import Outbox, Sent
from kbxt_merge.mail.refusals import ALIKE, Refusal, pause_of, refusal_of, stopped
from kbxt_merge.mail.smtp_client import (
    DeferredError,
    RefusedError,
    SenderRefusedError,
    SmtpLine,
    TroubleError,
    UnansweredError,
    UnreachableError,
)
from kbxt_merge.model.out_folder import OUTBOX_FOLDER, school_folder
from kbxt_merge.model.text import Words

FIRST_WAIT_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 300.0
"""Before a mail is tried again: doubled each time."""


class Fate(StrEnum):
    """What became of a school's mail."""

    SENT = "sent"
    SENT_BEFORE = "sent before"
    UNCERTAIN = "uncertain"
    REFUSED = "refused"
    DEFERRED = "deferred"
    NO_ADDRESS = "no address"
    NO_FILES = "no files"
    WRITTEN = "written"

    @property
    def words(self) -> Words:
        """What the table says."""
        return _FATE_WORDS[self]

    @property
    def short(self) -> Words:
        """What the total says: the words before what is to be done."""
        return Words(*(re.split(r"[：:（，,]", each)[0] for each in (self.words.zh, self.words.en)))

    @property
    def went(self) -> bool:
        """Whether the school has its mail."""
        return self in (Fate.SENT, Fate.SENT_BEFORE)

    @property
    def may_be_there(self) -> bool:
        """Whether the school may have its mail."""
        return self.went or self is Fate.UNCERTAIN


_FATE_WORDS = {
    Fate.SENT: Words("已发送", "sent"),
    Fate.SENT_BEFORE: Words("此前已发送", "sent before"),
    Fate.UNCERTAIN: Words(
        "不确定是否送达：请在邮箱“已发送”里核对，需要时用 --resend --only 重发",
        "uncertain: look into the mailbox's sent folder, and use --resend --only where it is not there",
    ),
    Fate.REFUSED: Words("被拒收", "refused"),
    Fate.DEFERRED: Words("暂未发出，请稍后再次运行", "not sent yet: run it again later"),
    Fate.NO_ADDRESS: Words(
        "名册中没有可用的邮箱，请核对“邮箱”一栏（几个邮箱用顿号隔开）",
        "no usable address in the roster: check its 邮箱 column",
    ),
    Fate.NO_FILES: Words(
        "没有该校的表格，请用 kbxt blanks 重新生成", "there are no blanks of it: write them by `kbxt blanks`"
    ),
    Fate.WRITTEN: Words("已写成 .eml（未发送）", "written as .eml, not sent"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A line of the table: the school, what became of its mail, and what the server said."""

    school: str
    address: str
    fate: Fate
    reply: str = ""


@dataclass(order=True, slots=True)
class _Turn:
    """A mail's next try, not before a moment of the clock."""

    due: float
    number: int
    letter: Letter = field(compare=False)
    tries: int = field(default=0, compare=False)


@dataclass(slots=True)
class Dispatch:
    """Sends letters over a line and keeps the outbox; `wait` and `clock` are time's own."""

    line: SmtpLine
    outbox: Outbox
    resend: bool = False
    wait: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _failures: int = field(default=0, init=False)
    _alike: list[Refusal] = field(default_factory=list, init=False)
    _closed_until: float = field(default=0.0, init=False)

    def send(self, letters: Iterable[Letter]) -> Iterator[Outcome]:
        """What became of each mail, as it becomes known; those put off come again after all others.

        Raises MailError where the server refuses the login or the account, or can't be reached any more; run again, it
        goes on.
        """
        turns = [_Turn(0.0, number, letter) for number, letter in enumerate(letters)]
        try:
            while turns:
                turn = heapq.heappop(turns)
                outcome = self._settled(turn.letter) or self._try(turn)
                if outcome is None:
                    heapq.heappush(turns, turn)
                else:
                    yield outcome
        finally:
            self.line.hang_up()

    def _settled(self, letter: Letter) -> Outcome | None:
        """The outcome of a mail that is not to be sent."""
        known = self.outbox.state(letter.key)
        if lack := _lack(letter):
            return _outcome(letter, lack)
        if self.resend or known is Sent.NEVER:
            return None
        return _outcome(letter, Fate.SENT_BEFORE if known is Sent.SENT else Fate.UNCERTAIN)

    def _try(self, turn: _Turn) -> Outcome | None:
        """One try at a mail; None where it is put off."""
        self.wait(max(turn.due - self.clock(), self._closed_until - self.clock(), 0.0))
        try:
            reply = self._deliver(turn.letter)
        except UnansweredError as trouble:
            outcome: Outcome | None = _outcome(turn.letter, Fate.UNCERTAIN, trouble.reply)
        except UnreachableError as trouble:
            self._bear(trouble)
            return self._put_off(turn, trouble.reply)
        except (DeferredError, RefusedError) as trouble:
            self._failures = 0
            outcome = self._not_taken(turn, trouble)
        else:
            self._failures = 0
            self._alike.clear()
            outcome = _outcome(turn.letter, Fate.SENT, reply)
        if outcome is not None:
            self.wait(self.line.account.pace_seconds)
        return outcome

    def _deliver(self, letter: Letter) -> str:
        """The server's reply to a mail that it took; the outbox is told what became of it."""
        copy, began = self.outbox.copies(letter.key), []

        def begin() -> None:
            self.outbox.begin(letter.key, letter.school, letter.shown_address)
            began.append(True)

        message = letter.message(dt.datetime.now().astimezone(), copy)
        try:
            reply = self.line.deliver(letter.sender, letter.addresses, message, begin)
        except (DeferredError, RefusedError) as trouble:
            if began:
                self.outbox.failed(letter.key, trouble.reply)
            raise
        self.outbox.sent(letter.key, reply)
        return reply

    def _not_taken(self, turn: _Turn, trouble: TroubleError) -> Outcome | None:
        """What comes of a mail that the server did not take: the whole sending ends where it means the account."""
        refusal = refusal_of(trouble.reply, of_sender=isinstance(trouble, SenderRefusedError))
        self._alike = [each for each in self._alike if each is refusal]
        if refusal is not None:
            self._alike.append(refusal)
            if len(self._alike) >= ALIKE:
                raise stopped(self.line.account, refusal, trouble.reply) from trouble
        if isinstance(trouble, RefusedError):
            return _outcome(turn.letter, Fate.REFUSED, trouble.reply)
        if refusal is None:
            return self._put_off(turn, trouble.reply)
        self._closed_until = self.clock() + pause_of(trouble.reply, len(self._alike) - 1)
        return None

    def _bear(self, trouble: UnreachableError) -> None:
        """Wait for the server; give up where it stays away for as many tries as a mail has."""
        self._failures += 1
        account = self.line.account
        if self._failures >= account.tries:
            raise MailError(
                f"连不上 {account.host}（{trouble.reply}）。请检查网络和 mail.host，稍后再次运行，已发送的不会重发。",
                f"{account.host} can't be reached ({trouble.reply}); check the network and mail.host, "
                "then run it again: what was sent is not sent twice.",
            ) from trouble
        self.wait(_back_off(self._failures))

    def _put_off(self, turn: _Turn, reply: str) -> Outcome | None:
        turn.tries += 1
        if turn.tries >= self.line.account.tries:
            return _outcome(turn.letter, Fate.DEFERRED, reply)
        turn.due = self.clock() + _back_off(turn.tries)
        return None


def _lack(letter: Letter) -> Fate | None:
    """What a mail can't go without; None for one that has all."""
    if letter.occasion.hands_out and not letter.recipient.files:
        return Fate.NO_FILES
    return None if letter.addresses else Fate.NO_ADDRESS


def _outcome(letter: Letter, fate: Fate, reply: str = "") -> Outcome:
    return Outcome(letter.school, letter.shown_address, fate, reply)


def _back_off(tries: int) -> float:
    """Seconds to wait after so many vain tries."""
    return min(FIRST_WAIT_SECONDS * 2.0 ** min(tries - 1, 30), LONGEST_WAIT_SECONDS)


def write_letters(letters: Sequence[Letter], out: Path) -> Iterator[Outcome]:
    """The dry run: each mail as it would go, as OUT/发件/<school>.eml."""
    folder = out / OUTBOX_FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for letter in letters:
        if lack := _lack(letter):
            yield _outcome(letter, lack)
            continue
        path = folder / f"{school_folder(letter.school)}.eml"
        path.touch(mode=0o600)
        path.write_bytes(letter.message(dt.datetime.now().astimezone()).as_bytes())
        yield _outcome(letter, Fate.WRITTEN, path.name)
