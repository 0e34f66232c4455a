"""A sheet's cells by a parser, for XML that is not as office programs write it: what is odd costs itself alone.

An address that is none is the next place in turn, as it is where there is no address. A text that points nowhere, and
two contents at one address, are errors of their cells. What is no number of its kind is the text that stands there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from kbxt_merge.intake.formats.layout import Rectangle, SheetFacts
from kbxt_merge.intake.formats.xml_events import Attributes, in_spite_of_slips, parse_own, without_alternatives
from kbxt_merge.model.cell import column_number, rectangle
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import ErrorValue, MissingResult

Place = tuple[int, int]
LAST_ROW, LAST_COLUMN = (1 << 20) - 1, (1 << 14) - 1
POINTS_NOWHERE, TWICE = ErrorValue("#REF!"), ErrorValue("#VALUE!")
NUMBER, TEXT, TRUTH, DAY = "n", "s", "b", "d"
_USUAL = re.compile(r"([A-Z]|[A-W][A-Z]|[A-W][A-Z]{2})([1-9][0-9]{0,5})$")
_ADDRESS = re.compile(r"\s*(?:.*!)?\$?([A-Za-z]{1,3})\$?0*([1-9][0-9]{0,6})(?::.*)?\s*")
_WHOLE = re.compile(r"\s*\+?0*([0-9]{1,15})(?:\.0*)?\s*")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_MOST_DIGITS = 300
"""A longer number is none that a spreadsheet writes."""
_DAY = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?)?")
_YES, _NO = ("1", "true", "on"), ("0", "false", "off")


class Content(NamedTuple):
    """What a cell holds: a number, a text, a truth or a day as XML writes it, and the number of its format."""

    kind: str
    text: str
    style: int = 0


@dataclass(frozen=True, slots=True)
class CarefulSheet:
    """The cells that hold something besides those with an error, and the facts; `odd` says that readers may not take
    all of the XML as it is taken here."""

    cells: Mapping[Place, Content]
    facts: SheetFacts
    odd: bool


def careful_sheet(xml: bytes, strings: Sequence[str], limits: Limits) -> CarefulSheet:
    """The sheet; `strings` are the workbook's shared strings. Raises Unreadable."""

    def read(part: bytes) -> CarefulSheet:
        sheet = _Sheet(strings, limits)
        plain = without_alternatives(part)
        sheet.odd = plain is not xml or b"<!" in plain or plain.find(b"<?", 1) >= 0
        parse_own(plain, sheet.start, sheet.end, sheet.text, sheet.foreign)
        return sheet.finished()

    return in_spite_of_slips(xml, read)


