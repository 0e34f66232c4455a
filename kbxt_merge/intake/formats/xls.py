"""Workbooks of Excel 97 and before (.xls, .et, and the bare streams that old exports write) → grids: by xlrd."""

from __future__ import annotations

import datetime as dt
import io
import math
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import olefile
import xlrd

from kbxt_merge.intake.formats.damage import DAMAGE, Unreadable
from kbxt_merge.intake.formats.encoding import decoded
from kbxt_merge.intake.formats.xls_cells import with_cells_in_reach, with_told_cells_in_reach
from kbxt_merge.intake.formats.xls_looks import PAGE_RECORDS, page_of, struck_cells
from kbxt_merge.intake.formats.xls_strings import with_true_count
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.own_workbook import MARKS_BEGIN, is_own_sheet
from kbxt_merge.model.returns import Cell, ErrorValue, Grid, Workbook

Record = tuple[int, bytes]
Properties = list[tuple[str, object]]
"""A file's custom properties: name and value."""

EOF = 0x0A
CODEPAGE = 0x42
FILEPASS = 0x2F
BOUNDSHEET = 0x85
MULRK = 0xBD
BEGINNINGS = frozenset({0x0009, 0x0209, 0x0409, 0x0809})
ONE_CELL = frozenset({0x02, 0x03, 0x04, 0x05, 0x06, 0xD6, 0xFD, 0x203, 0x204, 0x205, 0x206, 0x27E, 0x406})
"""INTEGER, NUMBER, LABEL, BOOLERR, FORMULA, RSTRING, LABELSST, RK, each in the numbers of its versions."""
SIDE_RECORDS = frozenset({0x18, 0x1C, 0x5D, 0xEC, 0x1B0, 0x1B1, 0x1B6, 0x1B8, 0x1BE})
"""NAME, NOTE, OBJ, MSODRAWING, CONDFMT, CF, TXO, HLINK, DV."""
UNKNOWN = 0x7FFF
PLACE = struct.Struct("<HH")
WORKSHEET = 0


@dataclass(frozen=True, slots=True)
class Tab:
    """Where a worksheet begins, and the name on its tab; blank before Excel 97, and where it is all Latin."""

    start: int
    name: str = ""


@dataclass(slots=True)
class Globals:
    """What stands before the sheets: the code page if any, whether it is locked, the tabs of the worksheets."""

    codepage: int | None = None
    locked: bool = False
    worksheets: list[Tab] = field(default_factory=list)


def records(stream: bytes, start: int = 0) -> Iterator[Record]:
    """The records from `start` to the end of that substream, those of charts inside it left out."""
    at, depth = start, 0
    while at + PLACE.size <= len(stream):
        number, length = PLACE.unpack_from(stream, at)
        at += PLACE.size
        if number in BEGINNINGS:
            depth += 1
        elif number == EOF:
            depth -= 1
            if depth <= 0:
                return
        if depth <= 1:
            yield number, stream[at : at + length]
        at += length
    raise Unreadable("file-unreadable", "truncated")


def without_side_records(stream: bytes) -> bytes:
    """The stream with names, notes, drawings and conditions turned into records that nobody knows."""
    masked = bytearray(stream)
    at = 0
    while at + PLACE.size <= len(stream):
        number, length = PLACE.unpack_from(stream, at)
        if number in SIDE_RECORDS:
            PLACE.pack_into(masked, at, UNKNOWN, length)
        at += PLACE.size + length
    return bytes(masked)


def globals_of(stream: bytes) -> Globals:
    """What the workbook says before its sheets; raises Unreadable when it breaks off there."""
    found = Globals()
    for number, body in records(stream):
        if number == CODEPAGE and len(body) >= PLACE.size // 2:
            found.codepage = int.from_bytes(body[:2], "little")
        elif number == FILEPASS:
            found.locked = True
        elif number == BOUNDSHEET and len(body) > 5 and body[5] == WORKSHEET:
            found.worksheets.append(Tab(int.from_bytes(body[:4], "little"), _name_of(body)))
    return found


def _name_of(tab: bytes) -> str:
    return tab[8 : 8 + 2 * tab[6]].decode("utf-16-le", "replace") if len(tab) > 8 and tab[7] & 1 else ""


