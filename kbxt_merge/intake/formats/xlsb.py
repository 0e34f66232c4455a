"""Binary workbooks of Excel 2007 and later (.xlsb) → grids: calamine, and what their records say besides."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

from xlrd.biffh import error_text_from_code

from kbxt_merge.intake.formats import calamine_reader
from kbxt_merge.intake.formats.damage import DAMAGE, Unreadable
from kbxt_merge.intake.formats.layout import Rectangle, SheetFacts
from kbxt_merge.intake.formats.ooxml_package import Package, SheetPart, forms_alone
from kbxt_merge.intake.formats.zip_safety import check_inflated, open_zip
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import ErrorValue, Grid, Workbook

ROW, COLUMNS, MERGE, TAB, SHARED_STRING = 0, 60, 176, 156, 19
BLANK, ERROR, INLINE, SHARED, FORMULA_STRING, FORMULA_ERROR, RICH = 1, 3, 6, 7, 8, 11, 62
CELLS = frozenset((*range(1, 12), RICH))
SHORT_CELLS = range(12, 19)
LONGER_BY = 11
"""A short cell leaves its column out, for it follows the cell before it; its number is so much above the long one's."""
HIDDEN_ROW = 0x10
"""Bit of a row record's byte 11: its height is zero."""
NUMBER, TWO, FOUR = struct.Struct("<I"), struct.Struct("<II"), struct.Struct("<IIII")
CELL_HEADER = 8
Record = tuple[int, bytes]


def records(part: bytes) -> Iterator[Record]:
    """The records of a part; raises Unreadable when it breaks off."""
    at = 0
    while at < len(part):
        try:
            number, at = _varying(part, at, 2)
            length, at = _varying(part, at, 4)
        except DAMAGE as error:
            raise Unreadable("file-unreadable", "truncated") from error
        if at + length > len(part):
            raise Unreadable("file-unreadable", "truncated")
        yield number, part[at : at + length]
        at += length


def _varying(part: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where what follows it begins."""
    number = 0
    for step in range(most):
        byte = part[at + step]
        number |= (byte & 0x7F) << 7 * step
        if byte < 0x80:
            return number, at + step + 1
    return number, at + most


def lengthened(part: bytes) -> Iterator[Record]:
    """The records of a sheet's part, short cells ([MS-XLSB] 2.4, BrtShort…) written as long ones."""
    column = -1
    for number, body in records(part):
        if number == ROW:
            column = -1
        elif number in CELLS and len(body) >= NUMBER.size:
            (column,) = NUMBER.unpack_from(body)
        elif number in SHORT_CELLS:
            column += 1
            number, body = number - LONGER_BY, NUMBER.pack(column) + body
        yield number, body


def has_short_cells(part: bytes) -> bool:
    """Whether some cell of the sheet leaves its column out."""
    return any(number in SHORT_CELLS for number, _ in records(part))


def written(number: int, body: bytes) -> bytes:
    """A record as it stands in a part."""
    return _as_varying(number) + _as_varying(len(body)) + body


def _as_varying(number: int) -> bytes:
    found = bytearray()
    while number >= 0x80:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*found, number))


def tabs_of(workbook: bytes) -> list[tuple[str, str, bool]]:
    """Name, relation and hiddenness of each tab; raises Unreadable when a record is too short for them."""
    try:
        return [_tab(body) for number, body in records(workbook) if number == TAB]
    except struct.error as error:
        raise Unreadable("file-unreadable", "damaged") from error


def _tab(body: bytes) -> tuple[str, str, bool]:
    relation, after = _text(body, 8)
    name, _ = _text(body, after)
    return name, relation, NUMBER.unpack_from(body)[0] != 0


def blank_strings(part: bytes) -> frozenset[int]:
    """The positions of the shared strings without text."""
    strings = (body for number, body in records(part) if number == SHARED_STRING)
    return frozenset(position for position, body in enumerate(strings) if not any(body[1:5]))


