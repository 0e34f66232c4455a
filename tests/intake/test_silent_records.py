"""What of an old workbook says nothing: runs of it are gone over at once, up to whatever says something."""

from __future__ import annotations

import struct

import pytest
from made_workbooks import biff_book, biff_number, record

from kbxt_merge.intake.formats.xls_records import SheetCells, cells_of, globals_of

EMPTY_TEXT = b"\x03\0\0\0\0\0\xff\xff"
ROWS, LONG_RUN = range(40, 120), 10
ODD = 100
"""The row in which something is another."""
WINDOW = record(0x23E, b"\0" * 18)


def blank_row(row: int, result: bytes = EMPTY_TEXT, height: int = 400, flags: int = 0) -> bytes:
    """A row with two blank cells, and a formula that gives an empty text."""
    formula = b"\x44\x05\0\0\0\0"
    return (
        record(0x208, struct.pack("<HHHHHHHH", row, 0, 3, height, 0, 0, flags, 15))
        + record(0xBE, struct.pack("<HHHHH", row, 0, 1, 1, 1))
        + record(0x06, struct.pack("<HHH", row, 2, 0) + result + struct.pack("<HIH", 0, 0, len(formula)) + formula)
    )


def read(odd: bytes, behind: bytes = WINDOW) -> tuple[bytes, SheetCells]:
    rows = b"".join(odd if row == ODD else blank_row(row) for row in ROWS)
    stream = biff_book(0x600, b"\x03\x01" + "附件三".encode("utf-16-le"), biff_number(4, 0, 1) + rows + behind)
    (tab,) = globals_of(stream).worksheets
    return stream, cells_of(stream, tab.start, long_run=LONG_RUN)


def test_a_long_run_is_told_from_its_first_record_to_its_last() -> None:
    stream, found = read(blank_row(ODD))
    assert found.places == {struct.pack("<HH", 4, 0)}
    (run,) = found.silent
    assert stream[slice(*run)] == b"".join(map(blank_row, ROWS))


@pytest.mark.parametrize(
    ("odd", "places"),
    [
        pytest.param(blank_row(ODD, struct.pack("<d", 7.0)), [(4, 0), (ODD, 2)], id="a number"),
        pytest.param(blank_row(ODD, b"\x02\0\x07\0\0\0\xff\xff"), [(4, 0), (ODD, 2)], id="an error"),
        pytest.param(blank_row(ODD, b"\0\0\0\0\0\0\xff\xff"), [(4, 0), (ODD, 2)], id="a text"),
        pytest.param(biff_number(ODD, 1, 7), [(4, 0), (ODD, 1)], id="a cell typed in"),
        pytest.param(blank_row(ODD, height=0), [(4, 0)], id="a row without height"),
        pytest.param(blank_row(ODD, height=0x8000), [(4, 0)], id="a row without height of its own"),
        pytest.param(blank_row(ODD, flags=0x20), [(4, 0)], id="a row out of sight"),
    ],
)
def test_what_says_something_ends_a_run(odd: bytes, places: list[tuple[int, int]]) -> None:
    stream, found = read(odd)
    assert found.places == {struct.pack("<HH", *place) for place in places}
    above, below = found.silent
    assert stream[slice(*above)].startswith(b"".join(map(blank_row, range(ROWS.start, ODD))))
    assert stream[slice(*below)].endswith(b"".join(map(blank_row, range(ODD + 1, ROWS.stop))))


def test_where_a_sheet_ends_with_them_all_are_cells() -> None:
    _, found = read(blank_row(ODD), behind=b"")
    assert (len(found.places), found.silent) == (1 + len(ROWS), [])
