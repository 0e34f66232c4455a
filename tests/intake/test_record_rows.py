"""Which rows below a header are records: all that hold something, but for what a school prints around them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from sheets import FORMS, page, typed

from kbxt_merge.intake.recognition.record_rows import RecordRows
from kbxt_merge.model.form import Form
from kbxt_merge.model.left_out import Reason
from kbxt_merge.model.returns import Cell, Grid

LIST = FORMS.by_slug["1-2"]
COLUMNS = {field.name: position for position, field in enumerate(LIST.fields)}
LEDGER = FORMS.by_slug["2"]
HOME_TAUGHT = FORMS.by_slug["4"]
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
        "| | 注小满 | 360704200805210315 | | | | |",
        "| 2 | 注小满 | 不详 | 梅林小学 | | 失学辍学 | |",
        "| 1 | #N/A | | | | | |",
        "| | =B7 | | | | | |",
        "| | 年月 | 360704200805210315 | | | | |",
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
    grid = page("| 1 " + "| " * (columns["dropout_date"] - 1) + "| 2020年9月1日 |")
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


CHILD = "| {} | 赖小满 | 360704200805210315 | 梅林小学 | | 失学辍学 | |"


@pytest.mark.parametrize(
    "mark",
    [
        "※",
        "例",
        "示例",
        "（例）",
        "注：新增",
        "共1人",
        "合计",
        "备注：转入",
        "联系人：李老师",
        "校长",
        "七（1）班",
        "②",
        "无",
        "学校：梅林",
    ],
)
def test_a_complete_child_is_a_record_whatever_stands_before_it(mark: str) -> None:
    assert is_record(CHILD.format(mark))


@pytest.mark.parametrize(
    "name", ["※赖小满", "时间", "无忌", "计生", "例小明", "小明", "张三", "一年级", "古丽·买买提", "王小燕（转入）"]
)
def test_a_number_makes_whatever_stands_beside_it_a_child(name: str) -> None:
    assert is_record(CHILD.format("").replace("赖小满", name))


@pytest.mark.parametrize("mark", ["备注：新增", "说明：转入", "学生", "上坝村", "3月"])
def test_a_name_alone_is_a_child_whatever_mark_stands_before_it(mark: str) -> None:
    assert is_record(f"| {mark} | 赖小满 | | | | | |")


def test_what_is_filled_down_without_a_child_is_none() -> None:
    columns = {field.name: position for position, field in enumerate(LEDGER.fields)}
    grid = page("""
        | 1 | 梅林小学 | 赖小满 | 男 | 12 | 2020年11月 | | | | |
        | 2 | 梅林小学 | | | | 2020年11月 | | | | |
        | 3 | 梅林小学 | | | | 2020年11月 | | | | |
        | 4 | 梅林小学 | | | | 2020年12月 | | | | |
    """)
    taken, left_out = RecordRows(grid, LEDGER, columns).below(0)
    assert taken == [0, 3]
    assert [each.reason for each in left_out] == [Reason.PREFILLED, Reason.PREFILLED]


@pytest.mark.parametrize(
    "number", ["36070420080521031", "360704 20080521 0315", "360704200805210315（已核）", "3.60704200805210e17", "待查"]
)
def test_a_number_that_is_none_costs_no_child(number: str) -> None:
    assert is_record(CHILD.format(3).replace("360704200805210315", number))


def test_most_of_what_a_form_without_numbers_requires_is_a_child() -> None:
    columns = {field.name: position for position, field in enumerate(LEDGER.fields)}
    grid = page("""
        | | 学校：赣县区梅林小学 | 赖小满 | 男 | 12 | 2020年11月 | | | | |
        | 注：新增 | 梅林小学 | 时间 | 男 | 12 | 2020年11月 | | | | |
        | 1 | 梅林小学 | 无 | / | / | / | / | / | / | 无 |
        | 2 | 梅林小学 | 全部在校 | / | | | | | | |
    """)
    assert records(grid.rows, LEDGER, columns) == [0, 1]


REASONS = {
    Reason.TOTAL: [
        "| 全镇合计 | 2 | | | | | |",
        "| 本页小计 | 2 | | | | | |",
        "| | | 人数合计 | 2 | | | |",
        "| 计 | 2 | | | | | |",
        "| 男生1人，女生1人，共2人 | | | | | | |",
        "| | 合计2人，其中女1人 | | | | | |",
        "| 总计 | 2名学生 | | | | | |",
        "| | 建档立卡户 | 2 | | | | |",
        "| | 类别 | 人数 | | | | |",
        "| | 学生数 | 2 | | | | |",
        "| | 失学辍学 | '2 | 缓学休学 | '0 | | |",
    ],
    Reason.ZERO_RETURN: [
        "| 1 | 未发生辍学 | | | | | |",
        "| 学生全部到校，无失学辍学 | | | | | | |",
        "| 1 | （空表） | | | | | |",
        "| 1 | 不涉及 | | | | | |",
        "| 1 | 零 | | | | | |",
        "| 1 | 无 | 无 | 梅林小学 | 无 | 无 | 零报告 |",
        "| 0 | 0 | 0 | 0 | 0 | 0 | 0 |",
        "| | 本学期无需劝返 | | | | | |",
        "| 1 | 无符合条件的学生 | | | | | |",
        "| 1 | 目前没有 | | 梅林小学 | | | |",
        "| 1 | 应返尽返 | | | | | |",
        "| 1 | 无须填报 | | | | | |",
        "| | 全校无 | | | | | |",
        "| 1 | 辍学学生：无 | | | | | |",
        "| 1 | null | | | | | |",
        "| 1 | | 无 | | | | |",
        "| 1 | 不涉及 | 不涉及 | 不涉及 | 不涉及 | 不涉及 | 不涉及 |",
    ],
    Reason.COLUMN_CODES: [
        "| 1 | 2 | 3 | 4 | 5 | 6 | 7 |",
        "| A | B | C | D | E | F | G |",
        "| 甲 | 乙 | 1 | 2 | 3 | 4 | 丙 |",
        "| (1) | (2) | (3) | (4) | (5) | (6) | (7) |",
        "| 一 | 二 | 三 | 四 | 五 | 六 | 七 |",
        "| a | b | c | d | e | f | g |",
        "| 第1列 | 第2列 | 第3列 | 第4列 | 第5列 | 第6列 | 第7列 |",
        "| 栏次 | 1 | 2 | 3 | 4 | 5 | 6 |",
        "| 0 | 1 | 2 | 3 | 4 | 5 | 6 |",
    ],
    Reason.EXAMPLE: [
        "| 1 | 例：张三 | 36070420080101001X | 梅林小学 | | 失学辍学 | |",
        "| 1 | 张三（示例） | 36070420080101001X | 梅林小学 | | 失学辍学 | 示例 |",
        "| （例） | 张三 | 360704XXXXXXXXXXXX | ××学校 | | 失学辍学 | |",
        "| 样例 | 李小明 | 360704201010120016 | | | | |",
        "| | 填写示例 | 36070420080101001X | ××学校 | | 失学辍学 | |",
        "| 1 | 李四 | 360704XXXXXXXXXXXX | 某某学校 | | 失学辍学 | |",
        "| 1 | （示例）张三 | 36070420080101001X | 梅林小学 | | 失学辍学 | |",
        "| 1 | 张三 | 36070420080101001X | 梅林小学 | | 失学辍学 | 此行为示例，请删除 |",
        "| 如： | 李四 | 36070420080101001X | 梅林小学 | | 失学辍学 | |",
    ],
    Reason.HEADER: [
        "| | 姓名 | 备注 | | | | |",
        "| | 必填 | 必填 | 必填 | 选填 | 必填 | 选填 |",
        "| | 学生姓名 | 18位身份证号 | 学校全称 | 下拉选择 | 下拉选择 | |",
        "| 数字 | 文本 | 文本 | 文本 | 下拉列表 | 下拉列表 | 文本 |",
    ],
    Reason.HEADING: [
        "| | 八（2）班 | | | | | |",
        "| | 上坝村 | | | | | |",
        "| | 留守儿童 | | | | | |",
        "| 一、建档立卡户 | | | | | | |",
        "| | 女生 | | | | | |",
        "| 2020级 | | | | | | |",
        "| | 边缘户 | | | | | |",
        "| | 赖大暑（包保教师） | | | | | |",
        "| | 上坝片 | 上坝片 | 上坝片 | 上坝片 | | |",
    ],
    Reason.SIGNATURE: [
        "| 班主任：赖大暑 | | 村干部：温大暑 | | 2021年3月12日 | | |",
        "| 校长签名 | 温大暑 | 填表人签名 | 赖大暑 | | | |",
        "| 经办人 | 赖大暑 | 电话 | 13800000001 | | | |",
        "| 村委会（章） | | | 学校（章） | | | |",
        "| | 教育局审核意见 | | | | | |",
        "| 制表 赖老师 | | | | | | |",
        "| 包村领导 | 赖大暑 | | | | | |",
        "| 学籍管理员 | 赖大暑 | 13800000001 | | | | |",
        "| 送教教师 | 赖大暑 | | | | | |",
        "| | 学生签名 | | | | | |",
        "| 制表 | 赖大暑 | 审核 | 温大暑 | 校长 | 温大寒 | |",
        "| | 填表人 | 赖大暑 | 审核人 | 温大暑 | | |",
        "| 2021 | 年 | 3 | 月 | 12 | 日 | |",
    ],
    Reason.NOTE: [
        "| 张小明因病休学，已办手续。 | | | | | | |",
        "| | 赖小满3月5日已转往南塘中学 | | | | | |",
        "| | | | | | | 请各校认真填写 |",
        "| *身份证号码必须准确 | | | | | | |",
        "| | 保密 | | | | | |",
    ],
    Reason.PREFILLED: [
        "| 3 | | | 梅林小学 | | | |",
        "| | | | | 建档立卡脱贫户 | | |",
        "| 4 | | | 梅林小学 | | 失学辍学 | |",
    ],
    Reason.BESIDE_TABLE: ["| | | | | | | | 已核 |", "| 3 | | | | | | | 男 |"],
}


@pytest.mark.parametrize(("reason", "line"), [(reason, line) for reason, lines in REASONS.items() for line in lines])
def test_a_row_without_a_child_says_why_it_is_none(reason: Reason, line: str) -> None:
    taken, left_out = RecordRows(page(line), LIST, COLUMNS).below(0)
    assert (taken, [(each.reason, each.doubtful) for each in left_out]) == ([], [(reason, False)])


def test_a_cell_that_reaches_down_from_the_header_is_of_the_header() -> None:
    grid = page("""
        | 序号 | 姓名 | 身份证号码 | 学籍所在学校 | 人员类别 | 登记类型 | 备注 |
        | | | | 全称 | | | |
        | 1 | 赖小满 | 360704200805210315 | 梅林小学 | | 失学辍学 | |
    """, merged=["A1:A2", "B1:B2"])  # fmt: skip
    taken, (header,) = RecordRows(grid, LIST, COLUMNS).below(1)
    assert (taken, header.reason) == ([2], Reason.HEADER)


def test_a_child_on_two_rows_is_one() -> None:
    columns = {"name": 0, "id_number": 1, "address": 2, "guardian": 3, "phone": 4, "sex": 5}
    grid = page("""
        | 赖小满 | 360704200805210315 | 江西省赣州市赣县区 | 赖大暑 | 13800000001 | 男 |
        | | | 梅林镇上坝村1组 | | | |
        | 温小暑 | 360721200707070423 | 梅林镇 | 温大暑 | 13800000002 | 女 |
        | | | | 温大寒 | 13800000003 | |
    """)
    taken, left_out = RecordRows(grid, HOME_TAUGHT, columns).below(0)
    assert taken == [0, 2]
    assert [(each.row, each.reason) for each in left_out] == [(1, Reason.CONTINUED), (3, Reason.CONTINUED)]


def counts(school: str, count: int) -> list[Cell]:
    return [typed(cell) for cell in ["", school, str(count), *["0"] * 19, ""]]


@pytest.mark.parametrize("total", ["全镇合计", "小学小计", "总 计", "中心校合计"])
def test_a_total_of_schools_is_none(total: str) -> None:
    columns = {field.name: position for position, field in enumerate(STATISTICS.fields)}
    rows = [counts("赣县区梅林小学", 3), counts("赣县区茅店中学", 4), counts(total, 7)]
    assert records(rows, STATISTICS, columns) == [0, 1]


def test_of_a_school_that_counts_by_its_parts_the_total_is_the_record() -> None:
    columns = {field.name: position for position, field in enumerate(STATISTICS.fields)}
    rows = [counts("小学部", 3), counts("初中部", 4), counts("合计", 7)]
    taken, left_out = RecordRows(Grid("Sheet1", rows), STATISTICS, columns).below(0)
    assert taken == [2]
    assert [each.reason for each in left_out] == [Reason.PART, Reason.PART]


BARE = [None, "赣县区田村学校", *[None] * 21]
"""A school's own row, printed and not filled in."""


