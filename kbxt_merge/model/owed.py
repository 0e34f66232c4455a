"""What a school still owes the bureau: a return, a correction, an answer, a stamped scan, a file instead of a link."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Owed:
    """The debts of one school.

    `nothing_came` says that no form did; else `forms` are what is missing, by what they are called. `corrections` and
    `answers` count open errors and open warnings, `scans` are the forms that came without a stamped scan, `links` the
    mails that brought a link to a cloud and no file. `last_mail` is when the school was last written to.
    """

    school: str
    stage: str = ""
    contact: str = ""
    phone: str = field(default="", repr=False)
    nothing_came: bool = False
    forms: tuple[str, ...] = ()
    corrections: int = 0
    answers: int = 0
    scans: tuple[str, ...] = ()
    links: int = 0
    last_mail: dt.datetime | None = None

    @property
    def anything(self) -> bool:
        """Whether the school owes anything."""
        return bool(self.nothing_came or self.forms or self.corrections or self.answers or self.scans or self.links)
