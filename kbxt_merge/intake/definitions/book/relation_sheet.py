"""The sheet 各表关系 → the nodes of relations.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kbxt_merge.intake.definitions.book.cells import CellReader
from kbxt_merge.intake.definitions.book.form_sheet import FormSheet
from kbxt_merge.intake.definitions.book.nodes import got, mapping, node_of, put
from kbxt_merge.intake.definitions.book.tables import Row, SheetTexts, Told
from kbxt_merge.model.definition_book.cell_texts import Tree, parted
from kbxt_merge.model.definition_book.layout import RELATION_COLUMNS, RELATION_PARTS, RELATIONS
from kbxt_merge.model.definition_book.shown_names import ShownNames

_PARTS = {name: called for name, (called, _) in RELATION_PARTS.items()}


@dataclass(frozen=True, slots=True)
class RelationSheet:
    """What the rows are read with; the forms by what the workbook calls them."""

    forms: Mapping[str, FormSheet]
    reader: CellReader

    def node(self, sheet: SheetTexts) -> Any:
        """All relations; None where no row tells one."""
        made: Any = None
        rows = [row for row in sheet.below(RELATION_COLUMNS) if "relation" in row]
        lists = {
            self._key(row): row["told"].text.strip() for row in rows if self._part(row) == "list" and "told" in row
        }
        for row in rows:
            relation = self.reader.choice(row["relation"], RELATIONS)
            made = made or mapping(row["relation"].mark)
            told = row.get("form") or Told("", row["relation"].mark)
            owner = self._owner(made, relation, told)
            if "part" in row:
                self._put_part(owner, row, lists.get(self._key(row), told.text.strip()))
        return made

    def _owner(self, made: Any, relation: str, form: Told) -> Any:
        """The node that the parts of a relation are put into: of what closes records one a list."""
        path = (relation, self._file(form)) if relation == "closings" else (relation,)
        owner = made
        for key in path:
            below = got(owner, key)
            if below is None:
                below = mapping(form.mark)
                put(owner, (key,), below)
            owner = below
        if relation != "closings" and got(owner, "form") is None and form.text:
            put(owner, ("form",), node_of(self._file(form), form.mark))
        return owner

    def _put_part(self, owner: Any, row: Row, listed: str) -> None:
        name = self.reader.choice(row["part"], _PARTS)
        told = row.get("told") or Told("", row["part"].mark)
        own, foreign = self._fields(row["form"].text.strip() if "form" in row else ""), self._fields(listed)
        put(owner, (name,), node_of(self._tree(name, told, own, foreign), told.mark))

    def _tree(self, name: str, told: Told, own: ShownNames, foreign: ShownNames) -> Tree:
        kind = RELATION_PARTS[name][1] if name in RELATION_PARTS else ""
        if kind == "words":
            return [self.reader.renamed.get(word, word) for word in parted(told.text)]
        if kind == "form":
            return self._file(told)
        if kind == "field":
            return foreign.name((parted(told.text) or [""])[0])
        if kind == "where":
            return self.reader.conditions(told, foreign)
        if kind == "counts":
            read = self.reader.pairs(
                told,
                "要写成“表=栏目”，几栏用、隔开，几张表用；隔开",
                "this is written as form=fields, several forms parted by ；",
            )
            return {self._stem(label): [own.name(text) for text in each] for label, each in read.items()}
        return told.text

    def _part(self, row: Row) -> str:
        return next(
            (name for name, called in _PARTS.items() if "part" in row and called == row["part"].text.strip()), ""
        )

    @staticmethod
    def _key(row: Row) -> tuple[str, str]:
        return row["relation"].text.strip(), row["form"].text.strip() if "form" in row else ""

    def _fields(self, label: str) -> ShownNames:
        return self.forms[label].fields if label in self.forms else ShownNames()

    def _file(self, told: Told) -> str:
        return self._stem(told.text.strip())

    def _stem(self, label: str) -> str:
        return self.forms[label].file.removesuffix(".yaml") if label in self.forms else label
