"""A list that a central school keeps for its village schools: a block a school, each below a line that names it."""

from __future__ import annotations

import datetime as dt

import pytest
from sheets import FORMS, page

from kbxt_merge.intake.recognition.extract import extract
from kbxt_merge.intake.recognition.recogniser import Recogniser
from kbxt_merge.model.returns import Sheet

RECOGNISER = Recogniser(FORMS)
HEADER = "| 序号 | 姓名 | 身份证号码 | 学籍所在学校 | 人员类别 | 登记类型 | {} |"
LIST = """
    | 填报单位：赣县区茅店中心小学（盖章）  时间：2021年3月12日 |
    {header}
    | 1 | 赖小满 | 360704200805210315 | 茅店中心小学 | | 失学辍学 | |
    | 2 | 温小暑 | 360721200707070423 | 茅店中心小学 | | 失学辍学 | |
    | {line} |
    | 1 | 钟立秋 | 360704201108070534 | 桃源小学 | | 失学辍学 | 走读 |
    | 填表人：赖大暑 |
"""


def blocks(text: str) -> list[Sheet]:
    grid = page(text)
    found = RECOGNISER.recognise(grid)
    assert found
    return extract(grid, found)


@pytest.mark.parametrize(
    "line", ["学校名称：赣县区桃源小学（盖章）", "学校：桃源小学", "填报单位：桃源小学  时间：2021年3月12日"]
)
def test_each_block_is_the_school_s_that_the_line_above_it_names(line: str) -> None:
    first, second = blocks(LIST.format(header=HEADER.format("备注"), line=line))
    assert (first.unit, first.cells["name"], first.rows) == ("赣县区茅店中心小学", ["赖小满", "温小暑"], [2, 3])
    assert (second.unit_cell, second.cells["name"], second.rows) == ("A5", ["钟立秋"], [5])
    assert second.unit in ("赣县区桃源小学", "桃源小学")
    assert [each.date.last for each in (first, second) if each.date] == [dt.date(2021, 3, 12)] * 2
    assert [each.row for sheet in (first, second) for each in sheet.left_out] == [4, 6]


@pytest.mark.parametrize(
    "line", ["填报单位：茅店中心小学", "填报单位：", "班级：七（1）班", "桃源村", "联系电话：13800000001"]
)
def test_a_line_that_names_no_other_school_cuts_nothing(line: str) -> None:
    (whole,) = blocks(LIST.format(header=HEADER.format("备注"), line=line))
    assert (whole.unit, whole.cells["name"]) == ("赣县区茅店中心小学", ["赖小满", "温小暑", "钟立秋"])


def test_a_column_that_lacks_or_is_not_the_form_s_is_told_once() -> None:
    header = HEADER.format("住宿").replace("人员类别", "")
    first, second = blocks(LIST.format(header=header, line="学校：桃源小学"))
    assert (first.missing, second.missing) == (("person_category", "remark"), ())
    assert [text for *_, text in first.unexpected] == ["住宿"]
    assert not second.unexpected


def test_where_the_unit_line_stands_below_it_ends_its_block() -> None:
    first, second = blocks("""
        | 序号 | 原就读学校 | 姓名 | 性别 | 年龄 | 辍学时间 | 复学学校 | 复学时间 | 班级 | 备注 |
        | 1 | 茅店中心小学 | 赖小满 | 男 | 12 | 2020年11月 | | | | 建档立卡脱贫户 |
        | 学校：茅店中心小学（盖章）  时间：2021年3月 |
        | 1 | 桃源小学 | 钟立秋 | 男 | 9 | 2020年11月 | | | | 建档立卡脱贫户 |
        | 学校：桃源小学（盖章）  时间：2021年3月 |
    """)
    assert [(each.unit, each.cells["name"]) for each in (first, second)] == [
        ("茅店中心小学", ["赖小满"]),
        ("桃源小学", ["钟立秋"]),
    ]
