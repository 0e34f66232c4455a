"""The period that a round of returns belongs to: a school term, a month, a quarter, or a school year.

A spring term (春) reaches from 1 February to 31 July, an autumn term (秋) from 1 August to 31 January of the next year:
together they cover the year without a gap, so that every day lies in one term.  What a school is asked for is due
thirty days after the term's teaching begins (1 March, 1 September), a month's thirty days after the month begins, a
quarter's thirty days after its last month begins, a school year's with its autumn term.
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
"""A form dated so many days after a month's or quarter's last day still belongs to it; none from before its first."""
DAYS_UNTIL_DUE = 30

_CLOCKS_BEGIN = dt.date(2000, 1, 1)
"""Files from before it have no time: archives and programs that know none write 1970 or 1980."""

_TERM = re.compile(r"([12][0-9]{3})年?(春|秋)(?:季)?(?:学期)?")
_MONTH = re.compile(r"([12][0-9]{3})(?:[-./]|年)(1[0-2]|0?[1-9])月?")
_QUARTER = re.compile(r"([12][0-9]{3})(?:Q([1-4])|年?第?([一二三四1-4])季度)")
_SCHOOL_YEAR = re.compile(r"([12][0-9]{3})(?:[-—~至]([12][0-9]{3}))?学年度?")
_QUARTERS = "一二三四"
_TERM_MONTHS = {"春": (2, 7), "秋": (8, 1)}
_SEASONS = {"春": "spring", "秋": "autumn"}
_TEACHING_BEGINS = {"春": 3, "秋": 9}


def day_saved(moment: float) -> dt.date:
    """The day of a moment in seconds since 1970."""
    return moment_of(moment).date()


@dataclass(frozen=True, slots=True)
class Period:
    """A term, a month or a quarter, whichever of these is given; without any the school year that begins in `year`."""

    year: int
    term: Term = ""
    month: int = 0
    quarter: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """The period that a text names; ValueError where it names none.

        >>> Period.parse("2021春"), Period.parse("2021年秋季学期"), Period.parse("2021-03")
        (Period(2021春), Period(2021秋), Period(2021-03))
        >>> Period.parse("2021Q2"), Period.parse("2021年第二季度"), Period.parse("2020-2021学年")
        (Period(2021Q2), Period(2021Q2), Period(2020学年))
        """
        compact = plain(text)
        if term := _TERM.fullmatch(compact):
            return cls(int(term[1]), "春" if term[2] == "春" else "秋")
        if month := _MONTH.fullmatch(compact):
            return cls(int(month[1]), month=int(month[2]))
        if quarter := _QUARTER.fullmatch(compact.upper()):
            named = quarter[2] or quarter[3]
            return cls(int(quarter[1]), quarter=int(named) if named.isascii() else _QUARTERS.index(named) + 1)
        if (years := _SCHOOL_YEAR.fullmatch(compact)) and int(years[2] or int(years[1]) + 1) == int(years[1]) + 1:
            return cls(int(years[1]))
        raise ValueError(f"no period: {text!r}")

    @classmethod
    def of(cls, day: dt.date) -> Self:
        """The term that a day lies in."""
        if day.month == 1:
            return cls(day.year - 1, "秋")
        return cls(day.year, "春" if day.month < 8 else "秋")

    @property
    def label(self) -> str:
        """The period as it is written in commands and folders: 2021春, 2021-03, 2021Q2, 2020学年."""
        if self.term:
            return f"{self.year}{self.term}"
        if self.month:
            return f"{self.year}-{self.month:02d}"
        return f"{self.year}Q{self.quarter}" if self.quarter else f"{self.year}学年"

    @property
    def kind(self) -> str:
        """Which kind of period it is: periods of one kind follow each other."""
        return "term" if self.term else "month" if self.month else "quarter" if self.quarter else "school year"

    @property
    def is_strict(self) -> bool:
        """Whether what is dated outside of it is another period's: of a term or a year a date may be a slip."""
        return bool(self.month or self.quarter)

    @property
    def words(self) -> Words:
        """The period as a letter writes it: 2021 年春季学期, 2021 年 3 月."""
        if self.term:
            return Words(f"{self.year} 年{self.term}季学期", f"the {_SEASONS[self.term]} term of {self.year}")
        if self.month:
            return Words(f"{self.year} 年 {self.month} 月", f"{calendar.month_name[self.month]} {self.year}")
        if self.quarter:
            ordinal = _QUARTERS[self.quarter - 1]
            return Words(f"{self.year} 年第{ordinal}季度", f"quarter {self.quarter} of {self.year}")
        return Words(f"{self.year}—{self.year + 1} 学年", f"the school year {self.year}-{self.year + 1}")

    @property
    def _first_month(self) -> int:
        if self.quarter:
            return self.quarter * 3 - 2
        return self.month or _TERM_MONTHS[self.term or "秋"][0]

    @property
    def first(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, self._first_month, 1)

    @property
    def last(self) -> dt.date:
        """Its last day."""
        month = _TERM_MONTHS[self.term][1] if self.term else self.month or self.quarter * 3 or _TERM_MONTHS["春"][1]
        year = self.year + (month < self.first.month)
        return dt.date(year, month, calendar.monthrange(year, month)[1])

    @property
    def due(self) -> dt.date:
        """The day by which schools must have returned, where the settings name no other."""
        month = _TEACHING_BEGINS[self.term] if self.term else self.month or self.quarter * 3 or _TEACHING_BEGINS["秋"]
        return dt.date(self.year, month, 1) + dt.timedelta(days=DAYS_UNTIL_DUE)

    @property
    def school_year(self) -> int:
        """The year in which the school year began: a spring term, and January to August, belong to the year before."""
        if self.term:
            return self.year if self.term == "秋" else self.year - 1
        if self.kind == "school year":
            return self.year
        return self.year if self.first.month >= _TEACHING_BEGINS["秋"] else self.year - 1

    def contains(self, day: dt.date) -> bool:
        """Tell whether a day lies in the period."""
        return self.first <= day <= self.last

    def is_near(self, first: dt.date, last: dt.date) -> bool:
        """Tell whether a form whose date means any day from `first` to `last` can be of this period."""
        before, after = (0, LATE_DAYS) if self.is_strict else (NEAR_DAYS, NEAR_DAYS)
        return last >= self.first - dt.timedelta(days=before) and first <= self.last + dt.timedelta(days=after)

    def is_older(self, saved: float) -> bool:
        """Tell whether a file saved at that moment (seconds since 1970) is older than any of this period can be."""
        oldest = self.first - dt.timedelta(days=0 if self.is_strict else NEAR_DAYS)
        return _CLOCKS_BEGIN <= day_saved(saved) < oldest

    def meets(self, span: tuple[dt.date, dt.date]) -> bool:
        """Tell whether some day of a span, from its first to its last, lies in the period."""
        return span[0] <= self.last and span[1] >= self.first

    def previous(self) -> Self:
        """The period of its kind before it."""
        return self._holding(self.first - dt.timedelta(days=1))

    def following(self) -> Self:
        """The period of its kind after it."""
        return self._holding(self.last + dt.timedelta(days=1))

    def _holding(self, day: dt.date) -> Self:
        """The period of its kind that a day lies in."""
        if self.term:
            return type(self).of(day)
        if self.month:
            return type(self)(day.year, month=day.month)
        if self.quarter:
            return type(self)(day.year, quarter=(day.month + 2) // 3)
        return type(self)(day.year - (day.month < _TERM_MONTHS["秋"][0]))

    def __str__(self) -> str:
        """Its label."""
        return self.label

    def __repr__(self) -> str:
        """Its label, so that a failing test can be read."""
        return f"Period({self.label})"
