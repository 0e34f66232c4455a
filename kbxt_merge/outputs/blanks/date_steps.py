"""The steps that read a date as schools write it: 2021.3, 2021-03-01, 20210301, 2021年3月1日, 21.3, 二〇二一年三月."""

from __future__ import annotations

from dataclasses import dataclass

from kbxt_merge.outputs.blanks.formula import clean, is_digits, one_of, replaced, when
from kbxt_merge.outputs.blanks.workings import Workings

_FIRST_SERIAL, _LAST_SERIAL = 32874, 59999
"""1990 to 2064: the bare numbers that are spreadsheet dates."""
_PIVOT = 69
"""Two-digit years from here on are of the last century."""

_PRINTED_BLANKS = ("年月日", "年月")
_SEPARATORS = ("年", "月份", "月", ".", "/", "-", "。", "｡", "‐", "‑", "–", "—", "―", "−")
_MARKS = (
    *((mark, "|") for mark in _SEPARATORS),  # not a hyphen: a step on a card's own sheet must not read like a date
    *((mark, "") for mark in ("日", "号", "_")),
    *((zero, "0") for zero in "〇零○"),
    *((numeral, str(value)) for value, numeral in enumerate("一二三四五六七八九", 1)),
)


@dataclass(frozen=True, slots=True)
class DateSteps:
    """References of the text in a cell with all marks alike, and of the first and last day it can mean; 0 for none."""

    text: str
    first: str
    last: str


def date_steps(workings: Workings, raw: str, text: str, *, has_blanks: bool) -> DateSteps:
    """Read a cleaned text, or the number in its cell; the form may print blanks for year, month and day in it."""
    alike = replaced(text, _MARKS)
    marked = workings.step(f'IF({one_of(text, _PRINTED_BLANKS)},"",{alike})' if has_blanks else alike)
    ended = f'IF(RIGHT({marked},1)="|",LEFT({marked},LEN({marked})-1),{marked})'
    run_together = f'LEFT({marked},4)&"|"&MID({marked},5,2)&IF(LEN({marked})=8,"|"&MID({marked},7,2),"")'
    solid = f"IF(OR(LEN({marked})=8,LEN({marked})=6),{is_digits(marked, 8)},FALSE)"
    parts = workings.step(f'IF({solid},{run_together},{ended})&"||"')
    first_mark = f'FIND("|",{parts})'
    second_mark = f'FIND("|",{parts},{first_mark}+1)'
    year = workings.step(f"LEFT({parts},{first_mark}-1)")
    month = workings.step(_in_digits(f"MID({parts},{first_mark}+1,{second_mark}-{first_mark}-1)"))
    rest = workings.step(f"MID({parts},{second_mark}+1,9)")
    day = workings.step(_in_digits(f'IF(LEN({rest})<2,"",SUBSTITUTE({rest},"||",""))'))
    written = workings.step(_written(year, month, day))
    real = f'IF({written}=0,FALSE,IF({day}="",TRUE,DAY({written})=--{day}))'
    serial = f"IF(ISNUMBER({raw}),AND({raw}>={_FIRST_SERIAL},{raw}<{_LAST_SERIAL + 1}),FALSE)"
    in_range = f"AND(LEN({marked})=5,--{marked}>={_FIRST_SERIAL},--{marked}<={_LAST_SERIAL})"
    typed_serial = f"IF({is_digits(marked, 5)},{in_range},FALSE)"
    first = workings.step(when((serial, f"INT({raw})"), (typed_serial, f"--{marked}"), (real, written), otherwise="0"))
    by_month = f'AND({day}="",{first}>0,{first}={written})'
    last = workings.step(f"IF({by_month},DATE(YEAR({first}),MONTH({first})+1,0),{first})")
    return DateSteps(marked, first, last)


def _in_digits(part: str) -> str:
    """十, 十1, 2十 and 2十1 in digits."""
    tens = f'IF(LEFT({part},1)="十","1",LEFT({part},1))'
    ones = f'IF(RIGHT({part},1)="十","0",RIGHT({part},1))'
    return f'IF(ISNUMBER(FIND("十",{part})),{tens}&{ones},{part})'


def _written(year: str, month: str, day: str) -> str:
    """The first day of a written date, or 0 where year or month can't be; the day may lie past the month's end."""
    full = f"(--{year}+IF(LEN({year})=2,IF(--{year}>={_PIVOT},1900,2000),0))"
    numbers = f'AND({is_digits(year, 4)},{is_digits(month, 2)},OR({day}="",{is_digits(day, 2)}))'
    possible = f"AND(OR(LEN({year})=2,LEN({year})=4),{full}>=1900,{full}<=2100,--{month}>=1,--{month}<=12)"
    return f'IF({numbers},IF({possible},DATE({full},--{month},IF({day}="",1,--{day})),0),0)'


def add_form_date(workings: Workings, cell: str) -> str:
    """Read the date of the form's own line, behind its label, or take today; whether there is one is returned."""
    line = workings.step(clean(cell))
    behind = f'MID({line},IF(ISNUMBER(FIND(":",{line})),FIND(":",{line}),0)+1,40)'
    date = date_steps(workings, cell, workings.step(behind), has_blanks=True)
    workings.first_day = workings.step(f"IF({date.first}>0,{date.first},TODAY())")
    workings.day = workings.step(f"IF({date.last}>0,{date.last},TODAY())")
    return workings.step(f"{date.last}>0")
