"""Which of several returns of the same form counts: the last one; cards are replaced child by child."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from kbxt_merge.intake.values.cells import Reader, read, read_id, read_name
from kbxt_merge.model.cell import shown
from kbxt_merge.model.district import Returned, Standing
from kbxt_merge.model.form import Shape
from kbxt_merge.model.returns import Reading
from kbxt_merge.model.text import plain

_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
_SLIP = 3
"""In so many characters a corrected number may differ: two neighbours swapped, and the check character."""


def copies(readings: Iterable[Reading]) -> dict[str, str]:
    """Which file is, byte for byte, another of the inbox: its path, and the path of the first in path order."""
    first: dict[str, str] = {}
    same: dict[str, str] = {}
    for reading in sorted(readings, key=lambda each: each.file.path):
        if not reading.sha256 or not reading.file.size:
            continue
        original = first.setdefault(reading.sha256, reading.file.path)
        if original != reading.file.path:
            same[reading.file.path] = original
    return same


def with_standing(returned: Sequence[Returned]) -> list[Returned]:
    """The same forms, those set aside that the same school returned again in a later file."""
    result = list(returned)
    for positions in _returned_again(returned):
        latest = max((returned[i].file.modified, returned[i].file.path) for i in positions)
        kept = [returned[i] for i in positions if returned[i].file.path == latest[1]]
        for i in positions:
            if returned[i].file.path != latest[1]:
                result[i] = replace(
                    returned[i],
                    standing=Standing.SUPERSEDED,
                    replaced_by=latest[1],
                    left_behind=_left_behind(returned[i], kept),
                )
    return result


def _returned_again(returned: Sequence[Returned]) -> Iterator[list[int]]:
    """The positions of what is one school's one form, and of its cards one child's; blanks replace nothing."""
    tables: dict[tuple[str, str], list[int]] = {}
    children: dict[tuple[str, str], _Children] = {}
    for position, each in enumerate(returned):
        key = (each.form.slug, each.school)
        if not each.school or (each.form.shape is not Shape.LIST and not each.sheet.rows):
            continue
        if each.form.shape is Shape.CARD:
            children.setdefault(key, _Children()).add(position, each)
        else:
            tables.setdefault(key, []).append(position)
    yield from tables.values()
    for school in children.values():
        yield from (child.cards for child in school.all)


@dataclass
class _Child:
    """A child and the positions of its cards; `numbers` are the ID numbers on them."""

    cards: list[int] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)

    def may_have(self, number: str) -> bool:
        """Whether a number under its name can be its own, a slip corrected: a namesake's differs in more."""
        return all(_is_slip(number, other) for other in self.numbers)


@dataclass
class _Children:
    """The children of one school's cards: known by number, else by a name under which no other child stands."""

    all: list[_Child] = field(default_factory=list)
    by_number: dict[str, _Child] = field(default_factory=dict)
    by_name: dict[str, list[_Child]] = field(default_factory=dict)

    def add(self, position: int, card: Returned) -> None:
        """Put a card to its child's others; one that names no child stands alone."""
        number, name = _read(card, card.form.child_id, read_id), plain(_read(card, card.form.child_name, read_name))
        child = self.by_number.get(number) if number else None
        child = child or next((each for each in self.by_name.get(name, ()) if each.may_have(number)), None)
        if child is None:
            child = _Child()
            self.all.append(child)
        child.cards.append(position)
        if number:
            child.numbers.add(number)
            self.by_number[number] = child
        if name and not any(child is each for each in self.by_name.get(name, ())):
            self.by_name.setdefault(name, []).append(child)


def _read(card: Returned, name: str | None, reader: Reader) -> str:
    cells = card.sheet.cells.get(name or "") or [None]
    return str(read(cells[0], reader)[0] or "")


def _is_slip(number: str, other: str) -> bool:
    """Whether two numbers can be one: one is no number at all, they name one birth date, or differ by a slip."""
    if not (_NUMBER.fullmatch(number) and _NUMBER.fullmatch(other)):
        return True
    return number[6:14] == other[6:14] or sum(a != b for a, b in zip(number, other, strict=True)) <= _SLIP


def _left_behind(old: Returned, kept: Sequence[Returned]) -> int:
    """How many records of a replaced form stand under no name of the one that replaces it."""
    field = old.form.record_field
    still = {plain(shown(cell)) for each in kept for cell in each.sheet.cells.get(field, ())}
    return sum(plain(shown(cell)) not in still for cell in old.sheet.cells.get(field, ()))
