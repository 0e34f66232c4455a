"""Dates as schools write them; free of pandas, because the workers that read workbooks find dates too."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kbxt_merge.intake.values.numerals import numerals_to_digits
from kbxt_merge.model.cell import CellState, shown
from kbxt_merge.model.china_time import in_china
from kbxt_merge.model.returns import Cell, TypedDate, is_blank
from kbxt_merge.model.text import plain

FIRST_YEAR, LAST_YEAR = 1900, 2100
_FIRST_SHOWN = 1950
"""Spreadsheet days before it are numbers in a date's format: 2020 is shown as a day of 1905, 11 as one of 1900."""
_PIVOT = 69
"""Two-digit years from here on are of the last century, as POSIX has it."""

_SERIAL_EPOCH = dt.date(1899, 12, 30)
_SERIALS = range(32874, 60000)
"""The bare numbers read as spreadsheet serials: 1990-01-01 to 2064. A smaller one is rather a 20213 meant as 2021.3."""

_MARK = r"(?:--|\.\.|[-./\\。·・\u2010-\u2015\u2212])"
_DELIMITED = re.compile(
    rf"(?P<year>[0-9]{{4}}|[0-9]{{2}})(?:年|(?P<mark>{_MARK}))(?P<month>[0-9]{{1,2}})"
    rf"(?:(?:月份?|(?P<other_mark>{_MARK}))(?:(?P<day>[0-9]{{1,2}})?(?P<of_day>[日号])?)?)?"
)
_RUN_TOGETHER = re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?:(?P<day>[0-9]{2})[日号]?|月)?")
_MONTH_FIRST = re.compile(rf"(?P<month>[0-9]{{1,2}})(?:月|{_MARK})[(]?(?P<year>[0-9]{{4}})年?[)]?(?P<day>)")
_TIME = r"(?:[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?|[0-9]{1,2}[时点](?:[0-9]{1,2}分)?)"
_CLOCK = re.compile(rf"(?<=[0-9日号])(?:T| ?[上下]午 ?| +|(?<=[日号])){_TIME}$")
_ZONED = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})"
)
"""A moment as .xlsx files and exports write it, on a clock of any zone."""
_SPACED_NUMBER = re.compile(r"(?<=[0-9])\s+(?=[0-9]\s*[月日])")
_SPACED_DIGITS = re.compile(r"(?<=[0-9])\s+(?=[0-9])")
_PRINTED_BLANKS = re.compile(r"[年月日./_-]*[年月日_][年月日./_-]*")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_MONTH_OR_YEAR = re.compile(rf"(?:0[1-9]|1[0-2]){_MARK}[0-9]{{1,2}}")
_ZERO_LOST = re.compile(r"(?:[0-9]{4}|[0-9]{2})[.]1")

