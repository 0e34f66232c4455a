"""Word files: the notice's attachments were Word tables, and some schools fill those."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from made_workbooks import biff_book, cells_of, ole, problem_of, text_cell, workbook_of, xlsx, zipped
from test_file_names import png

from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.model.returns import Kind

TITLE, UNIT = "义务教育阶段适龄残疾儿童就学台账", "学校名称：梅林小学（盖章）   2021年3月12日"


def saved(document: docx.document.Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_a_table_is_a_sheet_with_the_lines_around_it() -> None:
    document = docx.Document()
    document.add_paragraph(TITLE)
    document.add_paragraph(UNIT)
    table = document.add_table(rows=3, cols=3)
    for row, texts in enumerate([["序号", "姓名", "备注"], ["1", "张三", "同\n上"], ["2", "李四", ""]]):
        for cell, text in zip(table.rows[row].cells, texts, strict=True):
            cell.text = text
    document.add_paragraph("填表人：王五")
    workbook = workbook_of(saved(document), "附件3.docx")
    assert [grid.sheet for grid in workbook.grids] == ["表格1"]
    assert cells_of(workbook) == {
        (0, 0): TITLE,
        (1, 0): UNIT,
        (2, 0): "序号",
        (2, 1): "姓名",
        (2, 2): "备注",
        (3, 0): "1",
        (3, 1): "张三",
        (3, 2): "同\n上",
        (4, 0): "2",
        (4, 1): "李四",
        (5, 0): "填表人：王五",
    }


def test_merged_cells_cover_what_they_cover() -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=4)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "序号"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "应返校"
    table.cell(1, 1).text, table.cell(1, 2).text, table.cell(1, 3).text = "合计", "其中", "备注"
    workbook = workbook_of(saved(document), "a.docx")
    assert cells_of(workbook) == {(0, 0): "序号", (0, 1): "应返校", (1, 1): "合计", (1, 2): "其中", (1, 3): "备注"}
    assert workbook.grids[0].merged == ((0, 0, 1, 0), (0, 1, 0, 2))


def test_lines_before_a_page_break_belong_to_the_table_above() -> None:
    document = docx.Document()
    document.add_table(rows=1, cols=1).cell(0, 0).text = "甲"
    document.add_paragraph("学校：梅林小学（盖章）").add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("附件3")
    document.add_table(rows=1, cols=1).cell(0, 0).text = "乙"
    workbook = workbook_of(saved(document), "a.docx")
    assert cells_of(workbook, 0) == {(0, 0): "甲", (1, 0): "学校：梅林小学（盖章）"}
    assert cells_of(workbook, 1) == {(0, 0): "附件3", (1, 0): "乙"}


def rewritten(data: bytes, drop: str = "", **changes: tuple[bytes, bytes]) -> bytes:
    """The document without a part, and with the text of others changed; `/` and `.` in their names are `_`."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name != drop}
    for name, part in parts.items():
        old, new = changes.get(name.replace("/", "_").replace(".", "_"), (b"", b""))
        parts[name] = part.replace(old, new)
    return zipped(parts)


def one_cell() -> bytes:
    document = docx.Document()
    document.add_picture(io.BytesIO(png()))
    document.add_table(rows=1, cols=1).cell(0, 0).text = "姓名"
    return saved(document)


WORD = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPE = b"wordprocessingml.document.main+xml"
ODD: dict[str, bytes] = {
    "as it is": one_cell(),
    "without its properties": rewritten(one_cell(), drop="docProps/core.xml"),
    "without its picture": rewritten(one_cell(), drop="word/media/image1.png"),
    "a picture that leads nowhere": rewritten(
        one_cell(), word__rels_document_xml_rels=(b'Target="media/image1.png"', b'Target="NULL"')
    ),
    "strict": rewritten(one_cell(), word_document_xml=(WORD, b"http://purl.oclc.org/ooxml/wordprocessingml/main")),
    "with macros": rewritten(one_cell(), _Content_Types__xml=(TYPE, b"ms-word.document.macroEnabled.main+xml")),
    "a template": rewritten(one_cell(), _Content_Types__xml=(TYPE, b"wordprocessingml.template.main+xml")),
    "a cell as wide as a word": rewritten(
        one_cell(), word_document_xml=(b"<w:tcPr>", b'<w:tcPr><w:gridSpan w:val="x"/>')
    ),
}


@pytest.mark.parametrize("data", ODD.values(), ids=ODD)
def test_what_is_odd_beside_the_table_costs_the_table_nothing(data: bytes) -> None:
    assert cells_of(workbook_of(data, "附件3.docx")) == {(0, 0): "姓名"}


def test_a_workbook_embedded_in_a_letter_is_read_and_a_charts_data_is_not() -> None:
    document = docx.Document()
    document.add_paragraph("台账见下表：")
    with zipfile.ZipFile(io.BytesIO(saved(document))) as archive:
        parts: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    parts["word/embeddings/sheet1.xlsx"] = xlsx(f'<row r="1">{text_cell("A1", "姓名")}</row>')
    parts["word/embeddings/chart.xlsx"] = xlsx(f'<row r="1">{text_cell("A1", "图")}</row>')
    parts["word/charts/_rels/chart1.xml.rels"] = '<Relationship Target="../embeddings/chart.xlsx"/>'
    data = zipped(parts)
    assert kind_of(data, "a.docx") is Kind.DOCX
    workbook = workbook_of(data, "汇报.docx")
    assert [cells_of(workbook, at) for at in range(len(workbook.grids))] == [{(0, 0): "姓名"}]


