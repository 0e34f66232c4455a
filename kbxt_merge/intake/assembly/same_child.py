"""Which records of one school's returns are one child: known by number, else by a name that no other child has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kbxt_merge.intake.values.cells import read, read_id, read_name
from kbxt_merge.model.cell import CellState, shown
from kbxt_merge.model.district import Returned
from kbxt_merge.model.form import Shape
from kbxt_merge.model.returns import Cell
from kbxt_merge.model.school import Roster
from kbxt_merge.model.text import plain

_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
_SLIP = 3
"""In so many characters a corrected number may differ: two neighbours swapped, and the check character."""


def children_of(returned: Sequence[Returned], roster: Roster | None) -> list[list[int]]:
    """Who the records of each return are, one number a child; of statistics the school that a row names is the child.

    A record that names nobody stands alone.
    """
    known = _Children()
    return [
        [known.of_record(number, name) for number, name in zip(_numbers(each), _names(each, roster), strict=True)]
        for each in returned
    ]


def names_of(returned: Returned) -> list[str]:
    """The names of a return's records as typed; of statistics the schools'."""
    return [shown(cell).strip() for cell in _cells(returned, returned.form.record_field)]


def _names(returned: Returned, roster: Roster | None) -> list[str]:
    if returned.form.shape is Shape.STATISTICS:
        found = (roster.find(name) if roster else None for name in names_of(returned))
        return [school.name if school else returned.school for school in found]
    return [plain(str(read(cell, read_name)[0] or "")) for cell in _cells(returned, returned.form.child_name)]


def _numbers(returned: Returned) -> list[str]:
    """The numbers by which children can be known; one that lost its last digits is none."""
    pairs = (read(cell, read_id) for cell in _cells(returned, returned.form.child_id))
    return ["" if state is CellState.DAMAGED else str(number or "") for number, state in pairs]


def _cells(returned: Returned, name: str | None) -> Sequence[Cell]:
    return returned.sheet.cells.get(name or "") or [None] * len(returned.sheet.rows)


@dataclass
class _Child:
    """A child by its position among the children; `numbers` are the ID numbers under which it stands."""

    position: int
    numbers: set[str] = field(default_factory=set)

    def may_have(self, number: str) -> bool:
        """Tell whether a number under its name can be its own, a slip corrected: a namesake's differs in more."""
        return all(_is_slip(number, other) for other in self.numbers)


@dataclass
class _Children:
    """The children met so far, by number and by name."""

    count: int = 0
    by_number: dict[str, _Child] = field(default_factory=dict)
    by_name: dict[str, list[_Child]] = field(default_factory=dict)

    def of_record(self, number: str, name: str) -> int:
        """The child that a record with this number and name is of: a new one where it is none of those known."""
        known_by_number = _NUMBER.fullmatch(number) is not None
        child = self.by_number.get(number) if known_by_number else None
        child = child or next((each for each in self.by_name.get(name, ()) if each.may_have(number)), None)
        if child is None:
            child = _Child(self.count)
            self.count += 1
        if number:
            child.numbers.add(number)
        if known_by_number:
            self.by_number[number] = child
        if name and not any(child is each for each in self.by_name.get(name, ())):
            self.by_name.setdefault(name, []).append(child)
        return child.position


def _is_slip(number: str, other: str) -> bool:
    """Whether two numbers can be one: one is no number at all, they name one birth date, or differ by a slip."""
    if not (_NUMBER.fullmatch(number) and _NUMBER.fullmatch(other)):
        return True
    return number[6:14] == other[6:14] or sum(a != b for a, b in zip(number, other, strict=True)) <= _SLIP
