import datetime as dt
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from small_district import SmallDistrict

from kbxt_merge.outputs.sheets.styles import SEVERITY_COLOURS
from kbxt_merge.outputs.summary import card_books
from kbxt_merge.outputs.summary.write import write_summaries

MEILIN, MAODIAN = "赣县区梅林中学", "赣县区茅店中心小学"
ID = "360721201110166400"


def card(name: str, **more: object) -> dict[str, object]:
    return {"name": name, "id_number": ID, "birth_date": dt.date(2011, 10, 16), "dropout_reason": "厌学", **more}


def write(small: SmallDistrict, folder: Path) -> list[Path]:
    district = small.district()
    district.forms = replace(district.forms, forms=(district.forms.by_slug["5"],))
    return write_summaries(district, small.all_findings(), folder)


def value_beside(sheet: Worksheet, label: str) -> object:
    """The value right of the first cell with this label."""
    found = next(cell for row in sheet.iter_rows() for cell in row if str(cell.value or "").replace("\n", "") == label)
    return sheet.cell(found.row, found.column + 1).value


@pytest.fixture
def small() -> SmallDistrict:
    small = SmallDistrict((MEILIN, MAODIAN))
    small.take(MAODIAN, "5", [card("王芳"), card("王芳", birth_date="2011年10月")])
    small.take(MEILIN, "5", [card("李/伟:*?", persuasion_log="=1+1")])
    return small


class TestIndex:
    def test_one_row_a_child_in_roster_order(self, small: SmallDistrict, tmp_path: Path) -> None:
        sheet = openpyxl.load_workbook(write(small, tmp_path)[0])["索引"]
        assert [[cell.value for cell in row] for row in sheet["A5:D7"]] == [
            [1, "李/伟:*?", ID, MEILIN],
            [2, "王芳", ID, MAODIAN],
            [3, "王芳", ID, MAODIAN],
        ]

    def test_each_row_leads_to_its_card(self, small: SmallDistrict, tmp_path: Path) -> None:
        book = openpyxl.load_workbook(write(small, tmp_path)[0])
        for row, name in ((5, "李/伟:*?"), (6, "王芳"), (7, "王芳")):
            location = book["索引"].cell(row, 2).hyperlink.location
            target = book[location.rpartition("!")[0].strip("'")]
            assert value_beside(target, "姓名") == name
        assert len(set(book.sheetnames)) == len(book.sheetnames) == 3 + 3


@pytest.mark.parametrize("most", [0, card_books.MOST_CARDS])
@pytest.mark.parametrize("name", ["王\x01芳", "王\x07芳", "王\ufffe芳", "王\uffff芳", "王\ud800芳"])
def test_a_name_that_no_xml_holds_costs_no_workbook(
    name: str, most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_books, "MOST_CARDS", most)
    small = SmallDistrict((MEILIN,))
    small.take(MEILIN, "5", [card(name)])
    small.find("5", 0, "name", "error", f"{name} 有误")
    index, *others = (openpyxl.load_workbook(path) for path in write(small, tmp_path))
    assert index["索引"]["B5"].value == "王芳"
    (sheet,) = [sheet for book in (index, *others) for sheet in book if sheet.title == "1 王_芳"]
    assert [cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment] == ["【必须修改】王芳 有误"]


