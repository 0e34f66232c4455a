"""Which rows below a header are records: all that hold something, but for what a school prints around them."""

from __future__ import annotations

import pytest
from sheets import FORMS, page, typed

from kbxt_merge.intake.record_rows import RecordRows

LIST = FORMS.by_slug["1-2"]
COLUMNS = {field.name: position for position, field in enumerate(LIST.fields)}
LEDGER = FORMS.by_slug["2"]
STATISTICS = FORMS.by_slug["1-1"]


def is_record(line: str, merged: str = "") -> bool:
    """Whether a line of form 1-2 is a record: 序号 姓名 身份证号码 学籍所在学校 人员类别 登记类型 备注."""
    grid = page(line, merged=[merged] if merged else [])
    return RecordRows(grid, LIST, COLUMNS).is_record(0, grid.rows[0])


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


def test_a_header_printed_again_is_none() -> None:
    assert not is_record("| 序号 | 姓　名 | 身份证号码 | 学籍所在学校 | 人员类别 | 登记类型 | 备注 |")
    assert is_record("| 1 | 姓名 | 360704200805210315 | 学籍所在学校 | | 失学辍学 | |")


def test_a_text_spread_over_the_table_is_none() -> None:
    line = "| 以上学生均已上门核实并建立台账 | | | | | | |"
    assert not is_record(line, merged="A1:G1")


def test_a_list_that_begins_with_another_column_is_read_alike() -> None:
    columns = {"former_school": 0, "name": 1, "sex": 2}
    lines = [["赣县区梅林小学", "赖小满", "男"], ["合计", None, "1"], ["学校：梅林小学", None, None]]
    rows = RecordRows(page("| |"), LEDGER, columns)
    assert [rows.is_record(0, line) for line in lines] == [True, False, False]


def test_a_school_with_nothing_to_count_is_a_row_of_the_statistics_all_the_same() -> None:
    columns = {field.name: position for position, field in enumerate(STATISTICS.fields)}
    rows = RecordRows(page("| |"), STATISTICS, columns)
    zeros = [typed(cell) for cell in ["1", "/", *["0"] * 20, ""]]
    assert rows.is_record(0, zeros)


@pytest.mark.parametrize("nothing", ["/", "—", "无", "零报告"])
def test_a_mark_for_nothing_alone_where_the_school_should_stand_is_none(nothing: str) -> None:
    columns = {field.name: position for position, field in enumerate(STATISTICS.fields)}
    rows = RecordRows(page("| |"), STATISTICS, columns)
    assert not rows.is_record(0, [None, nothing, *[None] * 21])
