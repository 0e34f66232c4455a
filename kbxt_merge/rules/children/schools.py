"""The names of schools as rosters, forms and registers write them, each by the name that it goes by here."""

from __future__ import annotations

from kbxt_merge.model.district import District
from kbxt_merge.model.school import Roster, School
from kbxt_merge.model.text import plain
from kbxt_merge.rules.engine.rule import Work


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
