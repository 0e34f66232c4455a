"""Workbooks of Excel 97 and before (.xls, .et, and the bare streams that old exports write) → grids: by xlrd."""

from __future__ import annotations

import datetime as dt
import io
import math
from array import array
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import olefile
import xlrd

from kbxt_merge.intake.formats.damage import DAMAGE, Unreadable
from kbxt_merge.intake.formats.encoding import decoded
from kbxt_merge.intake.formats.xls_cells import with_cells_in_reach, with_told_cells_in_reach
from kbxt_merge.intake.formats.xls_covered import filled_in, without_side_records
from kbxt_merge.intake.formats.xls_looks import struck_cells
from kbxt_merge.intake.formats.xls_records import LONG_RUN, Globals, SheetCells, Tab, cells_of, globals_of
from kbxt_merge.intake.formats.xls_strings import with_true_count
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.own_workbook import MARKS_BEGIN, is_own_sheet
from kbxt_merge.model.returns import Cell, ErrorValue, Grid, Workbook

Properties = list[tuple[str, object]]
"""A file's custom properties: name and value."""

FAULTS = (xlrd.XLRDError, xlrd.compdoc.CompDocError, xlrd.formula.FormulaError, *DAMAGE)
STREAMS = ("Workbook", "Book")
CHINESE = "gb18030"
SIMPLIFIED_CHINESE = 936
"""The code page whose characters GB 18030 all has, and more."""
MIDNIGHT = dt.time()
_AT_ONCE = 32
"""So many sectors of a stream that lie behind each other are compared at a time."""


def read(data: bytes, limits: Limits) -> Workbook:
    """The workbook's grids and marks; raises Unreadable."""
    stream, properties = _taken_apart(data)
    before = globals_of(stream)
    if before.locked:
        raise Unreadable("file-encrypted", "password")
    limits.check_sheets(len(before.worksheets))
    tabs = before.worksheets or [Tab(0)]
    forms = [place for place, tab in enumerate(tabs) if not is_own_sheet(tab.name)] or list(range(len(tabs)))
    own = {tab.start for tab in tabs} - {tabs[place].start for place in forms}
    told = {place: cells_of(stream, tabs[place].start, long_run=LONG_RUN if own else math.inf) for place in forms}
    if own:
        stream = filled_in(stream, before, own, told.values())
    limits.check_cells(sum(len(sheet.places) for sheet in told.values()))
    book = _opened(stream, before, told)
    if book.nsheets != len(tabs):
        raise Unreadable("file-unreadable", "damaged", read=book.nsheets, found=len(tabs))
    grids = [_checked(book, place, sheet) for place, sheet in told.items()]
    return Workbook(grids, _marks(properties, book))


def _taken_apart(data: bytes) -> tuple[bytes, Properties]:
    """The workbook's own stream out of its OLE file, and the file's properties; bytes that are none are the stream."""
    if not data.startswith(olefile.MAGIC):
        return data, []
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            name = next(name for name in STREAMS if ole.exists(name))
            return _stream(ole, data, name), _properties(ole)
    except (StopIteration, *DAMAGE) as error:
        raise Unreadable("file-unreadable", "damaged") from error


def _stream(ole: Any, data: bytes, name: str) -> bytes:
    """A stream's bytes; olefile, which takes its time over every sector, is asked where anything is odd."""
    entry, size, fat = ole.direntries[ole._find(name)], ole.sectorsize, ole.fat
    pieces, begin, sectors = [], entry.isectStart, memoryview(data)[size:]
    in_order = array(fat.typecode, range(1, len(fat) + 1))
    with suppress(IndexError):
        sector, left = begin, -(-entry.size // size) - 1
        while left > 0:
            if left > _AT_ONCE and fat[sector : sector + _AT_ONCE] == in_order[sector : sector + _AT_ONCE]:
                sector, left = sector + _AT_ONCE, left - _AT_ONCE
                continue
            left -= 1
            follows = fat[sector]
            if follows != sector + 1:
                pieces.append(sectors[begin * size : (sector + 1) * size])
                begin = follows
            sector = follows
        beyond = -entry.size % size
        pieces.append(sectors[begin * size : (sector + 1) * size - beyond])
        stream = b"".join(pieces)
        if len(stream) == entry.size >= ole.minisectorcutoff and fat[sector] == olefile.ENDOFCHAIN:
            return stream
    return bytes(ole.openstream(name).read())


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


def _checked(book: xlrd.Book, place: int, told: SheetCells) -> Grid:
    """The sheet's grid, held against the number of its cell records."""
    sheet = book.sheet_by_index(place)
    filled = sum(
        kind not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)
        for row in range(sheet.nrows)
        for kind in sheet.row_types(row)
    )
    if filled != len(told.places):
        raise Unreadable("file-unreadable", "cells-lost", sheet=sheet.name, read=filled, found=len(told.places))
    return _grid(sheet, book, tuple(told.page))


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
