"""District workbooks to be stamped: no marks, the bureau's full name, even rows, totals that say what they count."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from small_district import SmallDistrict

from kbxt_merge.outputs.sheets.styles import SEVERITY_COLOURS
from kbxt_merge.outputs.summary.write import SummaryBooks

HERE, THERE = "赣县区梅林中学", "赣县区田村小学"
ID = "360721201110166400"


@pytest.fixture
def small() -> SmallDistrict:
    small = SmallDistrict((HERE, THERE))
    row = {"name": "王芳", "id_number": ID, "person_category": "其他", "registration_type": "失学辍学"}
    small.take(HERE, "1-2", [row, {**row, "remark": "很长的备注" * 12}, {**row, "name": "李伟", "id_number": ""}])
    small.take(HERE, "1-1", [{"school": HERE, "due": 5}])
    small.take(THERE, "1-1", [{"school": THERE, "due": 7}])
    small.find("1-2", 0, "id_number", "error")
    return small


def sheet(small: SmallDistrict, folder: Path, slug: str, name: str = "汇总", *, final: bool = False) -> Worksheet:
    made = small.district()
    books = SummaryBooks(made, small.all_findings(), made.forms.by_slug[slug], final=final)
    [only] = books.names
    return openpyxl.load_workbook(books.write(only, folder))[name]


def marks(page: Worksheet) -> tuple[int, int]:
    """How many cells are coloured, and how many bear a comment."""
    colours = {f"FF{each[1:]}" for each in SEVERITY_COLOURS.values()}
    cells = [cell for row in page.iter_rows() for cell in row]
    return sum(cell.fill.fgColor.rgb in colours for cell in cells), sum(cell.comment is not None for cell in cells)


def test_a_final_workbook_has_neither_colour_nor_comment_nor_legend(small: SmallDistrict, tmp_path: Path) -> None:
    coloured, comments = marks(sheet(small, tmp_path / "a", "1-2"))
    assert (coloured, comments) == (3, 1)  # the cell, and the two of the legend
    final = sheet(small, tmp_path / "b", "1-2", final=True)
    assert marks(final) == (0, 0)
    assert [row[1].value for row in final["A5:B7"]] == ["王芳", "王芳", "李伟"]


def test_the_bureaus_full_name_stands_where_the_stamp_does(small: SmallDistrict, tmp_path: Path) -> None:
    small.forms = replace(small.forms, full_name="赣州市赣县区教育科技体育局")
    assert sheet(small, tmp_path, "1-2")["A3"].value == "填报单位：赣州市赣县区教育科技体育局（盖章）"


def test_rows_are_even_but_for_those_that_need_more(small: SmallDistrict, tmp_path: Path) -> None:
    page = sheet(small, tmp_path, "1-2")
    first, tall, last = (page.row_dimensions[row].height for row in (5, 6, 7))
    assert first == last
    assert tall > first


def said(page: Worksheet) -> str:
    return "\n".join(str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None)


def test_totals_say_how_many_rows_are_of_children_who_stand_there_already(small: SmallDistrict, tmp_path: Path) -> None:
    assert "其中 1 行的学生前面已有一行，不重复计算为 2 人" in said(sheet(small, tmp_path, "1-2", "统计"))
    small.returned = small.returned[1:]
    small.take(HERE, "1-2", [{"name": "王芳", "registration_type": "失学辍学"}])
    assert "前面已有一行" not in said(sheet(small, tmp_path / "once", "1-2", "统计"))


def test_totals_say_that_a_school_stands_there_twice(small: SmallDistrict, tmp_path: Path) -> None:
    assert "前面已有一行" not in said(sheet(small, tmp_path / "once", "1-1"))
    small.take(HERE, "1-1", [{"school": HERE, "due": 5}])
    assert "有 1 行的学校前面已有一行" in said(sheet(small, tmp_path / "twice", "1-1"))
