"""What of an .xls is covered before xlrd goes over it: records that hold no cells where these make it stumble, and what
of a blank says nothing, which would take most of its time."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from kbxt_merge.intake.formats.xls_records import BEGINNINGS, COUNT, EOF, PLACE, Globals, SheetCells

SIDE_RECORDS = frozenset({0x18, 0x1C, 0x5D, 0xEC, 0x1B0, 0x1B1, 0x1B6, 0x1B8, 0x1BE})
"""NAME, NOTE, OBJ, MSODRAWING, CONDFMT, CF, TXO, HLINK, DV."""
UNKNOWN, LARGEST = 0x7FFF, 0xFFFF
"""A record that nobody knows, and the bytes that it can hold at most, by the field that tells their number."""
END = PLACE.pack(EOF, 0)


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


def filled_in(stream: bytes, before: Globals, own: Collection[int], sheets: Collection[SheetCells]) -> bytes:
    """The stream of a blank as far as these `sheets` of it were filled in: those that begin at `own` are empty.

    What is taken out is covered, so that all else stays at its place. A sheet that does not begin right behind the end
    of another one is left as it is. Names are gone that are no mark, and strings behind the last that is needed.
    """
    emptied = list(_emptied(stream, before, own))
    touched = max(0, before.strings or 0, *before.names, *(end for sheet in sheets for _, end in sheet.silent))
    last = next((begin for begin, end in emptied if end >= len(stream) and begin > touched + 2 * COUNT.size), None)
    covered = bytearray(stream) if last is None else bytearray(memoryview(stream)[:last]) + END
    for begin, end in (run for sheet in sheets for run in sheet.silent):
        covered[begin:end] = _of_nothing(end - begin)
    for at in before.names:
        PLACE.pack_into(covered, at, UNKNOWN, PLACE.unpack_from(stream, at)[1])
    if before.strings is not None:
        told = before.strings + COUNT.size
        needed = max((sheet.strings for sheet in sheets), default=0)
        COUNT.pack_into(covered, told, min(needed, COUNT.unpack_from(stream, told)[0]))
    for begin, end in emptied:
        if begin != last:
            covered[begin:end] = END + _of_nothing(end - begin - len(END))
    return bytes(covered)


def _emptied(stream: bytes, before: Globals, own: Collection[int]) -> Iterator[tuple[int, int]]:
    """Where what the sheets hold that begin at `own` begins and ends, as far as they begin behind another's end."""
    ends = sorted({*before.starts, len(stream)})
    for start in own:
        number, length = PLACE.unpack_from(stream, start) if start + PLACE.size <= len(stream) else (0, 0)
        begin, end = start + PLACE.size + length, next((each for each in ends if each > start), 0)
        if number in BEGINNINGS and stream.endswith(END, 0, start) and begin + len(END) <= end:
            yield begin, end


def _of_nothing(size: int) -> bytes:
    """So many bytes of records that nobody knows; where not even the head of one has room, zeros."""
    pieces = []
    while size >= PLACE.size:
        length = min(size - PLACE.size, LARGEST)
        pieces.append(PLACE.pack(UNKNOWN, length) + bytes(length))
        size -= PLACE.size + length
    return b"".join(pieces) + bytes(size)
