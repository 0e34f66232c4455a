"""The steps that judge an ID number: GB 11643, in the order of the rules that would find its fault later."""

from __future__ import annotations

from dataclasses import dataclass

from kbxt_merge.outputs.blanks.formula import (
    DIGITS,
    digits_at_start,
    one_of,
    places,
    quoted,
    replaced,
    without,
    without_end,
)
from kbxt_merge.outputs.blanks.workings import Workings

CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
"""GB 11643: the weighed sum of the seventeen digits, modulo 11, picks the check character."""

_FIRST_YEAR = 1990
"""No pupil was born before."""
_QUOTES = ("'", "‘", "’", "`", "′")
_HYPHENS = "-‐‑‒–—―−"
_LOOKS_LIKE_X = "ХΧ×Ⅹ✕✖"


@dataclass(frozen=True, slots=True)
class IdSteps:
    """The conditions under which a number breaks a rule, with the rule's slug, and the reference of its birth date."""

    cases: tuple[tuple[str, str], ...]
    birth: str


def id_text(workings: Workings, typed: str) -> str:
    """The step that cleans a number: no mark before it, no `.0` after it, no hyphens, X for what looks like it."""
    unmarked = f"IF({one_of(f'LEFT({typed},1)', _QUOTES)},MID({typed},2,60),{typed})"
    bare = without(f"UPPER({unmarked})", _HYPHENS)
    text = workings.step(replaced(bare, ((each, "X") for each in _LOOKS_LIKE_X)))
    return workings.step(without_end(text, ".0"))


def id_steps(workings: Workings, raw: str, typed: str, number: str) -> IdSteps:
    """The birth date of a cleaned number, and what may be wrong with it."""
    formed = (
        f'IF(LEN({number})=18,AND({digits_at_start(number, 17)},ISNUMBER(FIND(RIGHT({number},1),"0123456789X"))),FALSE)'
    )
    year, month, day = f"--MID({number},7,4)", f"--MID({number},11,2)", f"--MID({number},13,2)"
    birth = workings.step(f"IF({formed},IF({year}>={_FIRST_YEAR},DATE({year},{month},{day}),0),-1)")
    no_such_day = f"OR(MONTH({birth})<>{month},DAY({birth})<>{day},{birth}>{workings.day})"
    weights = ",".join(map(str, CHECK_WEIGHTS))
    weighed = f"SUMPRODUCT((FIND(MID({number},{places(17)},1),{DIGITS})-1)*{{{weights}}})"
    fits = f"MID({quoted(CHECK_CHARACTERS)},MOD({weighed},11)+1,1)=RIGHT({number},1)"
    damaged = f'IF(ISNUMBER({raw}),ABS({raw})>=1E15,ISNUMBER(FIND("E+1",UPPER({typed}))))'
    cases = (
        (damaged, "id-precision-lost"),
        (f"IF(LEN({number})=15,{digits_at_start(number, 15)},FALSE)", "id-obsolete-15"),
        (f"LEN({number})<>18", "id-length"),
        (f"{birth}<0", "id-characters"),
        (f"IF({birth}=0,TRUE,{no_such_day})", "id-birthdate"),
        (f"NOT({fits})", "id-checksum"),
    )
    return IdSteps(cases, birth)


def roll_number_is_sound(number: str) -> str:
    """Whether a cleaned number is G and an ID number, or a J or L number of the same length."""
    last_choices = f'IF(LEFT({number},1)="L",{DIGITS},"0123456789X")'
    return (
        f"IF(LEN({number})=19,AND({one_of(f'LEFT({number},1)', 'GJL')},{digits_at_start(f'MID({number},2,17)', 17)},"
        f"ISNUMBER(FIND(RIGHT({number},1),{last_choices}))),FALSE)"
    )
