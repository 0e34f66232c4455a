"""The page of findings: of each rule what it means, an example, and how to put it right."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kbxt_merge.model.explained import Explained
from kbxt_merge.model.rule import RuleCard, RuleExample
from kbxt_merge.model.text import Language, Words

_TITLE = Words("问题怎样改", "Findings, and how to put them right")
_MADE = Words(
    "本页由 `kbxt rules --examples` 生成，请勿手工修改。例子取自测试，人都是虚构的；粗体是指出的一格。",
    "Written by `kbxt rules --examples`; do not edit. The examples are the tests' own, all people in them invented; "
    "the cell in question is in bold.",
)
_MEANS = Words("何时提出：{when}", "When: {when}")
_RIGHT = Words("怎样改：{said}", "What to do: {said}")
_NO_EXAMPLE = Words("怎样改（按实际情况说明）：{said}", "What to do (as the case is): {said}")
_BLANK = Words("（空）", "(blank)")


def examples_page(catalogue: Mapping[str, RuleCard], examples: Mapping[str, RuleExample], language: Language) -> str:
    """The page as Markdown, a section a rule, whose name is its anchor."""
    parts = [f"# {_TITLE.of(language)}", _MADE.of(language)]
    for slug, card in catalogue.items():
        told = Explained.of(slug, card, examples.get(slug), language)
        right = _RIGHT if slug in examples else _NO_EXAMPLE
        parts += [f"## {slug}", f"**{told.title}**（{card.severity.words.of(language)}）"]
        parts.append(_MEANS.of(language).format(when=told.when))
        if told.rows:
            parts.append(_sheet(told, language))
        parts.append(right.of(language).format(said=_plain(told.said)))
    return "\n\n".join(parts) + "\n"


def _sheet(told: Explained, language: Language) -> str:
    lines = [["", *told.columns], ["---"] * (len(told.columns) + 1)]
    for number, cells in told.rows:
        shown = [f"**{_plain(cell) or _BLANK.of(language)}**" if marked else _plain(cell) for cell, marked in cells]
        lines.append([number, *shown])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _plain(text: str) -> str:
    """A text that no Markdown takes for a mark."""
    return re.sub(r"([|*_<>`\\])", r"\\\1", text)
