"""The steps that judge a cell of phone numbers: mobiles, and landlines with their area code; up to two in a cell."""

from __future__ import annotations

from kbxt_merge.outputs.blanks.formula import is_digits, replaced, without
from kbxt_merge.outputs.blanks.workings import Workings

_BETWEEN = ("、", "､", ";", "/", ",", "和", "或")
_NOISE = " \u00a0\u3000\u200b\u200c\u200d\u200e\ufeff()[]-‐‑–—―−.·･'`‘’"


def phones_are_sound(workings: Workings, raw: str) -> str:
    """The condition that the cell holds a number, and nothing but numbers; a third one is left to the reader."""
    broken = replaced(f'ASC({raw}&"")', ((mark, "|") for mark in _BETWEEN))
    lines = f'SUBSTITUTE(SUBSTITUTE({broken},CHAR(10),"|"),CHAR(13),"|")'
    text = workings.step(f'IF(ISERROR({raw}),"",CLEAN({without(lines, _NOISE)}))')
    first = workings.step(f'LEFT({text},FIND("|",{text}&"|")-1)')
    rest = workings.step(f'SUBSTITUTE(MID({text},LEN({first})+2,60),"||","|")')
    second = workings.step(f'LEFT({rest},FIND("|",{rest}&"|")-1)')
    verdicts = [_is_number(workings, workings.step(_national(number))) for number in (first, second)]
    return f'AND({first}&{second}<>"",{",".join(verdicts)})'


def _national(part: str) -> str:
    """The number without the country's code before it."""
    long = f'IF(LEFT({part},4)="0086",MID({part},5,30),IF(LEFT({part},3)="+86",MID({part},4,30),{part}))'
    return f'IF(AND(LEFT({part},2)="86",LEN({part})>11),MID({part},3,30),{long})'


def _is_number(workings: Workings, number: str) -> str:
    """The step that tells whether one number is a mobile, or a landline that may have lost its leading 0."""
    whole = workings.step(f'IF(OR({number}="",LEFT({number},1)="0",LEFT({number},1)="1"),"",0)&{number}')
    mobile = f'AND(LEN({whole})=11,LEFT({whole},1)="1",MID({whole},2,1)>="3")'
    in_city = f'AND(LEN({whole})=11,OR(LEFT({whole},3)="010",LEFT({whole},2)="02"),{_subscriber(whole, 4)})'
    lengths = f"OR(LEN({whole})=11,LEN({whole})=12)"
    elsewhere = f'AND({lengths},LEFT({whole},1)="0",MID({whole},2,1)>="3",{_subscriber(whole, 5)})'
    return workings.step(f'IF({whole}="",TRUE,IF({is_digits(whole, 12)},OR({mobile},{in_city},{elsewhere}),FALSE))')


def _subscriber(number: str, at: int) -> str:
    """Whether the subscriber's part of a landline begins as one can."""
    return f'AND(MID({number},{at},1)>="2",MID({number},{at},1)<="8")'