@pytest.mark.parametrize(
    ("rows", "record"),
    [
        ([("一至六年级", 3), ("七至九年级", 4), ("合计", 7)], 2),
        ([("七（1）班", 3), ("七（2）班", 4), ("合计", 7)], 2),
        ([("男生", 3), ("女生", 4), ("合计", 7)], 2),
        ([("田村学校小学部", 3), ("田村学校（初中部）", 4), ("合计", 7)], 2),
        ([("田村学校", 7), ("其中：小学部", 3), ("初中部", 4)], 0),
        ([("小学部", 3), ("初中部", 4), ("赣县区田村学校", 7)], 2),
        ([BARE, ("合计", 7)], 1),
        ([BARE, ("小学部", 3), ("初中部", 4), ("合计", 7)], 3),
    ],
)
def test_of_one_school_one_row_of_statistics_is_the_record(rows: list[Any], record: int) -> None:
    columns = {field.name: position for position, field in enumerate(STATISTICS.fields)}
    cells = [row if isinstance(row, list) else counts(*row) for row in rows]
    taken, left_out = RecordRows(Grid("Sheet1", cells), STATISTICS, columns).below(0)
    assert taken == [record]
    assert {each.reason for each in left_out} == {Reason.PART}


def test_schools_that_count_nothing_each_keep_their_row_beside_a_total() -> None:
    columns = {field.name: position for position, field in enumerate(STATISTICS.fields)}
    rows = [BARE, [None, "赣县区茅店中学", *[None] * 21], counts("合计", 7)]
    assert records(rows, STATISTICS, columns) == [0, 1]


