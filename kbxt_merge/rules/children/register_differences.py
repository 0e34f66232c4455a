"""Every difference between a form's children and the bureau's registers, one a register: found once, told by rules and
listed for the offices that keep the registers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kbxt_merge.model.cell import CellState, shown
from kbxt_merge.model.district import Flags, Positions, Records
from kbxt_merge.model.reference import Reference
from kbxt_merge.model.register import NAME, Known, Register
from kbxt_merge.rules.children.against_registers import doubtful, held, references
from kbxt_merge.rules.children.matching import children
from kbxt_merge.rules.children.same_value import SameValue, degree_in
from kbxt_merge.rules.engine.rule import Work
from kbxt_merge.rules.id_numbers.number import id_verdicts


class Difference(NamedTuple):
    """One difference: `record` is the position in the form's records, or -1; `row` that on the register, or -1.

    `theirs` is what the register says, whole: it leaves the bureau in no other way than the rules tell. `absence` says
    that the register does not hold the child.
    """

    register: str
    record: int
    row: int
    theirs: str = ""
    absence: bool = False
    degree: bool = False


@dataclass(frozen=True)
class Differing:
    """The differences of one rule at one field of a form, and which of its records could not be judged."""

    found: Sequence[Difference]
    unchecked: Flags


def concerned(work: Work, slug: str) -> Iterator[Reference]:
    """The registers that have to do with a form, and can be held against."""
    return (each for each in references(work).values() if slug in each.register.forms)


def unusable(work: Work) -> Iterator[Register]:
    """The registers that lie in the folder, and of which no file can be held against."""
    read = work.district.references
    named = read.named - read.registers.keys() if read else frozenset()
    return (each for each in work.district.forms.registers if each.slug in named)


def _left_to(work: Work, slug: str) -> bool:
    """Whether a register that can't be held against has to do with a form: then none of its children is checked."""
    return any(slug in each.forms for each in unusable(work))


def other_names(work: Work, slug: str) -> Differing:
    """Whose number stands on a register under another name, and not the child's name under another number."""

    def make() -> Differing:
        records = work.district.records[slug]
        skipped = _nameless(work, records)
        found: list[Difference] = []
        for reference in concerned(work, slug):
            where = held(work, slug, reference)
            names = reference.column(NAME).at(where.other_name)
            at = np.flatnonzero((where.other_name >= 0) & ~skipped)
            found += [Difference(reference.register.slug, r, int(where.other_name[r]), names[r]) for r in at.tolist()]
        return Differing(found, _not_judged(work, slug, skipped))

    made: Differing = work.once(("register names", slug), make)
    return made


def other_numbers(work: Work, slug: str) -> Differing:
    """Who stands on a register under another number than the sound one that was returned."""

    def make() -> Differing:
        records = work.district.records[slug]
        skipped = _nameless(work, records)
        found: list[Difference] = []
        for reference in concerned(work, slug):
            where = held(work, slug, reference)
            at = np.flatnonzero((where.other_number >= 0) & _nothing_wrong(records) & ~skipped)
            for record in at.tolist():
                row = int(where.other_number[record])
                found.append(Difference(reference.register.slug, record, row, reference.numbers[row].decode()))
        return Differing(found, _not_judged(work, slug, skipped))

    made: Differing = work.once(("register numbers", slug), make)
    return made


def _nothing_wrong(records: Records) -> Flags:
    """Whose number breaks no rule of its own: where it breaks one, that rule tells where to look."""
    name = records.form.child_id or ""
    damaged = records.states[name] == CellState.DAMAGED
    found: Flags = (id_verdicts(records.values[name], damaged, records.day) == "") & records.values[name].notna()
    return found


def _not_judged(work: Work, slug: str, skipped: Flags) -> Flags:
    if _left_to(work, slug):
        return np.ones(len(skipped), dtype=bool)
    return skipped if any(concerned(work, slug)) else np.zeros(len(skipped), dtype=bool)


def other_values(work: Work, slug: str, name: str) -> Differing:
    """Whose field a register knows otherwise."""

    def make() -> Differing:
        records = work.district.records[slug]
        found: list[Difference] = []
        unchecked = _none(records)
        for reference in concerned(work, slug):
            for known in reference.register.knows:
                if (known.form, known.field) == (slug, name):
                    some = _differing(work, slug, reference, known)
                    found += some.found
                    unchecked |= some.unchecked
        for register in unusable(work):
            if any((known.form, known.field) == (slug, name) for known in register.knows):
                unchecked |= records.states[name] != CellState.BLANK
        return Differing(found, unchecked)

    made: Differing = work.once(("register values", slug, name), make)
    return made


