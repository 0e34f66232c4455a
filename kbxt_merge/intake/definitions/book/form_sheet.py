"""A sheet of the definition workbook that is about one form → the nodes of its YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import yaml

from kbxt_merge.intake.definitions.book.cells import CellReader
from kbxt_merge.intake.definitions.book.nodes import got, mapping, node_of, plain_words, put, sequence
from kbxt_merge.intake.definitions.book.tables import Row, SheetTexts, Told
from kbxt_merge.intake.definitions.field_names import full_labels, name_of
from kbxt_merge.intake.definitions.yaml_nodes import CellMark
from kbxt_merge.model.definition_book.cell_texts import parted
from kbxt_merge.model.definition_book.form_layout import (
    BEARERS,
    CHILD_PARTS,
    FIELD_COLUMNS,
    HEAD_LINES,
    INSIDE,
    SUM_COLUMNS,
    SUM_RULE,
)
from kbxt_merge.model.definition_book.layout import Kind
from kbxt_merge.model.definition_book.shown_names import TYPES_SHOWN, ShownNames
from kbxt_merge.model.text import bare_header

_OF_PEOPLE = ("child", "person")


@dataclass
class FormSheet:
    """One such sheet: what its head says, and its fields."""

    sheet: SheetTexts
    head: Row = field(init=False)
    rows: Sequence[Row] = field(init=False)

    def __post_init__(self) -> None:
        """Read head and rows."""
        header = self.sheet.header_row(FIELD_COLUMNS)
        self.head = self.sheet.labelled(HEAD_LINES, header)
        self.rows = [row for row in self.sheet.below(FIELD_COLUMNS) if row.keys() - {"code", "why", "shown", "name"}]

    @property
    def mark(self) -> CellMark:
        """Where what belongs to no cell of it is told."""
        return self.sheet.mark(0, 1)

    @property
    def file(self) -> str:
        """The name of the file that the sheet stands for."""
        told = self.head.get("file")
        return f"{told.text.strip() if told else self.sheet.name}.yaml"

    @property
    def label(self) -> str:
        """What the other sheets call the form."""
        told = self.head.get("label.zh")
        return told.text if told else self.sheet.name

    @property
    def slug(self) -> str:
        """The form's number."""
        told = self.head.get("form")
        return told.text.strip() if told else ""

    @property
    def inside(self) -> str:
        """What the card is called in which the list is printed; blank for a form of its own."""
        told = self.head.get(INSIDE)
        return told.text.strip() if told else ""

    @cached_property
    def names(self) -> Sequence[str]:
        """The field of each row: by its hidden id, else as its header makes it."""
        return self._called([row["name"].text.strip() if "name" in row else "" for row in self.rows])

    @cached_property
    def _given(self) -> Sequence[str]:
        """The names that the rows must give: those that their headers make of themselves are left out."""
        made: list[str] = []
        for name, row in zip(self.names, self.rows, strict=True):
            header = self._headers(row)
            made.append("" if header[-1] and name_of(header, self.names[: len(made)]) == name else name)
        return made if self._called(made) == self.names else self.names

    def _called(self, given: Sequence[str]) -> Sequence[str]:
        """The names as a loader has them, where the rows give these."""
        taken = set(given) - {""}
        names: list[str] = []
        for name, row in zip(given, self.rows, strict=True):
            headers = self._headers(row)
            names.append(name or (name_of(headers, taken) if headers[-1] else ""))
            taken.add(names[-1])
        return names

    def _headers(self, row: Row) -> Sequence[str]:
        return (*self._groups(row), _text(row, "header"))

    @cached_property
    def fields(self) -> ShownNames:
        """What the fields are called in the workbook, now and when it was written."""
        headers = [_text(row, "header") for row in self.rows]
        labels = [_text(row, "label.zh") or bare_header(header) for row, header in zip(self.rows, headers, strict=True)]
        full = full_labels(list(zip(labels, headers, map(self._groups, self.rows), strict=True)))
        now = ShownNames.of(zip(self.names, full, strict=True))
        earlier = {row["shown"].text: name for name, row in zip(self.names, self.rows, strict=True) if "shown" in row}
        return replace(now, earlier=earlier)

    def node(self, reader: CellReader) -> Any:
        """The nodes of its YAML, without rules."""
        reader = replace(reader, fields=self.fields)
        made = mapping(self.mark)
        for item in HEAD_LINES:
            if item.key in self.head and item.kind is not Kind.APART:
                put(made, item.key.split("."), reader.node(item, self.head[item.key]))
        plain_words(made, "label")
        self._put_earlier_number(made)
        self._put_bearer(made, reader)
        fields = [self._field(row, name, reader) for row, name in zip(self.rows, self._given, strict=True)]
        put(made, ("fields",), sequence(fields, fields[0].start_mark if fields else self.mark))
        if any("code" in row for row in self.rows):
            told = [row.get("code") for row in self.rows]
            nodes = [node_of(each.text if each else "", each.mark if each else self.mark) for each in told]
            put(made, ("column_codes",), sequence(nodes, self.mark))
        if any("row" in row for row in self.rows):
            put(made, ("layout",), self._layout())
        return made

    @staticmethod
    def _groups(row: Row) -> list[str]:
        return [row[key].text for key in ("above", "group") if key in row]

    def _field(self, row: Row, name: str, reader: CellReader) -> Any:
        mark = row["header"].mark if "header" in row else next(iter(row.values())).mark
        made = mapping(mark)
        if name:
            put(made, ("name",), node_of(name, mark))
        groups = self._groups(row)
        for item in FIELD_COLUMNS:
            if item.key == "group" and groups:
                told = row["group" if "group" in row else "above"]
                put(made, ("group",), node_of(groups if len(groups) > 1 else groups[0], told.mark))
            elif item.key in row and item.kind is not Kind.APART and item.key != "name":
                put(made, item.key.split("."), reader.node(item, row[item.key]))
        plain_words(made, "label")
        return made

    def sums(self) -> Sequence[Any]:
        """The rules that cells of the fields tell: what a field is the sum of, and what it may not exceed."""
        return [
            rule
            for how in SUM_COLUMNS
            for name, row in zip(self.names, self.rows, strict=True)
            if how in row
            for rule in self._sums_in(name, how, row[how])
        ]

    def _sums_in(self, name: str, how: str, told: Told) -> Iterator[Any]:
        equals = how == "equals"
        for whole in re.split(r"[；;\n]", told.text) if equals else parted(told.text):
            parts = parted(re.sub(r"[+＋]", "、", whole)) if equals else re.split(r"[+＋]", whole)
            if not parts:
                continue
            rule = {"rule": SUM_RULE, "at": name, how: [self.fields.name(part.strip()) for part in parts]}
            yield node_of(rule, told.mark)

    def _put_earlier_number(self, made: Any) -> None:
        """A number that was changed in the workbook stays known: the hidden cell at its left has the old one."""
        told = self.head.get("form")
        if told is None:
            return
        hidden = next((texts.get(0, "") for row, texts in self.sheet.rows if row == told.mark.line), "").strip()
        if hidden and hidden != self.slug:
            was = got(made, "was")
            if was is None:
                put(made, ("was",), node_of([hidden], told.mark))
            elif isinstance(was, yaml.SequenceNode) and hidden not in [each.value for each in was.value]:
                was.value.append(node_of(hidden, told.mark))

    def _put_bearer(self, made: Any, reader: CellReader) -> None:
        """Say of whom or what the records are, and which field says what of them."""
        told = self.head.get("bearer")
        bearer = reader.choice(told, BEARERS) if told else ""
        known_by: list[Any] = []
        is_named = False
        for name, row in zip(self.names, self.rows, strict=True):
            if "part" not in row:
                continue
            part = reader.choice(row["part"], CHILD_PARTS)
            if part == "record":
                known_by.append(node_of(name, row["part"].mark))
                is_named |= _text(row, "type") == TYPES_SHOWN["person_name"]
            else:
                put(made, (bearer if bearer in _OF_PEOPLE else "child", part), node_of(name, row["part"].mark))
        if known_by:
            put(made, ("record",), known_by[0] if len(known_by) == 1 else sequence(known_by, known_by[0].start_mark))
        is_of_things = known_by and (is_named or bearer not in _OF_PEOPLE)
        if not (is_of_things or got(made, "child") or got(made, "person")):
            self._put_nobody(made, reader, told, bearer)

    def _put_nobody(self, made: Any, reader: CellReader, told: Told | None, bearer: str) -> None:
        """Of things nothing need tell one record from another; of people somebody must be named, in that column."""
        shape = got(made, "shape")
        if not self.inside and (shape is None or shape.value not in ("list", "card")):
            return
        named = next((row for row in self.rows if _text(row, "type") == TYPES_SHOWN["person_name"]), None)
        mark = told.mark if told else self.mark
        if bearer in _OF_PEOPLE or (told is None and named is not None):
            mark = self._part_mark(named or next(iter(self.rows), {}))
            reader.fault(
                Told("", mark),
                f"登记的是人：请在其姓名一栏的这一格选“{CHILD_PARTS['name']}”（不是人的，“登记的是”选“{BEARERS['record']}”）",
                f"records are of people: choose {CHILD_PARTS['name']} here, in the row of the name",
            )
        if not got(made, "record"):
            put(made, ("record",), node_of("", mark))

    def _part_mark(self, row: Row) -> CellMark:
        """The cell of a field's row that says what the field tells of the person."""
        line = row["header"].mark.line if "header" in row else self.mark.line
        place = self.sheet.place_of("part", FIELD_COLUMNS)
        return self.sheet.mark(line, 1 if place is None else place)

    def _layout(self) -> Any:
        """The card's bands, of the rows that the fields are said to stand in."""
        bands: list[Any] = []
        rows: dict[str, Any] = {}
        last = ""
        for name, row in zip(self.names, self.rows, strict=True):
            at = row.get("row") or Told("", row["header"].mark if "header" in row else self.mark)
            band = row.get("band") or at
            if at.text not in rows:
                if not bands or _text(row, "band") != last:
                    bands.append(mapping(band.mark))
                    put(bands[-1], ("band",), node_of(band.text if "band" in row else "", band.mark))
                    put(bands[-1], ("rows",), sequence([], band.mark))
                    last = _text(row, "band")
                rows[at.text] = sequence([], at.mark)
                got(bands[-1], "rows").value.append(rows[at.text])
            span = row.get("span") or Told("", at.mark)
            rows[at.text].value.append(
                sequence([node_of(name, at.mark), node_of(span.text or None, span.mark)], at.mark)
            )
        return sequence(bands, self.mark)


def _text(row: Mapping[str, Told], key: str) -> str:
    return row[key].text if key in row else ""
