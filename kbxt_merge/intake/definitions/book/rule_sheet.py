"""The sheet 表间核对 → the rules of each form: a row is a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kbxt_merge.intake.definitions.book.cells import CellReader
from kbxt_merge.intake.definitions.book.form_sheet import FormSheet
from kbxt_merge.intake.definitions.book.nodes import mapping, node_of, put
from kbxt_merge.intake.definitions.book.tables import Row, SheetTexts, Told
from kbxt_merge.model.definition_book.cell_texts import Tree, parted
from kbxt_merge.model.definition_book.layout import MOST_PARTS, RULE_COLUMNS, SEVERITIES
from kbxt_merge.model.definition_book.rule_words import CHOICES, PARTS, kind_of_part
from kbxt_merge.model.definition_book.shown_names import ShownNames
from kbxt_merge.model.rule import RuleCard


@dataclass(frozen=True, slots=True)
class RuleSheet:
    """What the rows are read with: the catalogue, and the forms by what the workbook calls them."""

    catalogue: Mapping[str, RuleCard]
    forms: Mapping[str, FormSheet]
    reader: CellReader

    def rules(self, sheet: SheetTexts) -> dict[str, list[Any]]:
        """By form the nodes of its rules."""
        found: dict[str, list[Any]] = {label: [] for label in self.forms}
        for row in sheet.below(RULE_COLUMNS):
            first = next(iter(row.values()))
            told = row.get("form") or Told("", first.mark)
            label = told.text.strip()
            if label not in self.forms:
                self.reader.choice(told, {each: each for each in self.forms})
                continue
            found[label].append(self._rule(row, self.forms[label], first))
        return found

    def _rule(self, row: Row, form: FormSheet, first: Told) -> Any:
        made = mapping((row.get("rule") or first).mark)
        slug = self._slug(row, form)
        if "rule" in row or slug:
            put(made, ("rule",), node_of(slug, (row.get("rule") or first).mark))
        if "at" in row:
            names = [form.fields.name(text) for text in parted(row["at"].text)]
            put(made, ("at",), node_of(names[0] if len(names) == 1 else names, row["at"].mark))
        self._put_parts(made, row, form, self.catalogue.get(slug))
        if "severity" in row:
            put(made, ("severity",), node_of(self.reader.choice(row["severity"], SEVERITIES), row["severity"].mark))
        said = [row[key] for key in ("say.zh", "say.en") if key in row]
        if len(said) == 1 and "say.zh" in row:
            put(made, ("say",), node_of(said[0].text, said[0].mark))
        else:
            for key in ("say.zh", "say.en"):
                if key in row:
                    put(made, key.split("."), node_of(row[key].text, row[key].mark))
        return made

    def _slug(self, row: Row, form: FormSheet) -> str:
        """The rule that the row names: by its title, its hidden id, or its name."""
        hidden = row["slug"].text.strip() if "slug" in row else ""
        if "rule" not in row:
            return hidden
        titles = {slug: card.title.zh for slug, card in self.catalogue.items() if card.stands_in_forms}
        text = row["rule"].text.strip()
        if hidden and text == titles.get(hidden, text):
            return hidden
        known = {slug: title for slug, title in titles.items() if title == text} or titles
        return self.reader.choice(row["rule"], known)

    def _put_parts(self, made: Any, row: Row, form: FormSheet, card: RuleCard | None) -> None:
        pairs = [(row[f"part{at}"], row.get(f"told{at}")) for at in range(1, MOST_PARTS + 1) if f"part{at}" in row]
        parts = {self.reader.choice(part, PARTS): told for part, told in pairs}
        listed = parts.get("list")
        other = self.forms.get(listed.text.strip()) if listed else form
        for name, told in parts.items():
            if told is None:
                continue
            put(made, (name,), node_of(self._part(kind_of_part(card, name), told, form.fields, other), told.mark))

    def _part(self, kind: str, told: Told, own: ShownNames, other: FormSheet | None) -> Tree:
        foreign = other.fields if other else ShownNames()
        reads: Mapping[str, Callable[[], Tree]] = {
            "form": lambda: other.slug if other else told.text,
            "field": lambda: own.name(told.text.strip()),
            "fields": lambda: [own.name(text) for text in parted(told.text)],
            "foreign": lambda: foreign.name(told.text.strip()),
            "where": lambda: self.reader.conditions(told, own),
            "foreign_where": lambda: self.reader.conditions(told, foreign),
            "rows": lambda: parted(told.text),
            "choice": lambda: self.reader.choice(told, CHOICES),
        }
        return reads[kind]() if kind in reads else told.text
