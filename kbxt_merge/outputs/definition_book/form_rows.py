"""A form's YAML as lines of a head and rows of fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kbxt_merge.model.definition_book.cell_texts import Tree, flattened, texts_of
from kbxt_merge.model.definition_book.form_layout import (
    BEARERS,
    CHILD_PARTS,
    FIELD_COLUMNS,
    HEAD_LINES,
    INSIDE,
    SUM_COLUMNS,
)
from kbxt_merge.model.definition_book.layout import Kind
from kbxt_merge.model.form import Form
from kbxt_merge.outputs.definition_book.sum_cells import sum_cells
from kbxt_merge.outputs.definition_book.texts import CellTexts, at_path, words_of

Keys = Mapping[str, Tree]
_HEAD_KEYS = {each.key.partition(".")[0] for each in HEAD_LINES}
_IN_ITS_OWN_PLACE = {"fields", "rules", "layout", "column_codes", "child", "person", "record", "table", "label"}
_WORDS = ("label.zh", "label.en")


@dataclass(frozen=True, slots=True)
class FormRows:
    """One form: its file, what YAML says, and the form as it was loaded; `card` is what its card is called."""

    file: str
    tree: Keys
    form: Form
    texts: CellTexts
    card: str = ""

    @property
    def label(self) -> str:
        """What the other sheets call the form."""
        return words_of(self.tree.get("label"), "zh") or str(self.tree.get("title", "")) or self.form.label.zh

    def head(self) -> Mapping[str, str]:
        """The texts of the head's lines."""
        told = {
            item.key: self.texts.text(item, at_path(self.tree, item.key))
            for item in HEAD_LINES
            if item.kind is not Kind.APART and item.key not in _WORDS
        }
        label = self.tree.get("label")
        told |= {"label.zh": self.label if self.card else words_of(label, "zh"), "label.en": words_of(label, "en")}
        bearer = next((name for name in ("person", "child", "record") if name in self.tree), "")
        return {**told, "bearer": BEARERS.get(bearer, ""), INSIDE: self.card, "file": "" if self.card else self.file}

    def fields(self) -> Iterator[Mapping[str, str]]:
        """The texts of each field's row."""
        trees = self.tree.get("fields")
        printed = self.form.printed_fields
        codes = texts_of(self.tree.get("column_codes"))
        parts = self._parts()
        places = self._places()
        sums, _ = self._sums
        for at, (tree, field) in enumerate(zip(trees if isinstance(trees, Sequence) else (), printed, strict=True)):
            told = {
                item.key: self.texts.text(item, at_path(tree, item.key))
                for item in FIELD_COLUMNS
                if item.kind is not Kind.APART and item.key not in _WORDS
            }
            label = at_path(tree, "label")
            groups = field.groups
            yield {
                **told,
                "name": field.name,
                "shown": self.texts.fields.show(field.name),
                "label.zh": words_of(label, "zh"),
                "label.en": words_of(label, "en"),
                "group": groups[-1] if groups else "",
                "above": groups[0] if len(groups) > 1 else "",
                "code": codes[at] if at < len(codes) else "",
                "part": parts.get(field.name, ""),
                **{how: sums.get((field.name, how), "") for how in SUM_COLUMNS},
                **places.get(field.name, {}),
            }

    @property
    def rules(self) -> Sequence[Tree]:
        """The rules that no cell of a field tells."""
        rules = self.tree.get("rules")
        return rules[self._sums[1] :] if isinstance(rules, Sequence) and not isinstance(rules, str) else ()

    @property
    def _sums(self) -> tuple[Mapping[tuple[str, str], str], int]:
        names = [field.name for field in self.form.printed_fields]
        return sum_cells(self.tree.get("rules"), names, self.texts.fields)

    def others(self) -> Iterator[tuple[Sequence[str], str]]:
        """What has no line and no column: the way to it, and its text."""
        rest = {key: each for key, each in self.tree.items() if key not in _HEAD_KEYS | _IN_ITS_OWN_PLACE}
        yield from flattened(rest) if rest else ()

    def _parts(self) -> Mapping[str, str]:
        """By field what it says of the person."""
        said: dict[str, str] = {}
        for key in ("child", "person"):
            told = self.tree.get(key)
            for part, name in told.items() if isinstance(told, Mapping) else ():
                said[str(name)] = CHILD_PARTS.get(part, part)
        if record := self.tree.get("record"):
            said |= dict.fromkeys(texts_of(record), CHILD_PARTS["record"])
        return said

    def _places(self) -> Mapping[str, Mapping[str, str]]:
        """By field of a card its band, its row and the columns that its value spans."""
        found: dict[str, Mapping[str, str]] = {}
        row = 0
        for band in self.form.bands:
            for cells in band.rows:
                row += 1
                for name, span in cells:
                    found[name] = {"band": band.label, "row": str(row), "span": str(span)}
        return found
