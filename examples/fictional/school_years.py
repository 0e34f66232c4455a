"""Ages, grades and the dates of the fictional district's period, 2021春."""

from __future__ import annotations

import datetime as dt
from random import Random

FORM_DATE = dt.date(2021, 3, 12)
"""The day most sheets are dated, and the day to merge as of."""

SCHOOL_YEAR = 2020
GRADES = ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "七年级", "八年级", "九年级")


def age_on(birth: dt.date, day: dt.date) -> int:
    """Full years between two days."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def cohort_grade(birth: dt.date) -> int:
    """The grade, from 1, of those born that day; outside 1 to 9 a child is not of compulsory age."""
    return SCHOOL_YEAR - 6 - (birth.year if birth.month >= 9 else birth.year - 1)


def birth_in_grade(dice: Random, grade: int) -> dt.date:
    """A birth date of the cohort that is in the grade (from 1)."""
    first = dt.date(SCHOOL_YEAR - 6 - grade, 9, 1)
    return first + dt.timedelta(days=dice.randrange(365))


def last_of_month(year: int, month: int) -> dt.date:
    """The last day of a month."""
    return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