@pytest.mark.parametrize(
    "line",
    [
        "| 注：360704200805210315已转走 | | | | | | |",
        "| | | | | | | | 360704200805210315 |",
        "| 例 | 例：赖小满 | 360704200805210315 | | | | |",
        "| 4 | 汆小满 | | | | | |",
    ],
)
def test_what_looks_like_a_child_s_in_a_row_left_out_is_doubtful(line: str) -> None:
    taken, (row,) = RecordRows(page(line), LIST, COLUMNS).below(0)
    assert (taken, row.doubtful) == ([], True)


CHILD = "| 1 | 赖小满 | 360704200805210315 | 梅林小学 | | 失学辍学 | |\n"


def below_a_child(text: str) -> tuple[list[int], list[Reason]]:
    """The records of a list of one child with these rows below it, and why the others are none."""
    taken, left_out = RecordRows(page(CHILD + text), LIST, COLUMNS).below(0)
    return taken, [each.reason for each in left_out]


@pytest.mark.parametrize(
    "table",
    [
        "| 班级 | 班主任 | 电话 |\n| 七（1）班 | 王冬至 | 13700000003 |",
        "| 序号 | 教师姓名 | 性别 | 联系电话 |\n| 1 | 王冬至 | 男 | 13700000003 |",
        "| | 姓名 | 电话 |\n| | 王冬至 | 13700000003 |",
        "| 村 | 干部 | 电话 |\n| 上坝村 | 王冬至 | 13700000003 |",
    ],
)
def test_another_table_below_a_list_holds_no_children(table: str) -> None:
    assert below_a_child(table) == ([0], [Reason.BESIDE_TABLE] * 2)


