"""Whose a sheet is and of which day: the lines above and below its table."""

from __future__ import annotations

import datetime as dt

import pytest
from sheets import FORMS, page

from kbxt_merge.intake.recognition.unit_line import UnitLines, is_unit_line, read_unit_lines

FORM = FORMS.by_slug["3"]


def lines(text: str, hidden_columns: str = "") -> UnitLines:
    grid = page(text, hidden_columns=hidden_columns)
    return read_unit_lines(grid, FORM, range(len(grid.rows)))


@pytest.mark.parametrize(
    ("line", "cell"),
    [
        ("| 学校名称：赣县区梅林小学（盖章）  2021年3月12日 |", "A1"),
        ("| 学校名称： （盖章） 赣县区梅林小学   2021.3.12 |", "A1"),
        ("| 填报单位(公章)：赣县区梅林小学 时间：2021-03-12 |", "A1"),
        ("| 填报单位：赣县区梅林小学填表人：赖大暑 |", "A1"),
        ("| 单位：赣县区梅林小学 联系电话：0797-4437215 |", "A1"),
        ("| 学校:__赣县区梅林小学__(盖章) |", "A1"),
        ("| 时间：2021年3月  填报单位：赣县区梅林小学 |", "A1"),
        ("| 学校代码：2136000001 学校名称：赣县区梅林小学 |", "A1"),
        ("| 填报单位： | 赣县区梅林小学 | （盖章） | 时间： | 2021年 |", "B1"),
        ("| 填报单位（盖章） | | 赣县区梅林小学 |", "C1"),
        ("| 学校名称 | ：赣县区梅林小学 |", "B1"),
        ("| 学校名称为：赣县区梅林小学  2021年3月12日 |", "A1"),
        ("| 学校Name：赣县区梅林小学  2021年3月12日 |", "A1"),
        ("| School：赣县区梅林小学  2021年3月12日 |", "A1"),
        ("| （学校名称）：赣县区梅林小学  2021年3月12日 |", "A1"),
        ("| 学校名称=赣县区梅林小学  2021年3月12日 |", "A1"),
        ("| 填报单位 赣县区梅林小学（盖章） 2021年3月12日 |", "A1"),
        ("| 单位（盖章）赣县区梅林小学 |", "A1"),
        ("| 校名：赣县区梅林小学    填表日期：2021年3月12日 |", "A1"),
        ("| 单位名称：赣县区梅林小学    2021年3月12日 |", "A1"),
        ("| 学校全称：“赣县区梅林小学” 2021年3月12日 |", "A1"),
        ("| 填报单位（学校）：赣县区梅林小学 |", "A1"),
        ("| 学 校 名 称 ：  赣 县 区 梅 林 小 学   （ 盖 章 ）   2021 年 3 月 12 日 |", "A1"),
        ("| 单位：人   填报单位：赣县区梅林小学 |", "A1"),
        ("| 计量单位：人 主管单位：赣县区教体局 学校：赣县区梅林小学 |", "A1"),
        ("| 单位：人 | 填报单位：赣县区梅林小学 |", "B1"),
        ("| 单位：公斤、元 | 填报单位：赣县区梅林小学 |", "B1"),
    ],
)
def test_a_school_is_named_behind_its_label(line: str, cell: str) -> None:
    found = lines(line)
    assert (found.unit, found.unit_cell) == ("赣县区梅林小学", cell)


@pytest.mark.parametrize(
    "label",
    [
        "班级：七(1)班", "校长：张三", "校 长：张三", "学校代码：3136000001", "统计时间：2021年3月", "填表人：张三",
        "班主任：李明", "学段：小学", "包保责任人：张三", "法人代表：张三", "截止日期：2021年3月12日", "单位：人",
        "不知何物：某某", "校长 张三", "班级 七(1)班",
    ],
)  # fmt: skip
@pytest.mark.parametrize("gap", ["   ", " ", "　"])
def test_any_label_ends_the_school_s_name(label: str, gap: str) -> None:
    assert lines(f"| 学校：赣县区梅林小学{gap}{label} |").unit == "赣县区梅林小学"