def cells_of(stream: bytes, start: int) -> tuple[int, tuple[str, ...]]:
    """How many places of the sheet that begins at `start` a cell record fills, with whatever it holds, and the texts
    that its pages print above and below it."""
    places: set[bytes] = set()
    page: list[str] = []
    for number, body in records(stream, start):
        if number in ONE_CELL:
            places.add(body[:4])
        elif number == MULRK and len(body) >= PLACE.size:
            row, first = PLACE.unpack_from(body)
            places.update(PLACE.pack(row, first + step) for step in range((len(body) - 6) // 6))
        elif number in PAGE_RECORDS:
            page += page_of(body)
    return len(places), tuple(page)


FAULTS = (xlrd.XLRDError, xlrd.compdoc.CompDocError, xlrd.formula.FormulaError, *DAMAGE)
STREAMS = ("Workbook", "Book")
CHINESE = "gb18030"
SIMPLIFIED_CHINESE = 936
"""The code page whose characters GB 18030 all has, and more."""
MIDNIGHT = dt.time()


def read(data: bytes, limits: Limits) -> Workbook:
    """The workbook's grids and marks; raises Unreadable."""
    stream, properties = _taken_apart(data)
    before = globals_of(stream)
    if before.locked:
        raise Unreadable("file-encrypted", "password")
    limits.check_sheets(len(before.worksheets))
    tabs = before.worksheets or [Tab(0)]
    forms = [place for place, tab in enumerate(tabs) if not is_own_sheet(tab.name)]
    told = {place: cells_of(stream, tabs[place].start) for place in forms or range(len(tabs))}
    limits.check_cells(sum(count for count, _ in told.values()))
    book = _opened(stream, before, told)
    if book.nsheets != len(tabs):
        raise Unreadable("file-unreadable", "damaged", read=book.nsheets, found=len(tabs))
    grids = [_checked(book, place, *each) for place, each in told.items()]
    return Workbook(grids, _marks(properties, book))


def _taken_apart(data: bytes) -> tuple[bytes, Properties]:
    """The workbook's own stream out of its OLE file, and the file's properties; bytes that are none are the stream."""
    if not data.startswith(olefile.MAGIC):
        return data, []
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            name = next(name for name in STREAMS if ole.exists(name))
            stream: bytes = ole.openstream(name).read()
            return stream, _properties(ole)
    except (StopIteration, *DAMAGE) as error:
        raise Unreadable("file-unreadable", "damaged") from error


def _opened(stream: bytes, before: Globals, places: Iterable[int]) -> xlrd.Book:
    """The workbook by xlrd, with its sheets in these places; where it stumbles, without the records that hold no cells,
    with its strings counted, and without the texts that are none of these."""
    for changed in (with_cells_in_reach, without_side_records, with_true_count, with_told_cells_in_reach):
        try:
            stream = changed(stream)
            book = _parsed(stream, before)
            for place in places:
                if place < book.nsheets:
                    book.sheet_by_index(place)
            return book
        except FAULTS as error:
            fault = error
    raise Unreadable("file-unreadable", "damaged") from fault


def _parsed(stream: bytes, before: Globals) -> xlrd.Book:
    """The stream by xlrd; without a code page the text of a school is Chinese."""
    return xlrd.open_workbook(
        file_contents=stream,
        formatting_info=True,
        ragged_rows=True,
        on_demand=True,
        logfile=io.StringIO(),
        encoding_override=CHINESE if before.codepage in (None, SIMPLIFIED_CHINESE) else None,
    )


def _checked(book: xlrd.Book, place: int, count: int, page: tuple[str, ...]) -> Grid:
    """The sheet's grid, held against the number of its cell records."""
    sheet = book.sheet_by_index(place)
    filled = sum(
        kind not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)
        for row in range(sheet.nrows)
        for kind in sheet.row_types(row)
    )
    if filled != count:
        raise Unreadable("file-unreadable", "cells-lost", sheet=sheet.name, read=filled, found=count)
    return _grid(sheet, book, page)


def _grid(sheet: Any, book: xlrd.Book, page: tuple[str, ...]) -> Grid:
    datemode = book.datemode
    rows = [
        [_cell(kind, value, datemode) for kind, value in zip(sheet.row_types(i), sheet.row_values(i), strict=True)]
        for i in range(sheet.nrows)
    ]
    return Grid(
        sheet.name,
        rows,
        hidden=sheet.visibility != 0,
        hidden_rows=frozenset(row for row, info in sheet.rowinfo_map.items() if info.hidden or info.height == 0),
        hidden_columns=frozenset(at for at, info in sheet.colinfo_map.items() if info.hidden or info.width == 0),
        merged=tuple((top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells),
        struck=struck_cells(sheet, book),
        beside=page,
    )


def _cell(kind: int, value: Any, datemode: int) -> Cell:
    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE) and not math.isfinite(value):
        return ErrorValue("#NUM!")
    if kind == xlrd.XL_CELL_DATE:
        return _date(value, datemode)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind == xlrd.XL_CELL_ERROR:
        return ErrorValue(xlrd.error_text_from_code.get(value, "#ERR!"))
    cell: Cell = value
    return None if cell == "" else cell


def _date(value: float, datemode: int) -> Cell:
    """A date, a time of day below one day, or the number itself where it is no day of the calendar."""
    try:
        moment: dt.datetime = xlrd.xldate_as_datetime(value, datemode)
    except FAULTS:
        return value
    if 0 <= value < 1:
        return moment.time()
    return moment.date() if moment.time() == MIDNIGHT else moment


def _marks(properties: Properties, book: xlrd.Book) -> dict[str, str]:
    """What a blank of this tool carries, as a custom property or as a defined name that holds text."""
    names = [(name.name, name.result.value) for name in book.name_obj_list if name.result is not None]
    found = [*names, *properties]
    return {name: value for name, value in found if isinstance(value, str) and name.startswith(MARKS_BEGIN)}


def _properties(ole: olefile.OleFileIO[str]) -> Properties:
    try:
        listed = ole.get_userdefined_properties("\x05DocumentSummaryInformation")
    except DAMAGE:
        return []
    return [(str(item["property_name"]), _property_text(item["value"])) for item in listed]


def _property_text(value: object) -> object:
    """A property's text, in whatever code page the program had."""
    return decoded(value) if isinstance(value, bytes) else value
