"""ID numbers of GB 11643, one at a time, as they are typed: what a merge checks of a column, for whoever has a number.

A number is valid here if it breaks no rule of a merge: 18 characters that hold a known region, the birth date of a
possible pupil (from 1990 on) and the check character that belongs to them.  An unknown region is only a warning to a
merge, which knows a child by such a number all the same (`model.id_number`).
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from kbxt_merge.intake.values.cleaning import clean_id
from kbxt_merge.rules.id_numbers.number import birth_dates, id_verdicts, sexes

__all__ = ["IdNumberError", "birth_date", "compact", "is_valid", "region", "sex", "validate"]


class IdNumberError(ValueError):
    """The number is not sound; `rule` is the slug of the first rule that it breaks, the message never holds it."""

    def __init__(self, rule: str) -> None:
        """Keep the rule's slug."""
        super().__init__(f"not a sound ID number: {rule}")
        self.rule = rule

    def __reduce__(self) -> tuple[object, ...]:
        """Cross process borders."""
        return type(self), (self.rule,)


def compact(number: str) -> str:
    """Strip a number of white space, hyphens and a leading apostrophe; what looks like an X becomes one.

    >>> compact(" 360721 20070809 405х ")
    '36072120070809405X'
    """
    return clean_id(number)


def validate(number: str) -> str:
    """Give the compact number if it is sound; raises IdNumberError, which says in `rule` what is wrong.

    >>> validate("360721200708094056")
    '360721200708094056'
    """
    column = _column(number)
    unknown = np.array(["NaT"], dtype="datetime64[D]")
    broken = str(id_verdicts(column, np.array([False]), unknown)[0])
    if broken or not column[0]:
        raise IdNumberError(broken or "required-missing")
    return str(column[0])


def is_valid(number: str) -> bool:
    """Tell whether a number is sound: whether `validate` takes it."""
    try:
        validate(number)
    except IdNumberError:
        return False
    return True


def birth_date(number: str) -> dt.date:
    """Give the birth date in a sound number; raises IdNumberError for any other.

    >>> birth_date("360721200708094056")
    datetime.date(2007, 8, 9)
    """
    born: dt.date = birth_dates(_column(validate(number)))[0].astype(object)
    return born


def sex(number: str) -> str:
    """Give the sex in a sound number, 男 or 女; raises IdNumberError for any other.

    >>> sex("360721200708094056")
    '男'
    """
    return str(sexes(_column(validate(number)))[0])


def region(number: str) -> str:
    """Give the region in a sound number, six digits of GB/T 2260; raises IdNumberError for any other.

    In a foreigner's number, whose first digit is a 9, it is the two digits of the province that issued it.

    >>> region("360721200708094056")
    '360721'
    """
    sound = validate(number)
    return sound[1:3] if sound[0] == "9" else sound[:6]


def _column(number: str) -> pd.Series[str]:
    return pd.Series([compact(number)], dtype="string")