@pytest.mark.parametrize("label", ["班级：七(1)班", "校长：张三", "学校代码：3136000001", "包保责任人：张三"])
@pytest.mark.parametrize("school", ["赣县区梅林小学", "赣县区田村学校", "桃源教学点"])
def test_a_label_that_touches_the_name_ends_it_too(school: str, label: str) -> None:
    assert lines(f"| 学校：{school}{label} |").unit == school


@pytest.mark.parametrize(
    "line",
    [
        "| | | 赣县区梅林小学（公章） |",
        "| | | 赣县区 梅林小学（盖章） 2021年3月12日 |",
    ],
)
def test_a_school_that_only_stamps_is_told_apart_from_the_unit(line: str) -> None:
    assert (lines(line).unit, lines(line).stamp) == (None, "赣县区梅林小学")


@pytest.mark.parametrize("words", ["（盖章）", "填报学校（盖章）", "某某镇人民政府（盖章）", "赣县区梅林小学"])
def test_other_stamps_name_no_school(words: str) -> None:
    assert lines(f"| | | {words} |").stamp == ""


@pytest.mark.parametrize(
    "line",
    [
        "| 填报单位：　　　　（盖章）  时间：  年  月  日 |",
        "| 填报单位：______  时间：2021年3月12日 |",
        "| 填报单位： | 时间：2021年3月12日 |",
        "| 学校 时间：2021年3月 |",
        "| 单位：人 |",
        "| 计量单位：人、% |",
        "| 单位：公斤、元 |",
        "| 单位：辆、人、趟 | 统计月份：2024年5月 |",
        "| 单位：平方米/万元 |",
        "| 学校：本校 |",
        "| 学校地址：赣县区某镇 |",
        "| 学校适龄儿童小学阶段统计 |",
        "| 赣县区田村学校 | 附件 3 |",
        "| 赣县区梅林小学 |",
    ],
)
def test_without_a_label_or_behind_an_empty_one_nobody_is_named(line: str) -> None:
    assert (lines(line).unit, lines(line).unit_cell) == (None, "")


@pytest.mark.parametrize(
    ("line", "first", "last", "cell"),
    [
        ("| 学校：梅林小学  时间：2021年3月12日 |", "2021-03-12", "2021-03-12", "A1"),
        ("| 学校：梅林小学  2021 年 3 月  日 |", "2021-03-01", "2021-03-31", "A1"),
        ("| 学校：梅林小学 | | 时间 | @2021-03-12 |", "2021-03-12", "2021-03-12", "D1"),
        ("| 学校：梅林小学 | 时间： | 2021年 | 3月 | 12日 |", "2021-03-12", "2021-03-12", "A1"),
        ("| 电话：0797-4437215 日期：2021.3.12 |", "2021-03-12", "2021-03-12", "A1"),
        ("| 学校：梅林小学 二〇二一年三月 |", "2021-03-01", "2021-03-31", "A1"),
        ("| 学校名称 梅林小学 2021年3月12日 |", "2021-03-12", "2021-03-12", "A1"),
    ],
)
def test_the_day_is_read_wherever_it_stands_in_the_line(line: str, first: str, last: str, cell: str) -> None:
    found = lines(line)
    assert found.date
    assert (found.date.first, found.date.last) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    assert found.date_cell == cell


def test_the_line_nearest_to_the_table_counts_and_school_and_date_may_stand_apart() -> None:
    found = lines("""
        | 学校：赣县区梅林小学 |  |
        |                      | 2021年3月12日 |
        | 学校：赣县区茅店中学 | 2020年9月1日  |
    """)
    assert (found.unit, found.unit_cell, found.date_cell) == ("赣县区梅林小学", "A1", "B2")


def test_a_date_that_is_announced_comes_before_one_that_is_not() -> None:
    found = lines("""
        | 赣教字20210115号 |
        | 填表时间：2021-03-12 |
    """)
    assert found.date_cell == "A2"


