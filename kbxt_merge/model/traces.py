"""By what a child that is to be forgotten is known in what was written of a period."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from kbxt_merge.model.returns import position
from kbxt_merge.model.text import plain

HIDDEN = "＊＊＊"
"""Stands where a name or a number was that is forgotten."""


@dataclass(frozen=True)
class Traces:
    """Numbers and names under which schools returned it, and the file, sheet and cell of each of its records.

    `was_asked_about`: something was found of it, so that the period's report shows its row.
    """

    numbers: frozenset[str]
    names: frozenset[str]
    schools: frozenset[str]
    places: frozenset[tuple[str, str, str]]
    was_asked_about: bool = False

    def is_number(self, text: str) -> bool:
        """Whether a cell holds the child's number."""
        return plain(text).upper() in self.numbers

    def is_name(self, text: str) -> bool:
        """Whether a cell holds the child's name and nothing besides: another child may be called so."""
        return plain(text) in self.names

    @cached_property
    def rows(self) -> frozenset[tuple[str, str, int]]:
        """File, sheet and row of the places."""
        at = ((file, sheet, position(cell)) for file, sheet, cell in self.places)
        return frozenset((file, sheet, place[0]) for file, sheet, place in at if place)

    def may_stand_in(self, text: str) -> bool:
        """Whether a text names the child, or a file in which it stands."""
        return self.are_told_in(text) or any(file in text for file, _, _ in self.places)

    def are_told_in(self, text: str) -> bool:
        """Whether a text names the child."""
        return any(each in text for each in self._words)

    def hidden_in(self, text: str) -> str:
        """The text without what names the child."""
        for each in self._words:
            text = text.replace(each, HIDDEN)
        return text

    @cached_property
    def _words(self) -> tuple[str, ...]:
        """What names the child within a text, the longest first: one character stands in many that are others'."""
        names = (each for each in self.names if len(each) > 1)
        return tuple(sorted((*self.numbers, *names), key=len, reverse=True))
