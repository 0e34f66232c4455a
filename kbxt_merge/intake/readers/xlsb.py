"""Binary workbooks of Excel 2007 and later (.xlsb) → grids: calamine, and what their records say besides."""

from __future__ import annotations

import io

from kbxt_merge.intake.readers import calamine
from kbxt_merge.intake.readers.package import Package, SheetPart
from kbxt_merge.intake.readers.xlsb_records import blank_strings, sheet_facts, tabs_of
from kbxt_merge.intake.unreadable import Unreadable
from kbxt_merge.intake.zips import check_inflated, open_zip
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Grid, Workbook

WORKBOOK = "xl/workbook.bin"
STRINGS = "xl/sharedStrings.bin"


def read(data: bytes, limits: Limits) -> Workbook:
    """The workbook's grids and marks; raises Unreadable."""
    with open_zip(io.BytesIO(data), limits) as archive:
        check_inflated(archive, limits)
        package = Package(archive)
        parts = package.worksheets(WORKBOOK, tabs_of(package.bytes_of(WORKBOOK)), limits)
        return Workbook(_grids(data, package, parts, limits), package.marks())


def _grids(data: bytes, package: Package, parts: list[SheetPart], limits: Limits) -> list[Grid]:
    blank = blank_strings(package.bytes_of(STRINGS)) if STRINGS.lower() in package.entries else frozenset[int]()
    facts = [sheet_facts(package.bytes_of(part.path), blank) for part in parts]
    limits.check_cells(sum(sheet.cells for sheet in facts))
    book = calamine.opened(data)
    if book is None:
        raise Unreadable("file-unreadable", "damaged")
    grids = []
    for part, sheet in zip(parts, facts, strict=True):
        limits.check_cells(sheet.area)  # there is no second reader that would not lay it out
        grid = calamine.grid(book, part, sheet, calamine.filled)
        if grid is None:
            raise Unreadable("file-unreadable", "damaged", sheet=part.name)
        grids.append(grid)
    return grids
