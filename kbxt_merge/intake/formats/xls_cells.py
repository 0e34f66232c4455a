"""The cells of an .xls that point at nothing: xlrd gives the workbook up for one, or takes another cell's text."""

from __future__ import annotations

import struct

SST, XF, LABELSST, BOOLERR, MULRK = 0x00FC, 0x00E0, 0x00FD, 0x0205, 0x00BD
STYLED = frozenset({0x06, 0xD6, LABELSST, 0x203, 0x204, BOOLERR, 0x27E})
"""FORMULA, RSTRING, LABELSST, NUMBER, LABEL, BOOLERR, RK: row, column, style, and then what the cell holds."""
RECORD, STYLE, INDEX = struct.Struct("<HH"), struct.Struct("<H"), struct.Struct("<I")
STYLE_AT, INDEX_AT, COUNT_AT = 4, 6, 4
FIRST_PAIR, PAIR = 4, 6
"""Where in a run of numbers the first of them stands, and how long each is: a style and the number."""
PLAIN = 0
NEGATIVE = 1 << 31
"""An index from which on xlrd counts from the end."""
REFERENCE_ERROR = b"\x17\x01"


def with_cells_in_reach(stream: bytes, strings: int = NEGATIVE) -> bytes:
    """The workbook's stream: a cell whose text is none of so many shared `strings` holds an error, and one whose style
    is none of the workbook's is shown plainly."""
    sound = bytearray(stream)
    at = styles = 0
    while at + RECORD.size <= len(stream):
        number, length = RECORD.unpack_from(stream, at)
        body, at = at + RECORD.size, at + RECORD.size + length
        if at > len(stream):
            break
        if number == XF:
            styles += 1
        elif number in STYLED and length > STYLE_AT + 1:
            if styles:
                _mend_style(sound, body + STYLE_AT, styles)
            if number == LABELSST and length == 10 and INDEX.unpack_from(stream, body + INDEX_AT)[0] >= strings:
                STYLE.pack_into(sound, body - RECORD.size, BOOLERR)
                sound[body + INDEX_AT : body + INDEX_AT + 2] = REFERENCE_ERROR
        elif number == MULRK and styles:
            for pair in range(body + FIRST_PAIR, at - PAIR, PAIR):
                _mend_style(sound, pair, styles)
    return bytes(sound)


def with_told_cells_in_reach(stream: bytes) -> bytes:
    """The same, where the shared strings are as many as the workbook says."""
    return with_cells_in_reach(stream, told_strings(stream))


def told_strings(stream: bytes) -> int:
    """How many different shared strings the workbook says it has."""
    at = 0
    while at + RECORD.size <= len(stream):
        number, length = RECORD.unpack_from(stream, at)
        if number == SST and length >= 2 * INDEX.size and at + RECORD.size + length <= len(stream):
            told: int = INDEX.unpack_from(stream, at + RECORD.size + COUNT_AT)[0]
            return told
        at += RECORD.size + length
    return 0


def _mend_style(sound: bytearray, at: int, styles: int) -> None:
    if STYLE.unpack_from(sound, at)[0] >= styles:
        STYLE.pack_into(sound, at, PLAIN)
