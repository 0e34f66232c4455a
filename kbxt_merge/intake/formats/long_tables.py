"""Bytes → the rows of each sheet, one after the other: for tables of the bureau's that no grid could hold.

A file of usual size is read as a return is, each value held against the XML's own facts. A larger workbook is read by
calamine alone, row by row: its worker ends where calamine does.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kbxt_merge.intake.formats import calamine_reader
from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.intake.formats.encryption import unlocked
from kbxt_merge.intake.formats.read_workbook import read_workbook
from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.intake.formats.zip_safety import check_inflated, open_zip
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Cell, Kind

LARGE = 8 << 20
"""Bytes of a workbook from which on it is read row by row: about a hundred thousand rows."""

_PACKAGES = frozenset({Kind.XLSX, Kind.XLSB})


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its rows from the first one on, which stands at `top` and begins at the column `left`, from zero."""

    sheet: str
    top: int
    left: int
    rows: Iterable[Sequence[Cell]]


def long_tables(data: bytes, name: str, limits: Limits, passwords: Sequence[str] = ()) -> Iterator[Table]:
    """The sheets of a file; raises Unreadable, also while its rows are asked for."""
    kind = kind_of(data, name)
    if kind is Kind.ENCRYPTED:
        data = unlocked(data, passwords)
        kind = kind_of(data, name)
    if kind in _PACKAGES and len(data) > LARGE:
        with open_zip(io.BytesIO(data), limits) as archive:
            check_inflated(archive, limits)
        yield from _by_rows(data, limits)
        return
    workbook = read_workbook(data, kind, limits, passwords, name)
    if kind in (Kind.PDF, Kind.IMAGE) or not workbook.grids:
        raise Unreadable("file-unreadable", kind.value)
    for grid in workbook.grids:
        yield Table(grid.sheet, grid.top, grid.left, grid.rows)


def _by_rows(data: bytes, limits: Limits) -> Iterator[Table]:
    book = calamine_reader.opened(data)
    if book is None:
        raise Unreadable("file-unreadable", "damaged")
    limits.check_sheets(len(book.sheet_names))
    cells = 0
    for sheet in book.sheet_names:
        rows = calamine_reader.rows(book, sheet)
        if rows is None:
            raise Unreadable("file-unreadable", "damaged")
        left, size, each = rows
        cells += size
        limits.check_cells(cells)
        yield Table(sheet, 0, left, each)
