"""同上 and its like stand for what stands above: in a list the record before, on a card the label above."""

from __future__ import annotations

import pytest
from cast import card, listed
from sheets import MIDDLE, district, findings

from kbxt_merge.model.cell import CellState

FILE = "附件1-2.xlsx"
ABOVE = """
    | 姓名   | 学籍所在学校 | 登记类型 | 备注 |
    | 赖小满 | 梅林小学     | 失学辍学 | 务工 |
    | 温小暑 | {0}          | {0}      | {0}  |
    | 钟立秋 | {0}          | 休学     | {0}  |
"""


@pytest.mark.parametrize(
    "ditto", ["同上", "同 上", "〃", "″", '"', "如上", "”", "＂", "同上。", "（同上）", "仝", "々"]
)
def test_a_ditto_is_the_value_above_also_through_several_rows(ditto: str) -> None:
    records = district({FILE: listed("1-2", ABOVE.format(ditto))}).records["1-2"]
    assert list(records.shown["roll_school"]) == ["梅林小学"] * 3
    assert list(records.shown["registration_type"]) == ["失学辍学", "失学辍学", "缓学休学"]
    assert list(records.shown["remark"]) == ["务工"] * 3
    assert list(records.typed["remark"]) == ["务工", ditto, ditto]


def test_a_ditto_is_noted_at_its_own_cell_and_nothing_is_wrong_with_it() -> None:
    found = findings(district({FILE: listed("1-2", ABOVE.format("同上"))}))
    noted = {each.cell for each in found if each.rule == "value-normalised" and each.field != "person_category"}
    assert noted == {"B5", "C5", "D5", "B6", "C6", "D6"}
    assert {each.rule for each in found if each.severity != "info"} <= {"form-not-returned", "card-missing"}


def test_a_ditto_of_nothing_says_nothing() -> None:
    rows = "| 姓名 | 登记类型 |\n| 赖小满 | |\n| 温小暑 | 同上 |"
    missing = [each.cell for each in findings(district({FILE: listed("1-2", rows)})) if each.rule == "required-missing"]
    assert missing == ["B4", "B5"]


@pytest.mark.parametrize(("field", "rule"), [("登记类型", "registration-type-invalid"), ("姓名", "name-invalid")])
def test_the_first_record_of_a_sheet_has_none_above_it(field: str, rule: str) -> None:
    other = {"姓名": "登记类型", "登记类型": "姓名"}[field]
    value = {"姓名": "失学辍学", "登记类型": "温小暑"}[field]
    second = listed("1-2", f"| {field} | {other} |\n| 同上 | {value} |", school=MIDDLE)
    found = findings(district({"a.xlsx": listed("1-2", "| 姓名 |\n| 赖小满 |"), "b.xlsx": second}))
    assert [each.cell for each in found if each.file == "b.xlsx" and each.rule == rule] == ["A4"]


@pytest.mark.parametrize(("field", "rule"), [("姓名", "name-invalid"), ("身份证号码", "id-length")])
def test_nobody_has_the_name_or_number_of_the_child_above(field: str, rule: str) -> None:
    value = {"姓名": "赖小满", "身份证号码": "'360704200805210315"}[field]
    found = findings(district({FILE: listed("1-2", f"| {field} |\n| {value} |\n| 同上 |")}))
    assert [each.cell for each in found if each.rule == rule] == ["A5"]


def test_on_a_card_the_label_above_of_the_same_kind_is_meant() -> None:
    typed = "| 监护人2 | 赖秋分 |\n| 监护人2联系电话 | 同上 |\n| 学籍所在地 | 同上 |\n| 现居住地 | 〃 |"
    records = district({"卡.xlsx": card("赖小满", typed)}).records["5"]
    row = {name: texts[0] for name, texts in records.shown.items()}
    assert row["guardian2_phone"] == row["guardian1_phone"] == "13800000001"
    assert row["home_address"] == row["roll_address"] == row["household_address"] == "赣县区某乡某村"
    assert records.states["home_address"].tolist() == [CellState.NORMALISED]
