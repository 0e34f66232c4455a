"""Workbooks of OOXML (.xlsx, .xlsm, .xltx, strict) → grids: calamine, and what the XML says besides."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from kbxt_merge.intake.formats import calamine_reader, openpyxl_reader
from kbxt_merge.intake.formats.damage import PICTURE_ONLY, Unreadable
from kbxt_merge.intake.formats.layout import Rows, SheetFacts
from kbxt_merge.intake.formats.ooxml_beside import texts_beside
from kbxt_merge.intake.formats.ooxml_package import Package, SheetPart, forms_alone
from kbxt_merge.intake.formats.sheet_facts_exact import blank_strings, exact_facts
from kbxt_merge.intake.formats.sheet_facts_fast import facts_at_a_glance
from kbxt_merge.intake.formats.struck_cells import struck_cells, struck_strings, struck_styles
from kbxt_merge.intake.formats.zip_safety import check_declared, check_lies, open_zip
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Grid, Workbook

OTHER_CONTENT = {"xl/embeddings/": "embedded", "xl/media/": PICTURE_ONLY}
"""Where a package keeps what is no cell."""
SHEET_FOLDER = "worksheets/"
AFTER_CELLS = re.compile(rb"(</(?:\w+:)?sheetData>).*(</(?:\w+:)?worksheet>)", re.S)

ODD_VALUE = re.compile(
    rb'(<(?:\w+:)?c\b)((?:\s+(?!t=)[\w:]+="[^"<>]*")*)(?:\s+t="n")?((?:\s+(?!t=)[\w:]+="[^"<>]*")*\s*>\s*<(?:\w+:)?v>'
    rb"(?!\s*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\s*<)[^<>]*</)"
)
"""A cell that is said to hold a number, and does not."""


def read(data: bytes, limits: Limits) -> Workbook:
    """The workbook's grids and marks; raises Unreadable."""
    with open_zip(io.BytesIO(data), limits) as archive:
        check_declared(archive, limits)
        package = Package(archive)
        sheets = package.sheets(limits)
        parts = forms_alone(sheets)
        check_lies(archive, limits, package.spelled(part.path for part in sheets if part not in parts))
        book = None if package.strings_lie(limits) else calamine_reader.opened(data)
        struck = struck_styles(package.styles()), struck_strings(package.shared_strings())
        reader = _Reader(data, package, book, limits, *struck)
        grids = [reader.grid(part) for part in parts]
        if not any(grid.rows for grid in grids):
            _refuse_other_content(package)
        return Workbook(grids, package.marks())


def _refuse_other_content(package: Package) -> None:
    """Refuse a workbook that shows a picture or an embedded file in the place of cells."""
    for folder, what in OTHER_CONTENT.items():
        if any(path.startswith(folder) for path in package.entries):
            raise Unreadable("file-unreadable", what)


def cells_alone(package: Package) -> bytes:
    """The workbook with sheets that end after their cells: the facts know of merged ranges. Raises Unreadable."""
    sheets = (path for path in package.entries if SHEET_FOLDER in path)
    return package.with_parts({path: AFTER_CELLS.sub(rb"\1\2", package.bytes_of(path)) for path in sheets})


@dataclass(slots=True)
class _Reader:
    """Reads the sheets of one workbook, each by the first library that gives all of its cells."""

    data: bytes
    package: Package
    book: calamine_reader.Book | None
    limits: Limits
    struck_styles: frozenset[bytes]
    struck_strings: frozenset[bytes]
    cells: int = 0
    blank: frozenset[int] | None = None
    sound: bytes | None = None

    def grid(self, part: SheetPart) -> Grid:
        """The sheet's grid; raises Unreadable when no library gives all of its values."""
        xml = self.package.read(part.path)
        grid = self._grid(part, xml)
        grid.struck = struck_cells(xml, self.struck_styles, self.struck_strings)
        grid.beside = texts_beside(self.package, part, xml)
        return grid

    def _grid(self, part: SheetPart, xml: bytes) -> Grid:
        facts = facts_at_a_glance(xml)
        grid = None if facts is None else self._first(part, facts, calamine_reader.filled)
        if facts is None or grid is None:
            facts = exact_facts(xml, self._blank_strings())
            grid = self._first(part, facts, calamine_reader.shown) or self._by_cells_alone(part, facts)
        self.cells += facts.cells
        return grid or openpyxl_reader.grid(self._with_sound_cells(), part, facts, self.limits)

    def _with_sound_cells(self) -> bytes:
        """The workbook as it is, but that what is no number is a text: one such cell would cost all others."""
        if self.sound is None:
            parts = {path: self.package.bytes_of(path) for path in self.package.entries if SHEET_FOLDER in path}
            sound = {path: ODD_VALUE.sub(rb'\1\2 t="str"\3', xml) for path, xml in parts.items()}
            changed = {path: xml for path, xml in sound.items() if xml != parts[path]}
            self.sound = self.package.with_parts(changed) if changed else self.data
        return self.sound

    def _by_cells_alone(self, part: SheetPart, facts: SheetFacts) -> Grid | None:
        """The sheet by calamine where it only stumbled over what follows the cells, or None."""
        if self.book is None or facts.is_sparse:
            return None
        with suppress(Unreadable):
            book = calamine_reader.opened(cells_alone(self.package))
            return None if book is None else calamine_reader.grid(book, part, facts, calamine_reader.shown)
        return None

    def _first(self, part: SheetPart, facts: SheetFacts, count: Callable[[Rows], int]) -> Grid | None:
        """The sheet by calamine, or None."""
        self.limits.check_cells(self.cells + facts.cells)
        if self.book is None or facts.is_sparse:
            return None
        return calamine_reader.grid(self.book, part, facts, count)

    def _blank_strings(self) -> frozenset[int]:
        if self.blank is None:
            xml = self.package.shared_strings()
            self.blank = blank_strings(xml) if xml else frozenset()
        return self.blank
