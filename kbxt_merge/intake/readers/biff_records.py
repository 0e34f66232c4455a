"""The records of a BIFF stream: what xlrd is held against, and what it must be told before it reads.

After [MS-XLS] 2.4: a record is a number, a length, and that many bytes; a sheet lies between a BOF and its EOF.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from kbxt_merge.intake.unreadable import Unreadable

Record = tuple[int, bytes]

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


@dataclass(slots=True)
class Globals:
    """What stands before the sheets: the code page if any, whether it is locked, where each worksheet begins."""

    codepage: int | None = None
    locked: bool = False
    worksheets: list[int] = field(default_factory=list)


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
            found.worksheets.append(int.from_bytes(body[:4], "little"))
    return found


def cells_of(stream: bytes, start: int) -> int:
    """How many places of the sheet that begins at `start` a cell record fills, with whatever it holds."""
    places: set[bytes] = set()
    for number, body in records(stream, start):
        if number in ONE_CELL:
            places.add(body[:4])
        elif number == MULRK and len(body) >= PLACE.size:
            row, first = PLACE.unpack_from(body)
            places.update(PLACE.pack(row, first + step) for step in range((len(body) - 6) // 6))
    return len(places)
