"""How a sheet looks where that says something of a child: a line through a name, a school in the page's margin."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import docx
import openpyxl
import pytest
from made_workbooks import cells_of, workbook_of
from openpyxl.styles import Font

ROWS = [["序号", "姓名", "备注"], [1, "赖小满", "随父"], [2, "温小暑", None]]
STRUCK = {(2, 1)}
PAGE = "赣县区梅林小学"


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    for cells in ROWS:
        sheet.append(cells)
    sheet["B3"].font = Font(strike=True)
    sheet["C3"].font = Font(strike=True)  # an empty cell is no text
    sheet.oddHeader.center.text = PAGE
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _document() -> bytes:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = PAGE
    table = document.add_table(rows=3, cols=3)
    for cells, texts in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(cells.cells, texts, strict=True):
            cell.text = "" if text is None else str(text)
    table.cell(2, 1).paragraphs[0].runs[0].font.strike = True
    table.cell(1, 2).paragraphs[0].add_run("外出").font.strike = True  # only a part of it
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The list as each program saves it."""
    made = tmp_path_factory.mktemp("looks")
    (made / "list.xlsx").write_bytes(_workbook())
    (made / "text.docx").write_bytes(_document())
    profile = f"-env:UserInstallation=file://{made / 'profile'}"
    for name, kinds in {"list.xlsx": ("xls", "ods", "fods"), "text.docx": ("rtf",)}.items():
        for kind in kinds:
            command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(made), str(made / name)]
            subprocess.run(command, check=True, capture_output=True, timeout=120)
    return made


@pytest.mark.parametrize("name", ["list.xlsx", "list.xls", "list.ods", "list.fods", "text.docx", "text.rtf"])
def test_a_line_through_a_name_and_the_page_s_header_are_seen_whatever_program_saved_them(
    folder: Path, name: str
) -> None:
    (grid,) = workbook_of((folder / name).read_bytes(), name).grids
    filled = {
        (grid.top + row, grid.left + at): cell for row, cells in enumerate(grid.rows) for at, cell in enumerate(cells)
    }
    assert {place for place in grid.struck if filled.get(place) is not None} == STRUCK
    assert grid.beside == (PAGE,)


XML_2003 = """<?xml version="1.0"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
  <Styles><Style ss:ID="s1"><Font ss:StrikeThrough="1"/></Style><Style ss:ID="s2"><Font ss:Bold="1"/></Style></Styles>
  <Worksheet ss:Name="附件3"><Table>
    <Row><Cell ss:StyleID="s2"><Data ss:Type="String">姓名</Data></Cell></Row>
    <Row><Cell><Data ss:Type="String">赖小满</Data>
      <Comment ss:Author="李"><ss:Data>已核实</ss:Data></Comment></Cell></Row>
    <Row><Cell ss:StyleID="s1"><Data ss:Type="String">温小暑</Data></Cell></Row>
  </Table><WorksheetOptions><PageSetup>
    <Header ss:Data="&amp;C赣县区梅林小学&amp;R第&amp;P页"/>
  </PageSetup></WorksheetOptions></Worksheet>
</Workbook>"""


def test_an_xml_workbook_tells_the_same_and_a_note_at_a_name_is_no_name() -> None:
    workbook = workbook_of(XML_2003.encode(), "附件3.xls")
    assert cells_of(workbook) == {(0, 0): "姓名", (1, 0): "赖小满", (2, 0): "温小暑"}
    assert workbook.grids[0].struck == {(2, 0)}
    assert workbook.grids[0].beside == (PAGE, "第页")


@pytest.mark.parametrize(
    ("name", "struck"),
    [
        ("<td><s>温小暑</s></td>", STRUCK),
        ('<td style="color:red; text-decoration: line-through">温小暑</td>', STRUCK),
        ("<td><font><del> 温小暑</del></font> </td>", STRUCK),
        ("<td><s>温小署</s>温小暑</td>", set()),
        ("<td><s></s>温小暑</td>", set()),
    ],
)
def test_a_web_page_tells_the_same(name: str, struck: set[tuple[int, int]]) -> None:
    cells = {"序号": "<td>姓名</td>", "1": "<td>赖小满</td>", "2": name}
    rows = "".join(f"<tr><td>{number}</td>{cell}</tr>" for number, cell in cells.items())
    (grid,) = workbook_of(f"<html><body><table>{rows}</table></body></html>".encode(), "附件3.xls").grids
    assert grid.struck == struck
