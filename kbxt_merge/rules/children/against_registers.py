"""Which row of a register of the bureau's is a returned child's, and of which children nobody can tell.

A child is looked for by its ID number, then by its name with its birth date, its school, or a number a slip away.  What
is found by name must be the only one; and two sound numbers that can't be one child's never join two of one name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

import numpy as np

from kbxt_merge.model.child import Child, child_keys
from kbxt_merge.model.district import Flags, Positions, Texts
from kbxt_merge.model.finding import objects
from kbxt_merge.model.id_number import LENGTH
from kbxt_merge.model.keys import Keys, is_among, keys_of
from kbxt_merge.model.reference import Reference
from kbxt_merge.model.register import NAME, SCHOOL
from kbxt_merge.rules.children.schools import schools
from kbxt_merge.rules.children.sought import Sought, sought
from kbxt_merge.rules.engine.rule import Work, positions

_SLIPS = 3
"""In so many characters two numbers may differ that were meant to be one."""

_NOT_OF_A_NAME = re.compile(r"[·•.\s\-]|[(（\[【].*$")
_BEHIND = re.compile(r"(?<=[\u3400-\u9fff])[0-9A-Z]+$")
"""What systems put behind the second of two pupils of one name: 李军2."""
_HIDDEN = frozenset("*?□〇○")
"""What stands in a name for a character that a system hides or does not have."""


def may_be_one_name(one: str, other: str) -> bool:
    """Tell whether two names are one, but for dots, marks of namesakes, and characters that a system lacks or hides.

    >>> may_be_one_name("阿依古丽·买买提", "阿依古丽买买提"), may_be_one_name("王*明", "王小明")
    (True, True)
    """
    mine, theirs = map(_bare, (one, other))
    if mine == theirs:
        return True
    pairs = zip(mine, theirs, strict=False)
    return len(mine) == len(theirs) and all(a == b or not _HIDDEN.isdisjoint((a, b)) for a, b in pairs)


@lru_cache(maxsize=65536)
def _bare(name: str) -> str:
    return _BEHIND.sub("", _NOT_OF_A_NAME.sub("", unicodedata.normalize("NFKC", name)).upper())


@dataclass(frozen=True)
class Held:
    """Where the children of a form stand on a register: rows by position, -1 where there is none.

    `stands` holds the row with a child's own number and name, `other_name` one with its number under another name,
    `other_number` the only one that is the child's under another number. `unsure` flags those of whom nobody can say
    that they do not stand on it. `besides` are the other rows of those who stand on it more than once.
    """

    stands: Positions
    other_name: Positions
    other_number: Positions
    unsure: Flags
    besides: Mapping[int, Sequence[int]]

    @property
    def on(self) -> Flags:
        """Which children stand on the register, under whatever number."""
        flags: Flags = (self.stands >= 0) | (self.other_number >= 0)
        return flags

    @property
    def absent(self) -> Flags:
        """Which children surely do not."""
        flags: Flags = ~self.on & (self.other_name < 0) & ~self.unsure
        return flags


def held(work: Work, slug: str, reference: Reference) -> Held:
    """Look for every child of a form on a register, once a run."""
    key = ("held", slug, reference.register.slug)
    made: Held = work.once(key, lambda: _Search(work, sought(work, slug), reference).held())
    return made


@dataclass
class _Search:
    """One form's children, looked for on one register."""

    work: Work
    mine: Sought
    theirs: Reference

    def held(self) -> Held:
        size = len(self.mine.names)
        other_number = np.full(size, -1, dtype=np.intp)
        unsure = ~self.mine.sound | (self.mine.names == "") | ~self._covered() | (not self.theirs.whole)
        numbered = self._by_number()
        stands, besides = self._standing(numbered)
        other_name = np.where(stands < 0, numbered.first, -1)
        by_name = self._by_name(stands < 0)
        of_my_children = np.isin(np.arange(len(self.theirs)), numbered.rows)
        named = is_among(keys_of(self.mine.names), keys_of(objects(by_name)))
        for row in np.flatnonzero((stands < 0) & named).tolist():
            namesakes = by_name[self.mine.names[row]]
            others = [each for each in namesakes if not of_my_children[each] and self._is_this_child(row, each)]
            distinct = {self.theirs.numbers[each] for each in others}
            if len(distinct) == 1:
                other_number[row], other_name[row] = others[0], -1
            unsure[row] |= len(distinct) > 1 or any(self.theirs.numbers[each] == b"" for each in namesakes)
        return Held(stands, other_name, other_number, unsure, besides)

    def _by_number(self) -> _RowsByNumber:
        """The rows that still stand on the register, by the numbers of my children."""
        sound = np.flatnonzero(self.mine.sound)
        wanted, own = np.unique(self.mine.numbers[sound].astype(f"S{LENGTH}"), return_inverse=True)
        rows, which = self.theirs.holding(wanted)
        stand = self.theirs.stands[rows]
        rows, which = rows[stand], which[stand]
        order = np.argsort(which, kind="stable")
        begin, end = np.zeros((2, len(self.mine.names)), dtype=np.intp)
        fit = np.array([len(each) <= LENGTH for each in self.mine.numbers[sound]], dtype=bool)  # papers' may be longer
        begin[sound[fit]] = np.searchsorted(which[order], own[fit], "left")
        end[sound[fit]] = np.searchsorted(which[order], own[fit], "right")
        return _RowsByNumber(rows[order], begin, end)

    def _standing(self, numbered: _RowsByNumber) -> tuple[Positions, Mapping[int, Sequence[int]]]:
        """The row with each child's own number and name, and the other rows of those of whom there are several."""
        names, mine = self.theirs.column(NAME), self.mine.names
        one = (numbered.end - numbered.begin == 1) & ((mine == "") | (names.at(numbered.first) == mine))
        stands, besides = np.where(one, numbered.first, -1), dict[int, Sequence[int]]()
        for row in np.flatnonzero((numbered.first >= 0) & ~one).tolist():
            rows = numbered.of(row)
            told = zip(rows.tolist(), names.at(rows).tolist(), strict=True)
            same = [each for each, name in told if not mine[row] or may_be_one_name(mine[row], name)]
            if same:
                stands[row] = same[0]
            if len(same) > 1:
                besides[row] = same[1:]
        return stands, besides

    def _by_name(self, among: Flags) -> Mapping[str, list[int]]:
        """The rows that still stand on the register, by the names of these of my children."""
        names = self.theirs.column(NAME)
        mine = sorted(set(self.mine.names[among].tolist()) - {""})
        at = np.searchsorted(names.texts, np.array(mine, dtype=object)).tolist()
        codes = {int(place): name for place, name in zip(at, mine, strict=False) if _holds(names.texts, place, name)}
        rows = np.flatnonzero(np.isin(names.codes, list(codes)) & self.theirs.stands)
        found: dict[str, list[int]] = {}
        for row, code in zip(rows.tolist(), names.codes[rows].tolist(), strict=True):
            found.setdefault(codes[code], []).append(row)
        return found

    def _is_this_child(self, row: int, theirs: int) -> bool:
        """Whether a row of my child's name is that child, under another number; not where that is another child's of
        this form."""
        number = self.theirs.numbers[theirs].decode()
        if not number:
            return False
        birth = self.theirs.births[theirs]
        day = birth.astype(object)
        child = Child(number, "", None if day is None else (day, day))
        if not self.mine.child(row).may_be(child):
            return False
        born_alike = not np.isnat(birth) and birth == self.mine.births[row]
        return bool(born_alike or self._of_my_school(row, theirs) or _is_a_slip(self.mine.numbers[row], number))

    def _of_my_school(self, row: int, theirs: int) -> bool:
        if not self.theirs.has(SCHOOL):
            return False
        name = self.theirs.column(SCHOOL).at(np.array([theirs]))[0]
        return bool(name) and schools(self.work).named(name) in self.mine.schools[row]

    def _covered(self) -> Flags:
        """Whose school the register tells of at all; a register without schools is of the whole district."""
        if not self.theirs.has(SCHOOL):
            return np.ones(len(self.mine.names), dtype=bool)
        known = schools(self.work)
        told = frozenset(known.named(name) for name in self.theirs.column(SCHOOL).texts.tolist())
        tells = cache(told.isdisjoint)  # the children of a school are of the same ones
        return np.array([not tells(each) for each in self.mine.schools], dtype=bool)