@dataclass(slots=True)
class _Sheet:
    """Follows a worksheet's elements."""

    strings: Sequence[str]
    limits: Limits
    odd: bool = False
    facts: SheetFacts = field(default_factory=SheetFacts)
    found: dict[Place, Content | ErrorValue | MissingResult] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Rectangle] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    row: int = -1
    column: int = -1
    kind: str = NUMBER
    style: int = 0
    open: str = ""
    content: dict[str, str] = field(default_factory=dict)
    in_cell: bool = False
    phonetic: bool = False

    def start(self, name: str, attributes: Attributes) -> None:
        """An element of the sheet begins."""
        if name == "v" and self.in_cell:
            self.odd = self.odd or name in self.content
            self.content[name] = ""  # of two the last is shown
            self.open = name
        elif name in _BEGIN:
            _BEGIN[name](self, attributes)
        elif self.in_cell:
            self._begin_inside(name)

    def foreign(self, name: str) -> None:
        """An element of nobody's is passed over; readers that mind no name spaces take it for one of the sheet's."""
        self.odd = self.odd or name in ("row", "c", "v", "f", "is", "t")

    def text(self, text: str) -> None:
        """Text, which counts inside a cell's value."""
        if self.open:
            self.content[self.open] += text

    def end(self, name: str) -> None:
        """An element of the sheet ends."""
        if name == "c":
            self._close_cell()
        elif name == self.open:
            self.open = ""
        elif name == "rPh":
            self.phonetic = False

    def begin_row(self, attributes: Attributes) -> None:
        """A row begins, at its number or behind the last."""
        self._close_cell()
        given = attributes.get("r")
        number = _whole(given)
        is_place = number is not None and 1 <= number <= LAST_ROW + 1
        self.odd = self.odd or (given is not None and not (is_place and given.isdecimal()))
        self.row = number - 1 if number is not None and is_place else self.row + 1
        self.column = -1
        self.limits.check_cells(self.facts.cells)
        if attributes.get("hidden") in _YES or _is_zero(attributes.get("ht")):
            self.hidden_rows.add(self.row)

    def begin_column(self, attributes: Attributes) -> None:
        """A run of columns."""
        is_hidden = attributes.get("hidden") in _YES or _is_zero(attributes.get("width"))
        first, last = _whole(attributes.get("min")), _whole(attributes.get("max"))
        if is_hidden and first and last:
            self.hidden_columns.update(range(first - 1, min(last, LAST_COLUMN + 1)))

    def begin_merge(self, attributes: Attributes) -> None:
        """A merged range."""
        try:
            self.merged.append(rectangle(attributes.get("ref", "")))
        except ValueError:
            return  # whole columns, or no cells at all: no cell's content hangs on it

    def begin_cell(self, attributes: Attributes) -> None:
        """A cell begins, at its address or behind the last."""
        self._close_cell()
        self.row = max(self.row, 0)  # a cell that stands in no row
        given = attributes.get("r")
        usual = None if given is None else _USUAL.match(given)
        if usual is not None:
            self.row, self.column = int(usual[2]) - 1, column_number(usual[1])
        else:
            place = None if given is None else _place(given)
            self.odd = self.odd or given is not None
            self.row, self.column = place or (self.row, self.column + 1)
        self.kind = attributes.get("t", NUMBER)
        self.style = _whole(attributes.get("s")) or 0
        self.content = {}
        self.in_cell = True
        self.facts.cells += 1
        self.rows.add(self.row)
        self.columns.add(self.column)

    def _begin_inside(self, name: str) -> None:
        if name == "rPh":
            self.phonetic = True
        elif name == "f" or (name == "t" and not self.phonetic):
            self.content.setdefault(name, "")
            self.open = name
        elif self.open:
            self.odd = True
        elif name == "is":
            self.odd = self.odd or "is" in self.content
            self.content["is"] = ""

    def _close_cell(self) -> None:
        if not self.in_cell:
            return
        self.in_cell, self.open, self.phonetic = False, "", False
        value = self._value()
        if value is None:
            return
        place = self.row, self.column
        before = self.found.get(place)
        if before is None:
            self.found[place] = value
            return
        self.odd = True
        if not _is_same(before, value):
            self.found[place] = TWICE

    def _value(self) -> Content | ErrorValue | MissingResult | None:
        if not self.content:
            return None
        written = self.content.get("v")
        value = (written or "").strip()
        shown = self.content.get("t")
        if self.kind == "e" and value:
            return ErrorValue(value)
        if "f" in self.content and not value and not shown and not (self.kind == "str" and written is not None):
            return MissingResult(self.content["f"])
        if shown is not None and (self.kind == "inlineStr" or not value):
            self.odd = self.odd or self.kind != "inlineStr" or bool(value)
            return Content(TEXT, shown, self.style) if shown.strip() else None
        return self._typed(written or "", value) if value else None

    def _typed(self, written: str, value: str) -> Content | ErrorValue | None:
        if self.kind == "s":
            return self._shared(written)
        if self.kind == "b" and (value.lower() in (*_YES, *_NO) or _DECIMAL.fullmatch(value)):
            self.odd = self.odd or value not in ("0", "1", "true", "false")
            return Content(TRUTH, str(int(value.lower() not in _NO)), self.style)
        if self.kind == "d" and _DAY.fullmatch(value):
            return Content(DAY, value, self.style)
        if self.kind not in ("str", "inlineStr", "d") and len(value) < _MOST_DIGITS and _DECIMAL.fullmatch(value):
            self.odd = self.odd or self.kind != NUMBER or value != written
            return Content(NUMBER, value, self.style)
        self.odd = self.odd or self.kind not in ("str", "d")
        return Content(TEXT, written, self.style)

    def _shared(self, value: str) -> Content | ErrorValue | None:
        number = _whole(value)
        if number is not None and number < len(self.strings):
            self.odd = self.odd or not value.isdecimal()
            text = self.strings[number]
            return Content(TEXT, text, self.style) if text else None
        self.odd = True
        return POINTS_NOWHERE if _DECIMAL.fullmatch(value.strip()) else Content(TEXT, value, self.style)

    def finished(self) -> CarefulSheet:
        """The whole sheet."""
        cells = {place: each for place, each in self.found.items() if isinstance(each, Content)}
        special = {place: each for place, each in self.found.items() if not isinstance(each, Content)}
        facts = self.facts
        facts.special = dict(special)
        if self.rows:
            facts.widen((min(self.rows), max(self.rows)), (min(self.columns), max(self.columns)))
        facts.values = sum(bool(each.text.strip()) for each in cells.values())
        facts.hidden_rows, facts.hidden_columns = frozenset(self.hidden_rows), frozenset(self.hidden_columns)
        facts.merged = tuple(self.merged)
        return CarefulSheet(cells, facts, self.odd)


_BEGIN: dict[str, Callable[[_Sheet, Attributes], None]] = {
    "row": _Sheet.begin_row,
    "col": _Sheet.begin_column,
    "c": _Sheet.begin_cell,
    "mergeCell": _Sheet.begin_merge,
}


def _place(address: str) -> Place | None:
    match = _ADDRESS.fullmatch(address)
    if match is None:
        return None
    row, column = int(match[2]) - 1, column_number(match[1])
    return (row, column) if row <= LAST_ROW and column <= LAST_COLUMN else None


@lru_cache(maxsize=4096)
def _whole(written: str | None) -> int | None:
    match = None if written is None else _WHOLE.fullmatch(written)
    return int(match[1]) if match else None


def _is_same(one: object, other: object) -> bool:
    return one[:2] == other[:2] if isinstance(one, Content) and isinstance(other, Content) else one == other


def _is_zero(size: str | None) -> bool:
    return size is not None and size.strip("0.") == "" and size != ""