def test_an_embedded_workbook_that_cannot_be_read_costs_itself_and_is_seen() -> None:
    with zipfile.ZipFile(io.BytesIO(one_cell())) as archive:
        parts: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    parts["word/embeddings/sheet1.xlsx"] = xlsx('<row r="1"><!DOCTYPE a [<!ENTITY b "c">]></row>')
    workbook = workbook_of(zipped(parts), "附件3.docx")
    assert cells_of(workbook, 0) == {(0, 0): "姓名"}
    assert [(grid.sheet, len(grid.rows[0])) for grid in workbook.grids[1:]] == [("sheet1.xlsx", 2)]
    document = docx.Document()
    with zipfile.ZipFile(io.BytesIO(saved(document))) as archive:
        letter: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    letter["word/embeddings/sheet1.xlsx"] = parts["word/embeddings/sheet1.xlsx"]
    assert problem_of(zipped(letter), "附件3.docx")[0] in ("file-unsafe", "file-unreadable")


def test_a_letter_is_kept_beside_the_return_and_no_fault() -> None:
    document = docx.Document()
    document.add_paragraph("关于控辍保学工作的说明")
    assert problem_of(saved(document), "说明.docx") == ("file-other", "docx")


def test_an_old_word_file_with_a_table_is_a_fault_and_a_letter_is_none() -> None:
    table = ole("姓名\x07性别\x07\x07张三\x07男\x07\x07".encode("utf-16-le"), "WordDocument")
    letter = ole("关于控辍保学工作的说明".encode("utf-16-le"), "WordDocument")
    assert problem_of(table, "附件3.doc") == ("file-unreadable", "doc")
    assert problem_of(letter, "说明.doc") == ("file-other", "doc")


def test_an_old_word_file_under_the_name_of_a_workbook_is_a_fault() -> None:
    assert problem_of(ole(b"x", "WordDocument"), "附件3.xls") == ("file-unreadable", "doc")
    assert problem_of(ole(biff_book(0x600, b"\x01\0a", b"")), "附件3.doc") == ("", "")


def _filled(table: docx.table.Table, rows: list[list[str]]) -> docx.table.Table:
    for cells, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(cells.cells, texts, strict=True):
            cell.text = text
    return table


LIST = [["序号", "姓名", "就学情况", "备注"], ["1", "赖小满", "是", ""], ["2", "温小暑", "否", ""]]
LIST_ROWS = [["1", "赖小满", "是"], ["2", "温小暑", "否"]]


def test_a_list_inside_a_table_that_only_lays_it_out_is_a_table() -> None:
    document = docx.Document()
    outer = document.add_table(rows=1, cols=1).cell(0, 0)
    outer.text = UNIT
    _filled(outer.add_table(rows=3, cols=4), LIST)
    (grid,) = workbook_of(saved(document), "附件3.docx").grids
    assert grid.rows == [[UNIT], LIST[0], *LIST_ROWS]


def test_a_little_table_inside_a_card_stays_in_its_cell() -> None:
    document = docx.Document()
    outer = _filled(document.add_table(rows=3, cols=4), LIST)
    _filled(outer.cell(1, 3).add_table(rows=1, cols=2), [["3月1日", "家访"]])
    (grid,) = workbook_of(saved(document), "附件3.docx").grids
    assert grid.rows[1] == ["1", "赖小满", "是", "3月1日\n家访"]


def test_a_control_that_still_asks_for_text_holds_none_and_a_mark_from_a_font_of_signs_is_read() -> None:
    document = docx.Document()
    table = _filled(document.add_table(rows=3, cols=4), LIST)
    asks = """<w:sdt %s><w:sdtPr><w:showingPlcHdr/></w:sdtPr>
        <w:sdtContent><w:r><w:t>单击此处输入文字。</w:t></w:r></w:sdtContent></w:sdt>"""
    marks = """<w:r %s><w:sym w:font="Wingdings" w:char="F0FC"/>
        <w:sym w:font="Wingdings 2" w:char="F0A3"/><w:sym w:char="?"/></w:r>"""
    for cell, xml in ((table.cell(1, 3), asks), (table.cell(2, 3), marks)):
        cell.paragraphs[0]._p.append(parse_xml(xml % nsdecls("w")))
    (grid,) = workbook_of(saved(document), "附件3.docx").grids
    assert [row[3:] for row in grid.rows[1:]] == [[], ["√\uf0a3"]]


def test_lines_parted_by_tabs_are_a_table_where_there_is_none() -> None:
    document = docx.Document()
    for line in (TITLE, *("\t".join(row) for row in LIST), "校长：王五\t填表人：李四"):
        document.add_paragraph(line)
    (grid,) = workbook_of(saved(document), "附件3.docx").grids
    assert grid.rows == [[TITLE], LIST[0], *LIST_ROWS, ["校长：王五\t填表人：李四"]]
    document.add_table(rows=1, cols=1).cell(0, 0).text = "盖章"
    assert workbook_of(saved(document), "附件3.docx").grids[0].rows[1] == ["\t".join(LIST[0])]
