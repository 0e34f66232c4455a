"""Whether two values that name one thing of a child agree: of two forms, or of a form and a register."""

from __future__ import annotations

import re

from kbxt_merge.model.field import Field
from kbxt_merge.model.text import compact_value, plain
from kbxt_merge.rules.children.against_registers import may_be_one_name
from kbxt_merge.rules.children.schools import schools
from kbxt_merge.rules.engine.rule import Work

DEGREE = re.compile(r"([一二三四壹贰叁肆1-4])级")
"""A degree of disability as certificates give it; 重度 and its like are said of several."""

_DEGREES = {sign: f"{'一二三四'[at % 4]}级" for at, sign in enumerate("一二三四壹贰叁肆1234")}
_OF_A_DEGREE = re.compile(rf"{DEGREE.pattern}|极?重度|中度|轻度|程度|[()]")


def degree_in(text: str) -> str:
    """The degree that a text names; blank where it names none or several.

    >>> degree_in("智力二级"), degree_in("重度智力残疾")
    ('二级', '')
    """
    degrees = {_DEGREES[each] for each in DEGREE.findall(plain(text))}
    return degrees.pop() if len(degrees) == 1 else ""


class SameValue:
    """Compares values of one field with those of another, by what the two are.

    A text is compared with a vocabulary's values only where it is one of them itself, besides a degree.
    """

    def __init__(self, work: Work, own: Field, other: Field | None) -> None:
        """Compare values of `own`; a register's column that is no field of ours is `other` all the same."""
        self._schools = schools(work) if own.type == "school" else None
        self._is_name = own.type == "person_name"
        vocabulary = own.vocabulary or (other.vocabulary if other else None)
        self._variants = vocabulary.variants if vocabulary else {}
        self._values = frozenset(vocabulary.values) if vocabulary else frozenset()

    def __call__(self, own: str, other: str) -> bool:
        """Tell whether two values agree, or can't be compared; what is written alike agrees."""
        if own == other:
            return True
        if self._schools:
            return self._schools.are_one(own, other)
        if self._is_name:
            return may_be_one_name(own, other)
        if self._variants:
            mine, theirs = self._read(own), self._read(other)
            return not mine or not theirs or mine == theirs
        return plain(own).upper() == plain(other).upper()

    def _read(self, text: str) -> str:
        if text in self._values:
            return text
        return self._variants.get(_OF_A_DEGREE.sub("", compact_value(text)), "")
