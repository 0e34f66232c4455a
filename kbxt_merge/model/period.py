"""The period that a round of returns belongs to: a school term, or a month.

A spring term (春) reaches from 1 February to 31 July, an autumn term (秋) from 1 August to 31 January of the next year:
together they cover the year without a gap, so that every day lies in one term.  What a school is asked for is due
thirty days after the term's teaching begins (1 March, 1 September), a month's thirty days after the month begins.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal, Self

from kbxt_merge.model.china_time import moment_of
from kbxt_merge.model.text import Words, plain

Term = Literal["春", "秋", ""]

NEAR_DAYS = 60
"""A form dated so many days before a term's first day, or after its last, still belongs to it."""
LATE_DAYS = 10
"""A form dated so many days after a month's last day still belongs to it; none from before its first does."""
DAYS_UNTIL_DUE = 30

_CLOCKS_BEGIN = dt.date(2000, 1, 1)
"""Files from before it have no time: archives and programs that know none write 1970 or 1980."""

_TERM = re.compile(r"([12][0-9]{3})年?(春|秋)(?:季)?(?:学期)?")
_MONTH = re.compile(r"([12][0-9]{3})(?:[-./]|年)(1[0-2]|0?[1-9])月?")
_TERM_MONTHS = {"春": (2, 7), "秋": (8, 1)}
_SEASONS = {"春": "spring", "秋": "autumn"}
_TEACHING_BEGINS = {"春": 3, "秋": 9}


def day_saved(moment: float) -> dt.date:
    """The day of a moment in seconds since 1970."""
    return moment_of(moment).date()


@dataclass(frozen=True, slots=True)
class Period:
    """A term (`month` is 0) or a month (`term` is empty)."""

    year: int
    term: Term = ""
    month: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """The period that a text names; ValueError where it names none.

        >>> Period.parse("2021春"), Period.parse("2021年秋季学期"), Period.parse("2021-03")
        (Period(2021春), Period(2021秋), Period(2021-03))
        """
        compact = plain(text)
        if term := _TERM.fullmatch(compact):
            return cls(int(term[1]), "春" if term[2] == "春" else "秋")
        if month := _MONTH.fullmatch(compact):
            return cls(int(month[1]), month=int(month[2]))
        raise ValueError(f"no period: {text!r}")

    @classmethod
    def of(cls, day: dt.date) -> Self:
        """The term that a day lies in."""
        if day.month == 1:
            return cls(day.year - 1, "秋")
        return cls(day.year, "春" if day.month < 8 else "秋")

    @property
    def label(self) -> str:
        """The period as it is written in commands and folders: 2021春, 2021-03."""
        return f"{self.year}{self.term}" if self.term else f"{self.year}-{self.month:02d}"

    @property
    def words(self) -> Words:
        """The period as a letter writes it: 2021 年春季学期, 2021 年 3 月."""
        if self.term:
            return Words(f"{self.year} 年{self.term}季学期", f"the {_SEASONS[self.term]} term of {self.year}")
        return Words(f"{self.year} 年 {self.month} 月", f"{calendar.month_name[self.month]} {self.year}")

    @property
    def first(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, _TERM_MONTHS[self.term][0] if self.term else self.month, 1)

    @property
    def last(self) -> dt.date:
        """Its last day."""
        month = _TERM_MONTHS[self.term][1] if self.term else self.month
        year = self.year + (month < self.first.month)
        return dt.date(year, month, calendar.monthrange(year, month)[1])

    @property
    def due(self) -> dt.date:
        """The day by which schools must have returned, where the settings name no other."""
        month = _TEACHING_BEGINS[self.term] if self.term else self.month
        return dt.date(self.year, month, 1) + dt.timedelta(days=DAYS_UNTIL_DUE)

    @property
    def school_year(self) -> int:
        """The year in which the school year began: a spring term, and January to August, belong to the year before."""
        if self.term:
            return self.year if self.term == "秋" else self.year - 1
        return self.year if self.month >= 9 else self.year - 1

    def contains(self, day: dt.date) -> bool:
        """Tell whether a day lies in the period."""
        return self.first <= day <= self.last

    def is_near(self, first: dt.date, last: dt.date) -> bool:
        """Tell whether a form whose date means any day from `first` to `last` can be of this period."""
        before, after = (NEAR_DAYS, NEAR_DAYS) if self.term else (0, LATE_DAYS)
        return last >= self.first - dt.timedelta(days=before) and first <= self.last + dt.timedelta(days=after)

    def is_older(self, saved: float) -> bool:
        """Tell whether a file saved at that moment (seconds since 1970) is older than any of this period can be."""
        oldest = self.first - dt.timedelta(days=NEAR_DAYS if self.term else 0)
        return _CLOCKS_BEGIN <= day_saved(saved) < oldest

    def meets(self, span: tuple[dt.date, dt.date]) -> bool:
        """Tell whether some day of a span, from its first to its last, lies in the period."""
        return span[0] <= self.last and span[1] >= self.first

    def previous(self) -> Self:
        """The term before this term, or the month before this month."""
        day_before = self.first - dt.timedelta(days=1)
        if self.term:
            return type(self).of(day_before)
        return type(self)(day_before.year, month=day_before.month)

    def following(self) -> Self:
        """The term after this term, or the month after this month."""
        day_after = self.last + dt.timedelta(days=1)
        return type(self).of(day_after) if self.term else type(self)(day_after.year, month=day_after.month)

    def __str__(self) -> str:
        """Its label."""
        return self.label

    def __repr__(self) -> str:
        """Its label, so that a failing test can be read."""
        return f"Period({self.label})"
