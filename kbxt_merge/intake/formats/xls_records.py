"""The records of an .xls: what stands before its sheets, and what those of a sheet tell of its cells."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.intake.formats.xls_looks import PAGE_RECORDS, page_of
from kbxt_merge.model.own_workbook import MARKS_BEGIN

Record = tuple[int, int, int]
"""Its number, and where what it holds begins and ends."""

EOF = 0x0A
CODEPAGE = 0x42
FILEPASS = 0x2F
BOUNDSHEET = 0x85
MULRK = 0xBD
NAME, SST, LABELSST = 0x18, 0xFC, 0xFD
COUNT = struct.Struct("<I")
BEGINNINGS = frozenset({0x0009, 0x0209, 0x0409, 0x0809})
ONE_CELL = frozenset({0x02, 0x03, 0x04, 0x05, 0x06, 0xD6, 0xFD, 0x203, 0x204, 0x205, 0x206, 0x27E, 0x406})
"""INTEGER, NUMBER, LABEL, BOOLERR, FORMULA, RSTRING, LABELSST, RK, each in the numbers of its versions."""
FORMULA, ROW = 0x06, 0x208
ROW_SIZE, ROW_HIDDEN, ROW_HEIGHT = 16, 0x20, 0x7FFF
RESULT_END = 14
"""Where in a formula its result ends."""
SHOWN_ROW = rb"\x08\x02\x10\x00.{6}(?:[^\x00].|.[^\x00\x80]).{4}[\x00-\x1f\x40-\x5f\x80-\x9f\xc0-\xdf].{3}"
"""A row that has a height and is not hidden."""
NO_CELLS = frozenset({0xBE, 0xD7, 0x201})
"""MULBLANK and BLANK, the formats of cells that hold nothing, and DBCELL, where rows begin."""
MAY_BE_SILENT = NO_CELLS | {FORMULA, ROW}
LONG_RUN = 64
"""Records; of what nobody filled in a blank has hundreds."""
PLACE = struct.Struct("<HH")
_OUR_NAMES = (MARKS_BEGIN.encode(), MARKS_BEGIN.encode("utf-16-le"))
WORKSHEET = 0


@dataclass(frozen=True, slots=True)
class Tab:
    """Where a worksheet begins, and the name on its tab; blank before Excel 97, and where it is all Latin."""

    start: int
    name: str = ""


@dataclass(slots=True)
class Globals:
    """What stands before the sheets: the code page if any, whether it is locked, the tabs of the worksheets; where all
    sheets begin, those of charts and macros too, where the shared strings stand, and names that are no mark of ours."""

    codepage: int | None = None
    locked: bool = False
    worksheets: list[Tab] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    strings: int | None = None
    names: list[int] = field(default_factory=list)


def records(stream: bytes, start: int = 0, depth: int = 0) -> Iterator[Record]:
    """The records from `start` to the end of that substream, of charts inside it where they begin and end alone.

    `depth` is 1 where it has begun before.
    """
    at = start
    while at + PLACE.size <= len(stream):
        number, length = PLACE.unpack_from(stream, at)
        at += PLACE.size
        if number in BEGINNINGS:
            depth += 1
        elif number == EOF:
            depth -= 1
            if depth <= 0:
                return
        if depth <= 1 or number in BEGINNINGS:
            yield number, at, at + length
        at += length
    raise Unreadable("file-unreadable", "truncated")


def globals_of(stream: bytes) -> Globals:
    """What the workbook says before its sheets; raises Unreadable when it breaks off there."""
    found = Globals()
    for number, begin, end in records(stream):
        body = stream[begin:end]
        if number == CODEPAGE and len(body) >= PLACE.size // 2:
            found.codepage = int.from_bytes(body[:2], "little")
        elif number == FILEPASS:
            found.locked = True
        elif number == BOUNDSHEET and len(body) > 5:
            found.starts.append(int.from_bytes(body[:4], "little"))
            if body[5] == WORKSHEET:
                found.worksheets.append(Tab(found.starts[-1], _name_of(body)))
        elif number == SST and len(body) >= 2 * COUNT.size:
            found.strings = begin
        elif number == NAME and not any(spelled in body for spelled in _OUR_NAMES):
            found.names.append(begin - PLACE.size)
    return found


def _name_of(tab: bytes) -> str:
    return tab[8 : 8 + 2 * tab[6]].decode("utf-16-le", "replace") if len(tab) > 8 and tab[7] & 1 else ""


@dataclass(slots=True)
class SheetCells:
    """What the records of a sheet tell: the places that a cell's record fills, with whatever it holds, the texts that
    its pages print above and below it, where, from and to, long runs of records lie that say nothing, and how many of
    the shared strings it may need."""

    places: set[bytes] = field(default_factory=set)
    page: list[str] = field(default_factory=list)
    silent: list[tuple[int, int]] = field(default_factory=list)
    strings: int = 0


def cells_of(stream: bytes, start: int, *, long_run: float = math.inf) -> SheetCells:
    """The cells of the sheet that begins at `start`; raises Unreadable where it breaks off.

    Runs of more than `long_run` records are told in which no cell holds anything: these are none of its places.
    """
    found = SheetCells()
    run: list[bytes] = []
    heads: set[bytes] = set()
    first, length = start, 0
    going_on = records(stream, start)
    while (record := next(going_on, None)) is not None:
        number, begin, end = record
        if number in MAY_BE_SILENT and _is_silent(number, stream, begin, end):
            first, length = (first, length + 1) if length else (begin - PLACE.size, 1)
            if number == FORMULA:
                run.append(stream[begin : begin + 4])
            if length > long_run and (more := _more_of(frozenset(heads)).match(stream, end)):
                going_on = records(stream, more.end(), depth=1)
            elif number != ROW:
                heads.add(stream[begin - PLACE.size : begin])
            continue
        if length > long_run:
            found.silent.append((first, begin - PLACE.size))
        elif run:
            found.places.update(run)
        run, length = [], 0
        heads.clear()
        _add(found, number, stream, begin, end)
    if length > long_run:
        return cells_of(stream, start)  # the sheet ends with what says nothing, as none does that a program wrote
    found.places.update(run)
    return found


def _add(found: SheetCells, number: int, stream: bytes, begin: int, end: int) -> None:
    """Add what a record tells that may say something."""
    if number in ONE_CELL:
        found.places.add(stream[begin : min(begin + 4, end)])
        if number == LABELSST:
            found.strings = max(found.strings, int.from_bytes(stream[begin + 6 : begin + 10], "little") + 1)
    elif number == MULRK and end - begin >= PLACE.size:
        row, column = PLACE.unpack_from(stream, begin)
        found.places.update(PLACE.pack(row, column + step) for step in range((end - begin - 6) // 6))
    elif number in PAGE_RECORDS:
        found.page += page_of(stream[begin:end])


@lru_cache(maxsize=64)
def _more_of(heads: frozenset[bytes]) -> re.Pattern[bytes]:
    """Further silent records that begin as these do, and rows: the cells of rows that nobody filled are alike."""
    alike = [SHOWN_ROW]
    for number, length, head in sorted((*PLACE.unpack(head), head) for head in heads):
        if number != FORMULA:
            alike.append(re.escape(head) + b".{%d}" % length)
        elif length >= RESULT_END:
            alike.append(re.escape(head) + rb".{6}\x03.{5}\xff\xff.{%d}" % (length - RESULT_END))
    return re.compile(b"(?:%s)+" % b"|".join(alike), re.S)


def _is_silent(number: int, stream: bytes, begin: int, end: int) -> bool:
    """Whether a record is of a cell that holds no more than an empty text, or of a row that is shown."""
    if number == FORMULA:
        return stream.startswith(b"\x03", begin + 6) and stream.startswith(b"\xff\xff", begin + 12)
    if number == ROW:
        height = int.from_bytes(stream[begin + 6 : begin + 8], "little") & ROW_HEIGHT
        hides = int.from_bytes(stream[begin + 12 : begin + 13], "little") & ROW_HIDDEN
        return end - begin == ROW_SIZE and height > 0 and not hides
    return True
