"""What a sheet holds comes out whole, at its own addresses, whichever library had to read it."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
import xlsxwriter
from made_workbooks import (
    MAIN,
    RELATIONS,
    cells_of,
    problem_of,
    sheet_xml,
    text_cell,
    workbook_of,
    xlsx,
    xlsx_parts,
    zipped,
)

from kbxt_merge.model.returns import ErrorValue, MissingResult

NAME_ROW = f'<row r="4">{text_cell("B4", "姓名")}{text_cell("C4", "身份证号码")}</row>'


def written_by_xlsxwriter() -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_custom_property("kbxt_form", "1-2")
    book.set_custom_property("Department", "x")
    sheet = book.add_worksheet("附件1-2")
    sheet.merge_range("B2:D2", "登记汇总表")
    sheet.write("B3", " 张 三 ")
    sheet.write("C3", 360721201001012000)
    sheet.write_string("D3", "360721201001011234")
    sheet.write_datetime("B4", dt.datetime(2021, 3, 12), book.add_format({"num_format": 'yyyy"年"m"月"'}))
    sheet.write("C4", 44256, book.add_format({"num_format": 57}))
    sheet.write_datetime("D4", dt.time(8, 5), book.add_format({"num_format": "h:mm"}))
    sheet.write_boolean("E4", True)
    sheet.write_formula("B5", "=NA()", None, "#N/A")
    sheet.write_formula("C5", "=1+1", None, 2)
    sheet.write("B7", "隐藏")
    sheet.set_row(6, None, None, {"hidden": True})
    sheet.set_column("E:F", None, None, {"hidden": True})
    book.add_worksheet("藏").hide()
    book.add_worksheet("深藏").very_hidden()
    book.close()
    return buffer.getvalue()


def test_cells_come_out_as_typed_at_their_own_addresses() -> None:
    assert cells_of(workbook_of(written_by_xlsxwriter())) == {
        (1, 1): "登记汇总表",
        (2, 1): " 张 三 ",
        (2, 2): 360721201001012000.0,
        (2, 3): "360721201001011234",
        (3, 1): dt.date(2021, 3, 12),
        (3, 2): dt.date(2021, 3, 1),
        (3, 3): dt.time(8, 5),
        (3, 4): True,
        (4, 1): ErrorValue("#N/A"),
        (4, 2): 2.0,
        (6, 1): "隐藏",
    }


def test_what_is_hidden_and_merged_is_told() -> None:
    workbook = workbook_of(written_by_xlsxwriter())
    assert [(grid.sheet, grid.hidden) for grid in workbook.grids] == [("附件1-2", False), ("藏", True), ("深藏", True)]
    first = workbook.grids[0]
    assert (first.hidden_rows, first.hidden_columns) == ({6}, {4, 5})
    assert first.merged == ((1, 1, 1, 3),)


def test_only_the_marks_of_this_tool_are_kept() -> None:
    assert workbook_of(written_by_xlsxwriter()).marks == {"kbxt_form": "1-2"}


def test_an_empty_sheet_has_no_rows() -> None:
    assert workbook_of(xlsx("")).grids[0].rows == []


ODD_XML = {
    "a value inside CDATA": '<row r="1"><c r="A1"><v><![CDATA[7]]></v></c></row>',
    "a value after a comment": '<row r="1"><c r="A1"><v><!-- x -->7</v></c></row>',
    "single quotes": "<row r='1'><c r='A1'><v>7</v></c></row>",
    "no addresses": "<row><c><v>7</v></c></row>",
    "spaces around the sign": '<row r = "1"><c r = "A1"><v>7</v></c></row>',
    "line breaks in the tags": '<row\nr="1"><c\nr="A1"\n><v>7</v></c></row>',
    "an unknown attribute": '<row r="1"><c r="A1" cm="1" x="text"><v>7</v></c></row>',
}


@pytest.mark.parametrize("rows", ODD_XML.values(), ids=ODD_XML)
def test_a_value_is_found_however_the_xml_is_written(rows: str) -> None:
    assert cells_of(workbook_of(xlsx(rows))) == {(0, 0): 7}


def test_a_prefix_before_every_name_changes_nothing() -> None:
    data = '<x:sheetData><x:row r="2"><x:c r="B2"><x:v>7</x:v></x:c></x:row></x:sheetData>'
    sheet = f'<x:worksheet xmlns:x="{MAIN}">{data}</x:worksheet>'
    assert cells_of(workbook_of(zipped(xlsx_parts({"表": sheet})))) == {(1, 1): 7}


def test_strict_ooxml_is_read() -> None:
    parts = xlsx_parts({"表": sheet_xml('<row r="1"><c r="A1"><v>7</v></c></row>')})
    strict = {
        name: str(part)
        .replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
        .replace(RELATIONS, "http://purl.oclc.org/ooxml/officeDocument/relationships")
        for name, part in parts.items()
    }
    assert cells_of(workbook_of(zipped(strict))) == {(0, 0): 7}


def test_a_sheet_in_utf_16_is_read() -> None:
    sheet = '<?xml version="1.0" encoding="UTF-16"?>' + sheet_xml(f'<row r="1">{text_cell("A1", "姓名")}</row>')
    assert cells_of(workbook_of(zipped(xlsx_parts({"表": sheet.encode("utf-16")})))) == {(0, 0): "姓名"}


def test_rows_below_a_stale_dimension_are_read() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 41))
    assert len(cells_of(workbook_of(xlsx(rows, before='<dimension ref="A1:A3"/>')))) == 40


@pytest.mark.parametrize("code", ["#N/A", "#REF!", "#DIV/0!", "#SPILL!", "#CALC!"])
def test_error_cells_are_told_and_the_others_kept(code: str) -> None:
    rows = f'{NAME_ROW}<row r="5"><c r="C5" t="e"><v>{code}</v></c></row>'
    assert cells_of(workbook_of(xlsx(rows))) == {(3, 1): "姓名", (3, 2): "身份证号码", (4, 2): ErrorValue(code)}


def test_an_error_beyond_all_values_is_told() -> None:
    rows = f'<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>{NAME_ROW}<row r="9"><c r="H9" t="e"><v>#N/A</v></c></row>'
    cells = cells_of(workbook_of(xlsx(rows)))
    assert (cells[0, 0], cells[8, 7], len(cells)) == (ErrorValue("#N/A"), ErrorValue("#N/A"), 4)


LOST = {
    "no value": "<f>A1+1</f>",
    "an empty value": "<f>A1+1</f><v></v>",
    "a closed value": "<f>A1+1</f><v/>",
}


@pytest.mark.parametrize("content", LOST.values(), ids=LOST)
def test_a_formula_saved_without_its_result_is_told(content: str) -> None:
    rows = f'<row r="1"><c r="A1"><v>1</v></c><c r="B1">{content}</c></row>'
    assert cells_of(workbook_of(xlsx(rows))) == {(0, 0): 1, (0, 1): MissingResult("A1+1")}


def test_a_formula_whose_result_is_no_text_is_blank() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="str"><f>IF(1,"","x")</f><v></v></c></row>'
    assert cells_of(workbook_of(xlsx(rows))) == {(0, 0): 1}


def test_a_workbook_saved_by_openpyxl_has_lost_its_results() -> None:
    book = openpyxl.Workbook()
    book.active["B2"] = "=SUM(A1:A2)"
    buffer = io.BytesIO()
    book.save(buffer)
    assert cells_of(workbook_of(buffer.getvalue())) == {(1, 1): MissingResult("SUM(A1:A2)")}


def test_shared_strings_that_show_nothing_are_blank_and_no_loss() -> None:
    strings = f'<sst xmlns="{MAIN}"><si><t></t></si><si><t>姓名</t><rPh sb="0" eb="1"><t>xing</t></rPh></si></sst>'
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    assert cells_of(workbook_of(xlsx(rows, strings))) == {(0, 1): "姓名"}


def test_a_macro_sheet_does_not_cost_the_others() -> None:
    sheets = {"表": sheet_xml(NAME_ROW), "宏": f'<xm:macrosheet xmlns:xm="{MAIN}"><sheetData/></xm:macrosheet>'}
    parts = xlsx_parts(sheets, types=("worksheet", "xlMacrosheet"))
    assert cells_of(workbook_of(zipped(parts))) == {(3, 1): "姓名", (3, 2): "身份证号码"}


def test_a_cell_at_the_far_end_costs_no_memory() -> None:
    rows = f'<row r="1">{text_cell("A1", "姓名")}</row><row r="1048576">{text_cell("XFD1048576", "远")}</row>'
    assert cells_of(workbook_of(xlsx(rows))) == {(0, 0): "姓名", (1048575, 16383): "远"}


def test_lying_counts_of_shared_strings_are_not_believed() -> None:
    strings = f'<sst xmlns="{MAIN}" count="4294967295" uniqueCount="4294967295"><si><t>姓名</t></si></sst>'
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    assert cells_of(workbook_of(xlsx(rows, strings))) == {(0, 0): "姓名"}


def test_parts_named_with_backslashes_are_found() -> None:
    parts = xlsx_parts({"表": sheet_xml(NAME_ROW)})
    moved = {name.replace("/", "\\") if "sheet1" in name else name: part for name, part in parts.items()}
    assert len(cells_of(workbook_of(zipped(moved)))) == 2


DAMAGED = {
    "cut in the middle": xlsx(NAME_ROW)[:700],
    "a sheet that breaks off": zipped(xlsx_parts({"表": sheet_xml(NAME_ROW)[:-40]})),
    "a sheet that is not there": zipped(
        {name: part for name, part in xlsx_parts({"表": ""}).items() if "sheet1" not in name}
    ),
    "tags that cross": zipped(xlsx_parts({"表": sheet_xml(NAME_ROW.replace("</c>", "</v></c>", 1))})),
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_workbook_is_not_half_read(data: bytes) -> None:
    assert problem_of(data)[0] == "file-unreadable"


def test_bytes_that_changed_after_saving_are_noticed() -> None:
    data = bytearray(zipped(xlsx_parts({"表": sheet_xml(NAME_ROW)}), method=0))
    at = data.index("姓名".encode())
    data[at : at + 6] = "性别".encode()
    assert problem_of(bytes(data)) == ("file-unreadable", "damaged")


def test_a_range_merged_over_whole_columns_costs_nothing() -> None:
    merges = '<mergeCells count="2"><mergeCell ref="I:J"/><mergeCell ref="B4:C4"/></mergeCells>'
    workbook = workbook_of(xlsx(NAME_ROW, after=merges))
    assert cells_of(workbook) == {(3, 1): "姓名", (3, 2): "身份证号码"}
    assert workbook.grids[0].merged == ((3, 1, 3, 2),)
