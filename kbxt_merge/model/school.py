"""Schools, and the roster by which what was written is known for one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from kbxt_merge.model.text import plain

_NEAR = 75.0
_PLACE_NEAR = 50.0
"""Likeness in per cent (rapidfuzz's ratio) of two names, and of what is left of them without the generic words."""

_GENERIC = re.compile(
    r"第?[一二三四五六七八九十百0-9]+(?=中|小|初|高|实验|希望|完)|中心|实验|希望|民族|示范|完全|初级|高级|职业|特殊教育|九年一贯制|附属"
    r"|小学|中学|学校|幼儿园|完小|初中|高中"
)
_OTHER_SCHOOL_FOLLOWS = re.compile(r"附属|附小|附中|附幼|分校")
_HAN = re.compile(r"[\u3400-\u9fff]")


_LONG_NUMBER = re.compile(r"[0-9](?:[-—._/]?[0-9]){6}.*")


def name_of_school(text: str) -> str:
    """What was written for a school, without a telephone or another long number behind it: names name folders, too.

    >>> name_of_school("赣县区梅林小学 0797-4422333")
    '赣县区梅林小学'
    """
    return _LONG_NUMBER.sub("", plain(text))


@dataclass(frozen=True, slots=True)
class School:
    """A school of the roster; `code` is its 学校标识码, `password` opens the attachments that are mailed to it."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    stage: str = ""
    contact: str = ""
    phone: str = field(default="", repr=False)
    email: str = ""
    password: str = field(default="", repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Its name, then its aliases."""
        return (self.name, *self.aliases)


def bare_name(name: str, prefixes: Iterable[str]) -> str:
    """A school's name, plain and without the city's and county's names before it, unless nothing else is left.

    >>> bare_name("赣州市赣县区 梅林中学", ("赣州市", "赣县区"))
    '梅林中学'
    """
    bare = plain(name)
    while found := next((each for each in prefixes if each and bare.startswith(each) and bare != each), None):
        bare = bare[len(found) :]
    return bare


@dataclass(frozen=True)
class Roster:
    """The schools of the district in their official order; `prefixes` are the places that may stand before a name."""

    schools: tuple[School, ...]
    prefixes: tuple[str, ...] = ()

    @classmethod
    def of_names(cls, names: Iterable[str], prefixes: tuple[str, ...] = ()) -> Self:
        """The schools as they named themselves, where there is no roster; of several spellings the fullest is kept."""
        fullest: dict[str, str] = {}
        for name in map(plain, names):
            bare = bare_name(name, prefixes)
            fullest[bare] = max(fullest.get(bare, ""), name, key=len)
        return cls(tuple(School("", name) for name in fullest.values() if name), prefixes)

    def find(self, name: str) -> School | None:
        """The school of that name or alias, with or without the places before it; None where none or two could be."""
        return self._by_name.get(plain(name)) or self._by_bare_name.get(bare_name(name, self.prefixes))

    def nearest(self, name: str) -> School | None:
        """The school whose name is most like an unknown name; None where a suggestion would mislead."""
        from rapidfuzz import fuzz, process  # imported when a name is unknown: most commands never need it

        bare = bare_name(name, self.prefixes)
        place = _GENERIC.sub("", bare)
        likely = process.extract(bare, self._by_bare_name.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=5)
        scored = [
            (score, candidate)
            for candidate, score, _ in likely
            if fuzz.ratio(place, _GENERIC.sub("", candidate)) >= _PLACE_NEAR
        ]
        # of two schools equally like it, neither is a suggestion
        best = [candidate for score, candidate in scored if score == scored[0][0]]
        return self._by_bare_name[best[0]] if len(best) == 1 else None

    def named_in(self, text: str) -> School | None:
        """The school whose name occurs in the name of a file or folder; the longest name wins, two schools are none."""
        compact = plain(text)
        found = [
            (start, start + len(name), school)
            for start, name in _parts(compact, self._lengths)
            if (school := self._by_any_name.get(name)) and self._names_a_school(name, compact, start)
        ]
        whole = [each for each in found if not any(_covers(other, each) for other in found)]
        schools = {school.name: school for _, _, school in whole}
        return next(iter(schools.values())) if len(schools) == 1 else None

    def of_code(self, code: str) -> School | None:
        """The first school with this code; no code is nobody's."""
        return self._by_code.get(code) if code else None

    def position(self, name: str) -> int:
        """The school's place in the roster's order; names that are not of the roster come after all others."""
        school = self.find(name)
        return len(self.schools) if school is None else self._positions[school.name]

    @cached_property
    def _by_code(self) -> Mapping[str, School]:
        return {school.code: school for school in reversed(self.schools)}

    @cached_property
    def _positions(self) -> Mapping[str, int]:
        return {school.name: position for position, school in enumerate(self.schools)}

    @cached_property
    def _by_name(self) -> Mapping[str, School | None]:
        return _index((plain(name), school) for school in self.schools for name in school.names)

    @cached_property
    def _by_bare_name(self) -> Mapping[str, School | None]:
        return _index((bare_name(name, self.prefixes), school) for school in self.schools for name in school.names)

    @cached_property
    def _by_any_name(self) -> Mapping[str, School]:
        both = {**self._by_bare_name, **self._by_name}
        return {name: school for name, school in both.items() if school is not None}

    @cached_property
    def _lengths(self) -> frozenset[int]:
        return frozenset(map(len, self._by_any_name))

    def _names_a_school(self, name: str, text: str, start: int) -> bool:
        """Whether a name stands for itself: 梅林中学附属小学 is not 梅林中学, and 大田实验小学 is not 实验小学."""
        if _OTHER_SCHOOL_FOLLOWS.match(text, start + len(name)):
            return False
        before = text[:start]
        is_generic = not _GENERIC.sub("", name)
        return not (is_generic and _HAN.match(before[-1:]) and not before.endswith(self.prefixes or ("\n",)))


def _index(names: Iterable[tuple[str, School]]) -> Mapping[str, School | None]:
    """The schools by name; None where two share one."""
    index: dict[str, School | None] = {}
    for name, school in names:
        if name and index.setdefault(name, school) is not school:
            index[name] = None
    return index


def _parts(text: str, lengths: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Every part of a text that is so long, and where it begins: fewer than there are schools in a district."""
    return ((start, text[start : start + n]) for n in lengths for start in range(len(text) - n + 1))


def _covers(other: tuple[int, int, School], each: tuple[int, int, School]) -> bool:
    """Whether `other` overlaps `each` and is the longer name."""
    overlaps = other[0] < each[1] and each[0] < other[1]
    return overlaps and other[1] - other[0] > each[1] - each[0]
