"""A blank's own sheets are left unread, whatever lies in them; where they are all that there is, they are read."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
import xlsxwriter
from made_workbooks import biff8_label, cells_of, ods, ole, record, workbook_of, xlsx
from test_open_document import row, sheet, text

from kbxt_merge.intake.formats.ods_filled import as_filled_in
from kbxt_merge.intake.formats.xls_records import cells_of as cells_of_sheet
from kbxt_merge.intake.formats.xls_records import globals_of
from kbxt_merge.model.own_workbook import GUIDE_SHEET, OPTION_SHEET
from kbxt_merge.model.returns import MissingResult


def book(*sheets: str, damaged: str = "") -> bytes:
    """A workbook of sheets with their names in A1; the last part has other bytes than its checksum tells."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        for name in sheets:
            made.add_worksheet(name).write("A1", name)
    if not damaged:
        return buffer.getvalue()
    out = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, b"<damaged>" if name == damaged else source.read(name))
    return out.getvalue().replace(b"<damaged>", b"<DAMAGED>")


def sheets_of(data: bytes, name: str = "附件3.xlsx") -> list[str]:
    return [grid.sheet for grid in workbook_of(data, name).grids]


@pytest.mark.parametrize(
    ("sheets", "read"),
    [
        (("附件3", GUIDE_SHEET, OPTION_SHEET), ["附件3"]),
        ((OPTION_SHEET, "附件3"), ["附件3"]),
        (("附件3", "选项 2"), ["附件3", "选项 2"]),
        ((GUIDE_SHEET, OPTION_SHEET), [GUIDE_SHEET, OPTION_SHEET]),
    ],
)
def test_a_blanks_own_sheets_are_left_out(sheets: tuple[str, ...], read: list[str]) -> None:
    assert sheets_of(book(*sheets)) == read


def test_an_own_sheet_is_not_even_inflated() -> None:
    assert sheets_of(book("附件3", OPTION_SHEET, damaged="xl/worksheets/sheet2.xml")) == ["附件3"]


def test_the_own_sheet_of_an_open_document_is_cut_out_before_it_is_parsed() -> None:
    option = sheet("<no table at all", OPTION_SHEET)
    assert sheets_of(ods(sheet(row(text("张三"))) + option), "附件3.ods") == ["附件3"]
    assert sheets_of(ods(option.replace("<no table at all", row(text("甲")))), "附件3.ods") == [OPTION_SHEET]


def test_a_comment_that_looks_like_an_own_sheet_costs_no_row() -> None:
    comment = f'<!-- <table:table table:name="{OPTION_SHEET}" > -->'
    workbook = workbook_of(ods(sheet(row(text("张三")), before=comment) + sheet(row(text("李四")), "附件4")), "a.ods")
    assert [grid.rows for grid in workbook.grids] == [[["张三"]], [["李四"]]]


def test_what_holds_no_own_sheet_is_left_as_it_is() -> None:
    for xml in (b"", b"<table:table table:name='x'/>", f"<p>{OPTION_SHEET}</p>".encode()):
        assert as_filled_in(xml) is xml


def test_the_own_sheet_of_an_old_workbook_is_not_parsed() -> None:
    def tab(name: str, at: int) -> bytes:
        return record(0x85, struct.pack("<IBBBB", at, 0, 0, len(name), 1) + name.encode("utf-16-le"))

    def page(cells: bytes) -> bytes:
        return record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + cells + record(0x0A)

    first, broken = page(biff8_label(0, 0, "张三")), page(record(0xFD, b"\x01"))
    head = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    size = len(head + tab("附件3", 0) + tab(OPTION_SHEET, 0) + record(0x0A))
    stream = head + tab("附件3", size) + tab(OPTION_SHEET, size + len(first)) + record(0x0A) + first + broken
    assert sheets_of(ole(stream), "附件3.xls") == ["附件3"]


@pytest.mark.parametrize("encoding", ["ascii", "utf-16-le"])
def test_a_mark_in_an_old_workbook_is_known_in_either_width_of_its_letters(encoding: str) -> None:
    names = ["options_sex", "kbxt_mark", "check_line_3"]
    named = [record(0x18, bytes(15) + name.encode(encoding)) for name in names]
    head = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    ends = [len(head), *(len(head + b"".join(named[:count])) for count in (1, 2))]
    assert globals_of(head + b"".join(named) + record(0x0A)).names == [ends[0], ends[2]]


def test_what_says_nothing_in_an_old_workbook_reaches_no_further_than_a_chart() -> None:
    chart = record(0x809, struct.pack("<HHHHII", 0x600, 0x20, 0, 0, 0, 0)) + record(0x0A)
    page, blank = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)), record(0x201, bytes(6)) * 5
    told = cells_of_sheet(page + blank + chart + blank + biff8_label(9, 0, "张三") + record(0x0A), 0, long_run=4)
    begin = len(page + blank + chart)
    assert told.silent == [(len(page), len(page + blank)), (begin, begin + len(blank))]


def test_rows_of_formulas_that_say_nothing_yet_end_the_sheet_no_later() -> None:
    rows = "".join(f'<row r="{at}"><c r="B{at}" t="str"><f>""</f><v></v></c></row>' for at in range(2, 300))
    (grid,) = workbook_of(xlsx(f'<row r="1"><c r="A1" t="str"><v>张三</v></c></row>{rows}')).grids
    assert grid.rows == [["张三", None]]


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        ('<c r="A1" t="str"><f>B1</f><v></v></c><c r="B1" t="str"><f t="shared" si="0"/><v>甲</v></c>', {(0, 1): "甲"}),
        ('<c r="A1" t="str"><f>B1</f><v>甲</v></c><c r="B1" t="str"><f>A1</f></c>', {(0, 0): "甲", (0, 1): "A1"}),
        ('<c r="A1" t="str"><f>B1</f><v>甲</v></c><c r="B1"><f>A1</f><v></v></c>', {(0, 0): "甲", (0, 1): "A1"}),
        ('<c r="A1" t="str"><f>B1</f><v>甲</v></c><c r="B1"><f>2</f><v>2</v></c>', {(0, 0): "甲", (0, 1): 2.0}),
    ],
)
def test_a_formula_without_its_result_is_told_among_formulas_of_texts(
    cells: str, read: dict[tuple[int, int], object]
) -> None:
    found = cells_of(workbook_of(xlsx(f'<row r="1">{cells}</row>')))
    assert {at: cell.formula if isinstance(cell, MissingResult) else cell for at, cell in found.items()} == read
