"""Workbooks of OOXML (.xlsx, .xlsm, .xltx, strict) → grids: calamine, and what the XML says besides."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kbxt_merge.intake.formats import calamine_reader, openpyxl_reader
from kbxt_merge.intake.formats.careful_sheet import POINTS_NOWHERE, CarefulSheet, careful_sheet
from kbxt_merge.intake.formats.damage import PICTURE_ONLY, Unreadable
from kbxt_merge.intake.formats.layout import Rows, SheetFacts, grid_of
from kbxt_merge.intake.formats.mended import SHEET, mended, number_formats, shared_texts
from kbxt_merge.intake.formats.ooxml_beside import texts_beside
from kbxt_merge.intake.formats.ooxml_filled import filled_sheets, in_short
from kbxt_merge.intake.formats.ooxml_package import Package, SheetPart, forms_alone
from kbxt_merge.intake.formats.plain_sheet import plain_sheet
from kbxt_merge.intake.formats.plain_texts import PlainTexts, formats_of_numbers
from kbxt_merge.intake.formats.sheet_facts_fast import cells_of_strings, facts_at_a_glance
from kbxt_merge.intake.formats.struck_cells import struck_cells, struck_strings, struck_styles
from kbxt_merge.intake.formats.xml_events import ALTERNATIVES, has_loose_ampersand
from kbxt_merge.intake.formats.zip_safety import check_declared, check_lies, open_zip
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Grid, Workbook

OTHER_CONTENT = {"xl/embeddings/": "embedded", "xl/media/": PICTURE_ONLY}
"""Where a package keeps what is no cell."""


def read(data: bytes, limits: Limits) -> Workbook:
    """The workbook's grids and marks; raises Unreadable."""
    with open_zip(io.BytesIO(data), limits) as archive:
        check_declared(archive, limits)
        package = Package(archive)
        sheets = package.sheets(limits)
        parts = forms_alone(sheets)
        check_lies(archive, limits, package.spelled(part.path for part in sheets if part not in parts))
        lies = package.strings_lie(limits)
        source = _Source(package, data, limits, package.styles(), package.shared_strings(), lies)
        marks = package.marks()
        grids = source.grids_of_blank(parts) if marks else source.grids(parts, {})
        if not any(grid.rows for grid in grids):
            _refuse_other_content(package)
        return Workbook(grids, marks)


@dataclass(frozen=True, slots=True)
class _Source:
    """A workbook's package and bytes, the XML of its formats and texts, and whether more of these are told than are."""

    package: Package
    data: bytes
    limits: Limits
    styles: bytes
    strings: bytes
    lies: bool

    def grids_of_blank(self, parts: Sequence[SheetPart]) -> list[Grid]:
        """The grids of a blank as far as it was filled in, or where that is odd of all that it holds."""
        filled = filled_sheets(self.package, parts)
        try:
            return self.grids(parts, filled)
        except Unreadable:
            if not filled:
                raise
            return self.grids(parts, {})

    def grids(self, parts: Sequence[SheetPart], filled: Mapping[str, bytes]) -> list[Grid]:
        """The grids of these sheets; of a blank `filled` are those, by their paths, as far as somebody filled them."""
        struck = struck_styles(self.styles), struck_strings(self.strings)
        data = None if self._is_odd else self.data
        reader = _Reader(self.package, data, self.limits, self.styles, self.strings, *struck, filled)
        return [reader.grid(part) for part in parts]

    @property
    def _is_odd(self) -> bool:
        """Whether readers that take a workbook as it stands would take its texts differently."""
        has_alternatives = ALTERNATIVES in self.strings or ALTERNATIVES in self.styles
        return self.lies or has_alternatives or has_loose_ampersand(self.strings)


def _refuse_other_content(package: Package) -> None:
    """Refuse a workbook that shows a picture or an embedded file in the place of cells."""
    for folder, what in OTHER_CONTENT.items():
        if any(path.startswith(folder) for path in package.entries):
            raise Unreadable("file-unreadable", what)


