"""OpenDocument spreadsheets → grids, from their XML: calamine refuses some, and tells nothing of what is hidden."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from xml.etree import ElementTree

from lxml import etree

from kbxt_merge.intake.formats.damage import DAMAGE, Unreadable
from kbxt_merge.intake.formats.layout import Rectangle, laid_out
from kbxt_merge.intake.formats.ods_filled import as_filled_in, before_options
from kbxt_merge.intake.formats.ods_looks import Looks, looks_of
from kbxt_merge.intake.formats.ods_values import CellText, value_of
from kbxt_merge.intake.formats.ooxml_package import Package
from kbxt_merge.intake.formats.text_tables import whole
from kbxt_merge.intake.formats.xml_events import Attributes, in_spite_of_slips, parse_as_spelled
from kbxt_merge.intake.formats.zip_safety import check_declared, open_zip
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.own_workbook import MARKS_BEGIN
from kbxt_merge.model.returns import Cell, Grid, Workbook

ASIDE = frozenset({"annotation", "ruby-text", "shapes", "frame", "custom-shape", "rect", "line", "caption", "g"})
"""What may stand inside a cell's element and is not its text."""
LAST_ROW, LAST_COLUMN = 1 << 20, 1 << 14


@dataclass(slots=True)
class _Sheet:
    """A sheet being read; `row` and `column` are where its next run of rows and of columns begins."""

    name: str
    hidden: bool
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Rectangle] = field(default_factory=list)
    struck: set[tuple[int, int]] = field(default_factory=set)
    beside: tuple[str, ...] = ()
    row: int = 0
    column: int = 0
    is_cache: bool = False

    def grid(self, limits: Limits) -> Grid:
        """The sheet as a grid."""
        cells = laid_out(self.cells, limits)
        rows, columns = frozenset(self.hidden_rows), frozenset(self.hidden_columns)
        return Grid(
            self.name,
            cells.rows,
            cells.top,
            cells.left,
            self.hidden,
            rows,
            columns,
            tuple(self.merged),
            frozenset(self.struck),
            self.beside,
        )


@dataclass(slots=True)
class _Row:
    """A run of equal rows: its attributes, the runs of cells in it with a value, where the next run begins."""

    attributes: Attributes
    runs: list[tuple[int, int, Cell]] = field(default_factory=list)
    column: int = 0


class Content:
    """Follows the elements of content.xml; `values` counts the cells that it saw typed."""

    def __init__(self, limits: Limits, looks: Looks) -> None:
        """Begin before the first sheet."""
        self.limits, self.looks = limits, looks
        self.grids: list[Grid] = []
        self.marks: dict[str, str] = {}
        self.values = 0
        self.sheet = _Sheet("", False)
        self.row = _Row({})
        self.attributes: Attributes = {}
        self.cell: CellText | None = None
        self.aside = 0

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        if self.aside or (self.cell is not None and name in ASIDE):
            self.aside += 1
        elif name in _BEGIN:
            _BEGIN[name](self, attributes)
        elif self.cell is not None:
            self.cell.sign(name, attributes)

    def text(self, text: str) -> None:
        """Text, which counts inside a paragraph of a cell."""
        if self.cell is not None and not self.aside:
            self.cell.text(text)

    def end(self, name: str) -> None:
        """An element ends."""
        if self.aside:
            self.aside -= 1
        elif name in _FINISH:
            _FINISH[name](self)
        elif self.cell is not None and name == "p":
            self.cell.end_paragraph()

    def begin_name(self, attributes: Attributes) -> None:
        """A defined name; one of ours holds text."""
        name = attributes.get("table:name", "")
        if name.startswith(MARKS_BEGIN):
            self.marks[name] = attributes.get("table:expression", "").strip('"')

    def begin_sheet(self, attributes: Attributes) -> None:
        """A sheet begins."""
        style = attributes.get("table:style-name", "")
        name, hidden = attributes.get("table:name", ""), style in self.looks.hidden
        self.sheet = _Sheet(name, hidden, beside=self.looks.texts(style))

    def begin_source(self, attributes: Attributes) -> None:
        """The sheet only keeps values of another file."""
        self.sheet.is_cache = True

    def begin_column(self, attributes: Attributes) -> None:
        """A run of columns."""
        sheet = self.sheet
        after = min(sheet.column + _times(attributes, "table:number-columns-repeated"), LAST_COLUMN)
        if attributes.get("table:visibility", "visible") != "visible":
            sheet.hidden_columns.update(range(sheet.column, after))
        sheet.column = after

    def begin_row(self, attributes: Attributes) -> None:
        """A run of rows begins."""
        self.row = _Row(attributes)

    def begin_cell(self, attributes: Attributes) -> None:
        """A run of cells begins."""
        self.values += "office:value-type" in attributes
        self.attributes = attributes
        self.cell = CellText()

    def end_cell(self) -> None:
        """A run of cells is complete."""
        if self.cell is None:
            return
        attributes, value = self.attributes, value_of(self.attributes, self.cell)
        repeated = _times(attributes, "table:number-columns-repeated")
        if value is not None:
            self.row.runs.append((self.row.column, repeated, value))
            if attributes.get("table:style-name") in self.looks.struck:
                self.sheet.struck.add((self.sheet.row, self.row.column))
        down = _times(attributes, "table:number-rows-spanned") - 1
        across = _times(attributes, "table:number-columns-spanned") - 1
        if down or across:
            top, left = self.sheet.row, self.row.column
            self.sheet.merged.append((top, left, top + down, left + across))
        self.row.column += repeated
        self.cell = None

    def end_row(self) -> None:
        """A run of rows is complete."""
        sheet, row = self.sheet, self.row
        after = min(sheet.row + _times(row.attributes, "table:number-rows-repeated"), LAST_ROW)
        if row.attributes.get("table:visibility", "visible") != "visible":
            sheet.hidden_rows.update(range(sheet.row, after))
        found = len(sheet.cells) + sum(repeated for _, repeated, _ in row.runs) * (after - sheet.row)
        self.limits.check_cells(found)
        for number in range(sheet.row, after) if row.runs else ():
            for first, repeated, value in row.runs:
                sheet.cells.update(dict.fromkeys(((number, first + step) for step in range(repeated)), value))
        sheet.row = after

    def end_sheet(self) -> None:
        """A sheet is complete."""
        if self.sheet.is_cache:
            return
        self.limits.check_sheets(len(self.grids) + 1)
        self.grids.append(self.sheet.grid(self.limits))


