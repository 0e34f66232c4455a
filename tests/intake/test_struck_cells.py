"""Text that is crossed out in a workbook: what teachers do instead of deleting a child's row."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.styles import Font

from kbxt_merge.intake.formats.read_workbook import read_workbook
from kbxt_merge.intake.formats.struck_cells import struck_cells, struck_strings, struck_styles
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Kind

STYLES = b"""<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
  <fonts><font/><font><strike/></font><font><strike val="%s"/></font></fonts>
  <cellXfs><xf fontId="0"/><xf fontId="2"/><xf fontId="1"/><xf fontId="9"/></cellXfs>
</styleSheet>"""


def test_the_cells_of_a_struck_font_are_known() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    for cells in (("序号", "姓名"), (1, "赖小满"), (2, "温小暑")):
        sheet.append(cells)
    sheet["B3"].font = Font(strike=True)
    sheet["A2"].font = Font(bold=True)
    stream = io.BytesIO()
    book.save(stream)
    (grid,) = read_workbook(stream.getvalue(), Kind.XLSX, Limits(), ()).grids
    assert grid.struck == {(2, 1)}


STRINGS = b"""<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
  <si><t>%s</t></si>
  <si><r><rPr><strike/></rPr><t>%s</t></r></si>
  <si><r><rPr><strike/></rPr><t>%s</t></r><r><t>%s</t></r></si>
</sst>"""
SHEET = b'<row><c r="A2" t="s"><v>0</v></c><c r="B2" s="7" t="s"><v>1</v></c><c r="C2" t="s"><v>2</v></c></row>'


def test_a_text_whose_letters_are_all_crossed_out_is_struck_whatever_its_cell_s_format() -> None:
    strings = STRINGS % tuple(each.encode() for each in ("赖小满", "温小暑", "温小署", "温小暑"))
    assert struck_cells(SHEET, frozenset(), struck_strings(strings)) == {(1, 1)}
    assert not struck_strings(strings.replace(b"<strike/>", b'<strike val="0"/>'))


def test_a_text_in_the_sheet_itself_is_struck_alike() -> None:
    run = b"<r><rPr><strike/></rPr><t>%s</t></r>" % "赖小满".encode()
    cells = b'<c r="A1" t="inlineStr"><is>%s</is></c><c r="B1" t="inlineStr"><is>%s<r><t>1</t></r></is></c>'
    assert struck_cells(cells % (run, run), frozenset()) == {(0, 0)}


def test_damaged_strings_strike_nothing() -> None:
    assert struck_strings(b"<sst><si><r><rPr><strike/>") == frozenset()


@pytest.mark.parametrize(("value", "struck"), [(b"1", {b"1", b"2"}), (b"0", {b"2"}), (b"false", {b"2"})])
def test_a_strike_may_be_switched_off(value: bytes, struck: set[bytes]) -> None:
    assert struck_styles(STYLES % value) == struck


def test_damaged_styles_strike_nothing() -> None:
    assert struck_styles(b"<styleSheet><font><strike/>") == frozenset()
