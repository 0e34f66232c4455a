"""Which row of a register of the bureau's is a returned child's, and of which children nobody can tell.

A child is looked for by its ID number, then by its name with its birth date, its school, or a number a slip away.  What
is found by name must be the only one; and two sound numbers that can't be one child's never join two of one name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from kbxt_merge.model.child import Child, sound_numbers
from kbxt_merge.model.child import plain_names as names_of
from kbxt_merge.model.district import District, Flags, Positions, Records, Texts
from kbxt_merge.model.id_number import NOT_A_DAY, Days, Digits
from kbxt_merge.model.reference import Reference
from kbxt_merge.model.register import NAME, SCHOOL
from kbxt_merge.model.school import Roster, School
from kbxt_merge.model.text import plain
from kbxt_merge.rules.engine.rule import Work, positions
from kbxt_merge.rules.id_numbers.number import birth_dates

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
class Sought:
    """The children of a form as registers are asked for them, a row a record, whatever was found wrong with them.

    `numbers` are as cleaned, `sound` flags those that a child can be known by. `births` are by the number, else as the
    form says. `schools` are the roster's names of the school that returned the child and of those that its row names.
    """

    names: Texts
    numbers: Texts
    sound: Flags
    births: Days
    sexes: Texts
    schools: Sequence[frozenset[str]]

    def child(self, row: int) -> Child:
        """What a record tells of its child besides the name."""
        day = self.births[row].astype(object)
        return Child(self.numbers[row], self.sexes[row], None if day is None else (day, day))


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


def sought(work: Work, slug: str) -> Sought:
    """Work out a form's children as registers are asked for them, once a run."""
    made: Sought = work.once(("sought", slug), lambda: _sought(work, work.district.records[slug]))
    return made


def _sought(work: Work, records: Records) -> Sought:
    form = records.form
    blank = np.full(len(records), "", dtype=object)
    numbers = records.values[form.child_id].fillna("").to_numpy(dtype=object) if form.child_id else blank
    births: Days = np.full(len(records), NOT_A_DAY)
    if form.child_id:
        births = birth_dates(records.values[form.child_id])
        births = np.where(np.isnat(births), Digits.of(records.values[form.child_id]).births, births)
    if form.child_birth_date:
        typed = records.values[form.child_birth_date].to_numpy(dtype="datetime64[D]")
        own = np.where(typed == records.last_days[form.child_birth_date], typed, NOT_A_DAY)
        births = np.where(np.isnat(births), own, births)
    sexes = records.values[form.child_sex].fillna("").to_numpy(dtype=object) if form.child_sex else blank
    fields = [each.name for each in form.fields if each.type == "school"]
    named = zip(records.school.tolist(), *(records.shown[name].tolist() for name in fields), strict=True)
    known = schools(work)
    return Sought(
        names_of(records),
        numbers,
        sound_numbers(records),
        births,
        sexes,
        [frozenset(known.named(name) for name in names if name) for names in named],
    )


class Schools:
    """The names of schools as rosters, forms and registers write them, each by the name that it goes by here."""

    def __init__(self, district: District) -> None:
        """Know the schools of the roster, else those that returned something."""
        places = (district.forms.city, district.forms.county)
        self.roster = district.roster or Roster.of_names(filter(None, district.schools), places)
        self._named: dict[str, str] = {}

    def find(self, name: str) -> School | None:
        """The school of that name, where it is one of the district."""
        return self.roster.find(name) if name else None

    def named(self, name: str) -> str:
        """The district's name for a school, or the name as it is written where it is none of the district."""
        if name not in self._named:
            found = self.find(name)
            self._named[name] = found.name if found else plain(name)
        return self._named[name]

    def are_one(self, one: str, other: str) -> bool:
        """Tell whether two names mean one school, or a school and its central one."""
        if self.named(one) == self.named(other):
            return True
        schools = self.find(one), self.find(other)
        if schools[0] and schools[1]:
            return self.roster.belong_together(schools[0], schools[1])
        mine, theirs = self.named(one), self.named(other)
        return mine.endswith(theirs) or theirs.endswith(mine)


