"""Binary workbooks (.xlsb), written here record by record."""

from __future__ import annotations

import struct
from collections.abc import Mapping

import pytest
from made_workbooks import PACKAGE, RELATIONS, cells_of, problem_of, workbook_of, zipped

from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.intake.formats.xlsb import sheet_facts, tabs_of
from kbxt_merge.model.limits import Limits, Unreadable
from kbxt_merge.model.returns import ErrorValue, Kind


def record(number: int, body: bytes = b"") -> bytes:
    head = bytes([number]) if number < 128 else bytes([number & 0x7F | 0x80, number >> 7])
    length = len(body)
    size = bytes([length]) if length < 128 else bytes([length & 0x7F | 0x80, length >> 7])
    return head + size + body


def text(content: str) -> bytes:
    return struct.pack("<I", len(content)) + content.encode("utf-16-le")


def cell(number: int, column: int, body: bytes = b"") -> bytes:
    return record(number, struct.pack("<II", column, 0) + body)


def row(number: int, cells: bytes, hidden: bool = False) -> bytes:
    flags = 0x10 if hidden else 0
    return record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, flags, 0, 0)) + cells


def xlsb(sheets: Mapping[str, bytes], hidden: str = "") -> bytes:
    tabs = b"".join(
        record(156, struct.pack("<II", name == hidden, number) + text(f"r{number}") + text(name))
        for number, name in enumerate(sheets, 1)
    )
    book = record(131) + record(143) + tabs + record(144) + record(132)
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{number}.bin"/>'
        for number in range(1, len(sheets) + 1)
    )
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
    }
    return zipped(parts | {f"xl/worksheets/sheet{n}.bin": part for n, part in enumerate(sheets.values(), 1)})


def sheet(rows: bytes, after: bytes = b"", before: bytes = b"") -> bytes:
    extent = record(148, struct.pack("<IIII", 0, 99, 0, 99))
    return record(129) + extent + before + record(145) + rows + record(146) + after


ROWS = (
    row(3, cell(6, 1, text("姓名")) + cell(6, 2, text("年龄")))
    + row(4, cell(6, 1, text("张三")) + cell(5, 2, struct.pack("<d", 12)) + cell(3, 3, b"\x2a"), hidden=True)
    + row(5, cell(1, 1) + cell(4, 2, b"\x01") + cell(2, 3, struct.pack("<I", 7 << 2 | 2)) + cell(6, 4, text("")))
)


def test_cells_errors_and_what_is_hidden_are_read() -> None:
    columns = record(390) + record(60, struct.pack("<IIIIH", 5, 6, 2000, 0, 1)) + record(391)
    merges = record(177, struct.pack("<I", 1)) + record(176, struct.pack("<IIII", 3, 3, 1, 2)) + record(178)
    data = xlsb({"附件3": sheet(ROWS, merges, columns), "藏": sheet(b"")}, hidden="藏")
    assert kind_of(data, "a.xlsx") is Kind.XLSB
    workbook = workbook_of(data)
    assert cells_of(workbook) == {
        (3, 1): "姓名",
        (3, 2): "年龄",
        (4, 1): "张三",
        (4, 2): 12.0,
        (4, 3): ErrorValue("#N/A"),
        (5, 2): True,
        (5, 3): 7.0,
    }
    first, second = workbook.grids
    assert (first.sheet, first.hidden, second.hidden) == ("附件3", False, True)
    assert (first.hidden_rows, first.hidden_columns, first.merged) == ({4}, {5, 6}, ((3, 1, 3, 2),))


def short(number: int, body: bytes = b"") -> bytes:
    """A cell that leaves its column out: it follows the one before it."""
    return record(number, bytes(4) + body)


def test_short_cells_stand_after_the_cell_before_them() -> None:
    rows = row(3, cell(6, 1, text("姓名")) + short(17, text("年龄")) + short(12) + short(17, text("备注"))) + row(
        4,
        short(17, text("1"))
        + cell(6, 1, text("赖小满"))
        + short(16, struct.pack("<d", 12.5))
        + short(13, struct.pack("<I", 7 << 2 | 2))
        + short(15, b"\x01")
        + short(14, b"\x2a"),
    )
    assert cells_of(workbook_of(xlsb({"附件3": sheet(rows)}))) == {
        (3, 1): "姓名",
        (3, 2): "年龄",
        (3, 4): "备注",
        (4, 0): "1",
        (4, 1): "赖小满",
        (4, 2): 12.5,
        (4, 3): 7.0,
        (4, 4): True,
        (4, 5): ErrorValue("#N/A"),
    }


def test_a_sheet_that_breaks_off_is_not_half_read() -> None:
    assert problem_of(xlsb({"附件3": sheet(ROWS)[:-30]})) == ("file-unreadable", "truncated")


def test_a_cell_at_the_far_end_is_refused_and_no_memory_asked_for() -> None:
    far = row(0, cell(6, 0, text("x"))) + row(1048575, cell(6, 16383, text("x")))
    assert problem_of(xlsb({"附件3": sheet(far)})) == ("file-unsafe", "too-many-cells")


def test_more_cells_than_the_limit_are_refused() -> None:
    assert problem_of(xlsb({"附件3": sheet(ROWS)}), limits=Limits(cells=3)) == ("file-unsafe", "too-many-cells")


@pytest.mark.parametrize(
    "record",
    [bytes((3, 8)) + bytes(8), bytes((0x3C, 16)) + b"\0\0\0\0\1\0\0\0\1\0\0\0\0\0\0\0"],
    ids=["an error without its number", "columns without their marks"],
)
def test_a_record_that_is_too_short_is_damage(record: bytes) -> None:
    with pytest.raises(Unreadable) as told:
        sheet_facts(record, frozenset())
    assert told.value.problem.facts["what"] == "damaged"


def test_a_tab_whose_name_is_cut_off_is_damage() -> None:
    with pytest.raises(Unreadable):
        tabs_of(bytes((0x9C, 0x01, 6)) + bytes(6))
