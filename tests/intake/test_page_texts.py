"""What stands on a worksheet in no cell: the printed page's header and footer, and text boxes."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
import xlsxwriter

from kbxt_merge.intake.formats.ooxml import read
from kbxt_merge.model.limits import Limits


def written(header: str = "", footer: str = "", box: str = "") -> bytes:
    """A workbook of one cell with these beside it."""
    data = BytesIO()
    with xlsxwriter.Workbook(data) as book:
        sheet = book.add_worksheet()
        sheet.write("A1", "序号")
        if header or footer:
            sheet.set_header(header)
            sheet.set_footer(footer)
        if box:
            sheet.insert_textbox("C3", box)
    return data.getvalue()


def beside(data: bytes) -> tuple[str, ...]:
    (grid,) = read(data, Limits()).grids
    assert grid.rows == [["序号"]]
    return grid.beside


@pytest.mark.parametrize(
    ("header", "texts"),
    [
        ('&L&"宋体,常规"&12学校名称：梅林小学（盖章）&R2021年3月12日', ("学校名称：梅林小学（盖章）", "2021年3月12日")),
        ("&C&KFF0000梅林小学&&田村学校", ("梅林小学田村学校",)),
        ("&P/&N", ("/",)),
        ("", ()),
    ],
)
def test_a_page_header_is_read_section_by_section_without_its_codes(header: str, texts: tuple[str, ...]) -> None:
    assert beside(written(header)) == texts


def test_a_footer_and_a_text_box_are_read_line_by_line() -> None:
    assert beside(written(footer="&C填表人：王五", box="学校名称：梅林小学\n2021年3月12日")) == (
        "填表人：王五", "学校名称：梅林小学", "2021年3月12日",
    )  # fmt: skip


def test_a_damaged_drawing_says_nothing_and_costs_no_cell() -> None:
    damaged = BytesIO()
    with zipfile.ZipFile(BytesIO(written(box="梅林小学"))) as whole, zipfile.ZipFile(damaged, "w") as archive:
        for name in whole.namelist():
            archive.writestr(name, b"<xdr:wsDr" if "drawings/drawing" in name else whole.read(name))
    assert beside(damaged.getvalue()) == ()
