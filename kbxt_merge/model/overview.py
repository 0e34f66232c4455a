"""Where a round of returns stands: who returned what, and what is open; free of pandas, so that it is told fast."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kbxt_merge.model.awaited import Awaited
from kbxt_merge.model.round import Life
from kbxt_merge.model.text import Words


class Arrival(StrEnum):
    """Whether a form came, and when."""

    IN_TIME = "in time"
    LATE = "late"
    AWAITED = "awaited"
    MISSING = "missing"
    """Not there, and due."""
    NOT_OWED = "not owed"
    """Not there, and not wanted of a school of this stage."""

    @property
    def words(self) -> Words:
        """What the state is called on screens."""
        return _ARRIVAL_WORDS[self]

    @property
    def came(self) -> bool:
        """Whether the form is there."""
        return self in (Arrival.IN_TIME, Arrival.LATE)


_ARRIVAL_WORDS = {
    Arrival.IN_TIME: Words("已报", "in"),
    Arrival.LATE: Words("迟报", "late"),
    Arrival.AWAITED: Words("待报", "-"),
    Arrival.MISSING: Words("未报", "missing"),
    Arrival.NOT_OWED: Words("无须报", "not owed"),
}


@dataclass(frozen=True, slots=True)
class FormStatus:
    """One form of one school: `versions` counts the files in which it came, `errors` and `warnings` what is open."""

    arrival: Arrival
    first_came: dt.date | None = None
    versions: int = 0
    errors: int = 0
    warnings: int = 0
    scanned: bool = False


@dataclass(frozen=True, slots=True)
class RoundCounts:
    """A round of a period: its number, its moment, and its findings by the names of `Life`."""

    number: int
    made: dt.datetime
    counts: Mapping[str, int]

    @property
    def open(self) -> int:
        """How many errors and warnings were open after it."""
        return sum(self.counts.get(each.value, 0) for each in (Life.NEW, Life.STILL, Life.BACK))

    @property
    def new(self) -> int:
        """How many it found that were not open before."""
        return self.counts.get(Life.NEW.value, 0) + self.counts.get(Life.BACK.value, 0)

    @property
    def fixed(self) -> int:
        """How many of those before were gone."""
        return self.counts.get(Life.FIXED.value, 0)

    @property
    def confirmed(self) -> int:
        """How many warnings schools had verified."""
        return self.counts.get(Life.CONFIRMED.value, 0)


@dataclass(frozen=True, slots=True)
class SchoolStatus:
    """One school; `forms` has every form in force, `errors` and `warnings` count what belongs to no form besides.

    `last_file` is the moment of the newest file that it sent. `fixed` counts what was found in the period and is gone.
    """

    name: str
    listed: bool
    forms: Mapping[str, FormStatus]
    scans: int
    errors: int
    warnings: int
    last_file: dt.datetime | None = None
    fixed: int = 0

    @property
    def all_errors(self) -> int:
        """What the school must correct."""
        return self.errors + sum(each.errors for each in self.forms.values())

    @property
    def all_warnings(self) -> int:
        """What the school is to verify."""
        return self.warnings + sum(each.warnings for each in self.forms.values())

    @property
    def returned(self) -> bool:
        """Whether anything came."""
        return any(each.arrival.came for each in self.forms.values())

    @property
    def owes_nothing(self) -> bool:
        """Whether it need not return anything, and did not."""
        return all(each.arrival is Arrival.NOT_OWED for each in self.forms.values())

    @property
    def late(self) -> bool:
        """Whether a form came late, or nothing did though it is due."""
        arrivals = [each.arrival for each in self.forms.values()]
        return Arrival.LATE in arrivals or (not self.returned and Arrival.MISSING in arrivals)


@dataclass(frozen=True, slots=True)
class MailSent:
    """A mail to a school as the outbox knows it; `event` is its last one, at `at`: begin, sent or failed."""

    school: str
    address: str
    at: dt.datetime
    event: str
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """A period as its last round left it; `changes` counts the findings of that round by the names of `Life`.

    `errors` and `warnings` count all that is open, that of files of which nobody knows the school, too. `awaited` is
    what the mailbox still waits for. `trend` has a line a round.
    """

    bureau: str
    period: str
    due: dt.date
    rounds: int
    last_round: dt.datetime
    changes: Mapping[str, int]
    forms: tuple[str, ...]
    schools: tuple[SchoolStatus, ...]
    errors: int = 0
    warnings: int = 0
    awaited: tuple[Awaited, ...] = ()
    trend: tuple[RoundCounts, ...] = ()
