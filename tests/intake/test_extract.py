"""A table's records as typed: each with its row, each field with its column."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sheets import FORMS, page

from kbxt_merge.intake.recognition.extract import extract
from kbxt_merge.intake.recognition.recogniser import Recogniser
from kbxt_merge.model.returns import ErrorValue, Grid, MissingResult, Sheet

RECOGNISER = Recogniser(FORMS)
RETURNED = """
    | 附件 1-2 |
    | 赣县区义务教育阶段辍学学生登记汇总表 |
    | 填报单位：赣县区梅林小学（盖章）  时间：2021年3月12日 |
    | 序号 | 姓名   | 身份证号码         | 学籍所在学校 | 人员类别 | 登记类型 | 备注 |
    | 1    | 赖小满 | 360704200805210315 | 梅林小学     |          | 失学辍学 |      |
    |      |        |                    |              |          |          |      |
    | 2    | 温小暑 | 3.6072120070707e17 | =D5          | #N/A     |          | 转走 |
    | 3    |        |                    |              |          |          |      |
    |      | 合计   | 2                  |              |          |          |      |
    | 注：1. 本表为附件 1-1 的名单汇总。 |
    | 填表人：赖大暑 |
"""


def extracted(grid: Grid) -> Sheet:
    found = RECOGNISER.recognise(grid)
    assert found
    (sheet,) = extract(grid, found)
    return sheet


def test_records_stand_as_typed_with_the_rows_of_the_sheet() -> None:
    sheet = extracted(page(RETURNED))
    assert sheet.rows == [4, 6]
    assert sheet.cells["name"] == ["赖小满", "温小暑"]
    assert sheet.cells["id_number"] == ["360704200805210315", 3.6072120070707e17]
    assert sheet.cells["roll_school"] == ["梅林小学", MissingResult("D5")]
    assert sheet.cells["person_category"] == [None, ErrorValue("#N/A")]
    assert (sheet.unit, sheet.unit_cell) == ("赣县区梅林小学", "A3")
    assert sheet.date
    assert (sheet.date.last, sheet.date_cell) == (dt.date(2021, 3, 12), "A3")


def test_rows_and_columns_keep_the_sheets_own_numbers_wherever_its_cells_begin() -> None:
    grid = page(RETURNED)
    sheet = extracted(replace(grid, top=10, left=2))
    assert sheet.rows == [14, 16]
    assert sheet.columns["name"] == 3
    assert sheet.unit_cell == "C13"


SPLIT = """
    | 附件 1-2 |
    | 赣县区义务教育阶段辍学学生登记汇总表 |
    | 序号 | 姓名   | 身份证号码 |           |       | 学籍所在学校 | 人员类别 | 登记类型 | 备注 |
    | 1    | 赖小满 | 360704     | '20080521 | '0315 | 梅林小学     |          | 失学辍学 |      |
    | 2    | 温小暑 | 360704200707070423 |   |       | 梅林小学     |          | 失学辍学 |      |
    | 3    | 钟立秋 | 360704     | '2011080  | '0534 | 梅林小学     |          | 失学辍学 |      |
"""


def test_a_number_whose_parts_stand_side_by_side_below_one_header_is_whole() -> None:
    sheet = extracted(page(SPLIT, merged=["C3:E3"]))
    assert sheet.cells["id_number"] == ["360704200805210315", "360704200707070423", 360704.0]
    assert sheet.unexpected == ()
    other = extracted(page(SPLIT.replace("| 身份证号码 |           |", "| 身份证号码 | 电话      |")))
    assert other.cells["id_number"][0] == 360704.0


@pytest.mark.parametrize("headers", ["身份证号码 | 身份证号码", "身份证号（前6位） | 身份证号（后12位）"])
def test_a_number_in_halves_may_have_a_header_above_each(headers: str) -> None:
    halves = SPLIT.replace("| 身份证号码 |           |", f"| {headers} |")
    sheet = extracted(page(halves))
    assert sheet.cells["id_number"][:2] == ["360704200805210315", "360704200707070423"]
    assert sheet.unexpected == ()


@pytest.mark.parametrize(("numbers", "unexpected"), [("012", []), ("135", [(2, 9, "")]), ("0一2", [(2, 9, "")])])
def test_a_column_without_a_header_that_only_counts_the_rows_says_nothing(
    numbers: str, unexpected: list[tuple[int, int, str]]
) -> None:
    lines = SPLIT.strip().splitlines()
    numbered = [f"{line} {number} |" for line, number in zip(lines[3:], numbers, strict=True)]
    assert list(extracted(page("\n".join([*lines[:3], *numbered]), merged=["C3:E3"])).unexpected) == unexpected


SIBLINGS = """
    | 附件 1-2 |
    | 赣县区义务教育阶段辍学学生登记汇总表 |
    | 填报单位：赣县区梅林小学（盖章）  时间：2021年3月12日 |
    | 序号 | 姓名   | 身份证号码         | 学籍所在学校 | 人员类别       | 登记类型 | 备注     |
    | 1    | 赖小满 | 360704200805210315 | 梅林小学     | 建档立卡脱贫户 | 失学辍学 | 兄妹二人 |
    | 2    | 赖小暑 | 360704201007070326 |              |                | 缓学休学 |          |
    |      |        |                    |              |                |          |          |
    | 3    | 温小寒 | 360704201001060338 |              |                |          |          |
    | 注：1. 本表为附件 1-1 的名单汇总。 |
