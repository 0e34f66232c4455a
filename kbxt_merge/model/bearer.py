"""Of whom or what a form's records are, and its numbers and ages."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from kbxt_merge.model.text import Words


class Whose(StrEnum):
    """Whom a number or an age is of: nobody knows better who a plausible bearer is."""

    CHILD = "child"
    ADULT = "adult"
    ANYONE = "anyone"


FIRST_BIRTH = dt.date(1990, 1, 1)
"""No pupil was born before."""
FIRST_BIRTH_OF_ANYONE = dt.date(1900, 1, 1)
OLDEST_CHILD, OLDEST_OF_ANYONE = 30, 120
YOUNGEST_ADULT = 16
"""Full years from which on the law lets a person work."""


class Bearer(StrEnum):
    """Of whom or what a record is: sentences speak of a child only where the definition does."""

    CHILD = "child"
    PERSON = "person"
    THING = "thing"

    @property
    def this(self) -> Words:
        """What a sentence calls the one that a record is of."""
        return _THIS[self]

    @property
    def noun(self) -> Words:
        """What a sentence calls such ones."""
        return _NOUNS[self]


_THIS = {
    Bearer.CHILD: Words("该生", "the child"),
    Bearer.PERSON: Words("此人", "this person"),
    Bearer.THING: Words("此项", "this record"),
}
_NOUNS = {
    Bearer.CHILD: Words("学生", "child"),
    Bearer.PERSON: Words("人员", "person"),
    Bearer.THING: Words("记录", "record"),
}
