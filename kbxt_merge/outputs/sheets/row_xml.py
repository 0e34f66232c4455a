"""Rows of a worksheet as XML, joined out of columns: a text that comes again is turned into XML once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Pieces = Callable[[str], Sequence[bytes]]
"""What follows the row's number in each row, ended by a given text."""

_BEGIN, _END = '<row r="', "</row>"


def rows_xml(first: int, heads: Pieces, cells: Sequence[tuple[str, Pieces]]) -> bytes:
    """Rows from this one on, counted from zero.

    `heads` end the tags of the rows; `cells` lead from each column's letters to the rest of its cells.  The row's
    number stands in its tag and in the address of every cell, so that pieces and numbers alternate.
    """
    begins = [_BEGIN, *(f'<c r="{letters}' for letters, _ in cells)]
    followed = [*begins[1:], _END + _BEGIN]
    columns = [make(behind) for make, behind in zip([heads, *(make for _, make in cells)], followed, strict=True)]
    count = len(columns[0])
    if not count:
        return b""
    numbers = [b"%d" % number for number in range(first + 1, first + count + 1)]
    width = 2 * len(columns)
    parts = [b""] * (width * count)
    for at, column in enumerate(columns):
        parts[2 * at :: width] = numbers
        parts[2 * at + 1 :: width] = column
    parts[-1] = parts[-1].removesuffix(_BEGIN.encode())
    return b"".join((_BEGIN.encode(), *parts))
