"""One form found on one sheet: whose it is, whether it counts, and by what it is known again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from kbxt_merge.model.form import Form
from kbxt_merge.model.period import Period
from kbxt_merge.model.returns import Sheet, SourceFile
from kbxt_merge.model.school import School
from kbxt_merge.model.text import Words


class Standing(StrEnum):
    """Whether a returned form counts."""

    IN_FORCE = "in force"
    SUPERSEDED = "superseded"
    BLANK = "blank"
    SET_ASIDE = "set aside"


class Reason(StrEnum):
    """Why a return is set aside though no later one replaces it."""

    COPY = "copy"
    UNION = "union"
    MONTH = "month"
    TERM = "term"
    PERIOD = "period"
    OLD = "old"
    DECIDED = "decided"

    @property
    def words(self) -> Words:
        """What the school is told."""
        return _WHY[self]

    @classmethod
    def of_another(cls, period: Period) -> Reason:
        """What is of another period than this one."""
        return {"term": cls.TERM, "month": cls.MONTH}.get(period.kind, cls.PERIOD)


_WHY = {
    Reason.COPY: Words("与另一张表的内容相同", "it holds the same as another"),
    Reason.UNION: Words("是其他各表的汇总", "it sums up the others"),
    Reason.MONTH: Words("是其他月份的表", "it is of another month"),
    Reason.TERM: Words("是其他学期的表", "it is of another term"),
    Reason.PERIOD: Words("是其他时期的表", "it is of another period"),
    Reason.OLD: Words("是以前的表", "it is an old one"),
    Reason.DECIDED: Words("本局已决定不采用", "the bureau set it aside"),
}


class NamedBy(StrEnum):
    """What named the school of a returned form."""

    UNIT_LINE = "unit line"
    TITLE = "title"
    TAB = "tab"
    ROW = "row"
    PATH = "path"
    STAMP = "stamp"
    BUNDLE = "bundle"
    MARK = "mark"
    LIST = "list"
    NOBODY = "nobody"
    DECISION = "decision"


@dataclass(slots=True)
class Returned:
    """One form found on one sheet, and whose it is.

    `school` is the roster's name, else the name as given, else blank; `listed` is the roster's school, if any.
    `unit` and `path` are what the unit line and the file's path say, each matched to the roster where it can be.
    `replaced_by` names the file that counts in its stead, `why` the reason where that is not a later one; `left_behind`
    are the children of it that stand in no return that counts. `part_of` names the file that it is another part of.
    A return of which some children were replaced is two: what still counts, and, `partly`, what does not.
    """

    file: SourceFile
    sheet: Sheet
    form: Form
    school: str = ""
    listed: School | None = None
    named_by: NamedBy = NamedBy.NOBODY
    unit: School | None = None
    path: School | None = None
    standing: Standing = Standing.IN_FORCE
    replaced_by: str = ""
    why: Reason | None = None
    left_behind: tuple[str, ...] = ()
    part_of: str = ""
    partly: bool = False
    day: dt.date | None = None


class Mark(NamedTuple):
    """What a return is known again by in another merge: the sheet of that place in the file of these bytes, and whose
    and of which day it was taken to be."""

    path: str
    sha256: str
    place: int
    school: str
    named_by: NamedBy
    day: dt.date | None
