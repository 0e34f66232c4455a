"""What the last round found and this one no longer does, as pages tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kbxt_merge.model.finding import Place
from kbxt_merge.model.round import Fixed
from kbxt_merge.model.rule import RuleCard
from kbxt_merge.model.text import Language

MOST_FIXED = 1000
"""So many of what was fixed are listed; the ledger has all."""


class FixedLine(NamedTuple):
    """What was fixed, as it is told."""

    school: str
    place: str
    message: str


def fixed_lines(
    fixed: Sequence[Fixed], schools: Sequence[str], catalogue: Mapping[str, RuleCard], language: Language
) -> list[FixedLine]:
    """A line each, in the order of the schools."""
    if not fixed:
        return []
    order = {name: place for place, name in enumerate(schools)}
    title = {slug: card.title.of(language) for slug, card in catalogue.items()}
    return [
        FixedLine(
            each.school,
            str(Place(each.file, each.sheet, each.cell)),
            each.message.of(language) or title.get(each.rule, each.rule),
        )
        for each in sorted(fixed, key=lambda each: (order.get(each.school, len(order)), each.file))[:MOST_FIXED]
    ]
