"""Which school returned which form, and which school can be asked for one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kbxt_merge.model.district import District, Flags, Texts
from kbxt_merge.model.form import Shape
from kbxt_merge.model.returned_form import Returned, Standing
from kbxt_merge.rules.engine.rule import Work
from kbxt_merge.rules.engine.settled import lost


@dataclass
class Attendance:
    """What came.

    `returned` holds (school, form) of every form in force, `unread` the schools with a file that could not be read and
    in whose place nothing came.
    `doubted` are the schools whose statistics came with the blank of a list that they returned filled: a zero there is
    no more a word about the children than the blank.
    """

    returned: set[tuple[str, str]]
    unread: set[str]
    listed: set[str]
    doubted: set[str]

    def came(self, schools: Texts, slug: str) -> Flags:
        """Which of these schools returned the form."""
        return np.array([(school, slug) in self.returned for school in schools], dtype=bool)

    def doubts(self, schools: Texts) -> Flags:
        """Which of these schools' zeros say nothing."""
        return np.array([school in self.doubted for school in schools], dtype=bool)

    def listed_flags(self, schools: Texts) -> Flags:
        """Which of these schools are of the roster, and had no file that could not be read."""
        return np.array([school in self.listed and school not in self.unread for school in schools], dtype=bool)


def attendance(work: Work) -> Attendance:
    """Work out what came in this district, once a run."""
    made: Attendance = work.once(("attendance",), lambda: _attendance(work.district))
    return made


def _attendance(district: District) -> Attendance:
    returned = {(each.school, each.form.slug) for each in district.returned if _came(each)}
    for slug, records in district.records.items():
        if records.form.shape is Shape.STATISTICS:
            returned |= {(school, slug) for school in records.school}
    roster = district.roster
    if roster is None:
        return Attendance(returned, set(), {school for school, _ in returned if school}, _doubted(district))
    parts = (part for reading in lost(district) for part in reading.file.path.split("/"))
    unread = {school.name for part in parts if (school := roster.named_in(part))}
    return Attendance(returned, unread, {school.name for school in roster.schools}, _doubted(district))


def _doubted(district: District) -> set[str]:
    blanks = {each.file.path for each in district.returned if each.standing is Standing.BLANK}
    counted = (each for each in district.returned if each.form.shape is Shape.STATISTICS and each.sheet.rows)
    return {each.school for each in counted if each.file.path in blanks}


def _came(each: Returned) -> bool:
    """Tell whether a form counts as returned: a list may be empty, statistics and cards without a record are blanks."""
    return each.standing is Standing.IN_FORCE and (each.form.shape is Shape.LIST or bool(each.sheet.rows))
