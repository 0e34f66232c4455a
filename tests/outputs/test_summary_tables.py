import re
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook
from small_district import SmallDistrict, forms_in_force

from kbxt_merge.outputs.sheets.styles import SEVERITY_COLOURS
from kbxt_merge.outputs.summary.write import write_summaries

MEILIN, MAODIAN, TIANCUN = "赣县区梅林中学", "赣县区茅店中心小学", "赣县区田村小学"
ID = "360721201110166400"


def child(name: str, **more: object) -> dict[str, object]:
    return {"name": name, "id_number": ID, "registration_type": "辍学", "person_category": "建档立卡", **more}


def book(small: SmallDistrict, folder: Path, slug: str, rows_a_sheet: int = 1000) -> Workbook:
    return openpyxl.load_workbook(path_of(small, folder, slug, rows_a_sheet))


def path_of(small: SmallDistrict, folder: Path, slug: str, rows_a_sheet: int = 1000) -> Path:
    """The workbook of this form, made without the others."""
    district = small.district()
    district.forms = replace(district.forms, forms=(district.forms.by_slug[slug],))
    [path] = write_summaries(district, small.all_findings(), folder, rows_a_sheet=rows_a_sheet)
    return path


def texts(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


@pytest.fixture
def small() -> SmallDistrict:
    """Two schools, the later one of the roster first: the roster's order must decide."""
    small = SmallDistrict((MEILIN, MAODIAN, TIANCUN))
    small.take(
        MAODIAN, "1-2", [child("王芳", seq=7), child("李 伟", seq=8, registration_type="休学", person_category=None)]
    )
    small.take("不在册的学校", "1-2", [child("外人")])
    small.take(MEILIN, "1-2", [child("陈娟", remark="=1+1"), child("周强", remark="+8613812345678", id_number="x")])
    return small


def one_line(text: object) -> str:
    return str(text).replace("\n", "")


class TestOfficialLayout:
    def test_every_form_has_its_workbook_named_by_attachment_and_title(
        self, small: SmallDistrict, tmp_path: Path
    ) -> None:
        write_summaries(small.district(), small.all_findings(), tmp_path)
        assert sorted(path.name for path in tmp_path.iterdir()) == [
            "附件1-1 赣县区2021年春季学期控辍保学专项行动统计表.xlsx",
            "附件1-2 赣县区义务教育阶段辍学学生登记汇总表.xlsx",
            "附件2 赣县区2021年脱贫户子女辍学学生劝返复学工作台账.xlsx",
            "附件3 赣县区义务教育阶段适龄残疾儿童就学台账.xlsx",
            "附件4 赣县区义务教育阶段重度残疾儿童少年送教上门工作台账.xlsx",
            "附件5 江西省义务教育阶段辍学学生登记表.xlsx",
        ]

    def test_heading_unit_and_date_stand_above_the_header(self, small: SmallDistrict, tmp_path: Path) -> None:
        sheet = book(small, tmp_path, "1-2")["汇总"]
        assert [sheet["A1"].value, sheet["A2"].value] == ["附件 1-2", "赣县区义务教育阶段辍学学生登记汇总表"]
        assert sheet["A3"].value == "填报单位：赣县区教育局（盖章）"
        assert "时间：2021 年 3 月 12 日" in texts(sheet)
        headers = [field.header for field in forms_in_force().by_slug["1-2"].fields]
        assert [one_line(cell.value) for cell in sheet[4]] == [one_line(each) for each in headers]

    def test_the_unit_line_stands_below_and_by_month_where_the_form_has_it_so(
        self, small: SmallDistrict, tmp_path: Path
    ) -> None:
        small.take(MEILIN, "2", [{"name": "陈娟"}])
        sheet = book(small, tmp_path, "2")["汇总"]
        assert sheet["A5"].value == "学校：赣县区教育局（盖章）"
        assert "时间：2021 年 3 月" in texts(sheet)

    def test_schools_come_in_roster_order_and_others_last_with_rows_numbered_anew(
        self, small: SmallDistrict, tmp_path: Path
    ) -> None:
        sheet = book(small, tmp_path, "1-2")["汇总"]
        assert [(row[0].value, row[1].value) for row in sheet["A5:B9"]] == [
            (1, "陈娟"), (2, "周强"), (3, "王芳"), (4, "李伟"), (5, "外人"),
        ]  # fmt: skip

    def test_notes_stand_below_the_last_row(self, small: SmallDistrict, tmp_path: Path) -> None:
        sheet = book(small, tmp_path, "1-2")["汇总"]
        assert (sheet["A10"].value, sheet["A11"].value) == forms_in_force().by_slug["1-2"].notes

    def test_values_are_normalised_and_unreadable_ones_stay(self, small: SmallDistrict, tmp_path: Path) -> None:
        sheet = book(small, tmp_path, "1-2")["汇总"]
        assert [sheet["C6"].value, sheet["E8"].value, sheet["F8"].value] == ["X", "其他", "缓学休学"]

    def test_numbers_of_persons_are_text_and_counts_are_numbers(self, small: SmallDistrict, tmp_path: Path) -> None:
        small.take(MEILIN, "3", [child("陈娟", age="12岁", phone=13812345678), child("周强", age="十二三", phone="x")])
        sheet = book(small, tmp_path, "3")["汇总"]
        assert [sheet["D5"].value, sheet["H5"].value] == [ID, "13812345678"]
        assert [sheet["E5"].value, sheet["E6"].value] == [12, "十二三"]

    def test_what_looks_like_a_formula_stays_text(self, small: SmallDistrict, tmp_path: Path) -> None:
        path = path_of(small, tmp_path, "1-2")
        sheet = openpyxl.load_workbook(path)["汇总"]
        assert [(sheet[cell].value, sheet[cell].data_type) for cell in ("G5", "G6")] == [
            ("=1+1", "s"),
            ("+8613812345678", "s"),
        ]
        with zipfile.ZipFile(path) as archive:
            assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")

    @pytest.mark.parametrize(
        "remark", ["a & b < c", " 前后有空格 ", "两\n行", "_x0041_", "表\x07格", "😀" * 3, "\ud83d坏"]
    )
    def test_any_text_can_be_written_and_read_again(self, small: SmallDistrict, tmp_path: Path, remark: str) -> None:
        small.take(TIANCUN, "1-2", [child("马超", remark=remark)])
        sheet = CalamineWorkbook.from_path(path_of(small, tmp_path, "1-2")).get_sheet_by_name("汇总")
        read = next(row for row in sheet.to_python() if "马超" in row)[6]
        shown = small.district().records["1-2"].shown["remark"][-1]
        assert read == shown or "\ud83d" in shown

    def test_it_prints_on_a4_landscape_one_page_wide_with_the_header_on_every_page(
        self, small: SmallDistrict, tmp_path: Path
    ) -> None:
        for slug, header in (("1-2", "$4:$4"), ("1-1", "$4:$5")):
            sheet = book(small, tmp_path, slug)["汇总"]
            assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
            assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
            assert sheet.print_title_rows == header

    def test_a_long_text_gets_a_taller_row(self, small: SmallDistrict, tmp_path: Path) -> None:
        small.take(TIANCUN, "1-2", [child("马超", remark="随父母在广东省务工，家长承诺返校。" * 4)])
        sheet = book(small, tmp_path, "1-2")["汇总"]
        heights = {sheet.cell(row, 2).value: sheet.row_dimensions[row].height for row in range(5, 11)}
        assert heights["马超"] > 60
        assert {height for name, height in heights.items() if name and name != "马超"} == {heights["陈娟"]}
        assert heights["陈娟"] < heights["马超"]

    def test_a_form_of_which_nothing_came_still_has_its_page(self, small: SmallDistrict, tmp_path: Path) -> None:
        sheet = book(small, tmp_path, "4")["汇总"]
        assert sheet["A2"].value == "赣县区义务教育阶段重度残疾儿童少年送教上门工作台账"
        assert sheet["B4"].value == "姓名"

    def test_more_rows_than_a_sheet_holds_go_on_with_the_numbers(self, small: SmallDistrict, tmp_path: Path) -> None:
        result = book(small, tmp_path, "1-2", rows_a_sheet=2)
        names = [name for name in result.sheetnames if name.startswith("汇总")]
        assert len(names) == 3
        assert [result[name]["A5"].value for name in names] == [1, 3, 5]
        assert [result[name]["B4"].value for name in names] == ["姓名"] * 3
        assert len([name for name in result.sheetnames if name.startswith("来源")]) == 3

    def test_the_same_records_make_the_same_bytes(self, small: SmallDistrict, tmp_path: Path) -> None:
        small.find("1-2", 0, "name", "error")
        small.find("1-2", 0, "remark", "warning")
        first, second = (path_of(small, tmp_path / name, "1-2").read_bytes() for name in "ab")
        assert first == second


class TestFindings:
    @pytest.fixture
    def sheets(self, small: SmallDistrict, tmp_path: Path) -> Workbook:
        """Record 0 is 王芳: read first, printed third."""
        small.find("1-2", 0, "id_number", "error", "校验位不对", suggestion="360721201110166401")
        small.find("1-2", 0, "id_number", "warning", "没有这个地区")
        small.find("1-2", 1, "registration_type", "warning", "请核实登记类型")
        small.find("1-2", 2, "name", "info", "空格已去掉")
        return book(small, tmp_path, "1-2")

    def test_cells_have_the_colour_of_the_worst(self, sheets: Workbook) -> None:
        fills = {
            cell.coordinate: "#" + cell.fill.fgColor.rgb[2:]
            for row in sheets["汇总"]["A5:G9"]
            for cell in row
            if cell.fill.fill_type
        }
        assert fills == {"C7": SEVERITY_COLOURS["error"], "F8": SEVERITY_COLOURS["warning"]}

    def test_cells_are_commented_with_message_and_suggestion(self, sheets: Workbook) -> None:
        comments = {cell.coordinate: cell.comment.text for row in sheets["汇总"] for cell in row if cell.comment}
        assert list(comments) == ["C7", "F8"]
        for words in ("校验位不对", "建议：360***************", "没有这个地区"):
            assert words in comments["C7"]

    def test_a_legend_stands_beside_what_is_printed(self, sheets: Workbook) -> None:
        sheet = sheets["汇总"]
        legend = {cell.column for row in sheet.iter_rows() for cell in row if cell.value == "必须修改"}
        last_printed = openpyxl.utils.column_index_from_string(re.findall("[A-Z]+", str(sheet.print_area))[-1])
        assert legend
        assert min(legend) > last_printed

    def test_the_source_of_each_row_is_named_with_its_findings(self, sheets: Workbook) -> None:
        rows = [[cell.value for cell in row] for row in sheets["来源"]["A2:H6"]]
        assert [row[:5] for row in rows] == [
            [1, MEILIN, f"{MEILIN}/附件1-2.xlsx", "Sheet1", "B5"],
            [2, MEILIN, f"{MEILIN}/附件1-2.xlsx", "Sheet1", "B6"],
            [3, MAODIAN, f"{MAODIAN}/附件1-2.xlsx", "Sheet1", "B5"],
            [4, MAODIAN, f"{MAODIAN}/附件1-2.xlsx", "Sheet1", "B6"],
            [5, "不在册的学校", "不在册的学校/附件1-2.xlsx", "Sheet1", "B5"],
        ]
        assert [row[5:7] for row in rows] == [[0, 0], [0, 0], [1, 1], [0, 1], [0, 0]]
        assert "校验位不对" in rows[2][7]
        assert "没有这个地区" in rows[2][7]
        assert "空格已去掉" in rows[4][7]


class TestStatistics:
    @pytest.fixture
    def sheet(self, tmp_path: Path) -> Worksheet:
        small = SmallDistrict((MEILIN, MAODIAN, TIANCUN, "赣县区白鹭小学"))
        small.take(MAODIAN, "1-1", [{"school": "茅店中心小学", "due": 300, "absent": 2, "remark": "无"}])
        small.take(MEILIN, "1-1", [{"school": MEILIN, "due": "1200人", "absent": 3}])
        small.take(TIANCUN, "1-2", [child("王芳")])
        return book(small, tmp_path, "1-1")["汇总"]

    def test_the_upper_header_spans_its_group(self, sheet: Worksheet) -> None:
        merged = {str(each) for each in sheet.merged_cells.ranges}
        assert {"C4:E4", "A4:A5", "F4:F5"} <= merged
        assert (sheet["C4"].value, sheet["C5"].value) == ("应返校学生数", "合计")

    def test_each_school_has_a_row_under_its_full_name(self, sheet: Worksheet) -> None:
        assert [sheet["B6"].value, sheet["B7"].value] == [MEILIN, MAODIAN]

    def test_the_total_is_a_formula(self, sheet: Worksheet) -> None:
        assert (sheet["B8"].value, sheet["G8"].value) == ("合计", "=SUM(G6:G7)")
        assert sheet["W8"].value in ("", None)

    def test_schools_without_a_return_are_listed_below(self, sheet: Worksheet) -> None:
        below = [str(sheet.cell(row, 1).value) for row in (9, 10)]
        assert "赣县区白鹭小学" in below[0]
        assert TIANCUN in below[1]
        assert not any(name in "".join(below) for name in (MEILIN, MAODIAN))

    def test_the_total_has_its_value_also_where_nothing_calculates(self, tmp_path: Path) -> None:
        small = SmallDistrict((MEILIN,))
        small.take(MEILIN, "1-1", [{"school": MEILIN, "due": 1200}, {"school": MEILIN, "due": 30}])
        values = openpyxl.load_workbook(path_of(small, tmp_path, "1-1"), data_only=True)["汇总"]
        assert values["C8"].value == 1230
