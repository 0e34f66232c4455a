"""The cells of a worksheet part, found or made by their addresses."""

from __future__ import annotations

import bisect
import re
from functools import cached_property

from lxml import etree

from kbxt_merge.model.returns import address, position
from kbxt_merge.outputs.returned.book import Book
from kbxt_merge.outputs.returned.part_xml import Element, NotEditableError
from kbxt_merge.outputs.returned.sheet_bytes import BEHIND_LEGACY_DRAWING, SheetBytes

_FORMATTED = (("c", "s"), ("row", "s"), ("col", "style"))
"""What may have a format, and where its number stands."""
_FORMATS = re.compile(rb"""\b(?:s|style)\s*=\s*["']([^"'<>]*)["']""")
_FORMATS_BEHIND_SPACES = re.compile(rb"""\x20s(?:tyle)?\s*=\s*["']([^"'<>]*)["']""")
"""The same, three times as fast, where attributes stand behind nothing but spaces: in a part of one line."""


class SheetCells:
    """The cells of one worksheet, by row and column counted from zero."""

    def __init__(self, book: Book, part: str) -> None:
        """Look at a worksheet part, which is read when first asked; nothing changes before `edit`."""
        self._book = book
        self._part = part
        self._in_rows: dict[int, dict[int, Element]] = {}
        self._columns: dict[int, list[int]] = {}

    @cached_property
    def _plain(self) -> SheetBytes | None:
        """The worksheet, to be marked in its bytes; None from then on that there is a tree of it."""
        return self._book.package.sheet_bytes(self._part, self._book.main)

    @cached_property
    def tree(self) -> Element:
        """The worksheet, to be read; raises NotEditableError where it is none."""
        self.__dict__["_plain"] = None
        tree = self._book.package.tree(self._part)
        if tree.tag != self._book.tag("worksheet") or len(tree.findall(self._book.tag("sheetData"))) > 1:
            raise NotEditableError(f"{self._part}: no worksheet of this workbook")
        return tree

    def edit(self) -> Element:
        """The worksheet, to be changed."""
        return self._book.package.edit(self._part)

    @cached_property
    def _data(self) -> Element:
        found = self.tree.find(self._book.tag("sheetData"))
        if found is None:
            raise NotEditableError(f"{self._part}: no sheetData")
        return found

    @cached_property
    def _rows(self) -> dict[int, Element]:
        rows: dict[int, Element] = {}
        last = -1
        for row in self._data.iter(self._book.tag("row")):
            given = row.get("r")
            last = last + 1 if given is None else int(given) - 1
            if last < 0 or last in rows:
                raise NotEditableError(f"{self._part}: row {given}")
            rows[last] = row
        return rows

    def _cells(self, row: int) -> dict[int, Element]:
        """The cells of a row by their columns."""
        if row not in self._in_rows:
            cells: dict[int, Element] = {}
            last = -1
            for cell in self._rows[row].iter(self._book.tag("c")):
                given = cell.get("r")
                place = (row, last + 1) if given is None else position(given)
                if place is None or place[0] != row or place[1] in cells:
                    raise NotEditableError(f"{self._part}: cell {given}")
                last = place[1]
                cells[last] = cell
            self._in_rows[row] = cells
        return self._in_rows[row]

    def _in_order(self, row: int) -> list[int]:
        """The columns in which a row has cells."""
        if row not in self._columns:
            self._columns[row] = sorted(self._cells(row))
        return self._columns[row]

    @cached_property
    def _rows_in_order(self) -> list[int]:
        return sorted(self._rows)

    def cell(self, row: int, column: int) -> Element:
        """The cell, made in its place with the format of its row or column where it is not there."""
        if row not in self._rows:
            self._bring_back()
        if row not in self._rows:
            self._make_row(row)
        cells = self._cells(row)
        if column not in cells:
            cells[column] = self._made_cell(row, column)
        return cells[column]

    def _bring_back(self) -> None:
        """Look at all rows, those too at the end in which nothing stands."""
        if self._book.package.bring_back(self._part):
            for known in ("_rows", "_rows_in_order"):
                self.__dict__.pop(known, None)

    def _made_cell(self, row: int, column: int) -> Element:
        line, cells = self._rows[row], self._cells(row)
        made = etree.Element(self._book.tag("c"), r=address(row, column))
        style = line.get("s") if line.get("customFormat") in ("1", "true") else self._column_style(column)
        if style and style != "0":
            made.set("s", style)
        columns = self._in_order(row)
        place = bisect.bisect(columns, column)
        if place < len(columns):
            cells[columns[place]].addprevious(made)
        elif columns:  # behind the last one: to be told the place by number, lxml counts all the cells before it
            cells[columns[-1]].addnext(made)
        else:
            line.insert(0, made)
        columns.insert(place, column)
        if "spans" in line.attrib:  # an optimisation, and no longer true
            del line.attrib["spans"]
        return made

    def _make_row(self, row: int) -> None:
        made = etree.Element(self._book.tag("row"), r=str(row + 1))
        known = self._rows_in_order
        place = bisect.bisect(known, row)
        if place < len(known):
            self._rows[known[place]].addprevious(made)
        else:
            self._data.append(made)
        known.insert(place, row)
        self._rows[row] = made

    @cached_property
    def _formats(self) -> list[tuple[int, int, str]]:
        """Runs of columns with their formats: the first and the last, counted from one, in order."""
        columns = self.tree.iter(self._book.tag("col"))
        return sorted(
            (int(each.get("min", "0")), int(each.get("max", "0")), each.get("style") or "") for each in columns
        )

    def _column_style(self, column: int) -> str:
        place = bisect.bisect(self._formats, (column + 2,))  # runs don't overlap, so the last to begin holds it or none
        return next((style for _, last, style in self._formats[place - 1 : place] if column < last), "")

    def drop_formats(self, known: int) -> None:
        """Take away the numbers of formats that are none, where formats from 0 to below `known` are there."""
        xml = self._book.package.part(self._part)
        begin = xml.find(b"?>") + len(b"?>\r\n")
        is_one_line = all(xml.find(sign, begin) < 0 for sign in (b"\t", b"\n", b"\r"))
        given = set((_FORMATS_BEHIND_SPACES if is_one_line else _FORMATS).findall(xml))
        if all(number.isdigit() and int(number) < known for number in given):
            return
        self._bring_back()
        self.edit()
        for name, attribute in _FORMATTED:
            for each in self.tree.iter(self._book.tag(name)):
                number = each.get(attribute, "0")
                if not (number.isdecimal() and number.isascii() and int(number) < known):
                    del each.attrib[attribute]

    def styled(self) -> list[tuple[str, Element, str]]:
        """All that carries a format: its address (blank for rows and columns), its element and attribute."""
        self._bring_back()
        tag = self._book.tag
        rows = [("", each, "s") for each in self._rows.values() if each.get("s")]
        columns = [("", each, "style") for each in self.tree.iter(tag("col")) if each.get("style")]
        cells = [
            (address(row, column), cell, "s")
            for row in self._rows
            for column, cell in self._cells(row).items()
            if cell.get("s")
        ]
        return rows + columns + cells

    def format_of(self, cell: str, row: int, column: int) -> str:
        """The number of a cell's format; the cell is made where it is not there."""
        found = None if self._plain is None else self._plain.format_of(cell)
        return self.cell(row, column).get("s", "0") if found is None else found

    def put_format(self, cell: str, row: int, column: int, number: str) -> None:
        """Give a cell that is there another format."""
        if self._plain is not None:
            self._plain.put(cell, number)
        else:
            self.edit()
            self.cell(row, column).set("s", number)

    @property
    def drawing(self) -> str | None:
        """The id of the relation to the drawing of comments."""
        if self._plain is not None:
            return None
        element = self.tree.find(self._book.tag("legacyDrawing"))
        return None if element is None else element.get(self._book.relation_attribute)

    def point_to_drawing(self, relation: str) -> None:
        """Give the worksheet its <legacyDrawing> in the place that the schema has for it."""
        if self._plain is not None:
            self._plain.point_to_drawing(relation, self._book.office)
            return
        drawing = etree.Element(self._book.tag("legacyDrawing"), nsmap=self._book.dialect.prefixes)
        drawing.set(self._book.relation_attribute, relation)
        behind = {self._book.tag(name) for name in BEHIND_LEGACY_DRAWING}
        place = next((i for i, each in enumerate(self.edit()) if _behind(each, behind)), len(self.tree))
        self.tree.insert(place, drawing)

    def texts(self, shared: list[str]) -> dict[tuple[int, int], str]:
        """What the cells hold as text, by row and column; `shared` are the workbook's shared strings."""
        return {
            (row, column): _text(cell, shared, self._book)
            for row in self._rows
            for column, cell in self._cells(row).items()
        }


def _behind(element: Element, behind: set[str]) -> bool:
    """Tell whether an element stands behind <legacyDrawing>; one in a compatibility wrapper is what it wraps."""
    return element.tag in behind or (
        isinstance(element.tag, str)
        and element.tag.endswith("}AlternateContent")
        and any(each.tag in behind for each in element.iter())
    )


def _text(cell: Element, shared: list[str], book: Book) -> str:
    value = cell.findtext(book.tag("v"), "")
    if cell.get("t") == "inlineStr":
        return "".join(each.text or "" for each in cell.iter(book.tag("t")))
    if cell.get("t") == "s" and value.isdigit() and int(value) < len(shared):
        return shared[int(value)]
    return value
