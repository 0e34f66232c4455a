"""Lists that go on: on the next sheet without their header, and in blocks below lines that name other schools."""

from __future__ import annotations

import pytest
from sheets import FORMS, page, read

from kbxt_merge.intake.recognition.extract import extract
from kbxt_merge.intake.recognition.recogniser import Recogniser
from kbxt_merge.intake.recognition.split_tables import tables
from kbxt_merge.model.returns import Grid, Sheet, Workbook

RECOGNISER = Recogniser(FORMS)
ABOVE = """
    | 赣县区义务教育阶段辍学学生登记汇总表 |
    | 填报单位：赣县区梅林小学（盖章）  时间：2021年3月12日 |
"""
HEADER = "| 序号 | 姓名 | 身份证号码 | 学籍所在学校 | 人员类别 | 登记类型 | 备注 |\n"
FIRST = "| 1 | 赖小满 | 360704200805210315 | 梅林小学 | | 失学辍学 | |\n"
SECOND = "| 2 | 温小暑 | 360704201007070326 | 梅林小学 | | 缓学休学 | |\n"


def returned(*grids: Grid) -> tuple[list[Sheet], tuple[str, ...]]:
    (reading,) = read({"a.xlsx": Workbook(list(grids))})
    return reading.sheets, reading.unrecognised


def test_a_list_goes_on_without_its_header_on_the_next_sheet() -> None:
    (first, second), strange = returned(page(ABOVE + HEADER + FIRST), page(SECOND, "Sheet2"))
    assert (second.form, second.sheet, second.rows, second.cells["name"]) == ("1-2", "Sheet2", [0], ["温小暑"])
    assert (second.unit, second.date) == (first.unit, first.date) == ("赣县区梅林小学", first.date)
    assert strange == ()


def test_a_list_without_numbers_goes_on_by_its_words() -> None:
    header = "| 原就读学校 | 姓名 | 性别 | 年龄 | 辍学时间 | 复学学校 | 复学时间 | 班级 | 人员类别 |\n"
    rows = "| 梅林小学 | {} | 女 | 12 | 2020年11月 | | | | 建档立卡脱贫户 |\n"
    sheets, _ = returned(page(header + rows.format("赖小满")), page(rows.format("温小暑"), "续表"))
    assert [(each.form, each.cells["name"]) for each in sheets] == [("2", ["赖小满"]), ("2", ["温小暑"])]


@pytest.mark.parametrize(
    "other",
    [
        "| 王冬至 | 13700000003 | 班主任 |",
        "| 序号 | 村 | 户数 | 备注 |\n| 1 | 上坝村 | 12 | 无 |",
        "| 1 | 温小暑 | 语文 | 85 |\n| 2 | 温小寒 | 数学 | 90 |",
    ],
)
def test_a_sheet_of_something_else_is_no_part_of_the_list(other: str) -> None:
    (only,), strange = returned(page(ABOVE + HEADER + FIRST), page(other, "Sheet2"))
    assert (only.cells["name"], strange) == (["赖小满"], ("Sheet2",))


def test_rows_without_a_list_above_are_no_form() -> None:
    assert returned(page(SECOND)) == ([], ("Sheet1",))


def blocks(text: str) -> list[tuple[str | None, str, list[int], list[object]]]:
    found = tables(page(text), RECOGNISER)
    sheets = [sheet for part, form in found for sheet in extract(part, form)]
    assert all(sheet.date and sheet.date_cell == "A2" for sheet in sheets)
    return [(sheet.unit, sheet.unit_cell, sheet.rows, list(sheet.cells["name"])) for sheet in sheets]


def test_blocks_below_lines_that_name_schools_are_theirs() -> None:
    text = ABOVE + HEADER + FIRST + "| 学校名称：赣县区田村学校 |\n" + SECOND
    assert blocks(text) == [
        ("赣县区梅林小学", "A2", [3], ["赖小满"]),
        ("赣县区田村学校", "A5", [5], ["温小暑"]),
    ]
    none_above = ABOVE.replace("填报单位：赣县区梅林小学（盖章）  ", "")
    below = "| 学校名称：赣县区梅林小学 |\n" + FIRST + "| 学校名称：赣县区田村学校 |\n" + SECOND
    assert blocks(none_above + HEADER + below) == [
        ("赣县区梅林小学", "A4", [4], ["赖小满"]),
        ("赣县区田村学校", "A6", [6], ["温小暑"]),
    ]


