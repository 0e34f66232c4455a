"""What systems export under the name .xls: separated text, web pages, SpreadsheetML."""

from __future__ import annotations

import datetime as dt

import pytest
from made_workbooks import cells_of, problem_of, workbook_of

from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import ErrorValue, MissingResult

TABLE = "序号,姓名,身份证号\n1,张三,360721201001011234\n2,李四,#N/A\n"
WANTED = {
    (0, 0): "序号",
    (0, 1): "姓名",
    (0, 2): "身份证号",
    (1, 0): "1",
    (1, 1): "张三",
    (1, 2): "360721201001011234",
    (2, 0): "2",
    (2, 1): "李四",
    (2, 2): ErrorValue("#N/A"),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_separated_text_is_read_in_any_encoding(encoding: str, separator: str) -> None:
    data = TABLE.replace(",", separator).encode(encoding)
    assert cells_of(workbook_of(data, "名单.csv")) == WANTED


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\x85", "\v"])
def test_a_line_may_end_as_nobody_ends_lines_if_none_ends_otherwise(end: str) -> None:
    assert workbook_of(f"姓名,性别{end}张三,男{end}".encode(), "表.csv").grids[0].rows == [
        ["姓名", "性别"],
        ["张三", "男"],
    ]
    usual = workbook_of(f"姓名,备注\n张三,一{end}二\n".encode(), "表.csv")
    assert cells_of(usual)[1, 1] == f"一{end}二"


def test_quotes_hold_line_breaks_and_separators() -> None:
    data = '姓名,住址\n张三,"梅林镇,\n1号""西""门"\n'.encode()
    assert cells_of(workbook_of(data, "a.csv"))[1, 1] == '梅林镇,\n1号"西"门'


def test_a_quote_that_never_closes_swallows_nothing() -> None:
    data = '姓名,住址\n张三,"梅林镇\n李四,茅店镇\n'.encode()
    assert cells_of(workbook_of(data, "a.csv"))[2, 0] == "李四"


def test_a_number_kept_as_text_by_a_formula_is_that_number() -> None:
    data = '姓名\t身份证号\n张三\t="360721201001011234"\n'.encode("gb18030")
    assert cells_of(workbook_of(data, "导出.xls"))[1, 1] == "360721201001011234"


def test_prose_under_the_name_of_a_workbook_is_told_and_a_letter_is_left_alone() -> None:
    letter = "各位老师：\n请于周五前上报。\n".encode()
    assert problem_of(letter, "附件1.xlsx") == ("file-unreadable", "text")
    assert problem_of(letter, "说明.txt") == ("file-other", "text")


PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel">
<head><meta charset="gb2312"><style>td {}</style></head>
<body><h3>重度残疾儿童少年送教上门工作台账</h3><p>单位（盖章）：梅林小学  时间：2021年3月</p>
<table><tr><th rowspan=2>序号</th><th colspan="2">学生</th></tr><tr><th>姓名</th><th>性<br>别</th></tr>
<tr style='display:none'><td>1</td><td> 张&nbsp;三 </td><td>#N/A</td></tr><tr><td>2<td>李四<td>女</table>
<p>填表人：王五</p><script>var x = 1;</script></body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_web_page_is_read_with_its_lines_above_and_below(encoding: str) -> None:
    workbook = workbook_of(PAGE.encode(encoding), "导出.xls")
    assert cells_of(workbook) == {
        (0, 0): "重度残疾儿童少年送教上门工作台账",
        (1, 0): "单位（盖章）：梅林小学 时间：2021年3月",
        (2, 0): "序号",
        (2, 1): "学生",
        (3, 1): "姓名",
        (3, 2): "性\n别",
        (4, 0): "1",
        (4, 1): "张\xa0三",
        (4, 2): ErrorValue("#N/A"),
        (5, 0): "2",
        (5, 1): "李四",
        (5, 2): "女",
        (6, 0): "填表人：王五",
    }
    assert workbook.grids[0].merged == ((2, 0, 3, 0), (2, 1, 2, 2))
    assert workbook.grids[0].hidden_rows == {4}


@pytest.mark.parametrize("span", ["1001", "99999999", "9" * 5000, "0", "-1", "x"])
def test_a_span_that_no_table_has_moves_no_cell(span: str) -> None:
    rows = ("".join(f"<td colspan={span} rowspan={span}>{cell}</td>" for cell in row) for row in ("甲乙", "丙丁"))
    page = f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
    assert workbook_of(page.encode(), "表.xls").grids[0].rows == [["甲", "乙"], ["丙", "丁"]]


def test_tables_for_layout_are_looked_through() -> None:
    inner = PAGE[PAGE.index("<table>") : PAGE.index("</table>")] + "</table>"
    page = f"<html><table><tr><td>菜单</td><td>{inner}</td></tr></table></html>"
    workbook = workbook_of(page.encode(), "导出.xls")
    assert len(workbook.grids) == 1
    assert "张\xa0三" in cells_of(workbook).values()


def test_a_page_inside_a_web_archive_is_read() -> None:
    head = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
    part = "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    data = (head + part + PAGE + "\r\n--b--\r\n").encode()
    assert "李四" in cells_of(workbook_of(data, "导出.xls")).values()


def test_a_page_without_a_table_is_told() -> None:
    assert problem_of(b"<!DOCTYPE html><html><body>404</body></html>", "附件1.xls") == ("file-unreadable", "html")


XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel">
<CustomDocumentProperties><kbxt_form>1-2</kbxt_form></CustomDocumentProperties>
<Worksheet ss:Name="附件1-2"><Table><Column ss:Index="3" ss:Hidden="1" ss:Span="1"/>
<Row><Cell ss:MergeAcross="2"><Data ss:Type="String">标题</Data></Cell>
<Cell><Data ss:Type="Number">5</Data></Cell></Row>
<Row ss:Index="4" ss:Hidden="1"><Cell ss:Index="2"><Data ss:Type="DateTime">2021-03-12T00:00:00.000</Data></Cell>
<Cell><Data ss:Type="DateTime">1899-12-31T08:05:00.000</Data></Cell><Cell><Data ss:Type="Boolean">1</Data></Cell></Row>
<Row><Cell ss:Formula="=NA()"><Data ss:Type="Error">#N/A</Data></Cell><Cell ss:Formula="=R1C1"/>
<Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40">张<B>三</B></ss:Data></Cell></Row></Table></Worksheet>
<Worksheet ss:Name="藏"><Table/>
<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet></Workbook>"""


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2021-03-01T10:00:00Z", dt.datetime(2021, 3, 1, 18)),
        ("2021-02-28T16:00:00.000Z", dt.date(2021, 3, 1)),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_a_moment_of_any_zone_is_read_as_a_clock_in_china_shows_it(written: str, read: object) -> None:
    workbook = workbook_of(XML.replace("2021-03-12T00:00:00.000", written).encode(), "导出.xls")
    assert cells_of(workbook)[3, 1] == read


@pytest.mark.parametrize("odd", ["abc", "-3", "1.5", "9" * 5000, ""])
def test_a_place_that_is_none_is_the_next_one(odd: str) -> None:
    made = XML.replace('ss:MergeAcross="2"', f'ss:MergeAcross="{odd}"').replace(
        '<Row ss:Index="4"', f'<Row ss:Index="{odd}"'
    )
    cells = cells_of(workbook_of(made.encode(), "导出.xls"))
    assert (cells[0, 0], cells[0, 1], cells[1, 1], cells[2, 2]) == ("标题", 5, dt.date(2021, 3, 12), "张三")


@pytest.mark.parametrize("number", ["1e999", "nan", "9" * 5000])
def test_a_number_that_is_none_stays_as_it_is_written(number: str) -> None:
    workbook = workbook_of(XML.replace('"Number">5<', f'"Number">{number}<').encode(), "导出.xls")
    assert cells_of(workbook)[0, 3] == number


def test_spreadsheetml_is_read_with_all_it_tells() -> None:
    workbook = workbook_of(XML.encode(), "导出.xls")
    assert cells_of(workbook) == {
        (0, 0): "标题",
        (0, 3): 5.0,
        (3, 1): dt.date(2021, 3, 12),
        (3, 2): dt.time(8, 5),
        (3, 3): True,
        (4, 0): ErrorValue("#N/A"),
        (4, 1): MissingResult("=R1C1"),
        (4, 2): "张三",
    }
    first, second = workbook.grids
    assert (first.merged, first.hidden_rows, first.hidden_columns) == (((0, 0, 0, 2),), {3}, {2, 3})
    assert (second.sheet, second.hidden, workbook.marks) == ("藏", True, {"kbxt_form": "1-2"})


def test_spreadsheetml_that_breaks_off_is_not_half_read() -> None:
    assert problem_of(XML[:-200].encode(), "导出.xls") == ("file-unreadable", "damaged")


@pytest.mark.parametrize("data", [TABLE.encode(), PAGE.encode(), XML.encode()], ids=["text", "page", "xml"])
def test_more_cells_than_the_limit_are_refused(data: bytes) -> None:
    assert problem_of(data, "a.csv", Limits(cells=4)) == ("file-unsafe", "too-many-cells")


@pytest.mark.parametrize("index", ["0", "-5", "-99999"])
def test_a_place_before_the_first_is_the_next_one_in_turn(index: str) -> None:
    data = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="附件3"><Table>'
        '<Row><Cell><Data ss:Type="String">序号</Data></Cell><Cell><Data ss:Type="String">姓名</Data></Cell></Row>'
        f'<Row ss:Index="{index}" ss:Span="-2"><Cell ss:Index="{index}"><Data ss:Type="Number">1</Data></Cell>'
        f'<Cell ss:MergeAcross="{index}"><Data ss:Type="String">赖小满</Data></Cell></Row>'
        "</Table></Worksheet></Workbook>"
    )
    (grid,) = workbook_of(data.encode(), "附件3.xls").grids
    assert (grid.top, grid.left, grid.rows) == (0, 0, [["序号", "姓名"], [1, "赖小满"]])