@dataclass
class _Reader:
    """Reads the sheets of one workbook, each as it stands or, where something in it is odd, as it is mended.

    `data` is the workbook for readers that take it as it stands; None where they would not read what it holds. `filled`
    are the sheets of a blank, by their paths, as far as somebody filled them in.
    """

    package: Package
    data: bytes | None
    limits: Limits
    styles: bytes
    strings: bytes
    struck_styles: frozenset[bytes]
    struck_strings: frozenset[bytes]
    filled: Mapping[str, bytes]
    cells: int = 0
    _texts: list[str] | None = None
    _blank: list[int] | None = None
    _formats: list[int] | None = None

    def grid(self, part: SheetPart) -> Grid:
        """The sheet's grid; raises Unreadable when no library gives all of its values."""
        xml = self.filled[part.path] if part.path in self.filled else self.package.read(part.path)
        grid = self._grid(part, xml)
        grid.struck = struck_cells(xml, self.struck_styles, self.struck_strings)
        grid.beside = texts_beside(self.package, part, xml)
        return grid

    @cached_property
    def _book(self) -> calamine_reader.Book | None:
        """The workbook by calamine; None when calamine, or what it needs, refuses."""
        if self.data is None:
            return None
        try:
            short = in_short(self.package, self.filled, self.styles, self.strings) if self.filled else self.data
        except Unreadable:
            return None
        return calamine_reader.opened(short)

    @cached_property
    def _plain_texts(self) -> PlainTexts:
        return PlainTexts(self.strings, of_blank=bool(self.filled))

    def _plain(self, part: SheetPart, xml: bytes) -> Grid | None:
        """The sheet where all of it is plain, or None."""
        if self.data is None or not self.package.is_usual:
            return None
        found = plain_sheet(xml, self._plain_texts, formats_of_numbers(self.styles))
        if found is None:
            return None
        cells, facts = found
        self.limits.check_cells(self.cells + facts.cells)
        self.cells += facts.cells
        return grid_of(part.name, cells, facts, part.hidden)

    def _grid(self, part: SheetPart, xml: bytes) -> Grid:
        if (plain := self._plain(part, xml)) is not None:
            return plain
        facts = facts_at_a_glance(xml)
        grid = None if facts is None else self._as_it_stands(part, facts, calamine_reader.filled)
        if facts is not None and grid is None and (blank := cells_of_strings(xml, self._blank_texts())):
            facts.values -= blank
            grid = self._as_it_stands(part, facts, calamine_reader.filled)
        if facts is None or grid is None:
            sheet = careful_sheet(xml, self._shared_texts(), self.limits)
            facts = sheet.facts
            self._check_texts(part, facts)
            grid = None if sheet.odd else self._as_it_stands(part, facts, calamine_reader.shown)
            grid = grid or self._mended(part, sheet)
        self.cells += facts.cells
        return grid

    def _as_it_stands(self, part: SheetPart, facts: SheetFacts, count: Callable[[Rows], int]) -> Grid | None:
        """The sheet by calamine, or None."""
        self.limits.check_cells(self.cells + facts.cells)
        if self._book is None or facts.is_sparse or not self.package.is_usual:
            return None
        return calamine_reader.grid(self._book, part, facts, count)

    def _mended(self, part: SheetPart, sheet: CarefulSheet) -> Grid:
        """The sheet alone, put into a workbook that readers take; raises Unreadable when none gives all of it."""
        self.limits.check_cells(self.cells + sheet.facts.cells)
        if self._formats is None:
            self._formats = number_formats(self.styles)
        data = mended(sheet.cells, self._formats, self.package.from_1904)
        alone = replace(part, name=SHEET)
        book = None if sheet.facts.is_sparse else calamine_reader.opened(data)
        grid = None if book is None else calamine_reader.grid(book, alone, sheet.facts, calamine_reader.shown)
        grid = grid or openpyxl_reader.grid(data, alone, sheet.facts, self.limits)
        grid.sheet = part.name
        return grid

    def _shared_texts(self) -> list[str]:
        if self._texts is None:
            xml = self.package.shared_strings()
            self._texts = shared_texts(xml) if xml else []
        return self._texts

    def _blank_texts(self) -> list[int]:
        """The numbers of the shared strings that hold nothing."""
        if self._blank is None:
            self._blank = [number for number, text in enumerate(self._shared_texts()) if not text]
        return self._blank

    def _check_texts(self, part: SheetPart, facts: SheetFacts) -> None:
        """Refuse a sheet that points to texts which the workbook has lost: the others may be in wrong places.

        Where all are there, a few that point nowhere are odd by themselves.
        """
        lost = sum(cell is POINTS_NOWHERE for cell in facts.special.values())
        texts, announced = len(self._shared_texts()), self.package.announced_strings()
        if lost and (announced > texts or lost > facts.values):
            raise Unreadable("file-unreadable", "damaged", sheet=part.name, read=texts, found=announced)