def _differing(work: Work, slug: str, reference: Reference, known: Known) -> Differing:
    records, where = work.district.records[slug], held(work, slug, reference)
    skipped = _erring(records, known.field)
    if known.standing:
        return _standing(work, slug, reference, known, skipped)
    if not reference.has(known.column):
        return Differing((), np.ones(len(records), dtype=bool))
    at = np.flatnonzero((where.stands >= 0) & ~skipped)
    rows = where.stands[at]
    theirs = reference.column(known.column)
    mine = _told(records, known, at)
    same = _comparison(work, records, reference, known)

    def meant(some: Positions) -> list[str]:
        return [known.means.get(each, "") if known.means else each for each in theirs.at(some)]

    def agrees_besides(record: int, own: str) -> bool:
        others = meant(np.array(where.besides.get(record, ()), dtype=np.intp))
        return any(not each or same(own, each) for each in others)

    found = [
        Difference(reference.register.slug, record, row, value, degree=known.degree)
        for record, row, own, value in zip(at.tolist(), rows.tolist(), mine, meant(rows), strict=True)
        if own and value and not same(own, value) and not agrees_besides(record, own)
    ]
    return Differing(found, skipped & (where.stands >= 0))


def _standing(work: Work, slug: str, reference: Reference, known: Known, skipped: Flags) -> Differing:
    """Whose family is on a register and does not say so, or says so and is not."""
    records, where = work.district.records[slug], held(work, slug, reference)
    values = records.texts(known.field)
    judged = ~skipped & (records.states[known.field] != CellState.UNREADABLE) & (values != "")
    claims = judged & (values == known.standing)
    denies = judged & (values != known.standing)
    doubted = claims & (doubtful(work, slug) | where.unsure) & ~where.on
    on = np.where(where.stands >= 0, where.stands, where.other_number)
    slug_of = reference.register.slug
    found = [Difference(slug_of, r, int(on[r]), known.standing) for r in np.flatnonzero(denies & where.on).tolist()]
    lacking = claims & where.absent & ~doubted
    found += [Difference(slug_of, r, -1, absence=True) for r in np.flatnonzero(lacking).tolist()]
    return Differing(found, skipped | doubted | (claims & (where.other_name >= 0)))


def _told(records: Records, known: Known, at: Positions) -> list[str]:
    """What the records at these positions say of a field, blank where nothing that can be compared."""
    if known.degree:
        return [degree_in(shown(cell)) for cell in records.typed[known.field][at].tolist()]
    texts = records.shown[known.field][at]
    readable = records.states[known.field][at] != CellState.UNREADABLE
    return [str(text) if fits and text else "" for text, fits in zip(texts, readable, strict=True)]


def _comparison(work: Work, records: Records, reference: Reference, known: Known) -> Callable[[str, str], bool]:
    if known.degree:
        return str.__eq__
    return SameValue(work, records.form.by_name[known.field], reference.register.by_name[known.column])


def not_standing(work: Work, slug: str, register: str) -> Differing:
    """Whose register should hold the child, and does not; unchecked where nobody can tell."""

    def make() -> Differing:
        records = work.district.records[slug]
        reference = references(work).get(register)
        lost = next((each for each in unusable(work) if each.slug == register), None)
        definition = reference.register if reference else lost
        must = must_stand(records, definition) if definition else _none(records)
        if reference is None:
            return Differing((), must)
        where = held(work, slug, reference)
        skipped = _nameless(work, records) | doubtful(work, slug)
        unchecked = must & ~where.on & (where.other_name < 0) & (skipped | where.unsure)
        at = np.flatnonzero(must & where.absent & ~unchecked)
        return Differing([Difference(register, r, -1, absence=True) for r in at.tolist()], unchecked)

    made: Differing = work.once(("not standing", slug, register), make)
    return made


def must_stand(records: Records, register: Register) -> Flags:
    """Whose children must stand on the register."""
    flags = _none(records)
    for each in register.must_stand:
        if each.form == records.form.slug:
            flags |= records.holding(each.where)
    return flags


def _nameless(work: Work, records: Records) -> Flags:
    """Whose name is none by its own cell, or whose number can't be read: what other rules find at these cells, such as
    a card that is missing, says nothing of who the child is."""
    lacking = records.states[records.form.child_id or ""] == CellState.ABSENT
    flags: Flags = (children(work, records.form.slug).by_name_anywhere == 0) | lacking
    return flags


def _erring(records: Records, *names: str | None) -> Flags:
    """Which records bear an error on one of these cells, or lack its column."""
    flags = _none(records)
    for name in filter(None, names):
        flags |= records.bears_error(name) | (records.states[name] == CellState.ABSENT)
    return flags


def _none(records: Records) -> Flags:
    return np.zeros(len(records), dtype=bool)