def schools(work: Work) -> Schools:
    """The schools of the district, once a run."""
    made: Schools = work.once(("schools",), lambda: Schools(work.district))
    return made


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
        stands, other_name, other_number = (np.full(size, -1, dtype=np.intp) for _ in range(3))
        unsure = ~self.mine.sound | (self.mine.names == "")
        besides: dict[int, Sequence[int]] = {}
        by_number = self._by_number()
        by_name = self._by_name()
        for row in range(size):
            name, number = self.mine.names[row], self.mine.numbers[row]
            rows = by_number.get(number, ()) if self.mine.sound[row] else ()
            same = [each for each in rows if not name or may_be_one_name(name, self._names[each])]
            if same:
                stands[row] = same[0]
                if len(same) > 1:
                    besides[row] = same[1:]
                continue
            others = [each for each in by_name.get(name, ()) if self._is_this_child(row, each, by_number)]
            unnumbered = [each for each in by_name.get(name, ()) if self.theirs.numbers[each] == b""]
            distinct = {self.theirs.numbers[each] for each in others}
            if len(distinct) == 1:
                other_number[row] = others[0]
            elif rows:
                other_name[row] = rows[0]
            unsure[row] |= len(distinct) > 1 or bool(unnumbered)
        unsure |= ~self._covered() | (not self.theirs.whole)
        return Held(stands, other_name, other_number, unsure, besides)

    def _by_number(self) -> Mapping[str, list[int]]:
        """The rows that still stand on the register, by the numbers of my children."""
        wanted = np.unique(self.mine.numbers[self.mine.sound].astype("S18"))
        rows, which = self.theirs.holding(wanted)
        found: dict[str, list[int]] = {}
        numbers = [each.decode() for each in wanted.tolist()]
        for row, at in zip(rows.tolist(), which.tolist(), strict=True):
            if self.theirs.stands[row]:
                found.setdefault(numbers[at], []).append(row)
        self._names = _Names(self.theirs)
        return found

    def _by_name(self) -> Mapping[str, list[int]]:
        """The rows that still stand on the register, by the names of my children."""
        names = self.theirs.column(NAME)
        mine = sorted(set(self.mine.names.tolist()) - {""})
        at = np.searchsorted(names.texts, np.array(mine, dtype=object)).tolist()
        codes = {int(place): name for place, name in zip(at, mine, strict=False) if _holds(names.texts, place, name)}
        rows = np.flatnonzero(np.isin(names.codes, list(codes)) & self.theirs.stands)
        found: dict[str, list[int]] = {}
        for row, code in zip(rows.tolist(), names.codes[rows].tolist(), strict=True):
            found.setdefault(codes[code], []).append(row)
        return found

    def _is_this_child(self, row: int, theirs: int, by_number: Mapping[str, list[int]]) -> bool:
        """Whether a row of my child's name is that child, under another number."""
        number = self.theirs.numbers[theirs].decode()
        if not number or number in by_number:  # the number of another child of this form
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
        told = {known.named(name) for name in self.theirs.column(SCHOOL).texts.tolist()}
        return np.array([not told.isdisjoint(each) for each in self.mine.schools], dtype=bool)


class _Names:
    """The names of a register's rows, one at a time."""

    def __init__(self, reference: Reference) -> None:
        self._names = reference.column(NAME)

    def __getitem__(self, row: int) -> str:
        code = self._names.codes[row]
        return str(self._names.texts[code]) if code >= 0 else ""


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
    keys: set[str] = work.once(("doubtful",), lambda: _doubtful(work))
    ids, names = _keys(work, slug)
    return np.array([i in keys or n in keys for i, n in zip(ids, names, strict=True)], dtype=bool)


def _doubtful(work: Work) -> set[str]:
    found: set[str] = set()
    for slug, records in work.district.records.items():
        if records.form.child_id is None or not len(records):
            continue
        flags = np.zeros(len(records), dtype=bool)
        for each in (*records.errors.values(), *records.warnings.values()):
            flags |= each
        at = positions(flags)
        for keys in _keys(work, slug):
            found |= set(keys[at].tolist())
    return found - {""}


def _keys(work: Work, slug: str) -> tuple[Texts, Texts]:
    """A form's children by number, and by school and name."""
    mine, records = sought(work, slug), work.district.records[slug]
    names = np.array(
        [f"{school}\n{name}" if name else "" for school, name in zip(records.school, mine.names, strict=True)],
        dtype=object,
    )
    return np.where(mine.sound, mine.numbers, ""), names
