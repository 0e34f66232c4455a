"""Workbooks of Excel 97 and before: text in every code page, errors, dates, locks, and streams that lie."""

from __future__ import annotations

import datetime as dt
import struct

import pytest
from made_workbooks import (
    biff8_label,
    biff_book,
    biff_label,
    biff_number,
    cells_of,
    ole,
    problem_of,
    record,
    workbook_of,
)

from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import ErrorValue

GBK = "gb18030"
NAME_5 = b"\x06" + "附件二".encode(GBK)
NAME_8 = b"\x03\x01" + "附件二".encode("utf-16-le")
CELLS_5 = biff_label(3, 1, "姓名".encode(GBK)) + biff_label(4, 1, "张三".encode(GBK)) + biff_number(4, 2, 12)
CELLS_8 = biff8_label(3, 1, "姓名") + biff8_label(4, 1, "张三") + biff_number(4, 2, 12)
WANTED = {(3, 1): "姓名", (4, 1): "张三", (4, 2): 12}

BOOKS = {
    "Excel 97": ole(biff_book(0x600, NAME_8, CELLS_8, 1200)),
    "Excel 97 that claims a western code page": ole(biff_book(0x600, NAME_8, CELLS_8, 1252)),
    "Excel 97 that claims a Chinese code page": ole(biff_book(0x600, NAME_8, CELLS_8, 936)),
    "Excel 97 without a code page": ole(biff_book(0x600, NAME_8, CELLS_8)),
    "Excel 95 in Chinese": ole(biff_book(0x500, NAME_5, CELLS_5, 936), "Book"),
    "Excel 95 without a code page": ole(biff_book(0x500, NAME_5, CELLS_5), "Book"),
    "a bare stream": biff_book(0x500, NAME_5, CELLS_5),
}


@pytest.mark.parametrize("data", BOOKS.values(), ids=BOOKS)
def test_text_is_read_in_the_code_page_it_is_written_in(data: bytes) -> None:
    workbook = workbook_of(data, "附件2.xls")
    assert ([grid.sheet for grid in workbook.grids], cells_of(workbook)) == (["附件二"], WANTED)


def test_the_export_of_a_php_page_is_read() -> None:
    """What hundreds of web systems print: one bare worksheet, BOF of no version, text in GBK."""
    opening = record(0x809, struct.pack("<HHHH", 0, 0x10, 0, 0))
    assert cells_of(workbook_of(opening + CELLS_5 + record(0x0A), "导出.xls")) == WANTED


def test_errors_truth_and_empty_results_are_told_apart() -> None:
    def formula(column: int, result: bytes) -> bytes:
        return record(0x06, struct.pack("<HHH", 0, column, 0) + result + struct.pack("<HIH", 0, 0, 3) + b"\x1e\x01\x00")

    cells = (
        record(0x205, struct.pack("<HHHBB", 0, 0, 0, 0x2A, 1))
        + record(0x205, struct.pack("<HHHBB", 0, 1, 0, 1, 0))
        + formula(2, b"\x02\0\x07\0\0\0\xff\xff")
        + formula(3, b"\x03\0\0\0\0\0\xff\xff")
        + formula(4, struct.pack("<d", 2.5))
    )
    assert cells_of(workbook_of(ole(biff_book(0x600, NAME_8, cells)), "a.xls")) == {
        (0, 0): ErrorValue("#N/A"),
        (0, 1): True,
        (0, 2): ErrorValue("#DIV/0!"),
        (0, 4): 2.5,
    }


@pytest.mark.parametrize(("system", "day"), [(0, dt.date(2021, 3, 12)), (1, dt.date(2025, 3, 13))])
def test_dates_count_from_the_year_the_workbook_says(system: int, day: dt.date) -> None:
    xf = record(0xE0, struct.pack("<HH", 0, 14) + bytes(16))
    head = record(0x22, struct.pack("<H", system)) + record(0x31, bytes(14) + b"\x01\x00A") + xf
    data = ole(biff_book(0x600, NAME_8, biff_number(0, 0, 44267) + biff_number(0, 1, 0.5), head=head))
    assert cells_of(workbook_of(data, "a.xls")) == {(0, 0): day, (0, 1): dt.time(12)}


