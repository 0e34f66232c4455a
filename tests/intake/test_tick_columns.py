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
