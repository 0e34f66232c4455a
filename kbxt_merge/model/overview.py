"""Where a round of returns stands: who returned what, and what is open; free of pandas, so that it is told fast."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kbxt_merge.model.awaited import Awaited
from kbxt_merge.model.text import Words


class Arrival(StrEnum):
    """Whether a form came, and when."""

    IN_TIME = "in time"
    LATE = "late"
    AWAITED = "awaited"
    MISSING = "missing"
    """Not there, and due."""

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
class SchoolStatus:
    """One school; `forms` has every form in force, `errors` and `warnings` count what belongs to no form besides.

    `last_file` is the moment of the newest file that it sent.
    """

    name: str
    listed: bool
    forms: Mapping[str, FormStatus]
    scans: int
    errors: int
    warnings: int
    last_file: dt.datetime | None = None

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
    def late(self) -> bool:
        """Whether a form came late, or nothing did though it is due."""
        arrivals = [each.arrival for each in self.forms.values()]
        return Arrival.LATE in arrivals or (not self.returned and Arrival.MISSING in arrivals)


@dataclass(frozen=True, slots=True)
class MailSent:
    """A mail to a school as the outbox knows it; `event` is its last one: begin, sent or failed."""

    school: str
    address: str
    at: dt.datetime
    event: str
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """A period as its last round left it; `changes` counts the findings of that round by the names of `Life`.

    `errors` and `warnings` count all that is open, that of files of which nobody knows the school, too. `awaited` is
    what the mailbox still waits for.
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
