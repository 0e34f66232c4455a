"""Which of several returns of the same form counts: the last one; cards are replaced child by child."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from kbxt_merge.intake.assembly.children import children_of
from kbxt_merge.model.child import Child, Children
from kbxt_merge.model.district import Returned, Standing
from kbxt_merge.model.form import Shape
from kbxt_merge.model.returns import Reading


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
    cards: list[int] = []
    for position, each in enumerate(returned):
        if not each.school or (each.form.shape is not Shape.LIST and not each.sheet.rows):
            continue
        if each.form.shape is Shape.CARD:
            cards.append(position)
        else:
            tables.setdefault((each.form.slug, each.school), []).append(position)
    yield from tables.values()
    yield from _cards_of_children(returned, cards)


def _cards_of_children(returned: Sequence[Returned], cards: Sequence[int]) -> Iterator[list[int]]:
    """The positions of each child's cards; a card that names no child stands alone."""
    stand: dict[tuple[str, str], _Cards] = {}
    children = children_of([returned[position] for position in cards])
    rows = accumulate((len(returned[position].sheet.rows) for position in cards), initial=0)
    for position, row in zip(cards, rows, strict=False):
        card = returned[position]
        stand.setdefault((card.form.slug, card.school), _Cards()).add(position, children, row)
    for school in stand.values():
        yield from (each.cards for each in school.all)


@dataclass
class _OneChild:
    """A child: the positions of its cards, and what they tell of it."""

    cards: list[int] = field(default_factory=list)
    told: list[Child] = field(default_factory=list)


@dataclass
class _Cards:
    """The children of one school's cards: known by number, else by a name under which no other child stands."""

    all: list[_OneChild] = field(default_factory=list)
    by_number: dict[str, _OneChild] = field(default_factory=dict)
    by_name: dict[str, list[_OneChild]] = field(default_factory=dict)

    def add(self, position: int, children: Children, row: int) -> None:
        """Put a card to its child's others: a slip in a number is corrected, a namesake keeps its card."""
        number, name, card = children.ids[row], children.names[row], children.child(row)
        of_name = self.by_name.get(name, []) if name else []
        child = self.by_number.get(number) if number else None
        child = child or next((each for each in of_name if all(map(card.may_be, each.told))), None)
        if child is None:
            child = _OneChild()
            self.all.append(child)
        child.cards.append(position)
        child.told.append(card)
        if number:
            self.by_number[number] = child
        if name and not any(child is each for each in of_name):
            self.by_name.setdefault(name, []).append(child)


def _left_behind(old: Returned, kept: Sequence[Returned]) -> int:
    """How many records of a replaced form stand neither by number nor by name in the one that replaces it."""
    children, still = children_of([old]), children_of(kept)
    numbers, names = set(still.ids) - {""}, set(still.names)
    pairs = zip(children.ids, children.names, strict=True)
    return sum(number not in numbers and name not in names for number, name in pairs)