@pytest.mark.parametrize(
    "line",
    [
        "| 2021年3月12日 |",
        "| （二〇二一年三月十二日） |",
        "| 填表人：王五     2021年3月12日 |",
        "| 制表 王老师 2021年3月12日 |",
        "| 赣县区梅林小学  2021年3月12日 |",
        "| 填于2021年3月12日 |",
        "| 填报日期：2021年3月12日，请于3月20日前报送 |",
        "| 注：残疾证以2019年10月1日后核发的为准。填表日期：2021年3月12日 |",
    ],
)
def test_a_date_alone_or_behind_a_signature_is_the_form_s(line: str) -> None:
    found = lines(line).date
    assert found
    assert found.first == dt.date(2021, 3, 12)


@pytest.mark.parametrize(
    "line",
    [
        "| 注：以2019年10月1日后核发的残疾证为准。 |",
        "| 请于2021年6月30日前报送 |",
        "| 上报时间：2021年6月30日前 |",
        "| 截止日期：2021年6月30日 |",
        "| 本表数据截至2021年3月12日 |",
        "| 赣县教基字〔2021〕10号 |",
        "| 根据2020年9月1日的通知 |",
        "| 2. 统计时间从2020年9月1日起 |",
        "| 张小明2020年11月5日已转往南塘中学 |",
        "| 张小明：2020年11月5日外出 |",
        "| 2021年春季学期 |",
    ],
)
def test_a_date_in_a_note_a_deadline_or_a_document_s_number_is_not(line: str) -> None:
    assert lines(line).date is None


def test_a_month_in_the_title_is_the_date_where_no_line_has_one() -> None:
    title = "| 赣县区2021年2月适龄残疾儿童就学台账 |"
    assert lines(title).date_cell == "A1"
    assert lines(f"{title}\n| 2021年3月12日 |").date_cell == "A2"


@pytest.mark.parametrize(
    ("line", "headings"),
    [
        ("| 赣县区梅林小学  2021年3月12日 |", ("赣县区梅林小学",)),
        ("| 赣县区梅林小学适龄残疾儿童就学台账 |", ("赣县区梅林小学适龄残疾儿童就学台账",)),
        ("| 适龄残疾儿童就学台账（梅林小学） |", ("适龄残疾儿童就学台账(梅林小学)",)),
        ("| 适龄残疾儿童就学台账——梅林小学 |", ("适龄残疾儿童就学台账——梅林小学",)),
        ("| 附件3：赣县区梅林小学残疾儿童名单 |", ("附件3:赣县区梅林小学残疾儿童名单",)),
        ("| ——梅林小学 |", ("梅林小学",)),
        ("| 请各校报送至梅林小学。 |", ()),
        ("| 联系人：梅林小学 |", ()),
    ],
)
def test_titles_and_names_alone_are_headings(line: str, headings: tuple[str, ...]) -> None:
    assert lines(line).headings == headings


def test_what_stands_beside_the_cells_names_the_school_last() -> None:
    grid = page("| 适龄残疾儿童就学台账 |")
    grid.beside = ("学校名称：赣县区梅林小学（盖章）", "2021年3月12日")
    found = read_unit_lines(grid, FORM, range(1))
    assert (found.unit, found.unit_cell, found.date_cell) == ("赣县区梅林小学", "", "")
    assert found.date
    grid.rows.append(["学校名称：赣县区茅店中学"])
    assert read_unit_lines(grid, FORM, range(2)).unit == "赣县区茅店中学"


def test_what_nobody_sees_says_nothing() -> None:
    text = "| 学校：赣县区梅林小学 | =IF(A1,2021年3月) | 时间：2020年9月 | #N/A |"
    assert lines(text, hidden_columns="C").date is None
    assert lines(text).date_cell == "C1"


@pytest.mark.parametrize(
    ("text", "is_line"),
    [
        ("学校名称：（盖章）", True),
        ("填报单位 赣县区梅林小学", True),
        ("单位", True),
        ("学校地址", False),
        ("赖小满", False),
    ],
)
def test_a_row_that_begins_as_a_unit_line_is_no_record(text: str, is_line: bool) -> None:
    assert is_unit_line(text, FORM.unit_line.labels) is is_line