"""


def test_a_cell_merged_over_several_records_is_what_each_of_them_holds() -> None:
    sheet = extracted(page(SIBLINGS, merged=["D5:D8", "E5:E6", "G5:G6"]))
    assert sheet.rows == [4, 5, 7]
    assert sheet.cells["roll_school"] == ["梅林小学"] * 3
    assert sheet.cells["person_category"] == ["建档立卡脱贫户", "建档立卡脱贫户", None]
    assert sheet.cells["registration_type"] == ["失学辍学", "缓学休学", None]
    assert sheet.cells["remark"] == ["兄妹二人", "兄妹二人", None]


def test_what_stands_below_in_a_merged_cell_stays() -> None:
    assert extracted(page(SIBLINGS, merged=["F5:F8"])).cells["registration_type"] == [
        "失学辍学",
        "缓学休学",
        "失学辍学",
    ]


def test_a_child_whose_name_reaches_over_two_rows_is_one() -> None:
    lacking = SIBLINGS.replace("赖小暑", "").replace("360704201007070326", "")
    sheet = extracted(page(lacking, merged=["A5:A6", "B5:B6", "C5:C6"]))
    assert sheet.cells["name"] == ["赖小满", "温小寒"]
    assert sheet.cells["id_number"] == ["360704200805210315", "360704201001060338"]


def test_a_merged_cell_above_the_records_says_nothing_of_them() -> None:
    assert extracted(page(SIBLINGS, merged=["E4:E8", "G7:G8"])).cells["person_category"] == [
        "建档立卡脱贫户",
        None,
        None,
    ]


def test_rows_that_end_early_are_blank_beyond_their_end() -> None:
    grid = page(RETURNED)
    grid.rows[4] = grid.rows[4][:2]
    assert extracted(grid).cells["registration_type"] == [None, None]


def test_columns_that_lack_and_columns_of_their_own_are_told() -> None:
    sheet = extracted(
        page("""
            | 赣县区义务教育阶段辍学学生登记汇总表 |
            | 序号 | 姓名   | 班主任 | 身份证号码         | 空栏 | 自查 |      |
            | 1    | 赖小满 | 王冬至 | 360704200805210315 |      | 通过 | 存疑 |
        """)
    )
    assert sheet.missing == ("roll_school", "person_category", "registration_type", "remark")
    assert sheet.unexpected == ((1, 2, "班主任"), (1, 6, ""))
    assert "registration_type" not in sheet.cells


def test_hidden_records_are_read_and_told_by_row_and_column() -> None:
    grid = page(RETURNED, hidden=True, hidden_rows=[5, 6, 10], hidden_columns="BE")
    sheet = extracted(grid)
    assert sheet.rows == [4, 6]
    assert sheet.hidden == ("sheet", "rows 5", "columns B,E")


def test_what_is_hidden_and_holds_no_record_is_not_told() -> None:
    grid = page(RETURNED, hidden_rows=[1, 6, 11], hidden_columns="IJ")
    assert extracted(grid).hidden == ()


def test_a_form_that_prints_its_unit_line_below_is_read_from_below_first() -> None:
    sheet = extracted(
        page("""
            | 学校：赣县区茅店中学  时间：2020年9月 |
            | 序号 | 原就读学校 | 姓名   | 性别 | 年龄 | 辍学时间 | 复学学校 | 复学时间 | 班级 | 备注 |
            | 1    | 梅林小学   | 赖小满 | 男   | 12   | 2020.9   |          |          |      |      |
            | 学校：赣县区梅林小学（盖章）  时间：2021年3月 |
        """)
    )
    assert (sheet.unit, sheet.date_cell, sheet.rows) == ("赣县区梅林小学", "A4", [2])


def test_a_table_printed_on_two_pages_is_one_list() -> None:
    again = RETURNED.replace("赖小满", "钟立秋").replace("温小暑", "刘白露")
    sheet = extracted(page(RETURNED + again))
    assert sheet.cells["name"] == ["赖小满", "温小暑", "钟立秋", "刘白露"]
    assert sheet.rows == [4, 6, 15, 17]


def test_an_empty_list_has_no_record() -> None:
    sheet = extracted(
        page("""
            | 填报单位：赣县区梅林小学 |
            | 序号 | 姓名   | 身份证号码 | 学籍所在学校 | 人员类别 | 登记类型 | 备注 |
            | 1    | 零报告 |            |              |          |          |      |
        """)
    )
    assert (sheet.rows, sheet.cells["name"], sheet.unit) == ([], [], "赣县区梅林小学")
