"""Rules on the statistics against the lists, and on forms that must have come."""

from __future__ import annotations

import pytest
from cast import card, listed, statistics
from rule_cases import At, Case, blank, fails, holds
from sheets import MIDDLE, ROSTER

from kbxt_merge.model.school import Roster

COUNTS, LIST, LEDGER, DISABLED, AT_HOME = "附件1-1.xlsx", "附件1-2.xlsx", "附件2.xlsx", "附件3.xlsx", "附件4.xlsx"
ONE_SCHOOL = Roster(ROSTER.schools[:1], ROSTER.prefixes)

TWO_DROPOUTS = statistics("""
    | 失学辍学     | 2 |
    | 未返校学生数 | 2 |
    | 应返校学生数 | 2 |
""")
NOBODY = statistics("| 应返校学生数 | 0 |")
ONE_DROPOUT_LISTED = listed("1-2", """
    | 姓名   | 登记类型 |
    | 赖小满 | 失学辍学 |
""")  # fmt: skip

AGAINST_LISTS = [
    fails(
        "count-list-mismatch",
        "two are counted, one is listed",
        {COUNTS: TWO_DROPOUTS, LIST: ONE_DROPOUT_LISTED},
        At("A5", COUNTS, severity="error", related="附件1-2.xlsx › Sheet1"),
    ),
    fails(
        "count-list-mismatch",
        "a child that is listed twice is counted once",
        {
            COUNTS: TWO_DROPOUTS,
            LIST: listed("1-2", """
                | 姓名   | 身份证号码         |
                | 赖小满 | 360704200805210315 |
                | 赖小满 | 360704200805210315 |
            """),
        },
        At("A5", COUNTS), At("B4", LIST, rule="duplicate-in-form"), At("B5", LIST, rule="duplicate-in-form"),
    ),
    holds(
        "count-list-mismatch",
        "of the ledger namesakes are counted each, a child that was out twice once",
        {
            COUNTS: statistics("""
                | 应返校学生数            | 9 |
                | 已返校学生数            | 9 |
                | 本学期劝返复学          | 3 |
                | 劝返复学·建档立卡脱贫户 | 3 |
            """),
            LEDGER: listed("2", """
                | 姓名   | 性别 | 年龄 | 辍学时间  | 复学时间   | 备注   |
                | 赖小满 | 男   | 12   | 2020年9月 | 2021年3月  | 脱贫户 |
                | 赖小满 | 女   | 12   | 2020年9月 | 2021年3月  | 脱贫户 |
                | 温小暑 | 女   | 13   | 2020年3月 | 2020年10月 | 脱贫户 |
                | 温小暑 | 女   | 13   | 2021年1月 | 2021年3月  | 脱贫户 |
            """),
        },
    ),
    fails(
        "count-list-mismatch",
        "by type, by category, by return, by enrolment, and all in all",
        {
            COUNTS: statistics("""
                | 应返校学生数            | 4 |
                | 未返校学生数            | 4 |
                | 失学辍学                | 1 |
                | 失学辍学·建档立卡脱贫户 | 0 |
                | 缓学休学                | 2 |
                | 缓学休学·城镇贫困户     | 0 |
                | 劝返复学·建档立卡脱贫户 | 2 |
                | 本学期劝返复学          | 9 |
                | 适龄残疾儿童            | 2 |
                | 残疾儿童·在校就读       | 1 |
                | 残疾儿童·未入学         | 0 |
                | 残疾儿童·送教上门       | 1 |
                | 送教上门                | 1 |
            """),
            LIST: listed("1-2", """
                | 姓名   | 登记类型 | 人员类别       |
                | 赖小满 | 失学辍学 | 建档立卡脱贫户 |
                | 温小暑 | 缓学休学 | 城镇贫困户     |
            """),
            LEDGER: listed("2", """
                | 姓名   | 复学时间  | 备注           |
                | 赖小满 |           | 建档立卡脱贫户 |
                | 刘白露 | 2021年3月 | 脱贫户         |
            """),
            DISABLED: listed("3", """
                | 姓名   | 就学情况 | 备注 |
                | 钟立秋 | 否       | 病休 |
                | 曾谷雨 | 送教上门 |      |
            """),
            AT_HOME: listed("4", """
                | 序号 | 姓名 |
                | 1    |      |
            """),
        },
        At("D5", COUNTS), At("E5", COUNTS), At("F5", COUNTS), At("G5", COUNTS), At("J5", COUNTS), At("K5", COUNTS),
        At("M5", COUNTS), At("B5", DISABLED, rule="home-teaching-differs"),
    ),
    holds(
        "count-list-mismatch",
        "each count fits; children of other households come back without being listed",
        {
            COUNTS: statistics("""
                | 应返校学生数   | 2 |
                | 未返校学生数   | 2 |
                | 失学辍学       | 1 |
                | 缓学休学       | 1 |
                | 本学期劝返复学 | 5 |
            """),
            LIST: listed("1-2", """
                | 姓名   | 登记类型 |
                | 赖小满 | 失学辍学 |
                | 温小暑 | 缓学休学 |
            """),
            LEDGER: listed("2", """
                | 序号 | 姓名 |
                | 1    |      |
            """),
        },
    ),
    holds(
        "count-list-mismatch",
        "a row whose type can't be read may belong to either count",
        {
            COUNTS: TWO_DROPOUTS,
            LIST: listed("1-2", """
                | 姓名   | 登记类型 |
                | 赖小满 | 失学辍学 |
                | 温小暑 | 转学     |
            """),
        },
        At("B5", LIST, rule="registration-type-invalid"),
    ),
    holds(
        "count-list-mismatch",
        "another school's list is none of its own; a name joins a number that is blank",
        {
            COUNTS: TWO_DROPOUTS,
            LIST: listed("1-2", """
                | 姓名   | 身份证号码         |
                | 赖小满 | 360704200805210315 |
                | 赖小满 |                    |
                | 温小暑 | 360721200707070423 |
            """),
            "二.xlsx": listed("1-2", """
                | 姓名   |
                | 钟立秋 |
            """, school=MIDDLE),
        },
        At("B5", LIST, rule="required-missing"),
    ),
    holds(
        "count-list-mismatch",
        "each row of a common sheet is held against its own school's list",
        {
            COUNTS: listed("1-1", """
                | 学校     | 失学辍学 | 未返校学生数 | 应返校学生数 |
                | 梅林小学 | 1        | 1            | 1            |
                | 茅店中学 | 0        | 0            | 0            |
            """),
            LIST: ONE_DROPOUT_LISTED,
            "二.xlsx": listed("1-2", """
                | 序号 | 姓名 |
                | 1    |      |
            """, school=MIDDLE),
        },
    ),
    blank(
        "count-list-mismatch",
        "a blank count is missing, a list that did not come says nothing",
        {
            COUNTS: statistics("""
                | 学校         | 梅林小学 |
                | 失学辍学     |          |
                | 适龄残疾儿童 | 1        |
                | 残疾儿童·未入学 | 1     |
            """),
            LIST: ONE_DROPOUT_LISTED,
        },
        At("B5", COUNTS, rule="required-missing"),
    ),
]  # fmt: skip

