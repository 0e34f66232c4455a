"""What a rule means and how to put right what it finds, beside the findings: the page opens where no other can."""

from __future__ import annotations

from dataclasses import dataclass

from kbxt_merge.model.privacy import MASKED
from kbxt_merge.model.rule import RuleCard, RuleExample
from kbxt_merge.model.text import Language


@dataclass(frozen=True, slots=True)
class Explained:
    """A rule with its example: the example's numbers are nobody's, and are masked as all others."""

    slug: str
    title: str
    when: str
    said: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, bool], ...]], ...]

    @classmethod
    def of(cls, slug: str, card: RuleCard, example: RuleExample, language: Language) -> Explained:
        """The rule as a page tells it; of each cell its text, and whether it is the one in question."""
        shown = MASKED.text
        rows = tuple(
            (number, tuple((shown[cell], example.is_pointed_at(number, column)) for column, cell in cells))
            for number, cells in (
                (number, tuple(zip(example.columns, texts, strict=True))) for number, texts in example.rows
            )
        )
        said = example.said.of(language)  # a sentence, masked when it was told
        return cls(slug, card.title.of(language), card.when.of(language), said, example.columns, rows)
