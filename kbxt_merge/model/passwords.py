"""The passwords at hand for locked workbooks, and whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kbxt_merge.model.school import Roster, School


@dataclass(frozen=True)
class Passwords:
    """What may open a file that came locked: what the settings name, what was made for mails, the roster's 口令.

    `made` are pairs of a school's name and a password.
    """

    named: tuple[str, ...] = field(default=(), repr=False)
    made: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    roster: Roster | None = field(default=None, repr=False)

    def likely(self, path: str) -> tuple[str, ...]:
        """Those of the school that a path names, then what the settings name."""
        if not self._of_schools:
            return self.named
        school = self._school(path)
        own = (password for name, password in self._of_schools if school and name == school.name)
        return tuple(dict.fromkeys((*own, *self.named)))

    def all(self, path: str) -> tuple[str, ...]:
        """The likely ones, then those of all other schools."""
        return tuple(dict.fromkeys((*self.likely(path), *(password for _, password in self._of_schools))))

    @cached_property
    def _of_schools(self) -> Sequence[tuple[str, str]]:
        """Every school's passwords, those that were made before the roster's."""
        schools = self.roster.schools if self.roster else ()
        return (*self.made, *((school.name, school.password) for school in schools if school.password))

    def _school(self, path: str) -> School | None:
        """The school that the file or the nearest of its folders names."""
        if self.roster is None:
            return None
        named = (self.roster.named_in(part) for part in reversed(path.split("/")))
        return next((school for school in named if school), None)
