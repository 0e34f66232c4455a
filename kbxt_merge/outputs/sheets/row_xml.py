"""Rows of a worksheet as XML, joined out of columns: a text that comes again is turned into XML once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Pieces = Callable[[str], Sequence[Sequence[bytes]]]
"""What follows the row's number in each row, and the given text behind it: in one part or several, a column each."""

_BEGIN, _END = '<row r="', "</row>"


def rows_xml(first: int, count: int, heads: Pieces, cells: Sequence[tuple[str, Pieces]]) -> bytes:
    """So many rows, from this one on, counted from zero.

    `heads` end the tags of the rows; `cells` lead from each column's letters to the rest of its cells.  The row's
    number stands in its tag and in the address of every cell: numbers and pieces are joined in turn.
    """
    if not count:
        return b""
    begins = [_BEGIN, *(f'<c r="{letters}' for letters, _ in cells)]
    followed = [*begins[1:], _END + _BEGIN]
    numbers = [b"%d" % number for number in range(first + 1, first + count + 1)]
    columns: list[Sequence[bytes]] = []
    for make, behind in zip([heads, *(make for _, make in cells)], followed, strict=True):
        columns += [numbers, *make(behind)]
    parts = [b""] * (len(columns) * count)
    for at, column in enumerate(columns):
        parts[at :: len(columns)] = column
    parts[-1] = parts[-1].removesuffix(_BEGIN.encode())
    return b"".join((_BEGIN.encode(), *parts))
