"""Forms that stand one below the other on one sheet: each is read, and no row of the upper one is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from sheets import FORMS, page
from test_cards import RETURNED

from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.intake.recognition.extract import extract
from kbxt_merge.intake.recognition.recogniser import Recogniser
from kbxt_merge.intake.recognition.split_tables import tables
from kbxt_merge.model.returns import Grid, Sheet
from kbxt_merge.rules.catalogue import CATALOGUE

RECOGNISER = Recogniser(FORMS)
DROPOUTS = """
    | 附件 1-2 |
    | 赣县区义务教育阶段辍学学生登记汇总表 |
    | 填报单位：赣县区梅林小学（盖章）  时间：2021年3月12日 |
    | 序号 | 姓  名 | 身份证号码         | 学籍所在学校 | 人员类别 | 登记类型 | 备注 |
    | 1    | 赖小满 | 360704200805210315 | 梅林小学     |          | 失学辍学 |      |
    | 2    | 赖小暑 | 360704201007070326 | 梅林小学     |          | 缓学休学 |      |
    | 填表人：赖大暑 |
"""
DISABLED = """
    | 附件 3 |
    | 赣县区义务教育阶段适龄残疾儿童就学台账 |
    | 学校名称：赣县区梅林小学  时间：2021年3月 |
    | 序号 | 姓名 | 性别 | 身份证号 | 年龄 | 家庭住址 | 监护人姓名 | 联系电话 | 残疾类别 | 年级 | 就学情况 | 备注 |
    | 1 | 温小寒 | 女 | 360704201105120321 | 9 | 某村 | 温大寒 | 13800000001 | 视力残疾 | 四年级 | 是 | |
"""


def sheets(grid: Grid) -> list[Sheet]:
    return [sheet for part, found in tables(grid, RECOGNISER) for sheet in extract(part, found)]


def told(grid: Grid) -> list[tuple[str, list[int], list[object]]]:
    return [(sheet.form, sheet.rows, list(sheet.cells["name"])) for sheet in sheets(grid)]


def test_two_forms_on_a_sheet_are_two() -> None:
    assert told(page(DROPOUTS + DISABLED)) == [("1-2", [4, 5], ["赖小满", "赖小暑"]), ("3", [11], ["温小寒"])]
    assert told(page(DISABLED + DROPOUTS)) == [("3", [4], ["温小寒"]), ("1-2", [9, 10], ["赖小满", "赖小暑"])]


def test_each_has_its_own_unit_line_and_its_cells_as_the_sheet_counts_them() -> None:
    upper, lower = sheets(page(DISABLED.replace("赣县区梅林小学", "赣县区田村学校") + DROPOUTS))
    assert (upper.unit, upper.unit_cell, upper.date_cell) == ("赣县区田村学校", "A3", "A3")
    assert (lower.unit, lower.unit_cell, lower.date_cell) == ("赣县区梅林小学", "A8", "A8")


@pytest.mark.parametrize("lines", [4, 3])
def test_a_form_without_its_title_begins_below_the_last_record(lines: int) -> None:
    bare = "\n".join(DISABLED.splitlines()[lines:]) + "\n"
    assert [(form, names) for form, _, names in told(page(DROPOUTS + bare))] == [
        ("1-2", ["赖小满", "赖小暑"]),
        ("3", ["温小寒"]),
    ]


def test_three_forms_are_three() -> None:
    teaching = """
    | 附件 4 |
    | 序号 | 姓名 | 性别 | 身份证号 | 年龄 | 家庭住址 | 监护人姓名 | 联系电话 | 送教上门原因 | 人员类别 | 送教学校 |
    | 1 | 何小雪 | 男 | 360704201105120313 | 9 | 某村 | 何大雪 | 13800000002 | 重度残疾 | | 梅林小学 |
