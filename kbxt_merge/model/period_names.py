"""Which days a title, a tab or a file's name speaks of: 2020-2021学年度第二学期, 2021年春季, 2021年3月."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable

from kbxt_merge.model.period import Period
from kbxt_merge.model.text import plain

Span = tuple[dt.date, dt.date]
"""A first and a last day."""

_TO = r"(?:[-—–~/、]+|至)"
_SCHOOL_YEAR = re.compile(
    rf"(?<![0-9])(?P<year>20[0-9]{{2}})年?(?P<second>{_TO}(?:20)?[0-9]{{2}}年?)?(?:学年度?|(?(second)(?=第[一二]学期|[上下](?:学?期)?(?:$|\())|(?!)))"
    r"(?:第?(?P<half>[一二上下12])学?期?|(?P<term>[春秋]))?"
)
_TERM = re.compile(
    r"(?<![0-9])(?P<year>20[0-9]{2}|(?:1[5-9]|[23][0-9])(?=年?[春秋]))年?(?P<term>[春秋]|[上下](?:半年|$))(?![(/、]?[春秋])"
)
_MONTHS = re.compile(
    rf"(?<![0-9])(?P<year>20[0-9]{{2}})(?:年|[.-])(?P<first>[0-9]{{1,2}})(?:(?:{_TO}(?P<last>[0-9]{{1,2}}))?月|$)"
)
_QUARTER = re.compile(r"(?<![0-9])(?P<year>20[0-9]{2})年?第?(?P<quarter>[一二三四1-4])季度")
_YEARS = re.compile(rf"(?<![0-9])(?P<year>20[0-9]{{2}})(?![0-9])年?(?:{_TO}(?P<last>20[0-9]{{2}}))?")
_MONTH = re.compile(
    r"(?<![0-9一二三四五六七八九十])(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?:份|$|[^0-9日内前后])"
    r"|^20[0-9]{2}[-./年]?(?P<behind_year>0[1-9]|1[0-2]|[1-9])$"
)
_CHINESE_YEAR = re.compile(r"[二2][〇○零0][〇○零一二三四五六七八九]{2}(?=学?年|[-—~至、/]|[春秋])")
_DIGITS = {character: value % 10 for value, character in enumerate("〇一二三四五六七八九零")} | {"○": 0}
_SPRING = frozenset("春二下2")


def span_named(text: str, *, years: bool = True) -> Span | None:
    """The days that a text speaks of; None where it names no period, or, without `years`, only a year.

    >>> span_named("赣县区2020-2021学年度第二学期统计表")
    (datetime.date(2021, 2, 1), datetime.date(2021, 7, 31))
    """
    compact = _CHINESE_YEAR.sub(lambda found: _in_digits(found.group()), plain(text))
    for pattern, span in _READERS if years else _READERS[:-1]:
        if found := pattern.search(compact):
            return span(found)
    return None


def month_named(text: str) -> int | None:
    """The month that a tab's name says, in whatever year.

    >>> month_named("3月"), month_named("十二月份"), month_named("七年级")
    (3, 12, None)
    """
    found = _MONTH.search(plain(text))
    if found is None:
        return None
    month = found["month"] or found["behind_year"]
    return int(month) if month.isdecimal() else 10 * month.startswith("十") + _DIGITS.get(month[-1], 0)


def _in_digits(year: str) -> str:
    return "".join(str(_DIGITS.get(character, character)) for character in year)


def _of_school_year(found: re.Match[str]) -> Span:
    """A term of a school year; of a year that is written alone nobody knows whether it begins or ends there."""
    year, half = int(found["year"]), found["half"] or found["term"]
    autumn, spring = Period(year, "秋"), Period(year + 1, "春")
    if half and half not in _SPRING:
        return autumn.first, autumn.last
    if not found["second"]:
        return Period(year, "春").first, spring.last
    return (spring if half else autumn).first, spring.last


def _of_term(found: re.Match[str]) -> Span:
    period = Period(2000 + int(found["year"]) % 100, "春" if found["term"][0] in "春上" else "秋")
    return period.first, period.last


def _of_months(found: re.Match[str]) -> Span:
    year, first = int(found["year"]), int(found["first"])
    return _months(year, first, int(found["last"] or first))


def _of_quarter(found: re.Match[str]) -> Span:
    quarter = _DIGITS.get(found["quarter"]) or int(found["quarter"])
    return _months(int(found["year"]), quarter * 3 - 2, quarter * 3)


def _of_years(found: re.Match[str]) -> Span:
    return _months(int(found["year"]), 1, 12)[0], _months(int(found["last"] or found["year"]), 1, 12)[1]


def _months(year: int, first: int, last: int) -> Span:
    first, last = (month if 1 <= month <= 12 else 12 for month in (first, last))
    return dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1])


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Span]], ...] = (
    (_SCHOOL_YEAR, _of_school_year),
    (_TERM, _of_term),
    (_MONTHS, _of_months),
    (_QUARTER, _of_quarter),
    (_YEARS, _of_years),
)
"""What names a period, the most exact first; a year alone comes last."""
