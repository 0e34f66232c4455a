"""Schools, and the roster by which what was written is known for one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from kbxt_merge.model.addresses import addresses
from kbxt_merge.model.school_names import GENERIC, bare_name, is_generic, may_follow, other_school_follows, spellings
from kbxt_merge.model.text import plain

_NEAR = 75.0
_PLACE_NEAR = 50.0
"""Likeness in per cent (rapidfuzz's ratio) of two names, and of what is left of them without the generic words."""

_VILLAGE = re.compile(r"小学|教学点|村小|完小|学校")
_OF_PLACE = re.compile(r"(?:村小?|教学点|完小)$")
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
    """A school of the roster; `code` is its 学校标识码, `password` opens the attachments that are mailed to it.

    `centre` names the central school (中心校) that a village school belongs to.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    stage: str = ""
    contact: str = ""
    phone: str = field(default="", repr=False)
    email: str = ""
    password: str = field(default="", repr=False)
    centre: str = ""

    @property
    def is_central(self) -> bool:
        """Tell whether village schools may belong to it: its name says 中心小学, 中心校, 学区."""
        return "中心" in self.name or self.name.endswith("学区")

    @property
    def names(self) -> tuple[str, ...]:
        """Its name, then its aliases."""
        return (self.name, *self.aliases)


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
        """The school of that name or alias, with or without places before it and a part or class of it behind it.

        None where none or two could be. 茅店中心小学桃源小学 is the village school, where the roster knows it.
        """
        text = plain(name)
        if text not in self._searched:
            self._searched[text] = self._search(text)
        return self._searched[text]

    @cached_property
    def _searched(self) -> dict[str, School | None]:
        return {}

    def _search(self, text: str) -> School | None:
        ways = list(dict.fromkeys(spellings(text, self.prefixes, self._towns)))
        whole = (self._by_name.get(each) or self._by_bare_name.get(bare_name(each, self.prefixes)) for each in ways)
        return next(filter(None, whole), None) or next(filter(None, map(self._begun_with, ways)), None)

    def _begun_with(self, text: str) -> School | None:
        """The school whose name a text begins with, if what follows is a part of it; the longest name counts."""
        lengths = sorted((n for n in self._lengths if n < len(text)), reverse=True)
        name = next((text[:n] for n in lengths if text[:n] in self._by_any_name), "")
        if not name or is_generic(name):
            return None
        school, rest = self._by_any_name[name], text[len(name) :]
        other = self.find(rest.strip("()-—")) if school.is_central else None
        if other:
            return None if other.is_central else other
        return school if may_follow(rest, name, school.is_central) else None

    def of_address(self, address: str) -> School | None:
        """The school that mails from an address are of; None where the roster knows none by it, or several."""
        found = [school for school in self.schools if address in addresses(school.email)] if address else []
        return found[0] if len(found) == 1 else None

    def belong_together(self, one: School, other: School) -> bool:
        """Tell whether one is the other's central school: by the roster's 中心校, else by what the two are called."""
        for village, centre in ((one, other), (other, one)):
            if village.centre and self.find(village.centre) is centre:
                return True
            if not village.centre and centre.is_central and _VILLAGE.search(village.name) and not village.is_central:
                return True
        return False

    def nearest(self, name: str) -> School | None:
        """The school whose name is most like an unknown name; None where a suggestion would mislead."""
        from rapidfuzz import fuzz, process  # imported when a name is unknown: most commands never need it

        bare = bare_name(name, self.prefixes)
        place = GENERIC.sub("", bare)
        likely = process.extract(bare, self._by_bare_name.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=5)
        scored = [
            (score, candidate)
            for candidate, score, _ in likely
            if fuzz.ratio(place, GENERIC.sub("", candidate)) >= _PLACE_NEAR
        ]
        # of two schools equally like it, neither is a suggestion
        best = [candidate for score, candidate in scored if score == scored[0][0]]
        return self._by_bare_name[best[0]] if len(best) == 1 else None

    def named_in(self, text: str) -> School | None:
        """The school whose name occurs in the name of a file or folder; the longest name wins, two schools are none.

        A village school named together with its central school is meant.
        """
        compact = plain(text)
        found = [
            (start, start + len(name), school)
            for start, name in _parts(compact, self._lengths)
            if (school := self._by_any_name.get(name)) and self._names_a_school(name, compact, start)
        ]
        whole = [each for each in found if not any(_covers(other, each) for other in found)]
        schools = list({school.name: school for _, _, school in whole}.values())
        if len(schools) == 2 and self.belong_together(*schools):
            schools = [school for school in schools if not school.is_central]
        return schools[0] if len(schools) == 1 else None

    def of_place(self, text: str) -> School | None:
        """The only school of a place, where a text is nothing but the place: 桃源, 桃源村, 桃源教学点."""
        place = plain(text)
        return self._by_place.get(place) or self._by_place.get(_OF_PLACE.sub("", place))

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
    def _by_place(self) -> Mapping[str, School | None]:
        places = ((GENERIC.sub("", bare_name(school.name, self.prefixes)), school) for school in self.schools)
        return _index((place, school) for place, school in places if len(place) > 1)

    @cached_property
    def _towns(self) -> tuple[str, ...]:
        """The places that central schools are called after."""
        return tuple(place for place, school in self._by_place.items() if school is None or school.is_central)

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
        if other_school_follows(text, start + len(name)):
            return False
        before = text[:start]
        return not (is_generic(name) and _HAN.match(before[-1:]) and not before.endswith(self.prefixes or ("\n",)))


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
