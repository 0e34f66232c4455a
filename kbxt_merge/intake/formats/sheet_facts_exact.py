"""A sheet's facts by a parser, for XML that is not as office programs write it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kbxt_merge.intake.formats.layout import Rectangle, SheetFacts
from kbxt_merge.intake.formats.xml_events import Attributes, parse
from kbxt_merge.model.cell import position, rectangle
from kbxt_merge.model.returns import ErrorValue, MissingResult

TRUE = ("1", "true", "on")


def exact_facts(xml: bytes, blank_strings: frozenset[int]) -> SheetFacts:
    """The facts of a worksheet's XML; `blank_strings` are the shared strings that show nothing. Raises Unreadable."""
    sheet = _Sheet(blank_strings)
    parse(xml, sheet.start, sheet.end, sheet.text)
    return sheet.finished()


def blank_strings(xml: bytes) -> frozenset[int]:
    """The positions of the shared strings that show nothing; phonetic readings show nothing."""
    strings = _SharedStrings()
    parse(xml, strings.start, strings.end, strings.text)
    return frozenset(strings.blank)


@dataclass(slots=True)
class _SharedStrings:
    blank: list[int] = field(default_factory=list)
    count: int = 0
    shown: bool = False
    inside: bool = False
    phonetic: bool = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "si":
            self.shown = False
        elif name == "rPh":
            self.phonetic = True
        self.inside = name == "t" and not self.phonetic

    def end(self, name: str) -> None:
        self.inside = False
        if name == "rPh":
            self.phonetic = False
        elif name == "si":
            if not self.shown:
                self.blank.append(self.count)
            self.count += 1

    def text(self, text: str) -> None:
        if self.inside and text.strip():
            self.shown = True


@dataclass(slots=True)
class _Sheet:
    """Follows a worksheet's elements and keeps what its facts need."""

    blank_strings: frozenset[int]
    facts: SheetFacts = field(default_factory=SheetFacts)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Rectangle] = field(default_factory=list)
    row: int = -1
    column: int = -1
    kind: str = ""
    open: str = ""
    content: dict[str, str] = field(default_factory=dict)
    in_cell: bool = False

    def start(self, name: str, attributes: Attributes) -> None:
        if self.in_cell:
            if name in ("v", "f", "t", "rPh"):
                self.open = name
                self.content.setdefault(name, "")
            return
        begin = _BEGIN.get(name)
        if begin is not None:
            begin(self, attributes)

    def text(self, text: str) -> None:
        if self.open:
            self.content[self.open] += text

    def end(self, name: str) -> None:
        if name == "c":
            self._close_cell()
        elif name in ("v", "f", "t", "rPh"):
            self.open = ""

    def begin_row(self, attributes: Attributes) -> None:
        self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
        self.column = -1
        if attributes.get("hidden") in TRUE or _is_zero(attributes.get("ht")):
            self.hidden_rows.add(self.row)

    def begin_column(self, attributes: Attributes) -> None:
        is_hidden = attributes.get("hidden") in TRUE or _is_zero(attributes.get("width"))
        if is_hidden and attributes.get("min", "").isdecimal() and attributes.get("max", "").isdecimal():
            self.hidden_columns.update(range(int(attributes["min"]) - 1, min(int(attributes["max"]), 16384)))

    def begin_merge(self, attributes: Attributes) -> None:
        try:
            self.merged.append(rectangle(attributes.get("ref", "")))
        except ValueError:
            return  # whole columns, or no cells at all: no cell's content hangs on it

    def begin_cell(self, attributes: Attributes) -> None:
        if "r" in attributes:
            self.row, self.column = position(attributes["r"])
        else:
            self.column += 1
        self.kind = attributes.get("t", "n")
        self.content = {}
        self.in_cell = True
        self.facts.reach(self.row, self.column)

    def _close_cell(self) -> None:
        self.in_cell = False
        value = self.content.get("v", "").strip()
        if self.kind == "e" and value:
            self.facts.special[self.row, self.column] = ErrorValue(value)
        elif "f" in self.content and not value and not (self.kind == "str" and "v" in self.content):
            self.facts.special[self.row, self.column] = MissingResult(self.content["f"])
        elif self._is_shown(value):
            self.facts.values += 1

    def _is_shown(self, value: str) -> bool:
        if self.kind == "inlineStr":
            return bool(self.content.get("t", "").strip())
        if self.kind == "s" and value.isdecimal():
            return int(value) not in self.blank_strings
        return bool(value)

    def finished(self) -> SheetFacts:
        """The facts of the whole sheet."""
        self.facts.hidden_rows, self.facts.hidden_columns = frozenset(self.hidden_rows), frozenset(self.hidden_columns)
        self.facts.merged = tuple(self.merged)
        return self.facts


_BEGIN: dict[str, Callable[[_Sheet, Attributes], None]] = {
    "row": _Sheet.begin_row,
    "col": _Sheet.begin_column,
    "c": _Sheet.begin_cell,
    "mergeCell": _Sheet.begin_merge,
}


def _is_zero(size: str | None) -> bool:
    return size is not None and size.strip("0.") == "" and size != ""