def sheet_facts(part: bytes, blank: frozenset[int]) -> SheetFacts:
    """The facts of a sheet's part; raises Unreadable when it is damaged."""
    try:
        return _sheet_facts(part, blank)
    except (struct.error, IndexError) as error:  # a record is shorter than its kind
        raise Unreadable("file-unreadable", "damaged") from error


def _sheet_facts(part: bytes, blank: frozenset[int]) -> SheetFacts:
    facts = SheetFacts()
    row = 0
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    merged: list[Rectangle] = []
    for number, body in lengthened(part):
        if number in CELLS:
            _add_cell(facts, number, body, row, blank)
        elif number == ROW:
            (row,) = NUMBER.unpack_from(body)
            if len(body) > 11 and body[11] & HIDDEN_ROW:
                hidden_rows.add(row)
        elif number == COLUMNS:
            first, last, width, _ = FOUR.unpack_from(body)
            if width == 0 or body[16] & 1:
                hidden_columns.update(range(first, min(last, 16383) + 1))
        elif number == MERGE:
            top, bottom, left, right = FOUR.unpack_from(body)
            merged.append((top, left, bottom, right))
    facts.hidden_rows, facts.hidden_columns = frozenset(hidden_rows), frozenset(hidden_columns)
    facts.merged = tuple(merged)
    return facts


def _add_cell(facts: SheetFacts, number: int, body: bytes, row: int, blank: frozenset[int]) -> None:
    (column,) = NUMBER.unpack_from(body)
    facts.reach(row, column)
    if number in (ERROR, FORMULA_ERROR):
        facts.special[row, column] = ErrorValue(error_text_from_code.get(body[CELL_HEADER], "#ERR!"))
    elif _is_filled(number, body, blank):
        facts.values += 1


def _is_filled(number: int, body: bytes, blank: frozenset[int]) -> bool:
    if number == SHARED:
        return NUMBER.unpack_from(body, CELL_HEADER)[0] not in blank
    if number in (INLINE, FORMULA_STRING):
        return any(body[CELL_HEADER : CELL_HEADER + 4])
    return number != BLANK


def _text(body: bytes, at: int) -> tuple[str, int]:
    """A text with its length in characters before it, and where what follows it begins."""
    (length,) = NUMBER.unpack_from(body, at)
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


WORKBOOK = "xl/workbook.bin"
STRINGS = "xl/sharedStrings.bin"


def read(data: bytes, limits: Limits) -> Workbook:
    """The workbook's grids and marks; raises Unreadable."""
    with open_zip(io.BytesIO(data), limits) as archive:
        check_inflated(archive, limits)
        package = Package(archive)
        parts = forms_alone(package.worksheets(WORKBOOK, tabs_of(package.bytes_of(WORKBOOK)), limits))
        return Workbook(_grids(data, package, parts, limits), package.marks())


def _grids(data: bytes, package: Package, parts: list[SheetPart], limits: Limits) -> list[Grid]:
    blank = blank_strings(package.bytes_of(STRINGS)) if STRINGS.lower() in package.entries else frozenset[int]()
    facts = [sheet_facts(package.bytes_of(part.path), blank) for part in parts]
    limits.check_cells(sum(sheet.cells for sheet in facts))
    book = calamine_reader.opened(_with_long_cells(data, package, parts))
    if book is None:
        raise Unreadable("file-unreadable", "damaged")
    grids = []
    for part, sheet in zip(parts, facts, strict=True):
        limits.check_cells(sheet.area)  # there is no second reader that would not lay it out
        grid = calamine_reader.grid(book, part, sheet, calamine_reader.filled)
        if grid is None:
            raise Unreadable("file-unreadable", "damaged", sheet=part.name)
        grids.append(grid)
    return grids


def _with_long_cells(data: bytes, package: Package, parts: list[SheetPart]) -> bytes:
    """The workbook as calamine reads it, which passes over short cells."""
    sheets = {part.path: package.bytes_of(part.path) for part in parts}
    longer = {
        path: b"".join(written(*record) for record in lengthened(part))
        for path, part in sheets.items()
        if has_short_cells(part)
    }
    return package.with_parts(longer) if longer else data
