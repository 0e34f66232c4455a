"""What a rule means and how to put right what it finds: said once, for the report, the page and a marked workbook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kbxt_merge.model.privacy import MASKED
from kbxt_merge.model.rule import RuleCard, RuleExample
from kbxt_merge.model.text import Language

_PLACES = re.compile(r"\{[a-z_]+\}")
_LEFT_OPEN = "…"


@dataclass(frozen=True, slots=True)
class Explained:
    """A rule with its example: the example's numbers are nobody's, and are masked as all others.

    `columns` are letters; of each row `rows` has the number and, of each cell, its text and whether it is the one in
    question. A rule without an example has neither, and `said` leaves open what depends on the case.
    """

    slug: str
    title: str
    when: str
    said: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, tuple[tuple[str, bool], ...]], ...] = ()

    @classmethod
    def of(cls, slug: str, card: RuleCard, example: RuleExample | None, language: Language) -> Explained:
        """The rule as it is told."""
        title, when = card.title.of(language), card.when.of(language)
        if example is None:
            return cls(slug, title, when, _PLACES.sub(_LEFT_OPEN, card.message.of(language)))
        shown = MASKED.text
        rows = tuple(
            (number, tuple((shown[cell], example.is_pointed_at(number, column)) for column, cell in cells))
            for number, cells in (
                (number, tuple(zip(example.columns, texts, strict=True))) for number, texts in example.rows
            )
        )
        said = example.said.of(language)  # a sentence, masked when it was told
        return cls(slug, title, when, said, example.columns, rows)


def explained(
    rules: Iterable[str], catalogue: Mapping[str, RuleCard], examples: Mapping[str, RuleExample], language: Language
) -> Mapping[str, Explained]:
    """These rules by slug; none without examples, for then other forms are in force than the words speak of."""
    return {slug: Explained.of(slug, catalogue[slug], examples.get(slug), language) for slug in rules if examples}