"""
    assert [form for form, _, _ in told(page(DROPOUTS + DISABLED + teaching))] == ["1-2", "3", "4"]


def test_a_form_printed_again_for_a_further_page_stays_one() -> None:
    again = DROPOUTS.replace("赖", "温").replace("姓  名", "姓名")
    both = [("1-2", [4, 5, 11, 12], ["赖小满", "赖小暑", "温小满", "温小暑"])]
    assert told(page(DROPOUTS + again)) == both
    assert told(page(DROPOUTS + again.replace("赣县区梅林小学", "梅林小学"))) == both
    assert told(page(DROPOUTS + again.replace("赣县区梅林小学（盖章）", ""))) == both


def test_the_same_form_of_another_school_is_another_one() -> None:
    other = DROPOUTS.replace("梅林小学", "田村学校").replace("赖", "温")
    upper, lower = sheets(page(DROPOUTS + other))
    assert (upper.unit, upper.rows) == ("赣县区梅林小学", [4, 5])
    assert (lower.unit, lower.rows, lower.unit_cell) == ("赣县区田村学校", [11, 12], "A10")


def test_records_that_hold_words_of_headers_cut_nothing() -> None:
    rows = DROPOUTS.replace(
        "| 梅林小学     |          | 缓学休学 |      |", "| 学籍所在学校 | 人员类别 | 登记类型 | 备注 |"
    )
    assert told(page(rows)) == [("1-2", [4, 5], ["赖小满", "赖小暑"])]


def test_a_sheet_without_a_form_has_no_table() -> None:
    assert tables(page("| 通讯录 | 电话 |\n| 赖大暑 | 13800000001 |"), RECOGNISER) == []


def test_a_card_below_a_list_and_above_one_is_read() -> None:
    for text, names in (
        (DROPOUTS + RETURNED, [["赖小满", "赖小暑"], ["赖小满"]]),
        (RETURNED + DROPOUTS, [["赖小满"], ["赖小满", "赖小暑"]]),
        (DROPOUTS + RETURNED + RETURNED + DISABLED, [["赖小满", "赖小暑"], ["赖小满"], ["赖小满"], ["温小寒"]]),
    ):
        made = sheets(page(text))
        assert [each.cells["name"] for each in made] == names
        assert [each.unexpected for each in made] == [()] * len(made)
        assert all(each.missing == () for each in made)


def test_a_value_that_reads_like_a_label_parts_no_card() -> None:
    (sheet,) = sheets(page(RETURNED.replace("| 劝返结果 | |", "| 劝返结果 | 劝返情况 |")))
    assert (sheet.cells["persuasion_result"], sheet.missing) == (["劝返情况"], ())


BUSES = Path(__file__).parents[1] / "forms_of_others" / "06-school-bus" / "definition"


def bus(plate: str, *children: str) -> str:
    """A card with the list that it prints below itself, thirteen rows high with two children."""
    listed = "\n".join(f"| {at} | {name} | 五（1）班 | 圩上 | '13812345678 |" for at, name in enumerate(children, 1))
    return f"""
        | 云岭县校车及驾驶员信息登记表 |
        | 学校：云岭县江口中学  填表日期：2021年9月10日 |
        | 车辆信息 | 校车牌号 | {plate} | 车架号码 | LSVAA4182E2123456 | 核载人数 | 36 |
        |  | 车主姓名 | 江口中学 | 车主身份证号码 |
        |  | 车主电话 | '0797-4421111 | 车辆年检有效期至 | 2022年3月 | 投保公司 | 人保财险 |
        | 驾驶员信息 | 驾驶员姓名 | 刘长福 | 驾驶员身份证号码 | '360721197205050110 |
        |  | 驾驶证号码 | '360721197205050110 | 准驾车型（A1/A2/A3/B1） | A1 | 初次领证日期 | 1999-06-01 |
        |  | 联系电话 | '13812345670 | 家庭住址 | 江口镇 |
        | 乘车学生名单 |
        | 序号 | 学生姓名 | 年级班级 | 乘车站点 | 监护人电话 |
        {listed}
    """


def test_cards_one_below_the_other_each_keep_the_list_below_themselves() -> None:
    recogniser = Recogniser(load_forms(CATALOGUE, BUSES))
    grid = page(bus("赣B12345", "温志兰", "曹金志") + bus("赣B54321", "谢小满") + bus("赣B67890"))
    found = [sheet for part, form in tables(grid, recogniser) for sheet in extract(part, form)]
    assert [(sheet.form, len(sheet.rows)) for sheet in found] == [
        ("y6", 1), ("y6-1", 2), ("y6", 1), ("y6-1", 1), ("y6", 1), ("y6-1", 0),
    ]  # fmt: skip
    plates = [plate for sheet in found if sheet.form == "y6" for plate in sheet.cells["校车牌号"]]
    assert plates == ["赣B12345", "赣B54321", "赣B67890"]
    children = [child for sheet in found if sheet.form == "y6-1" for child in sheet.cells["学生姓名"]]
    assert children == ["温志兰", "曹金志", "谢小满"]
    assert [sheet.left_out for sheet in found] == [()] * 6
