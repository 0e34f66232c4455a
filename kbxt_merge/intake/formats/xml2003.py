"""SpreadsheetML 2003, the XML that Excel 2003 and many web exports write under the name .xls → grids."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.intake.formats.encoding import decoded, without_declaration
from kbxt_merge.intake.formats.layout import Rectangle, laid_out
from kbxt_merge.intake.formats.page_texts import page_texts
from kbxt_merge.intake.formats.text_tables import finite, whole
from kbxt_merge.intake.formats.xml_events import Attributes, parse
from kbxt_merge.model.china_time import in_china
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.own_workbook import MARKS_BEGIN
from kbxt_merge.model.returns import Cell, ErrorValue, Grid, MissingResult, Workbook

EPOCH_DAYS = (dt.date(1899, 12, 30), dt.date(1899, 12, 31), dt.date(1904, 1, 1))
"""The days under which a bare time of day is written."""


def read(data: bytes, limits: Limits) -> Workbook:
    """The workbook's grids and marks; raises Unreadable."""
    text = decoded(data)
    if text is None:
        raise Unreadable("file-unreadable", "damaged")
    book = _Book(limits)
    parse(without_declaration(text).encode(), book.start, book.end, book.text)
    return Workbook(book.grids, book.marks)


@dataclass(slots=True)
class _Sheet:
    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Rectangle] = field(default_factory=list)
    struck: set[tuple[int, int]] = field(default_factory=set)
    beside: list[str] = field(default_factory=list)

    def grid(self, limits: Limits) -> Grid:
        """The sheet as a grid."""
        cells = laid_out(self.cells, limits)
        return Grid(
            self.name,
            cells.rows,
            cells.top,
            cells.left,
            self.hidden,
            frozenset(self.hidden_rows),
            frozenset(self.hidden_columns),
            tuple(self.merged),
            frozenset(self.struck),
            tuple(self.beside),
        )