class TestCard:
    def test_labels_stand_left_of_their_values(self, small: SmallDistrict, tmp_path: Path) -> None:
        sheet = openpyxl.load_workbook(write(small, tmp_path)[0])["2 王芳"]
        assert [sheet["A1"].value, sheet["A2"].value] == ["附件 5", "江西省义务教育阶段辍学学生登记表"]
        assert value_beside(sheet, "居民身份证号码") == ID
        assert value_beside(sheet, "辍学原因") == "厌学"
        assert str(sheet["A4"].value).replace("\n", "") == "基本信息"

    def test_dates_are_printed_at_their_own_precision(self, small: SmallDistrict, tmp_path: Path) -> None:
        book = openpyxl.load_workbook(write(small, tmp_path)[0])
        assert value_beside(book["2 王芳"], "出生日期") == "2011年10月16日"
        assert value_beside(book["3 王芳"], "出生日期") == "2011年10月"

    def test_the_heading_has_city_county_and_the_cards_own_date(self, small: SmallDistrict, tmp_path: Path) -> None:
        sheet = openpyxl.load_workbook(write(small, tmp_path)[0])["2 王芳"]
        heading = [cell.value for cell in sheet[3] if cell.value]
        assert heading == ["设区市：赣州市", "县(市、区)：赣县区", "填表日期：2021 年 3 月 10 日"]

    def test_every_field_has_its_place_once(self, small: SmallDistrict, tmp_path: Path) -> None:
        form = small.forms.by_slug["5"]
        values = {field.name: f"值{number}" for number, field in enumerate(form.fields)}
        small.take(MEILIN, "5", [values])
        sheet = openpyxl.load_workbook(write(small, tmp_path)[0])["2 值0"]
        shown = [str(cell.value) for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("值")]
        assert sorted(shown) == sorted(values.values())

    def test_it_prints_on_one_page_of_a4_portrait(self, small: SmallDistrict, tmp_path: Path) -> None:
        sheet = openpyxl.load_workbook(write(small, tmp_path)[0])["2 王芳"]
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("portrait", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight or 1) == (1, 1)

    def test_a_very_long_log_is_not_cut(self, small: SmallDistrict, tmp_path: Path) -> None:
        small.take(MEILIN, "5", [card("周强", persuasion_log="上门家访，与家长面谈。\n" * 60)])
        sheet = openpyxl.load_workbook(write(small, tmp_path)[0])["2 周强"]
        log = next(each for each in sheet.merged_cells.ranges if "上门家访" in str(each.start_cell.value))
        heights = [sheet.row_dimensions[row].height for row in range(log.min_row, log.max_row + 1)]
        assert max(heights) <= 409  # the tallest row there can be
        assert sum(heights) >= 60 * 14

    def test_text_that_looks_like_a_formula_stays_text(self, small: SmallDistrict, tmp_path: Path) -> None:
        sheet = next(
            sheet for sheet in openpyxl.load_workbook(write(small, tmp_path)[0]) if sheet.title.startswith("1 ")
        )
        assert "=1+1" in [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "s"]

    def test_findings_colour_and_comment_the_value(self, small: SmallDistrict, tmp_path: Path) -> None:
        small.find("5", 0, "id_number", "error", "校验位不对")
        book = openpyxl.load_workbook(write(small, tmp_path)[0])
        marked = [cell for row in book["2 王芳"].iter_rows() for cell in row if cell.comment]
        assert [(cell.value, "#" + cell.fill.fgColor.rgb[2:]) for cell in marked] == [(ID, SEVERITY_COLOURS["error"])]
        assert "校验位不对" in marked[0].comment.text
        assert [book["索引"].cell(row, 5).value for row in (5, 6, 7)] == [0, 1, 0]


class TestManyCards:
    @pytest.fixture
    def paths(self, small: SmallDistrict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
        monkeypatch.setattr(card_books, "MOST_CARDS", 2)
        return write(small, tmp_path)

    def test_each_school_has_a_workbook_of_its_own(self, paths: list[Path], tmp_path: Path) -> None:
        assert paths[1:] == [tmp_path / "附件5" / f"{MEILIN}.xlsx", tmp_path / "附件5" / f"{MAODIAN}.xlsx"]
        assert openpyxl.load_workbook(paths[2]).sheetnames == ["2 王芳", "3 王芳"]

    def test_the_index_leads_there(self, paths: list[Path]) -> None:
        cell = openpyxl.load_workbook(paths[0])["索引"]["B6"]
        assert cell.hyperlink.target.endswith(f"{MAODIAN}.xlsx")
        assert cell.hyperlink.location == "'2 王芳'!A1"

    def test_nothing_is_in_both_places(self, paths: list[Path]) -> None:
        assert openpyxl.load_workbook(paths[0]).sheetnames == ["索引", "来源", "统计"]
