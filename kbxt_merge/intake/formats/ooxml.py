"""Workbooks of OOXML (.xlsx, .xlsm, .xltx, strict) → grids: calamine, and what the XML says besides."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

from kbxt_merge.intake.formats import calamine_reader, openpyxl_reader
from kbxt_merge.intake.formats.layout import Rows, SheetFacts
from kbxt_merge.intake.formats.ooxml_beside import texts_beside
from kbxt_merge.intake.formats.ooxml_package import Package, SheetPart
from kbxt_merge.intake.formats.sheet_facts_exact import blank_strings, exact_facts
from kbxt_merge.intake.formats.sheet_facts_fast import facts_at_a_glance
from kbxt_merge.intake.formats.struck_cells import struck_cells, struck_styles
from kbxt_merge.intake.formats.zip_safety import check_inflated, open_zip
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Grid, Workbook


def read(data: bytes, limits: Limits) -> Workbook:
    """The workbook's grids and marks; raises Unreadable."""
    with open_zip(io.BytesIO(data), limits) as archive:
        check_inflated(archive, limits)
        package = Package(archive)
        parts = package.sheets(limits)
        book = None if package.strings_lie(limits) else calamine_reader.opened(data)
        reader = _Reader(data, package, book, limits, styles=struck_styles(package.styles()))
        return Workbook([reader.grid(part) for part in parts], package.marks())


@dataclass(slots=True)
class _Reader:
    """Reads the sheets of one workbook, each by the first library that gives all of its cells."""

    data: bytes
    package: Package
    book: calamine_reader.Book | None
    limits: Limits
    cells: int = 0
    blank: frozenset[int] | None = None
    styles: frozenset[bytes] = frozenset()

    def grid(self, part: SheetPart) -> Grid:
        """The sheet's grid; raises Unreadable when no library gives all of its values."""
        xml = self.package.read(part.path)
        grid = self._grid(part, xml)
        grid.struck = struck_cells(xml, self.styles)
        return grid

    def _grid(self, part: SheetPart, xml: bytes) -> Grid:
        facts = facts_at_a_glance(xml)
        grid = None if facts is None else self._first(part, facts, calamine_reader.filled)
        if facts is None or grid is None:
            facts = exact_facts(xml, self._blank_strings())
            grid = self._first(part, facts, calamine_reader.shown)
        self.cells += facts.cells
        grid = grid or openpyxl_reader.grid(self.data, part, facts, self.limits)
        grid.beside = texts_beside(self.package, part, xml)
        return grid

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
