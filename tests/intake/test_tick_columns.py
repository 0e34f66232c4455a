"""Vocabularies split over columns to tick: the value is the header of the column that is ticked."""

from __future__ import annotations

import pytest
from sheets import FORMS, page

from kbxt_merge.intake.recognition.extract import extract
from kbxt_merge.intake.recognition.recogniser import Recogniser
from kbxt_merge.model.returns import Cell, Grid, Sheet

RECOGNISER = Recogniser(FORMS)
BELOW = """
    | 序号 | 姓名 | 身份证号码 | 学籍所在学校 | 人员类别 | 登记类型 |          | 备注 |
    |      |      |            |              |          | 失学辍学 | 缓学休学 |      |
"""
BESIDE = """
    | 序号 | 姓名 | 身份证号码 | 学籍所在学校 | 人员类别 | 失学辍学 | 缓学休学 | 备注 |
"""
CHILD = "    | 1 | 赖小满 | 360704200805210315 | 梅林小学 | | {} | {} | |\n"


def read(grid: Grid) -> Sheet:
    found = RECOGNISER.recognise(grid)
    assert found
    (sheet,) = extract(grid, found)
    return sheet


@pytest.mark.parametrize("header", [BELOW, BESIDE])
@pytest.mark.parametrize(
    ("ticks", "meant"),
    [
        (("√", ""), "失学辍学"), (("", "√"), "缓学休学"), (("", "1"), "缓学休学"), (("是", "否"), "失学辍学"),
        (("×", "✓"), "缓学休学"), (("失学辍学", ""), "失学辍学"), (("√", "√"), "失学辍学、缓学休学"), (("", ""), None),
    ],
)  # fmt: skip
def test_the_column_ticked_is_the_value(header: str, ticks: tuple[str, str], meant: Cell) -> None:
    sheet = read(page(header + CHILD.format(*ticks)))
    assert sheet.cells["registration_type"] == [meant]
    assert sheet.columns["registration_type"] == 5
    assert (sheet.cells["name"], sheet.missing, sheet.unexpected) == (["赖小满"], (), ())


def test_values_below_their_own_header_are_no_columns_to_tick() -> None:
    """Beside 登记类型 stands a column of the school's own that happens to hold a value of the same vocabulary."""
    header = "| 序号 | 姓名 | 身份证号码 | 学籍所在学校 | 人员类别 | 登记类型 | 上学期类型 |\n"
    sheet = read(page(header + "| | | | | | 失学辍学 | 缓学休学 |\n" + CHILD.format("缓学休学", "失学辍学")))
    assert sheet.cells["registration_type"][-1] == "缓学休学"
    assert [text for _, _, text in sheet.unexpected] == ["上学期类型"]


def test_columns_to_tick_stand_in_the_row_of_other_lower_headers() -> None:
    sheet = read(
        page("""
            | 赣县区义务教育阶段适龄残疾儿童就学台账 |
            | 序号 | 姓名 | 性别 | | 身份证号 | 年龄 | 监护人 | | 残疾类别 | 年级 | 就学情况 | | |
            | | | 男 | 女 | | | 姓名 | 电话 | | | 是 | 送教上门 | 否 |
            | 1 | 温小寒 | | √ | 360704201105120321 | 9 | 温大寒 | 13800000001 | 视力残疾 | 四年级 | √ | | |
        """)
    )
    told = {name: cells[0] for name, cells in sheet.cells.items()}
    assert told == {
        "seq": 1.0, "name": "温小寒", "sex": "女", "id_number": "360704201105120321", "age": 9.0, "guardian": "温大寒",
        "phone": 13800000001.0, "disability": "视力残疾", "grade": "四年级", "enrolment": "是",
    }  # fmt: skip
    assert (sheet.rows, sheet.missing, sheet.unexpected) == ([3], ("address", "remark"), ())