class _Book:
    """Follows the document's elements; `row` and `column` are where the next cell stands."""

    def __init__(self, limits: Limits) -> None:
        """Begin before the first sheet."""
        self.limits = limits
        self.grids: list[Grid] = []
        self.marks: dict[str, str] = {}
        self.sheet = _Sheet("")
        self.row = self.column = self.sheet_column = -1
        self.after_row = self.after_cell = 0
        self.kind = self.formula = self.style = ""
        self.struck_styles: set[str] = set()
        self.in_comment = False
        self.pieces: list[str] | None = None

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        begin = _BEGIN.get(name)
        if begin is not None:
            begin(self, attributes)
        elif name in ("Visible",) or name.startswith(MARKS_BEGIN):
            self.pieces = []

    def text(self, text: str) -> None:
        """Text inside the element begun last."""
        if self.pieces is not None:
            self.pieces.append(text)

    def end(self, name: str) -> None:
        """An element ends."""
        finish = _FINISH.get(name)
        if finish is not None:
            finish(self)
        elif name.startswith(MARKS_BEGIN) and self.pieces is not None:
            self.marks[name] = self._taken()

    def begin_style(self, attributes: Attributes) -> None:
        """A style of cells."""
        self.style = attributes.get("ID", "")

    def begin_font(self, attributes: Attributes) -> None:
        """The font of the style begun last, or of some letters of a cell."""
        if attributes.get("StrikeThrough") == "1":
            self.struck_styles.add(self.style)

    def begin_page(self, attributes: Attributes) -> None:
        """What is printed above or below each page."""
        self.sheet.beside += page_texts(attributes.get("Data", ""))

    def begin_comment(self, attributes: Attributes) -> None:
        """A note at a cell, whose text is no value."""
        self.in_comment = True

    def end_comment(self) -> None:
        """The note is complete."""
        self.in_comment = False

    def begin_sheet(self, attributes: Attributes) -> None:
        """A worksheet begins."""
        self.sheet = _Sheet(attributes.get("Name", ""))
        self.row = self.sheet_column = -1
        self.after_row = 0

    def begin_column(self, attributes: Attributes) -> None:
        """A column's format, for `Span` further columns too."""
        self.sheet_column = _place(attributes, self.sheet_column + 1)
        last = self.sheet_column + _more(attributes, "Span")
        if attributes.get("Hidden") == "1" or attributes.get("Width") == "0":
            self.sheet.hidden_columns.update(range(self.sheet_column, min(last + 1, 16384)))
        self.sheet_column = last

    def begin_row(self, attributes: Attributes) -> None:
        """A row; an empty one may stand for `Span` further rows."""
        self.row = _place(attributes, self.after_row)
        self.after_row = self.row + 1 + _more(attributes, "Span")
        self.after_cell = 0
        if attributes.get("Hidden") == "1" or attributes.get("Height") == "0":
            self.sheet.hidden_rows.update(range(self.row, min(self.after_row, 1 << 20)))

    def begin_cell(self, attributes: Attributes) -> None:
        """A cell, perhaps merged with cells to its right and below."""
        self.column = _place(attributes, self.after_cell)
        across, down = _more(attributes, "MergeAcross"), _more(attributes, "MergeDown")
        self.after_cell = self.column + 1 + across
        if across or down:
            self.sheet.merged.append((self.row, self.column, self.row + down, self.column + across))
        if attributes.get("StyleID") in self.struck_styles:
            self.sheet.struck.add((self.row, self.column))
        self.formula = attributes.get("Formula", "")
        if self.formula:
            self.sheet.cells[self.row, self.column] = MissingResult(self.formula)

    def begin_data(self, attributes: Attributes) -> None:
        """The value of the cell."""
        if self.in_comment:
            return
        self.kind = attributes.get("Type", "String")
        self.pieces = []

    def end_data(self) -> None:
        """The value is complete."""
        if self.in_comment:
            return
        value = _value(self.kind, self._taken())
        if value is None:
            self.sheet.cells.pop((self.row, self.column), None)
            return
        self.sheet.cells[self.row, self.column] = value
        self.limits.check_cells(len(self.sheet.cells))

    def end_visible(self) -> None:
        """The sheet's tab is hidden or not."""
        self.sheet.hidden = self._taken().strip() in ("SheetHidden", "SheetVeryHidden")

    def end_sheet(self) -> None:
        """The worksheet is complete."""
        self.limits.check_sheets(len(self.grids) + 1)
        self.grids.append(self.sheet.grid(self.limits))

    def _taken(self) -> str:
        text = "".join(self.pieces or ())
        self.pieces = None
        return text


_BEGIN: dict[str, Callable[[_Book, Attributes], None]] = {
    "Style": _Book.begin_style,
    "Font": _Book.begin_font,
    "Header": _Book.begin_page,
    "Footer": _Book.begin_page,
    "Comment": _Book.begin_comment,
    "Worksheet": _Book.begin_sheet,
    "Column": _Book.begin_column,
    "Row": _Book.begin_row,
    "Cell": _Book.begin_cell,
    "Data": _Book.begin_data,
}
_FINISH: dict[str, Callable[[_Book], None]] = {
    "Comment": _Book.end_comment,
    "Data": _Book.end_data,
    "Visible": _Book.end_visible,
    "Worksheet": _Book.end_sheet,
}


def _value(kind: str, text: str) -> Cell:
    """The typed value; what does not fit its type stays as it is written."""
    convert = _CONVERT.get(kind)
    try:
        return convert(text) if convert is not None and text.strip() else text or None
    except ValueError:
        return text


def _moment(text: str) -> Cell:
    moment = in_china(dt.datetime.fromisoformat(text.strip()))
    if moment.date() in EPOCH_DAYS and moment.time() != dt.time():
        return moment.time()
    return moment.date() if moment.time() == dt.time() else moment


_CONVERT: dict[str, Callable[[str], Cell]] = {
    "Number": finite,
    "DateTime": _moment,
    "Boolean": lambda text: text.strip() not in ("0", "false"),
    "Error": lambda text: ErrorValue(text.strip()),
}


def _place(attributes: Attributes, otherwise: int) -> int:
    """The place, from zero, that an element says it has; one before the first is none: the next in turn is meant."""
    said = whole(attributes.get("Index", "")) - 1
    return said if said >= 0 else otherwise


def _more(attributes: Attributes, name: str) -> int:
    """How many further rows or columns are meant."""
    return whole(attributes.get(name, ""))
