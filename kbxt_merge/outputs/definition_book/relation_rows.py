"""relations.yaml as rows of 各表关系: a relation, its form, and a part of what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kbxt_merge.model.definition_book.cell_texts import Tree, conditions_text, joined, quoted, texts_of
from kbxt_merge.model.definition_book.layout import RELATION_PARTS, RELATIONS
from kbxt_merge.model.definition_book.shown_names import ShownNames

_PLAIN = ShownNames()


@dataclass(frozen=True, slots=True)
class RelationRows:
    """What forms and fields are called, by the names of the forms' files."""

    labels: Mapping[str, str]
    fields: Mapping[str, ShownNames]

    def rows(self, tree: Tree) -> list[Mapping[str, str]] | None:
        """The texts of each row; None where the file says what no row can."""
        if not isinstance(tree, Mapping) or not tree.keys() <= RELATIONS.keys():
            return None
        told: list[Mapping[str, str]] = []
        for name, each in tree.items():
            pairs = each.items() if name == "closings" and isinstance(each, Mapping) else [("", each)]
            for file, parts in pairs:
                rows = list(self._rows(RELATIONS[name], file, parts))
                if not rows or not all(rows):
                    return None
                told += rows
        return told

    def _rows(self, relation: str, file: str, parts: Tree) -> Iterator[Mapping[str, str]]:
        """A row a part, one at least; a blank one for what can't be told."""
        if not isinstance(parts, Mapping) or not (file or isinstance(parts.get("form"), str)):
            yield {}
            return
        form = file or str(parts["form"])
        first = {"relation": relation, "form": self.labels.get(form, form)}
        others = {name: each for name, each in parts.items() if file or name != "form"}
        if not others:
            yield first
        listed = str(others.get("list", form))
        for name, each in others.items():
            called, kind = RELATION_PARTS.get(name, ("", ""))
            text = self._told(kind, each, form, listed)
            yield {**first, "part": called, "told": text} if called and text else {}

    def _told(self, kind: str, tree: Tree, form: str, listed: str) -> str:
        own, foreign = self.fields.get(form, _PLAIN), self.fields.get(listed, _PLAIN)
        if kind == "words":
            return joined(texts_of(tree))
        if kind == "form":
            return self.labels.get(str(tree), str(tree))
        if kind == "field":
            return quoted(foreign.show(str(tree)))
        if kind == "where" and isinstance(tree, Mapping):
            return conditions_text(tree, foreign.show)
        if kind == "counts" and isinstance(tree, Mapping):
            shown = {
                self.labels.get(file, file): [own.show(name) for name in texts_of(each)] for file, each in tree.items()
            }
            return conditions_text(shown, str)
        return ""