@dataclass(frozen=True)
class _RowsByNumber:
    """The rows of a register that have numbers of my children: those of each lie between its `begin` and its `end`."""

    rows: Positions
    begin: Positions
    end: Positions

    def of(self, row: int) -> Positions:
        """The rows with one child's number."""
        return self.rows[self.begin[row] : self.end[row]]

    @cached_property
    def first(self) -> Positions:
        """The first row with each child's number, or -1."""
        found = self.end > self.begin
        return np.where(found, np.append(self.rows, -1)[np.where(found, self.begin, -1)], -1)


def _holds(texts: Texts, place: int, name: str) -> bool:
    return place < len(texts) and texts[place] == name


def _is_a_slip(number: str, other: str) -> bool:
    return len(number) == len(other) and sum(a != b for a, b in zip(number, other, strict=True)) <= _SLIPS


def references(work: Work) -> Mapping[str, Reference]:
    """The registers that can be held against, by their slugs."""
    read = work.district.references
    return read.registers if read else {}


def doubtful(work: Work, slug: str) -> Flags:
    """Whose child bears an error or a warning in any form that knows its number.

    What its school wrote of such a child has to be corrected first: that a register does not hold it says nothing.
    """
    doubted: Keys = work.once(("doubtful",), lambda: _doubtful(work))
    ids, names = _keys(work, slug)
    return is_among(ids, doubted) | is_among(names, doubted)


def _doubtful(work: Work) -> Keys:
    found: list[Keys] = [np.zeros(0, dtype=np.int64)]
    for slug, records in work.district.records.items():
        if records.form.child_id is None or not len(records):
            continue
        flags = np.zeros(len(records), dtype=bool)
        for each in (*records.errors.values(), *records.warnings.values()):
            flags |= each
        at = positions(flags)
        found += [keys[at] for keys in _keys(work, slug)]
    every = np.concatenate(found)
    doubted: Keys = every[every != 0]
    return doubted


def _keys(work: Work, slug: str) -> tuple[Keys, Keys]:
    """A form's children by number, and by school and name."""
    mine, records = sought(work, slug), work.district.records[slug]
    return keys_of(np.where(mine.sound, mine.numbers, "")), child_keys(mine.names, schools=records.school)