NOT_RETURNED = [
    fails(
        "form-not-returned",
        "the statistics count children for lists that did not come; each list is asked for once",
        {
            COUNTS: statistics("""
                | 失学辍学                | 1 |
                | 缓学休学                | 1 |
                | 未返校学生数            | 2 |
                | 应返校学生数            | 2 |
                | 本学期劝返复学          | 1 |
                | 劝返复学·建档立卡脱贫户 | 1 |
                | 适龄残疾儿童            | 1 |
                | 残疾儿童·在校就读       | 1 |
            """),
        },
        At("", COUNTS, field="dropout"), At("", COUNTS, field="dropout"), At("", COUNTS, field="brought_back_relief"),
        At("", COUNTS, field="disabled"),
        roster=ONE_SCHOOL, whole=True,
    ),
    fails(
        "form-not-returned",
        "a school returned a list, and no statistics: it is no sheet's fault",
        {
            LIST: listed("1-2", """
                | 序号 | 姓名 |
                | 1    |      |
            """),
        },
        At("", "", "", severity="error"),
        roster=ONE_SCHOOL, whole=True,
    ),
    fails(
        "form-not-returned",
        "children are listed, and no card came, or only a blank one",
        {
            COUNTS: TWO_DROPOUTS,
            LIST: listed("1-2", """
                | 姓名   |
                | 赖小满 |
                | 温小暑 |
            """),
            "梅林小学/卡.xlsx": card(""),
        },
        At("", COUNTS, field="dropout"),
        roster=ONE_SCHOOL, whole=True,
    ),
    holds(
        "form-not-returned",
        "nobody is counted, so nothing need come",
        {COUNTS: NOBODY},
        roster=ONE_SCHOOL, whole=True,
    ),
    holds(
        "form-not-returned",
        "of some workbooks nobody can say what else came",
        {COUNTS: TWO_DROPOUTS},
        roster=ONE_SCHOOL, whole=False,
    ),
    holds(
        "form-not-returned",
        "without a roster nobody can say who should return",
        {COUNTS: TWO_DROPOUTS},
        roster=None, whole=True,
    ),
    blank(
        "form-not-returned",
        "a blank count asks for nothing",
        {COUNTS: statistics("| 失学辍学 | |\n| 学校 | 梅林小学 |")},
        At("A5", COUNTS, rule="required-missing"),
        roster=ONE_SCHOOL, whole=True,
    ),
]  # fmt: skip

CASES = [*AGAINST_LISTS, *NOT_RETURNED]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_statistics_agree_with_what_came(case: Case) -> None:
    case.hold()
