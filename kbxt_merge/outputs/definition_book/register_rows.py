"""registers.yaml as rows of 比对库 and 比对库核对."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kbxt_merge.model.definition_book.cell_texts import Tree, conditions_text, texts_of
from kbxt_merge.model.definition_book.register_layout import (
    ASKED,
    REGISTER_COLUMNS,
    REGISTER_KEYS,
    REGISTER_RULE_COLUMNS,
    Asked,
)
from kbxt_merge.model.definition_book.shown_names import ShownNames
from kbxt_merge.model.text import bare_header
from kbxt_merge.outputs.definition_book.texts import CellTexts, at_path, words_of

_COLUMN = {item.key: item for item in REGISTER_COLUMNS}
_RULE = {item.key: item for item in REGISTER_RULE_COLUMNS}
_NOBODY = ShownNames()
Told = Mapping[str, str]


@dataclass(frozen=True)
class RegisterRows:
    """The registers of a bureau's file; of the forms, by their numbers, the labels and what their fields are called."""

    registers: Mapping[str, Tree]
    types: ShownNames
    labels: Mapping[str, str]
    fields: Mapping[str, ShownNames]

    @cached_property
    def names(self) -> ShownNames:
        """What the registers are called."""
        return ShownNames.of((slug, words_of(at_path(tree, "label"), "zh")) for slug, tree in self.registers.items())

    def columns(self) -> Iterator[Told]:
        """The texts of a row a column; the first of each register says what it is."""
        for slug, tree in self.registers.items():
            known = {"register_id": slug, "register_shown": self.names.show(slug), "register": self.names.show(slug)}
            about = {**known, **self._about(tree)}
            columns = at_path(tree, "columns")
            if not isinstance(columns, Mapping) or not columns:
                yield about
                continue
            for (name, each), first in zip(columns.items(), [about] + [known] * len(columns), strict=False):
                yield {**first, **self._column(tree, name, each)}

    @staticmethod
    def _about(tree: Tree) -> Told:
        if not isinstance(tree, Mapping):
            return {"in_use": "否"}
        texts = {path: words_of(tree.get(path.split(".")[0]), path[-2:]) for path in ("office.zh", "office.en")}
        return texts | {
            "label.en": words_of(tree.get("label"), "en"),
            "called": CellTexts(_NOBODY).text(_COLUMN["called"], tree.get("called")),
        }

    def _column(self, tree: Tree, name: str, column: Tree) -> Told:
        texts = CellTexts(self.types)
        told = {key: texts.text(_COLUMN[key], at_path(column, key)) for key in ("header", "also", "type", "values")}
        gone = at_path(tree, "gone")
        return told | {
            "name": name,
            "shown": _columns_of(tree).show(name),
            "part": REGISTER_KEYS.get(name, ""),
            "mark": "是" if name in texts_of(at_path(tree, "marks")) else "",
            "gone": texts.text(_COLUMN["gone"], gone.get(name) if isinstance(gone, Mapping) else None),
        }

    def rules(self) -> Iterator[Told]:
        """The texts of a row a question that a register is asked."""
        for slug, tree in self.registers.items():
            for asked in (Asked.SAME, Asked.MUST_STAND, Asked.MUST_RETURN):
                lines = at_path(tree, asked)
                for line in lines if isinstance(lines, Sequence) else ():
                    yield {"register": self.names.show(slug), **self._rule(tree, asked, line)}

    def _rule(self, tree: Tree, asked: Asked, line: Tree) -> Told:
        number = str(at_path(line, "form"))
        columns, fields = _columns_of(tree), self.fields.get(number, _NOBODY)
        where, shown = at_path(line, "where"), columns if asked is Asked.MUST_RETURN else fields
        is_standing = at_path(line, "standing") is not None
        told = {key: CellTexts(_NOBODY).text(_RULE[key], at_path(line, key)) for key in ("standing", "means", "degree")}
        return told | {
            "asked": ASKED[Asked.STANDING if is_standing else asked],
            "form": self.labels.get(number, number),
            "field": fields.show(str(at_path(line, "field") or "")),
            "column": columns.show(str(at_path(line, "column") or "")),
            "where": conditions_text(where, shown.show) if isinstance(where, Mapping) else "",
            "not_on": self.names.show(str(at_path(line, "not_on") or "")),
        }


def _columns_of(tree: Tree) -> ShownNames:
    columns = at_path(tree, "columns")
    pairs = columns.items() if isinstance(columns, Mapping) else ()
    return ShownNames.of((name, bare_header(str(at_path(each, "header") or name))) for name, each in pairs)
