"""A plain sheet is marked in its bytes as it would be in its tree; what is written otherwise is left to the tree."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import xlsxwriter
from lxml import etree
from returned_cases import mark

from kbxt_merge.outputs.returned.book_xml import Titles, dialect_of, with_first_tab
from kbxt_merge.outputs.returned.package import Package
from kbxt_merge.outputs.returned.sheet_bytes import sheet_bytes

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PART = "xl/worksheets/sheet1.xml"
PLAIN = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<worksheet xmlns="{MAIN}" xmlns:x="urn:x">'
    '<sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews><sheetData>'
    '<row r="1" spans="1:3" x:dyDescent="0.2"><c r="A1" s="3" t="s"><v>0</v></c><c r="B1"><f>A2+1</f><v>1</v></c></row>'
    '<row r="2"><c r="A2"/><c r="B2" s="4"><v>2.5E-3</v></c></row><row r="4" hidden="1"/></sheetData>'
    '<pageMargins left="0.7" right="0.7"/></worksheet>'
)


def canonical(xml: bytes) -> bytes:
    return etree.tostring(etree.fromstring(xml, etree.XMLParser(remove_comments=True)), method="c14n")


def test_cells_have_the_formats_that_stand_there_and_get_those_that_are_given() -> None:
    sheet = sheet_bytes(PLAIN.encode(), MAIN)
    assert sheet is not None
    assert [sheet.format_of(cell) for cell in ("A1", "B1", "A2", "B2", "C2", "A4")] == ["3", "0", "0", "4", None, None]
    assert sheet.content() == PLAIN.encode()
    for cell in ("A1", "B1", "A2"):
        sheet.put(cell, "17")
    sheet.put("A1", "18")
    sheet.unselect()
    wanted = (
        PLAIN.replace('r="A1" s="3"', 'r="A1" s="18"')
        .replace('r="B1"', 'r="B1" s="17"')
        .replace('"A2"/', '"A2" s="17"/')
    )
    assert sheet.content() == wanted.replace(' tabSelected="1"', "").encode()


@pytest.mark.parametrize(
    ("written", "otherwise"),
    [
        ('r="B1"', 'r="B2"'),  # a cell in another's row
        ('r="B1"', 'r="A1"'),
        ('<row r="2"', '<row r="1"'),
        (' hidden="1"', ' hidden="1" hidden="1"'),
        (' hidden="1"', ' y:hidden="1"'),
        (' spans="1:3"', ' r="1"'),
        ("<v>2.5E-3</v>", "<v>2.5E-3</v><!-- so -->"),
        ("<v>2.5E-3</v>", "<v><![CDATA[1]]></v>"),
        ("<v>2.5E-3</v>", "<v>&</v>"),
        ("<v>2.5E-3</v>", "<v>&nbsp;</v>"),
        ("<v>2.5E-3</v>", "<v>&#20108;</v>"),
        ("<v>2.5E-3</v>", "<v>\ufffe</v>"),
        ("<v>2.5E-3</v>", "<v>\x01</v>"),
        ("<v>2.5E-3</v>", "<v>2.5E-3"),
        ("<v>2.5E-3</v>", "<is><t>a</t></is>"),
        ("<row r=\"2\">", "<row r=\"2\"> "),
        ("</worksheet>", '<legacyDrawing x:id="a"/></worksheet>'),
        ("</worksheet>", "<extLst/></worksheet>"),
        ("</worksheet>", "<extLst></worksheet>"),
        (f'xmlns="{MAIN}"', 'xmlns="urn:x"'),
        ("UTF-8", "GBK"),
        ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', ""),
        ("<sheetData>", "<sheetData >"),
    ],
)  # fmt: skip
def test_what_is_written_otherwise_is_left_to_the_tree(written: str, otherwise: str) -> None:
    assert sheet_bytes(PLAIN.replace(written, otherwise, 1).encode(), MAIN) is None


def test_a_prefix_is_the_same_whatever_else_the_process_has_loaded() -> None:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sheets = f'<sheets><sheet xmlns:q="{office}" name="a" sheetId="1" q:id="b"/></sheets>'
    book = f'<workbook xmlns="{MAIN}">{sheets}</workbook>'
    etree.register_namespace("zz", office)
    try:
        changed = with_first_tab(book.encode(), dialect_of(book.encode()), "rId9", Titles("核查意见", "$1:$1"))
    finally:
        etree.register_namespace("r", office)  # as openpyxl has it
    assert f'<sheet xmlns:r="{office}" name="核查意见" sheetId="2" r:id="rId9"/>' in changed.decode()
    assert b"zz" not in changed


def test_a_drawing_is_pointed_to_by_a_prefix_that_holds_where_it_stands() -> None:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    own = PLAIN.replace("<sheetViews>", f'<sheetPr xmlns:r="{office}"/><sheetViews>')
    known = PLAIN.replace(' xmlns:x="urn:x"', f' xmlns:x="urn:x" xmlns:r="{office}"')
    for written, declared in ((PLAIN, 1), (own, 2), (known, 1)):
        sheet = sheet_bytes(written.encode(), MAIN)
        assert sheet is not None
        sheet.point_to_drawing("rId7", office)
        drawing = etree.fromstring(sheet.content()).find(f"{{{MAIN}}}legacyDrawing")
        assert drawing is not None
        assert drawing.attrib == {f"{{{office}}}id": "rId7"}
        assert sheet.content().count(office.encode()) == declared


@pytest.mark.parametrize("written", [" tabSelected='1'", '\ntabSelected = "true"', "\ttabSelected='true'"])
def test_a_tab_is_unselected_however_it_is_written(written: str) -> None:
    sheet = sheet_bytes(PLAIN.replace(' tabSelected="1"', written).encode(), MAIN)
    assert sheet is not None
    sheet.unselect()
    assert sheet.is_changed
    assert sheet.content() == PLAIN.replace(' tabSelected="1"', "").encode()


def test_what_a_formula_tells_in_chinese_stays(tmp_path: Path) -> None:
    told = '<f>IF(A2&gt;1,"二"&amp;A2,"")</f><v>二&amp;1</v>'
    whole = PLAIN.replace("<f>A2+1</f><v>1</v>", told).encode()
    sheet = sheet_bytes(whole, MAIN)
    assert sheet is not None
    sheet.put("B1", "7")
    assert sheet.content() == whole.replace(b'r="B1"', b'r="B1" s="7"')
    assert sheet_bytes(whole.replace("二".encode(), "二".encode("gbk")), MAIN) is None


def test_a_workbook_is_marked_in_its_bytes_as_in_its_tree(tmp_path: Path) -> None:
    marks = [("Sheet1", cell, "required-missing", "error") for cell in ("A1", "A2", "C2")]
    before = Package(by_plain_program())
    assert before.sheet_bytes(PART, MAIN) is not None
    odd = Package(by_plain_program())
    odd.put(PART, before.part(PART).replace(b"<sheetData>", b"<!-- so --><sheetData>"))
    assert odd.sheet_bytes(PART, MAIN) is None
    in_bytes, in_tree = (Package(mark(each.save(), marks, tmp_path)) for each in (before, odd))
    assert in_bytes.names() == in_tree.names()
    for name in in_bytes.names():
        assert canonical(in_bytes.part(name)) == canonical(in_tree.part(name)), name
    assert b'xml version="1.0" encoding="UTF-8" standalone="yes"' in in_bytes.part(PART)


@pytest.mark.parametrize("missing", ["B3", "A9"])
def test_a_cell_that_is_not_there_is_made_in_the_tree_with_all_that_was_marked_before(
    missing: str, tmp_path: Path
) -> None:
    marks = [("Sheet1", cell, "required-missing", "error") for cell in ("A1", missing, "A2")]
    after = Package(mark(by_plain_program(), marks, tmp_path))
    after.bring_back(PART)
    formats = {each.get("r"): each.get("s", "0") for each in after.tree(PART).iter("{*}c")}
    assert len({formats[cell] for cell in ("A2", missing)}) == 1
    assert "0" not in {formats[cell] for cell in ("A1", "A2", missing)}
    assert formats["C2"] == "0"


def by_plain_program() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Sheet1")
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, ["姓名", "性别", "人数"], bold)
        sheet.write_row(1, 0, ["张三", "男", 3])
        sheet.write_row(2, 0, ["李四"])
    return out.getvalue()
