"""Which of several returns of the same form counts: the last one; cards are replaced child by child."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace

from kbxt_merge.model.district import Returned, Standing
from kbxt_merge.model.form import Shape
from kbxt_merge.model.submission import Reading
from kbxt_merge.model.text import plain
from kbxt_merge.model.typed_cell import shown


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
    groups: dict[Hashable, list[int]] = {}
    for position, each in enumerate(returned):
        for key in _keys(each):
            groups.setdefault(key, []).append(position)
    result = list(returned)
    for positions in groups.values():
        latest = max((returned[i].file.modified, returned[i].file.path) for i in positions)
        if all((returned[i].file.modified, returned[i].file.path) == latest for i in positions):
            continue
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


def _keys(each: Returned) -> list[Hashable]:
    """By what a later return replaces this one: school and form, and for a card its child."""
    if not each.school:
        return []
    if each.form.shape is not Shape.CARD:
        return [(each.form.slug, each.school)]
    child = _child(each, each.form.child_id) or _child(each, each.form.child_name)
    return [(each.form.slug, each.school, child)] if child else []


def _child(card: Returned, name: str | None) -> str:
    cells = card.sheet.cells.get(name or "") or [None]
    return plain(shown(cells[0])).upper()


def _left_behind(old: Returned, kept: Sequence[Returned]) -> int:
    """How many records of a replaced form stand under no name of the one that replaces it."""
    field = old.form.record_field
    still = {plain(shown(cell)) for each in kept for cell in each.sheet.cells.get(field, ())}
    return sum(plain(shown(cell)) not in still for cell in old.sheet.cells.get(field, ()))