@pytest.mark.parametrize("told", [1, 2, 3, 9])
def test_a_wrong_number_of_shared_strings_costs_nothing(told: int) -> None:
    names = ["姓名", "赖小满"]
    strings = b"".join(struct.pack("<HB", len(name), 1) + name.encode("utf-16-le") for name in names)
    cut = len(strings) - 3  # the second goes on, after a byte that says anew how wide it is, in another record
    head = record(0xFC, struct.pack("<II", 2, told) + strings[: cut - 1]) + record(0x3C, b"\1" + strings[cut - 1 :])
    cells = b"".join(record(0xFD, struct.pack("<HHHI", 0, column, 0, column)) for column in range(2))
    data = ole(biff_book(0x600, NAME_8, cells, head=head))
    assert cells_of(workbook_of(data, "a.xls")) == {(0, 0): "姓名", (0, 1): "赖小满"}


SHARED = record(0xFC, struct.pack("<II", 1, 1) + struct.pack("<HB", 2, 1) + "姓名".encode("utf-16-le"))
XF = record(0xE0, bytes(20))


@pytest.mark.parametrize("index", [1, 0x7FFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF])
def test_a_text_that_points_nowhere_is_told_at_its_cell(index: int) -> None:
    """It is never the text of another cell, and the others are read."""
    cells = b"".join(record(0xFD, struct.pack("<HHHI", 0, column, 0, each)) for column, each in enumerate((0, index)))
    data = ole(biff_book(0x600, NAME_8, cells + biff_number(0, 2, 12), head=XF + SHARED))
    assert cells_of(workbook_of(data, "a.xls")) == {(0, 0): "姓名", (0, 1): ErrorValue("#REF!"), (0, 2): 12}


@pytest.mark.parametrize("style", [1, 0x7FFF, 0xFFFF])
def test_a_style_that_there_is_not_costs_a_cell_its_looks_only(style: int) -> None:
    cells = (
        record(0x203, struct.pack("<HHHd", 0, 0, style, 12))
        + record(0xBD, struct.pack("<HH", 0, 1) + 2 * struct.pack("<HI", style, 5 << 2 | 2) + struct.pack("<H", 2))
        + record(0xFD, struct.pack("<HHHI", 0, 3, style, 0))
    )
    data = ole(biff_book(0x600, NAME_8, cells, head=XF + SHARED))
    assert cells_of(workbook_of(data, "a.xls")) == {(0, 0): 12, (0, 1): 5, (0, 2): 5, (0, 3): "姓名"}


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_none_is_an_error_of_its_cell(number: float) -> None:
    data = ole(biff_book(0x600, NAME_8, biff_number(0, 0, number) + biff_number(0, 1, 12)))
    assert cells_of(workbook_of(data, "a.xls")) == {(0, 0): ErrorValue("#NUM!"), (0, 1): 12}


def test_a_locked_workbook_is_recognised() -> None:
    locked = biff_book(0x600, NAME_8, CELLS_8, head=record(0x2F, struct.pack("<HHH", 0, 0x1234, 0x5678)))
    assert problem_of(ole(locked), "附件2.xls") == ("file-encrypted", "password")


def test_dimensions_that_lie_cost_nothing() -> None:
    lie = record(0x200, struct.pack("<IIHHH", 0, 0xFFFFFFFF, 0, 0xFFFF, 0))
    assert cells_of(workbook_of(ole(biff_book(0x600, NAME_8, lie + CELLS_8)), "附件2.xls")) == WANTED


STREAM = biff_book(0x600, NAME_8, CELLS_8, 1200)
BROKEN = {
    "a chain of sectors that bites its tail": ole(STREAM, cycle=True),
    "a stream cut inside the sheet": ole(STREAM[:-30]),
    "a bare stream cut off": biff_book(0x500, NAME_5, CELLS_5)[:-12],
    "a file cut off": ole(STREAM)[:1500],
    "only the header": ole(STREAM)[:512],
    "a sheet that is not where it should be": ole(STREAM.replace(record(0x85)[:2], record(0x86)[:2], 1)),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_read_whole_or_not_at_all(data: bytes) -> None:
    slug, _ = problem_of(data, "附件2.xls")
    assert slug == "file-unreadable" or cells_of(workbook_of(data, "附件2.xls")) == WANTED


def test_more_cells_than_the_limit_are_refused() -> None:
    assert problem_of(ole(STREAM), "附件2.xls", Limits(cells=2)) == ("file-unsafe", "too-many-cells")
