"""Children that stand on a register of the bureau's and in none of the forms in which they must."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from kbxt_merge.model.child import Child
from kbxt_merge.model.district import Flags, Positions, Texts
from kbxt_merge.model.keys import is_among, keys_of
from kbxt_merge.model.reference import Reference
from kbxt_merge.model.register import NAME, SCHOOL, MustReturn
from kbxt_merge.rules.children.against_registers import held, references
from kbxt_merge.rules.children.register_differences import unusable
from kbxt_merge.rules.children.schools import schools
from kbxt_merge.rules.children.sought import Sought, sought
from kbxt_merge.rules.engine.attendance import attendance
from kbxt_merge.rules.engine.rule import Work

OLDEST, YOUNGEST = 15, 6
"""A school year takes those born from the September so many years before it to the August so many years before it."""


class NotReturned(NamedTuple):
    """A child that stands on a register and in no form: the school that it is of (blank: none is known)."""

    school: str
    name: str
    row: int


def not_returned(work: Work, slug: str, register: str) -> tuple[Sequence[NotReturned], Sequence[str]]:
    """The children of compulsory age of a register that must stand in a form and are in none, and the schools of those
    of whom nobody can tell."""

    def make() -> tuple[Sequence[NotReturned], Sequence[str]]:
        reference = references(work).get(register)
        found: list[NotReturned] = []
        unchecked: list[str] = []
        for must in reference.register.must_return if reference else ():
            if reference is None or must.form != slug:
                continue
            if not _can_tell(work, reference, must):
                unchecked.append("")
                continue
            some, others = _missed(work, reference, must)
            found += some
            unchecked += others
        if any(each.slug == register for each in unusable(work)):
            unchecked.append("")
        return found, unchecked

    made: tuple[Sequence[NotReturned], Sequence[str]] = work.once(("not returned", slug, register), make)
    return made


def _can_tell(work: Work, reference: Reference, must: MustReturn) -> bool:
    """Whether the register has the columns that say who must be returned, and the other register is there as a whole.

    A register on which someone must not stand, and that nobody put into the folder, is not asked for.
    """
    other = references(work).get(must.not_on)
    return all(reference.has(name) for name in must.where) and (not must.not_on or bool(other and other.whole))


def _missed(work: Work, reference: Reference, must: MustReturn) -> tuple[list[NotReturned], list[str]]:
    rows = np.flatnonzero(_of_age(work, reference) & reference.stands & (reference.numbers != b""))
    rows = _of_one_mind(rows, reference, must.where)
    if must.not_on:
        rows = _elsewhere(rows, reference, references(work)[must.not_on])
    mine = sought(work, must.form)
    known = np.unique(mine.numbers[mine.sound].astype("S18"))
    rows = rows[~np.isin(reference.numbers[rows], known)]
    names = reference.column(NAME).at(rows)
    places = _schools_of(work, reference, rows)
    came = attendance(work)
    found, unchecked = [], []
    somebody = {school for school, _ in came.returned}
    stand_by_name = _by_name(mine, names)
    otherwise = np.isin(rows, held(work, must.form, reference).other_number).tolist()
    for row, name, school, is_otherwise in zip(rows.tolist(), names.tolist(), places, otherwise, strict=True):
        if is_otherwise or _is_one_of(mine, stand_by_name.get(name, ()), reference, row):
            continue
        if school and (school not in somebody or school in came.unread):
            unchecked.append(school)
        else:
            found.append(NotReturned(school, name, row))
    return found, unchecked


def _of_one_mind(rows: Positions, reference: Reference, where: Mapping[str, Sequence[str]]) -> Positions:
    """The rows that the conditions are about, one a child, without children of whom another row says otherwise."""
    wanted = np.ones(len(reference), dtype=bool)
    for name, values in where.items():
        wanted &= reference.reads(name, values)
    others = reference.numbers[rows[~wanted[rows]]]
    rows = rows[wanted[rows]]
    rows = rows[~np.isin(reference.numbers[rows], others)]
    _, first = np.unique(reference.numbers[rows], return_index=True)
    return rows[np.sort(first)]


def _of_age(work: Work, reference: Reference) -> Flags:
    year = work.district.period.school_year
    first, last = np.datetime64(f"{year - OLDEST}-09-01"), np.datetime64(f"{year - YOUNGEST}-08-31")
    of_age: Flags = (reference.births >= first) & (reference.births <= last)
    return of_age


def _elsewhere(rows: Positions, reference: Reference, other: Reference) -> Positions:
    """The rows whose numbers another register does not hold."""
    wanted, back = np.unique(reference.numbers[rows], return_inverse=True)
    holding, which = other.holding(wanted)
    stands = np.zeros(len(wanted), dtype=bool)
    stands[which[other.stands[holding]]] = True
    return rows[~stands[back]]


def _schools_of(work: Work, reference: Reference, rows: Positions) -> list[str]:
    """The school of each row: by the register itself, else by one that knows the child's number; blank where none of
    the district is."""
    known = schools(work)
    told = np.full(len(rows), "", dtype=object)
    for each in (reference, *(other for other in references(work).values() if other is not reference)):
        if each.has(SCHOOL):
            wanted, back = np.unique(reference.numbers[rows], return_inverse=True)
            holding, which = each.holding(wanted)
            names = np.full(len(wanted), "", dtype=object)
            names[which] = each.column(SCHOOL).at(holding)
            told = np.where(told == "", names[back], told)
    found = (known.find(name) for name in told.tolist())
    return [school.name if school else "" for school in found]


def _by_name(mine: Sought, names: Texts) -> Mapping[str, list[int]]:
    """The records of a form whose children have one of these names."""
    rows: dict[str, list[int]] = {}
    for at in np.flatnonzero(is_among(keys_of(mine.names), keys_of(names))).tolist():
        rows.setdefault(mine.names[at], []).append(at)
    return rows


def _is_one_of(mine: Sought, namesakes: Sequence[int], reference: Reference, row: int) -> bool:
    """Whether a child of a register may be one of these of its name that stand in a form."""
    number, birth = reference.numbers[row].decode(), reference.births[row].astype(object)
    child = Child(number, "", (birth, birth) if birth else None)
    return any(mine.child(at).may_be(child) for at in namesakes)
