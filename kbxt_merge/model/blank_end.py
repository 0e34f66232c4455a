"""The rows at the end of a worksheet's XML in which nothing stands: a blank has hundreds with a formula that says
nothing yet, and whoever reads or marks it need not look at them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_ROW = re.compile(
    rb'<row r="([1-9][0-9]{0,6})"([^<>/]*)>'
    rb'(?:<c r="[A-Z]{1,3}\1"(?:[^<>/]*/>|[^<>/]* t="str"><f(?: [^<>/]*)?(?:/>|>[^<]*</f>)(?:<v></v>|<v/>)</c>))+</row>'
)
"""A row of cells with nothing but a format, or a formula whose result is an empty text."""
_HIDDEN = re.compile(rb"""\s(?:hidden\s*=\s*["'](?!0|false)|ht\s*=\s*["']0)""")
_NUMBER = re.compile(rb'<row(?: [^<>]*?)? r="([0-9]{1,7})"')
_AT_ONCE = 32
"""So many rows that are alike are compared at a time."""
_SHORT = 2048
"""Bytes of a row: those of longer ones are not kept."""
_BEGINS, _ENDS, _COMMENT_ENDS = b"<row", b"</sheetData>", b"-->"
_ROW_ENDS = (b"</row>", b"/>")


def blank_end(xml: bytes) -> tuple[int, int]:
    """Where these rows begin and end, both alike where there are none, or no other row above them.

    They are shown, their cells' addresses are their own, and they stand in no comment.
    """
    end = begin = max(xml.rfind(_ENDS), 0)
    if xml.find(_COMMENT_ENDS, end) >= 0:
        return end, end
    first = 0
    while (row := _ROW.fullmatch(xml, max(xml.rfind(_BEGINS, 0, begin), 0), begin)) and not _HIDDEN.search(row[2]):
        begin, first = row.start(), int(row[1])
        alike = tuple(row[0].split(b'%d"' % first))
        rows = _rows if len(row[0]) < _SHORT else _rows.__wrapped__
        for count in (_AT_ONCE, 1):
            while first > count and xml.endswith(above := rows(alike, first - count, first), 0, begin):
                begin, first = begin - len(above), first - count
    return (begin, end) if begin < end and _is_above(xml, begin, first) else (end, end)


@lru_cache(maxsize=128)
def _rows(alike: Sequence[bytes], first: int, end: int) -> bytes:
    """The rows from this number up to that one, alike but for it: the same in every school's copy of a blank."""
    return b"".join([(b'%d"' % number).join(alike) for number in range(first, end)])


def _is_above(xml: bytes, end: int, row: int) -> bool:
    """Whether there is a row that ends here, and stands above this one."""
    above = _NUMBER.match(xml, max(xml.rfind(_BEGINS, 0, end), 0), end)
    return above is not None and xml.endswith(_ROW_ENDS, 0, end) and int(above[1]) < row
