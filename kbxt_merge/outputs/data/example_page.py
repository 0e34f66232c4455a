"""The page of findings: of each rule what it means, an example, and how to put it right."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kbxt_merge.model.privacy import MASKED
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
_PLACES = re.compile(r"\{[a-z_]+\}")


def examples_page(catalogue: Mapping[str, RuleCard], examples: Mapping[str, RuleExample], language: Language) -> str:
    """The page as Markdown, a section a rule, whose name is its anchor."""
    parts = [f"# {_TITLE.of(language)}", _MADE.of(language)]
    for slug, card in catalogue.items():
        parts += [f"## {slug}", f"**{card.title.of(language)}**（{card.severity.words.of(language)}）"]
        parts.append(_MEANS.of(language).format(when=card.when.of(language)))
        example = examples.get(slug)
        if example is None:
            said = _PLACES.sub("…", card.message.of(language))
            parts.append(_NO_EXAMPLE.of(language).format(said=said))
            continue
        if example.rows:
            parts.append(_sheet(example, language))
        parts.append(_RIGHT.of(language).format(said=_plain(example.said.of(language))))
    return "\n\n".join(parts) + "\n"


def _sheet(example: RuleExample, language: Language) -> str:
    lines = [["", *example.columns], ["---"] * (len(example.columns) + 1)]
    for number, cells in example.rows:
        shown = [
            f"**{_plain(cell) or _BLANK.of(language)}**" if example.is_pointed_at(number, column) else _plain(cell)
            for column, cell in zip(example.columns, map(MASKED.text.__getitem__, cells), strict=True)
        ]
        lines.append([number, *shown])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _plain(text: str) -> str:
    """A text that no Markdown takes for a mark."""
    return re.sub(r"([|*_<>`\\])", r"\\\1", text)