def test_a_line_that_names_the_same_school_or_nobodys_children_parts_nothing() -> None:
    whole = [("赣县区梅林小学", "A2", [3, 5], ["赖小满", "温小暑"])]
    assert blocks(ABOVE + HEADER + FIRST + "| 学校名称：梅林小学 |\n" + SECOND) == whole
    assert blocks(ABOVE + HEADER + FIRST + "| 填表人：王冬至 |\n" + SECOND) == whole
    last = "| 学校：赣县区田村学校（盖章） |\n| 校长：王冬至 |\n"
    assert blocks(ABOVE + HEADER + FIRST + last) == [("赣县区梅林小学", "A2", [3], ["赖小满"])]


def named(text: str) -> list[tuple[str | None, str, list[object]]]:
    found = tables(page(text), RECOGNISER)
    sheets = [sheet for part, form in found for sheet in extract(part, form)]
    return [(sheet.unit, sheet.block, list(sheet.cells["name"])) for sheet in sheets]


@pytest.mark.parametrize("line", ["{}", "一、{}", "（二）{}", "{}：", "{}（2人）", "【{}】", "茅店中心小学下属{}"])
def test_a_school_alone_in_its_row_names_the_block_below_it(line: str) -> None:
    first, second = line.format("桃源小学"), line.format("石桥小学")
    blocks = f"| {first} |\n{FIRST}| {second} |\n{SECOND}"
    assert named(ABOVE + HEADER + blocks) == [
        ("赣县区梅林小学", "桃源小学", ["赖小满"]),
        ("赣县区梅林小学", "石桥小学", ["温小暑"]),
    ]
    headed = f"| {first} |\n{HEADER}{FIRST}| {second} |\n{HEADER}{SECOND}"
    assert named(ABOVE + headed) == named(ABOVE + HEADER + blocks)


@pytest.mark.parametrize("line", ["上坝村", "七年级", "梅林小学毕业生", "2人"])
def test_another_heading_names_no_block(line: str) -> None:
    assert named(f"{ABOVE}{HEADER}{FIRST}| {line} |\n{SECOND}") == [("赣县区梅林小学", "", ["赖小满", "温小暑"])]


def test_a_school_alone_below_the_last_child_signs() -> None:
    assert named(f"{ABOVE}{HEADER}{FIRST}{SECOND}| 桃源小学 |\n| 2021年3月12日 |") == [
        ("赣县区梅林小学", "", ["赖小满", "温小暑"])
    ]


LEDGER = "| 原就读学校 | 姓名 | 性别 | 年龄 | 辍学时间 | 复学学校 | 复学时间 | 班级 | 人员类别 |\n"
OUT = "| 桃源小学 | {} | 女 | 12 | 2020年11月 | | | | 建档立卡脱贫户 |\n"
TITLE = "| 赣县区2021年脱贫户子女辍学学生劝返复学工作台账 |\n"


@pytest.mark.parametrize("between", ["", LEDGER, TITLE + LEDGER])
def test_a_ledger_that_is_named_below_is_parted_below_its_lines(between: str) -> None:
    first = f"{OUT.format('赖小满')}| 学校：桃源小学（盖章）  时间：2021年3月 |\n"
    second = f"{OUT.format('温小暑')}| 学校：石桥小学（盖章）  时间：2021年3月 |\n"
    assert named(TITLE + LEDGER + first + between + second) == [
        ("桃源小学", "", ["赖小满"]),
        ("石桥小学", "", ["温小暑"]),
    ]


def test_a_ledger_whose_lines_stand_above_is_parted_above_them() -> None:
    first, second = f"| 学校：桃源小学 |\n{OUT.format('赖小满')}", f"| 学校：石桥小学 |\n{OUT.format('温小暑')}"
    assert named(TITLE + LEDGER + first + second) == [("桃源小学", "", ["赖小满"]), ("石桥小学", "", ["温小暑"])]