def _times(attributes: Attributes, name: str) -> int:
    """How often something is there; once where it says no number of times, as LibreOffice has it."""
    written = attributes.get(name)
    return 1 if written is None else max(whole(written), 1)


_BEGIN: dict[str, Callable[[Content, Attributes], None]] = {
    "named-expression": Content.begin_name,
    "table": Content.begin_sheet,
    "table-source": Content.begin_source,
    "table-column": Content.begin_column,
    "table-row": Content.begin_row,
    "table-cell": Content.begin_cell,
    "covered-table-cell": Content.begin_cell,
}
_FINISH: dict[str, Callable[[Content], None]] = {
    "table-cell": Content.end_cell,
    "covered-table-cell": Content.end_cell,
    "table-row": Content.end_row,
    "table": Content.end_sheet,
}


TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
VALUE_TYPE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"
TYPED = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
FEW_BYTES = 1 << 20
"""So much is counted as one tree, twice as fast as cell by cell."""
PROPERTY_NAME = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}name"


def read(data: bytes, limits: Limits) -> Workbook:
    """The workbook's grids and marks; raises Unreadable."""
    with open_zip(io.BytesIO(data), limits) as archive:
        check_declared(archive, limits)
        package = Package(archive)
        if b"encryption-data" in package.read("META-INF/manifest.xml", default=b""):
            raise Unreadable("file-encrypted", "password")
        styles, meta = (package.read(name, default=b"") for name in ("styles.xml", "meta.xml"))
        content = _of_blank(package, styles, meta, limits)
        if content is None:
            xml = package.read("content.xml")
            content = content_of(xml, limits, looks_of(xml, styles))
        return Workbook(content.grids, content.marks | marks_in(meta))


def _of_blank(package: Package, styles: bytes, meta: bytes, limits: Limits) -> Content | None:
    """What a blank holds that LibreOffice saved; None for others, and where anything in it is odd."""
    entry = package.entries.get("content.xml")
    xml = None if entry is None else before_options(package.archive, entry, meta)
    if xml is None:
        return None
    try:
        return content_of(package.as_xml(xml), limits, looks_of(xml, styles))
    except Unreadable:
        return None


def content_of(xml: bytes, limits: Limits, looks: Looks) -> Content:
    """What the XML holds, of a blank what was filled in; raises Unreadable where not every typed cell was read."""
    forms = as_filled_in(xml, looks.are_of_whole)
    try:
        return in_spite_of_slips(forms, partial(_content_of, limits, looks))
    except Unreadable:
        if len(forms) == len(xml):
            raise
        return in_spite_of_slips(xml, partial(_content_of, limits, looks))


def _content_of(limits: Limits, looks: Looks, xml: bytes) -> Content:
    content = Content(limits, looks)
    parse_as_spelled(xml, content.start, content.end, content.text)
    told = _told(xml)
    if content.values != told:
        raise Unreadable("file-unreadable", "damaged", read=content.values, found=told)
    return content


def _told(xml: bytes) -> int:
    """How many cells the XML types: the count that the reading is held against."""
    if len(xml) <= FEW_BYTES:
        try:
            tree = etree.fromstring(xml, etree.XMLParser(no_network=True, resolve_entities=False))
            return sum(VALUE_TYPE in cell.attrib for cell in tree.iter(*TYPED))
        except DAMAGE as error:
            raise Unreadable("file-unreadable", "damaged") from error
    count = 0
    try:
        for _, cell in etree.iterparse(io.BytesIO(xml), tag=TYPED, no_network=True, resolve_entities=False):
            count += VALUE_TYPE in cell.attrib
            cell.clear()
    except DAMAGE as error:
        raise Unreadable("file-unreadable", "damaged") from error
    return count


def marks_in(meta: bytes) -> dict[str, str]:
    """The custom properties that a blank of this tool carries."""
    if MARKS_BEGIN.encode() not in meta:
        return {}
    try:
        items = list(ElementTree.fromstring(meta).iter())
    except DAMAGE:
        return {}
    properties = ((item.get(PROPERTY_NAME, ""), item.text or "") for item in items)
    return {name: value for name, value in properties if name.startswith(MARKS_BEGIN)}
