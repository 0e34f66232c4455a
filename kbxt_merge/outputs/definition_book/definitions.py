"""What the definition workbook is made of: the files' trees, the forms as loaded, and a draft's guesses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kbxt_merge.model.definition_book.cell_texts import Tree, texts_of
from kbxt_merge.model.definition_book.layout import BUREAU_FILE, VOCABULARY_FILE
from kbxt_merge.model.definition_book.shown_names import TYPES_OFFERED, ShownNames
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.rule import RuleCard
from kbxt_merge.outputs.definition_book.form_rows import FormRows
from kbxt_merge.outputs.definition_book.texts import CellTexts, at_path, words_of


@dataclass(frozen=True, slots=True)
class Guess:
    """Why a field of a draft is what it is, and which of its columns were guessed."""

    why: str
    guessed: frozenset[str] = frozenset({"type"})


@dataclass(frozen=True)
class Definitions:
    """What is written: the files' trees by their names, the forms as loaded, the package's vocabularies' labels.

    `guesses` are, by file, those of the draft's fields in their order; of a list inside a card INSIDE stands behind it.
    """

    trees: Mapping[str, Tree]
    forms: Forms
    labels: Mapping[str, str]
    catalogue: Mapping[str, RuleCard]
    guesses: Mapping[str, Sequence[Guess]] = field(default_factory=dict)

    @cached_property
    def vocabularies(self) -> Mapping[str, Tree]:
        """The vocabularies of the bureau's own file."""
        tree = self.trees.get(VOCABULARY_FILE)
        return tree if isinstance(tree, Mapping) else {}

    @cached_property
    def types(self) -> ShownNames:
        """What vocabularies are called."""
        own = {name: words_of(at_path(each, "label"), "zh") or name for name, each in self.vocabularies.items()}
        return ShownNames.of({**self.labels, **own}.items(), TYPES_OFFERED)

    @cached_property
    def rows(self) -> Sequence[FormRows]:
        """The forms in force, the list inside a card behind its card."""
        return list(self._rows())

    def _rows(self) -> Iterator[FormRows]:
        names = texts_of(at_path(self.trees.get(BUREAU_FILE), "forms"))
        for name, form in zip(names, self.forms.handed_out, strict=True):
            tree = self.trees.get(f"{name}.yaml")
            if not isinstance(tree, Mapping):
                continue
            card = FormRows(name, tree, form, CellTexts(self.types, self.fields[form.slug]))
            yield card
            inside = self.forms.lists_inside.get(form.slug)
            table = tree.get("table")
            if inside and isinstance(table, Mapping):
                texts = CellTexts(self.types, self.fields[inside.slug])
                yield FormRows(name, table, inside, texts, card.label)

    @cached_property
    def fields(self) -> Mapping[str, ShownNames]:
        """By form what its fields are called."""
        return {
            form.slug: ShownNames.of((each.name, each.label.zh) for each in form.printed_fields)
            for form in self.forms.forms
        }
