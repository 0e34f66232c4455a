"""Which rows below a header are records: all that hold something, but for what a school prints around them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from sheets import FORMS, page, typed

from kbxt_merge.intake.recognition.record_rows import RecordRows
from kbxt_merge.model.form import Form
from kbxt_merge.model.returns import Cell, Grid

LIST = FORMS.by_slug["1-2"]
COLUMNS = {field.name: position for position, field in enumerate(LIST.fields)}
LEDGER = FORMS.by_slug["2"]
STATISTICS = FORMS.by_slug["1-1"]


def records(rows: list[list[Cell]], form: Form = LIST, columns: Mapping[str, int] = COLUMNS) -> list[int]:
    """The positions of the rows that are records."""
    return RecordRows(Grid("Sheet1", rows), form, columns).below(0)[0]


def is_record(line: str, merged: str = "") -> bool:
    """Whether a line of form 1-2 is a record: 序号 姓名 身份证号码 学籍所在学校 人员类别 登记类型 备注."""
    return RecordRows(page(line, merged=[merged] if merged else []), LIST, COLUMNS).below(0)[0] == [0]


@pytest.mark.parametrize(
    "line",
    [
        "| 1 | 赖小满 | 360704200805210315 | 梅林小学 | | 失学辍学 | |",
        "| | 赖小满 | | | | | |",
        "| 1 | | 360704200805210315 | | | | |",
        "| 1 | | | | | | 转走 |",
        "| 合 | 赖小满 | | | | | |",
        "| 1 | 无 | 360704200805210315 | 梅林小学 | | 失学辍学 | |",
        "| 1 | 何计 | | | | | |",
        "| 一、 | 赖小满 | | | | | |",
        "| | 注小满 | | | | | |",
        "| 1 | #N/A | | | | | |",
        "| | =B7 | | | | | |",
        "| | 年月 | | | | | |",
        "| | 姓名：赖小满 | | | | | |",
        "| | 班主任：赖小满 | 360704200805210315 | | | | |",
        "| | 赖班 | | | | | |",
        "| 1 | 一年级 | 360704200805210315 | | | | |",
    ],
)
def test_a_row_that_holds_something_of_a_child_is_a_record(line: str) -> None:
    assert is_record(line)


@pytest.mark.parametrize(
    "line",
    [
        "| | | | | | | |",
        "| '　 | | '\u200b | | | | |",
        "| 12 | | | | | | |",
        "| | | | | | | | 存疑 |",
    ],
)
def test_blank_and_numbered_rows_are_none(line: str) -> None:
    assert not is_record(line)


@pytest.mark.parametrize(
    "line",
    [
        "| 合计 | | 12 | | | | |",
        "| | 合  计 | 12人 | | | | |",
        "| 13 | 小计 | 12 | | | | |",
        "| 合计：12人 | | | | | | |",
        "| 本校合计 | | | | | 12 | |",
        "| 总 计（人数） | | | | | | |",
    ],
)
def test_a_total_is_none(line: str) -> None:
    assert not is_record(line)


@pytest.mark.parametrize(
    "line",
    [
        "| 1 | 零报告 | | | | | |",
        "| 零报告 | | | | | | |",
        "| | 本校无辍学学生 | | | | | |",
        "| 1 | 无 | 无 | 无 | / | 无 | — |",
        "| 1 | / | / | / | / | / | / |",
        "| | 以下空白 | | | | | |",
    ],
)
def test_nothing_to_report_is_none(line: str) -> None:
    assert not is_record(line)


@pytest.mark.parametrize(
    "line",
    [
        "| 注：1. 本表为附件 1-1 的名单汇总。 | | | | | | |",
        "| 2. 登记类型填“失学辍学”或者“缓学休学”。 | | | | | | |",
        "| 登记类型填“失学辍学”或者“缓学休学”。 | | | | | | |",
        "| 备注:表中姓名须与户口簿一致 | | | | | | |",
        "| ※ 逐级上报 | | | | | | |",
        "| 填表人：赖大暑 | | 审核人：温大暑 | | 联系电话：13800000001 | | |",
        "| | 负责人（签字）： | | | | | |",
        "| 校长： | | | | | | |",
        "| 填报单位：赣县区梅林小学（盖章） | | | | 时间：2021年3月12日 | | |",
        "| 示例 | 张三 | 360704200001010000 | 某某小学 | | 失学辍学 | |",
    ],
)
def test_notes_signatures_unit_lines_and_the_example_are_none(line: str) -> None:
    if line.startswith("| 登记类型"):
        assert not is_record(line, merged="A1:G1")
    else:
        assert not is_record(line)


@pytest.mark.parametrize(
    "line",
    [
        "| | | | | | | 2021年3月12日 |",
        "| | | | | | | 2021.3.12 |",
        "| | | | | 二〇二一年三月 | | |",
        "| | | | | |     年   月   日 | |",
        "| | | | 梅林小学（公章） | | | |",
        "| | | | 梅林小学（公章） 2021年3月12日 | | | |",
        "| | | | 梅林小学（盖章） | | 2021年3月12日 | |",
        "| | | | 校长签字： | | | |",
        "| | 审核人 | 赖大暑 | | | | |",
        "| 校长 | 赖大暑 | 联系人 | 温大暑 | | | |",
        "| | 填报时间 | 2021年3月 | | | | |",
        "| | 第 1 页，共 2 页 | | | | | |",
        "| | 以上信息真实有效，情况属实。 | | | | | |",
        "| | 特此证明 | | | | | |",
        "| | | | | | 报送时间：3月 | |",
        "| | | | | | | 2021年春季 |",
        "| | 班主任签字： | | | | | |",
        "| | 包保责任人：赖大暑 | | | | | |",
        "| | 1、年龄按周岁填写 | | | | | |",
    ],
)
def test_what_closes_a_sheet_is_none_wherever_it_stands(line: str) -> None:
    assert not is_record(line)


def test_a_school_that_signs_above_the_date_is_none() -> None:
    grid = page("""
        | | | | 梅林小学 | | | |
        | | | | | | | |
        | | | | 2021年3月12日 | | | |
    """)
    assert not records(grid.rows)


def test_a_day_that_the_spreadsheet_made_of_the_date_closes_a_sheet_too() -> None:
    blank: list[Cell] = [None] * 5
    assert not records([[*blank, dt.datetime(2021, 3, 12)]])
    assert records([[1.0, *blank[1:], dt.datetime(2021, 3, 12)]])


def test_a_day_in_a_column_of_days_closes_nothing() -> None:
    columns = {field.name: position for position, field in enumerate(LEDGER.fields)}
    grid = page("| " * columns["dropout_date"] + "| 2020年9月1日 |")
    assert records(grid.rows, LEDGER, columns)


@pytest.mark.parametrize("heading", ["一年级", "七年级（2）班", "三（1）班", "小学部", "初中阶段"])
def test_a_class_alone_where_names_stand_is_a_heading(heading: str) -> None:
    assert not is_record(f"| | {heading} | | | | | |")


@pytest.mark.parametrize("line", ["| | 人数 | 1 | | | | |", "| | 共 1 人 | | | | | |", "| 总人数：3人 | | | | | | |"])
def test_a_count_of_children_is_none(line: str) -> None:
    assert not is_record(line)


@pytest.mark.parametrize("words", ["本学期我校没有辍学学生", "我校无辍学学生。", "经排查，未发现辍学学生"])
def test_a_sentence_that_there_is_nobody_is_none(words: str) -> None:
    assert not is_record(f"| | {words} | | | | | |")
    assert not is_record(f"| 1 | {words} | 无 | / | | | |")


def test_a_header_printed_again_is_none() -> None:
    assert not is_record("| 序号 | 姓　名 | 身份证号码 | 学籍所在学校 | 人员类别 | 登记类型 | 备注 |")
    assert is_record("| 1 | 姓名 | 360704200805210315 | 学籍所在学校 | | 失学辍学 | |")


def test_a_text_spread_over_the_table_is_none() -> None:
    line = "| 以上学生均已上门核实并建立台账 | | | | | | |"
    assert not is_record(line, merged="A1:G1")


def test_a_list_that_begins_with_another_column_is_read_alike() -> None:
    columns = {"former_school": 0, "name": 1, "sex": 2}
    lines: list[list[Cell]] = [["赣县区梅林小学", "赖小满", "男"], ["合计", None, "1"], ["学校：梅林小学", None, None]]
    assert records(lines, LEDGER, columns) == [0]


def test_a_school_with_nothing_to_count_is_a_row_of_the_statistics_all_the_same() -> None:
    columns = {field.name: position for position, field in enumerate(STATISTICS.fields)}
    zeros = [typed(cell) for cell in ["1", "/", *["0"] * 20, ""]]
    assert records([zeros], STATISTICS, columns)


@pytest.mark.parametrize("nothing", ["/", "—", "无", "零报告"])
def test_a_mark_for_nothing_alone_where_the_school_should_stand_is_none(nothing: str) -> None:
    columns = {field.name: position for position, field in enumerate(STATISTICS.fields)}
    assert not records([[None, nothing, *[None] * 21]], STATISTICS, columns)


def test_each_row_below_the_header_is_taken_or_left_out_with_its_reason() -> None:
    grid = page("""
        | 1 | 赖小满 | 360704200805210315 | 梅林小学 | | 失学辍学 | |
        | 2 | | | | | | |
        | | | | | | | |
        | 序号 | 姓名 | 身份证号码 | 学籍所在学校 | 人员类别 | 登记类型 | 备注 |
        | | 小学部 | | | | | |
        | 3 | 无 | | | | | |
        | | | | | | | | 已核 |
        | | 合计 | 1 | | | | |
        | 注：1. 本表为附件 1-1 的名单汇总。 | | | | | | |
        | 填表人：赖大暑 | | | | | | |
        | 填报单位：梅林小学 | | | | | | |
        | 示例 | 张三 | | | | | |
    """)
    taken, left_out = RecordRows(grid, LIST, COLUMNS).below(0)
    assert taken == [0]
    assert [(each.row, each.column, each.reason.value) for each in left_out] == [
        (3, 0, "header"),
        (4, 1, "heading"),
        (5, 0, "zero-return"),
        (6, 7, "beside-table"),
        (7, 1, "total"),
        (8, 0, "note"),
        (9, 0, "signature"),
        (10, 0, "unit-line"),
        (11, 0, "example"),
    ]
    assert left_out[4].text == "合计 1"