_NOTE = re.compile(r"[(\[【](?![^)\]】]*(?:[农阴]历|疑|不|待|[?]|[0-9][0-9年月日号](?!级)))[^)\]】]*[)\]】]")
"""A note in brackets that is no other date, and doubts none."""
_WRAPPED = re.compile(r"[(\[【\"'“”‘’「]+([^()\[\]【】\"'“”‘’「」]+)[)\]】\"'“”‘’」]*")
_HAPPENED = r"(?:开始|正式)?(?:辍学|失学|休学|缓学|流失|离校|退学|复学|返校|入学|转[学入出]|出生|生)"
_AROUND = re.compile(
    rf"^(?:(?:{_HAPPENED})?(?:时间|日期)|出生年月日?):?|^(?:{_HAPPENED})?(?:大?[约概]|自|从|于|公元)+"
    r"|(?<=年)(?:度|的|大?约)(?=[0-9])|(?<=[月0-9])份?[上中下]{1,2}旬|(?<=月)[份月]?[初中底末]"
    r"|(?<=[日号0-9])(?:[上下]午|(?:星期|周)[一二三四五六日天1-6])$"
    rf"|(?<=[月日号份旬初中底末0-9])[-—–~]?(?:左右|前后|开始|起|以来|至今|{_HAPPENED})+[。.]?$|[。.,、;/!~]+$"
)
"""Words that leave the month or day as it is; 前 and 后 alone do not."""
_COMMA = re.compile(
    r"(?<=[0-9]{4})[,、](?=[0-9])|(?<=[0-9]{4}[.,、][0-9])[,、](?=[0-9])|(?<=[0-9]{4}[.,、][0-9]{2})[,、](?=[0-9])"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH = re.compile(
    rf"(?:(?P<day>[0-9]{{1,2}})-?)?(?P<month>(?:{'|'.join(_MONTHS)})[a-z]{{0,6}})[-.,]*"
    rf"(?:(?P<day_behind>[0-9]{{1,2}}),)?(?P<year>[0-9]{{4}}|[0-9]{{2}})",
    re.IGNORECASE,
)
"""Nov-20, 5-Nov-2020, November 2020, Nov 5, 2020."""

_LABEL = re.compile(r"(?:时间|日期)[:：]?")
_LOOSE = re.compile(rf"[\s_]*([年月日号]|{_MARK})[\s_]*")
_IN_TEXT = re.compile(
    rf"(?<![0-9])(?:"
    rf"(?:(?P<year>[0-9]{{4}}|[0-9]{{2}}(?=年))(?:年|{_MARK})(?P<month>[0-9]{{1,2}})(?![0-9])"
    rf"(?:(?:月|{_MARK})(?:(?P<day>[0-9]{{1,2}})(?![0-9]))?)?)"
    rf"|(?P<solid>(?:19|20)[0-9]{{4}}(?:[0-9]{{2}})?)(?![0-9]))"
)


class ReadDate(NamedTuple):
    """A date cell as it was read: no date unless the state says that there is one."""

    date: TypedDate | None
    state: CellState


def iso(date: TypedDate) -> str:
    """The date at its own precision: 2021-03 or 2021-03-01."""
    return date.first.isoformat() if date.first == date.last else f"{date.first:%Y-%m}"


def read_date(text: str) -> TypedDate | None:
    """The date that the whole text writes, with no more around it than leaves its month or day alone; or None.

    >>> iso(read_date("21.3")), iso(read_date("二〇二一年三月一日")), read_date("去年")
    ('2021-03', '2021-03-01', None)
    >>> iso(read_date("约2020年11月中旬")), iso(read_date("Nov-20"))
    ('2020-11', '2020-11')
    """
    if _ZONED.fullmatch(text.strip()):
        return _zoned(text)
    compact = _compact(text)
    found = _whole(compact) or _whole(_with_month_number(_bare(compact)))
    if found:
        return None if _is_of_two(found) else _date_of(text, found["year"], found["month"], found["day"])
    return _serial(text, int(compact[:5])) if _SERIAL.fullmatch(compact) else None


def _zoned(text: str) -> TypedDate | None:
    try:
        return _day(text, in_china(dt.datetime.fromisoformat(text.strip())).date())
    except ValueError:
        return None


def _whole(compact: str) -> re.Match[str] | None:
    forms = (_DELIMITED, _RUN_TOGETHER, _MONTH_FIRST)
    return next((found for form in forms if (found := form.fullmatch(compact))), None)


def _is_of_two(found: re.Match[str]) -> bool:
    """Whether a date may be two months, as 2020.10-11 may: between month and day stands another mark than before."""
    said = found.groupdict()
    if not (said.get("other_mark") and said["day"]) or said["of_day"] or said["mark"] == said["other_mark"]:
        return False
    return int(said["month"]) < int(said["day"]) <= 12


def _bare(compact: str) -> str:
    """The date without words around it, a part of the month among them, and with its commas as points."""
    inside = _WRAPPED.fullmatch(compact)
    without_note = inside[1] if inside else _NOTE.sub("", compact)
    return _COMMA.sub(".", _AROUND.sub("", without_note))


def _with_month_number(compact: str) -> str:
    """An English month, as spreadsheets in English show one, as year-month or year-month-day."""
    found = _ENGLISH.fullmatch(compact)
    if found is None:
        return compact
    parts = (found["year"], str(_MONTHS.index(found["month"][:3].lower()) + 1), found["day"] or found["day_behind"])
    return "-".join(filter(None, parts))


@lru_cache(maxsize=4096)
def find_date(text: str) -> TypedDate | None:
    """The date that stands somewhere in a line: the first after 时间 or 日期, else the first of all.

    >>> iso(find_date("填报单位：梅林中学（盖章）  时间：2021 年 3 月   日"))
    '2021-03'
    """
    normal = _SPACED_NUMBER.sub("", numerals_to_digits(unicodedata.normalize("NFKC", text)))
    line = _LOOSE.sub(r"\1", normal)
    after_label = _LABEL.split(line, maxsplit=1)[1:]
    return next((date for part in (*after_label, line) for date in _dates_in(text, part)), None)


def read_date_cell(cell: Cell) -> ReadDate:
    """The date in a cell, as text, number or day of the spreadsheet."""
    if is_blank(cell):
        return ReadDate(None, CellState.BLANK)
    if isinstance(cell, dt.date):
        day = cell.date() if isinstance(cell, dt.datetime) else cell
        return _as_read(_day(shown(cell), day) if day.year >= _FIRST_SHOWN else None, CellState.AS_TYPED)
    if isinstance(cell, float) and _SERIALS.start <= cell < _SERIALS.stop:
        return _as_read(_serial(shown(cell), int(cell)), CellState.NORMALISED)
    if not isinstance(cell, str | int | float):
        return ReadDate(None, CellState.UNREADABLE)
    text = shown(cell)
    if _PRINTED_BLANKS.fullmatch(plain(text)):
        return ReadDate(None, CellState.BLANK)
    date = read_date(text)
    return _as_read(date, _state_of_text(text, date, isinstance(cell, str)))


def _state_of_text(text: str, date: TypedDate | None, is_text: bool) -> CellState:
    if not is_text and _ZERO_LOST.fullmatch(text):
        return CellState.AMBIGUOUS
    if _MONTH_OR_YEAR.fullmatch(text.strip()):  # 12.5 may be the fifth of December
        return CellState.AMBIGUOUS
    return CellState.AS_TYPED if date and text in _usual_forms(date) else CellState.NORMALISED


def _usual_forms(date: TypedDate) -> tuple[str, str]:
    first = date.first
    day = f"{first.day}日" if first == date.last else ""
    return iso(date), f"{first.year}年{first.month}月{day}"


def _as_read(date: TypedDate | None, state: CellState) -> ReadDate:
    return ReadDate(date, state if date else CellState.UNREADABLE)


def _compact(text: str) -> str:
    """The text without white space and clock time; digits that white space parts are not run together."""
    stripped = _SPACED_NUMBER.sub("", _CLOCK.sub("", unicodedata.normalize("NFKC", text).strip()))
    return numerals_to_digits(plain(_SPACED_DIGITS.sub("-", stripped)).replace("元月", "一月")).replace("_", "")


def _dates_in(typed: str, line: str) -> Iterator[TypedDate]:
    found = (_found_date(typed, match) for match in _IN_TEXT.finditer(line))
    return (date for date in found if date)


def _found_date(typed: str, match: re.Match[str]) -> TypedDate | None:
    if solid := match["solid"]:
        return _date_of(typed, solid[:4], solid[4:6], solid[6:])
    return _date_of(typed, match["year"], match["month"], match["day"])


def _date_of(typed: str, year_text: str, month_text: str, day_text: str | None) -> TypedDate | None:
    year, month = int(year_text), int(month_text)
    if len(year_text) == 2:
        year += 1900 if year >= _PIVOT else 2000
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        return None
    days = calendar.monthrange(year, month)[1]
    if not day_text:
        return TypedDate(typed, dt.date(year, month, 1), dt.date(year, month, days))
    return _day(typed, dt.date(year, month, int(day_text))) if 1 <= int(day_text) <= days else None


def _day(typed: str, day: dt.date) -> TypedDate | None:
    return TypedDate(typed, day, day) if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _serial(typed: str, days: int) -> TypedDate | None:
    return _day(typed, _SERIAL_EPOCH + dt.timedelta(days)) if days in _SERIALS else None
