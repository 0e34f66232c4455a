"""Who returned what: a line a school, a cell a form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from kbxt_merge.model.district import District
from kbxt_merge.model.returned_form import Standing
from kbxt_merge.model.scans import Scans
from kbxt_merge.outputs.report.counts import Counts, Tally

MOST_SCHOOLS = 2_000
"""Lines of the matrix; a province has ten times as many schools, and its page shows those with the most errors."""


class State(StrEnum):
    """How a school's form stands."""

    CLEAN = "clean"
    WARNINGS = "warnings"
    ERRORS = "errors"
    MISSING = "missing"
    NOT_OWED = "not-owed"
    """Not there, and not wanted of a school of this stage (无须报)."""

    @property
    def came(self) -> bool:
        """Whether something is there."""
        return self not in (State.MISSING, State.NOT_OWED)


@dataclass(frozen=True, slots=True)
class FormCell:
    """One school's return of one form: its records, its findings, and how many older copies were set aside."""

    state: State
    records: int
    tally: Tally
    superseded: int
    scanned: bool


class ShownCell(NamedTuple):
    """What is shown of a form's cell, the same for all schools of which the same is to be said."""

    form: str
    of_school: bool
    state: State
    errors: int
    warnings: int
    superseded: int
    scanned: bool


class ShownEnd(NamedTuple):
    """What is shown behind the cells of a line: what stands beside its forms, its scans, and all of it."""

    errors_beside: int
    warnings_beside: int
    scans: int
    errors: int
    warnings: int


@dataclass(frozen=True)
class Line:
    """A school's line; `beside` are the findings that belong to none of its forms, `scans` its stamped scans.

    `listed` says that the roster has the school; without a roster every school that was named is listed.
    """

    school: str
    position: int
    listed: bool
    cells: dict[str, FormCell]
    beside: Tally
    scans: int

    @cached_property
    def tally(self) -> Tally:
        """All findings of the school."""
        return sum((each.tally for each in self.cells.values()), self.beside)

    @property
    def shown(self) -> Iterator[ShownCell]:
        """What a page shows of its cells."""
        of_school = self.school != ""
        for slug, each in self.cells.items():
            tally = each.tally
            yield ShownCell(slug, of_school, each.state, tally.errors, tally.warnings, each.superseded, each.scanned)

    @property
    def end(self) -> ShownEnd:
        """What a page shows behind them."""
        beside, tally = self.beside, self.tally
        return ShownEnd(beside.errors, beside.warnings, self.scans, tally.errors, tally.warnings)

    @property
    def returned(self) -> bool:
        """Whether any of its forms came."""
        return any(each.state.came for each in self.cells.values())

    @property
    def state(self) -> State:
        """How the school as a whole stands."""
        owed = any(each.state is not State.NOT_OWED for each in self.cells.values())
        return _state(self.returned, self.tally, owed=owed or not self.cells)


@dataclass(frozen=True)
class Matrix:
    """All lines in the roster's order, the findings that name no school last."""

    forms: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def schools(self) -> list[Line]:
        """The lines that are a school's."""
        return [each for each in self.lines if each.school]

    @property
    def listed(self) -> list[Line]:
        """The lines of the schools that should return."""
        return [each for each in self.lines if each.listed]

    @property
    def shown(self) -> list[Line]:
        """The lines that a page has room for."""
        if len(self.lines) <= MOST_SCHOOLS:
            return list(self.lines)
        worst = sorted(self.lines, key=lambda each: (-each.tally.errors, each.position))[:MOST_SCHOOLS]
        return sorted(worst, key=lambda each: each.position)

    @cached_property
    def tally(self) -> Tally:
        """All findings."""
        return sum((each.tally for each in self.lines), Tally())

    def column(self, form: str) -> Tally:
        """All findings of a form; of none (blank) those that belong to no form."""
        cells = (each.cells[form].tally if form else each.beside for each in self.lines)
        return sum(cells, Tally())

    def returned(self, form: str) -> int:
        """Count the schools that returned a form."""
        return sum(each.cells[form].state.came for each in self.schools)

    def records(self, form: str) -> int:
        """Count the records of a form that were merged."""
        return sum(each.cells[form].records for each in self.lines)


def matrix(district: District, counts: Counts, schools: Sequence[str], verdicts: pd.DataFrame) -> Matrix:
    """The matrix of a district, a line for each of `schools`; every finding is counted in exactly one of its cells."""
    forms = tuple(district.forms.by_slug)
    tallies = counts.tallies
    standing = Counter((each.school, each.form.slug, each.standing is Standing.IN_FORCE) for each in district.returned)
    records = {
        (school, slug): count
        for slug, each in district.records.items()
        for school, count in Counter(each.school.tolist()).items()
    }
    scans = Scans.of(district, verdicts)
    listed = {each.name for each in district.roster.schools} if district.roster else set(district.schools)
    stages = {each.name: each.stage for each in district.roster.schools} if district.roster else {}
    lines = []
    for position, school in enumerate(schools):
        cells = {}
        for slug in forms:
            count = records.get((school, slug), 0)
            tally = tallies.get((school, slug), Tally())
            came = count > 0 or standing[school, slug, True] > 0
            superseded = standing[school, slug, False]
            state = _state(came, tally, owed=district.forms.by_slug[slug].is_owed_by(stages.get(school, "")))
            cells[slug] = FormCell(state, count, tally, superseded, (school, slug) in scans.forms)
        lines.append(
            Line(school, position, school in listed, cells, tallies.get((school, ""), Tally()), scans.by_school[school])
        )
    return Matrix(forms, tuple(each for each in lines if each.school or each.tally != Tally()))


def _state(came: bool, tally: Tally, *, owed: bool = True) -> State:
    if not came:
        return State.MISSING if owed else State.NOT_OWED
    return State.ERRORS if tally.errors else State.WARNINGS if tally.warnings else State.CLEAN