def test_a_complete_child_below_another_table_is_a_child_and_so_is_one_below_the_list_s_own_header() -> None:
    other = "| 班级 | 班主任 | 电话 |\n"
    assert below_a_child(other + CHILD) == ([0, 2], [Reason.BESIDE_TABLE])
    own = "| 序号 | 姓名 | 身份证号码 | 学籍所在学校 | 人员类别 | 登记类型 | 备注 |\n| 2 | 温小暑 | | | | | |"
    assert below_a_child(own) == ([0, 2], [Reason.HEADER])


@pytest.mark.parametrize(
    "line",
    [
        "| 王冬至 | 刘立春 | | | | | |",
        "| | 王冬至 | | | 刘立春 | | |",
        "| 教导处 | 王冬至 | | | | | |",
        "| 刘立春（校长） | 王冬至（填表人） | | | | | |",
    ],
)
def test_who_signs_below_a_list_without_saying_so_is_no_child(line: str) -> None:
    assert below_a_child(line) == ([0], [Reason.SIGNATURE])
    assert below_a_child(f"{line}\n{CHILD}")[0] != [0]


@pytest.mark.parametrize(
    "line",
    ["| 2 | 王冬至 | | | | | |", "| | 王冬至 | | | | | 刘立春 |", "| | 王冬至 | | 梅林小学 | | | |"],
)
def test_a_name_below_a_list_that_may_be_a_child_s_is_one(line: str) -> None:
    assert below_a_child(line) == ([0, 1], [])


def test_a_number_begun_and_filled_down_is_nobody() -> None:
    assert below_a_child("| 2 | | 3607 | | | | |\n| 3 | | 3607 | | | | |") == ([0], [Reason.PREFILLED] * 2)
    assert below_a_child("| 2 | | 360704201007070326 | | | | |") == ([0, 1], [])


@pytest.mark.parametrize(
    "codes", ["| Ⅰ | Ⅱ | Ⅲ | Ⅳ | Ⅴ | Ⅵ | Ⅶ |", "| A1 | A2 | A3 | A4 | A5 | A6 | A7 |", "| 序 | 1 | 2 | 3 | 4 | 5 | 6 |"]
)
def test_codes_of_columns_are_told_in_many_ways(codes: str) -> None:
    taken, left_out = RecordRows(page(codes), LIST, COLUMNS).below(0)
    assert (taken, [(each.reason, each.doubtful) for each in left_out]) == ([], [(Reason.COLUMN_CODES, False)])
