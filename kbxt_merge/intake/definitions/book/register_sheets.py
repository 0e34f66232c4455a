"""The sheets 比对库 and 比对库核对 → the nodes of registers.yaml."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from kbxt_merge.intake.definitions.book.cells import CellReader
from kbxt_merge.intake.definitions.book.form_sheet import FormSheet
from kbxt_merge.intake.definitions.book.nodes import got, mapping, node_of, plain_words, put, sequence
from kbxt_merge.intake.definitions.book.tables import Row, SheetTexts, Told
from kbxt_merge.intake.definitions.field_names import name_of
from kbxt_merge.intake.definitions.field_types import TYPES_IN_CHINESE
from kbxt_merge.model.definition_book.cell_texts import Tree
from kbxt_merge.model.definition_book.register_layout import (
    ASKED,
    OF_THE_REGISTER,
    REGISTER_COLUMNS,
    REGISTER_KEYS,
    REGISTER_RULE_COLUMNS,
    Asked,
)
from kbxt_merge.model.definition_book.shown_names import ShownNames
from kbxt_merge.model.text import bare_header

_COLUMN = {item.key: item for item in REGISTER_COLUMNS}
_RULE = {item.key: item for item in REGISTER_RULE_COLUMNS}


@dataclass
class _Register:
    """One register being read: its node, and its columns by the row that tells each."""

    slug: str
    label: str
    shown: str
    node: Any
    off: Any = None
    """Stands in place of the node where the register is not in use."""
    columns: list[tuple[str, Row]] = field(default_factory=list)

    @cached_property
    def names(self) -> ShownNames:
        """What its columns are called, now and when the workbook was written."""
        now = ShownNames.of((name, bare_header(_text(row, "header") or name)) for name, row in self.columns)
        return replace(now, earlier={row["shown"].text: name for name, row in self.columns if "shown" in row})


@dataclass(frozen=True)
class RegisterSheets:
    """What the rows are read with; the forms by what the workbook calls them."""

    forms: Mapping[str, FormSheet]
    reader: CellReader

    def node(self, columns: SheetTexts | None, rules: SheetTexts | None) -> Any:
        """All registers; None where no row tells one."""
        registers = self._registers(columns) if columns else {}
        for row in rules.below(REGISTER_RULE_COLUMNS) if rules else ():
            self._put_rule(registers, row)
        if not registers:
            return None
        made = mapping(next(iter(registers.values())).node.start_mark)
        for each in registers.values():
            put(made, (each.slug,), each.off or each.node)
        return made

    def _registers(self, sheet: SheetTexts) -> dict[str, _Register]:
        """By what each is called; a row without a name belongs to the register above it."""
        found: dict[str, _Register] = {}
        last: _Register | None = None
        for row in sheet.below(REGISTER_COLUMNS):
            first = row.get("register") or next(iter(row.values()))
            label = row["register"].text.strip() if "register" in row else last.label if last else ""
            if not label:
                self.reader.fault(first, "这一行没有写是哪种比对库", "this row doesn't say of which register it is")
                continue
            if label not in found:
                slug = _text(row, "register_id") or label
                found[label] = _Register(slug, label, _text(row, "register_shown"), mapping(first.mark))
            last = found[label]
            self._put_about(last, row)
            if row.keys() & {"header", "part", "type", "values"}:
                last.columns.append((self._name(row, last), row))
        for each in found.values():
            self._put_columns(each)
        return found

    def _put_about(self, register: _Register, row: Row) -> None:
        """What a row says of the whole register: mostly its first one does."""
        for key in (key for key in OF_THE_REGISTER if key in row):
            node = self.reader.node(_COLUMN[key], row[key])
            if key == "in_use":
                register.off = node if node.value == "false" else None
            else:
                put(register.node, key.split("."), node)

    def _name(self, row: Row, register: _Register) -> str:
        """The column's key: what it says of the person, else its hidden id, else as its header makes it."""
        part = self.reader.choice(row["part"], REGISTER_KEYS) if "part" in row else ""
        hidden = _text(row, "name")
        made = name_of([_text(row, "header")], [name for name, _ in register.columns])
        return part or (hidden if hidden not in REGISTER_KEYS else "") or made

    def _put_columns(self, register: _Register) -> None:
        if got(register.node, "label") or register.label != register.slug:
            put(register.node, ("label", "zh"), node_of(register.label, register.node.start_mark))
        plain_words(register.node, "label", "office")
        if not register.columns:
            return
        owner, marks = mapping(register.node.start_mark), []
        for name, row in register.columns:
            mark = (row.get("header") or next(iter(row.values()))).mark
            made = mapping(mark)
            for key in ("header", "also", "type", "values"):
                if key in row:
                    node = self.reader.node(_COLUMN[key], row[key])
                    node.value = TYPES_IN_CHINESE.get(node.value, node.value) if key == "type" else node.value
                    put(made, (key,), node)
            put(owner, (name,), made)
            if "mark" in row and self.reader.node(_COLUMN["mark"], row["mark"]).value == "true":
                marks.append(node_of(name, row["mark"].mark))
        put(register.node, ("columns",), owner)
        if marks:
            put(register.node, ("marks",), sequence(marks, marks[0].start_mark))
        for name, row in register.columns:
            if "gone" in row:
                put(register.node, ("gone", name), self.reader.node(_COLUMN["gone"], row["gone"]))

    def _put_rule(self, registers: Mapping[str, _Register], row: Row) -> None:
        first = next(iter(row.values()))
        told = row.get("register") or Told("", first.mark)
        earlier = {each.shown: each for each in registers.values()}
        register = registers.get(told.text.strip()) or earlier.get(told.text.strip())
        if register is None:
            self.reader.choice(told, {each: each for each in registers})
            return
        asked = self.reader.choice(row.get("asked") or Told("", first.mark), ASKED)
        if asked not in ASKED:
            return
        key = Asked.SAME if asked == Asked.STANDING else asked
        lines = got(register.node, key)
        if lines is None:
            lines = sequence([], first.mark)
            put(register.node, (key,), lines)
        lines.value.append(self._rule(registers, register, asked, row))

    def _rule(self, registers: Mapping[str, _Register], register: _Register, asked: str, row: Row) -> Any:
        form = self.forms.get(_text(row, "form"))
        fields = form.fields if form else ShownNames()
        names = {each.label: each.slug for each in registers.values()}
        names |= {each.shown: each.slug for each in registers.values() if each.shown not in names}
        where = register.names if asked == Asked.MUST_RETURN else fields
        texts: Mapping[str, Callable[[Told], Tree]] = {
            "form": lambda told: (form.slug if form else "") or told.text.strip(),
            "field": lambda told: fields.name(told.text.strip()),
            "column": lambda told: register.names.name(told.text.strip()),
            "standing": lambda told: self.reader.renamed.get(told.text.strip(), told.text.strip()),
            "means": self._means,
            "where": lambda told: self.reader.conditions(told, where),
            "not_on": lambda told: names.get(told.text.strip(), told.text.strip()),
        }
        made = mapping(next(iter(row.values())).mark)
        for key in (key for key in _RULE if key in row):
            if key in texts:
                put(made, (key,), node_of(texts[key](row[key]), row[key].mark))
            elif key == "degree":
                put(made, (key,), self.reader.node(_RULE[key], row[key]))
        return made

    def _means(self, told: Told) -> Tree:
        read = self.reader.pairs(
            told, "要写成“比对库的词=表里的词”，几个用；隔开", "this is written as value=value, several parted by ；"
        )
        words = {name: "、".join(each) for name, each in read.items()}
        return {name: self.reader.renamed.get(word, word) for name, word in words.items()}


def _text(row: Row, key: str) -> str:
    return row[key].text.strip() if key in row else ""
