"""The rules of a form's YAML as rows of 表间核对."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kbxt_merge.model.definition_book.cell_texts import Tree, conditions_text, joined, texts_of
from kbxt_merge.model.definition_book.layout import SEVERITIES
from kbxt_merge.model.definition_book.rule_words import CHOICES, OWN_KEYS, PARTS, kind_of_part
from kbxt_merge.model.definition_book.shown_names import ShownNames
from kbxt_merge.model.rule import RuleCard
from kbxt_merge.outputs.definition_book.texts import words_of


@dataclass(frozen=True, slots=True)
class RuleRows:
    """What the parts of rules are told with: the catalogue, and by form's number its label and its fields' names."""

    catalogue: Mapping[str, RuleCard]
    labels: Mapping[str, str]
    fields: Mapping[str, ShownNames]

    def rows(self, slug: str, rules: Tree) -> Iterator[Mapping[str, str]]:
        """The texts of each rule's row."""
        for rule in rules if isinstance(rules, Sequence) and not isinstance(rules, str) else ():
            if isinstance(rule, Mapping):
                yield self._row(slug, rule)

    def _row(self, slug: str, rule: Mapping[str, Tree]) -> Mapping[str, str]:
        name = str(rule.get("rule", ""))
        card = self.catalogue.get(name)
        own = self.fields[slug]
        parts = [(key, each) for key, each in rule.items() if key not in OWN_KEYS]
        listed = str(rule.get("list", slug))
        row = {
            "slug": name,
            "form": self.labels[slug],
            "rule": card.title.zh if card else name,
            "at": joined(map(own.show, texts_of(rule.get("at")))),
            "severity": SEVERITIES.get(str(rule.get("severity", "")), str(rule.get("severity", ""))),
            "say.zh": words_of(rule.get("say"), "zh"),
            "say.en": words_of(rule.get("say"), "en"),
        }
        for at, (key, each) in enumerate(parts, start=1):
            row[f"part{at}"] = PARTS.get(key, key)
            row[f"told{at}"] = self._told(kind_of_part(card, key), each, own, self.fields.get(listed, ShownNames()))
        return row

    def _told(self, kind: str, tree: Tree, own: ShownNames, foreign: ShownNames) -> str:
        tells: Mapping[str, Callable[[], str]] = {
            "form": lambda: self.labels.get(str(tree), str(tree)),
            "field": lambda: own.show(str(tree)),
            "fields": lambda: joined(map(own.show, texts_of(tree))),
            "foreign": lambda: foreign.show(str(tree)),
            "where": lambda: conditions_text(tree, own.show) if isinstance(tree, Mapping) else "",
            "foreign_where": lambda: conditions_text(tree, foreign.show) if isinstance(tree, Mapping) else "",
            "rows": lambda: joined(texts_of(tree)),
            "choice": lambda: CHOICES.get(str(tree), str(tree)),
        }
        return tells[kind]() if kind in tells else str(tree)
