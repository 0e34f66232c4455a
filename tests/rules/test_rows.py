"""Rules on what must agree within one row."""

from __future__ import annotations

import datetime as dt

import pytest
from cast import card, listed, statistics
from rule_cases import At, Case, blank, fails, holds

from kbxt_merge.model.period import Period

CARD = "梅林小学/登记表.xlsx"
AUTUMN = {"period": Period.parse("2021秋"), "as_of": dt.date(2021, 9, 20)}

AGAINST_THE_ID_NUMBER = [
    fails(
        "sex-id-mismatch",
        "in a list and on a card",
        {
            "附件3.xlsx": listed("3", """
                | 姓名   | 性别 | 身份证号           |
                | 赖小满 | 女   | 360704200805210315 |
            """),
            CARD: card("温小暑", "| 性别 | 男 |"),
        },
        At("B4", "附件3.xlsx", severity="error"), At("E4", CARD),
    ),
    holds(
        "sex-id-mismatch",
        "the 17th digit is odd for a boy; variants are read; a wrong number says nothing",
        listed("3", """
            | 姓名   | 性别 | 身份证号           |
            | 赖小满 | 1    | 360704200805210315 |
            | 温小暑 | 女生 | 360721200707070423 |
            | 钟立秋 | 女   | 360704201108070535 |
        """),
        At("C6", rule="id-checksum"),
    ),
    blank(
        "sex-id-mismatch",
        "no sex, no number",
        listed("3", """
            | 姓名   | 性别 | 身份证号           |
            | 赖小满 |      | 360704200805210315 |
            | 温小暑 | 女   |                    |
        """),
        At("B4", rule="required-missing"), At("C5", rule="required-missing"),
    ),
    fails(
        "age-id-mismatch",
        "off by one is a warning, off by two an error",
        listed("3", """
            | 姓名   | 身份证号           | 年龄 |
            | 赖小满 | 360704200805210315 | 13   |
            | 温小暑 | 360721200707070423 | 12   |
            | 钟立秋 | 360704201108070534 | 11   |
        """, date="2021年3月12日"),
        At("C4", severity="warning"), At("C5", severity="warning"), At("C6", severity="error"),
    ),
    fails(
        "age-id-mismatch",
        "who was born on 29 February is a year older on 1 March",
        {
            "2月.xlsx": listed("4", """
                | 姓名   | 身份证号           | 年龄 |
                | 赖小满 | 360704200802290313 | 13   |
            """, date="2021年2月28日"),
            CARD: card("赖小满", """
                | 居民身份证号码 | 360704200802290313 |
                | 出生日期       | 2008年2月29日      |
                | 年龄           | 12                 |
            """, date="2021年3月1日"),
        },
        At("C4", "2月.xlsx"), At("G4", CARD),
    ),
    holds(
        "age-id-mismatch",
        "full years on the form's date: the birthday itself counts",
        listed("3", """
            | 姓名   | 身份证号           | 年龄 |
            | 赖小满 | 360704200805210315 | 13   |
        """, date="2021年5月21日"),
    ),
    holds(
        "age-id-mismatch",
        "on a form dated by a month either age of a child with its birthday in it",
        listed("4", """
            | 姓名   | 身份证号           | 年龄 |
            | 赖小满 | 360704200805210315 | 12   |
            | 温小暑 | 360704200805210024 | 13   |
        """, date="2021年5月"),
    ),
    holds(
        "age-id-mismatch",
        "without a form's date the reference day counts",
        listed("4", """
            | 姓名   | 身份证号           | 年龄 |
            | 赖小满 | 360704200805210315 | 13   |
        """, date=""),
        as_of=dt.date(2021, 5, 21),
    ),
    blank(
        "age-id-mismatch",
        "no age",
        listed("3", """
            | 姓名   | 年龄 |
            | 赖小满 |      |
        """),
        At("B4", rule="required-missing"),
    ),
    fails(
        "birthdate-id-mismatch",
        "another day, another month",
        {
            "梅林小学/1.xlsx": card("赖小满", "| 出生日期 | 2008年5月12日 |"),
            "梅林小学/2.xlsx": card("温小暑", "| 出生日期 | 2007年8月 |"),
        },
        At("C4", "梅林小学/1.xlsx"), At("C4", "梅林小学/2.xlsx"),
    ),
    holds(
        "birthdate-id-mismatch",
        "a month agrees with each of its days, a spreadsheet's day with itself",
        {
            "梅林小学/1.xlsx": card("赖小满", "| 出生日期 | 2008.5 |"),
            "梅林小学/2.xlsx": card("温小暑", "| 出生日期 | @2007-07-07 |"),
        },
    ),
    blank(
        "birthdate-id-mismatch",
        "the blanks as printed",
        {CARD: card("赖小满", "| 出生日期 | 年  月  日 |")},
        At("C4", CARD, rule="required-missing"),
    ),
    fails(
        "roll-number-id-mismatch",
        "another child's",
        {CARD: card("赖小满", "| 全国学籍号 | G360721200707070423 |")},
        At("E5", CARD, severity="warning"),
    ),
    holds(
        "roll-number-id-mismatch",
        "its own; a J or L number holds none",
        {
            "梅林小学/1.xlsx": card("赖小满", "| 全国学籍号 | G360704200805210315 |"),
            "梅林小学/2.xlsx": card("温小暑", "| 全国学籍号 | L360704200805210001 |"),
        },
    ),
    blank("roll-number-id-mismatch", "none", {CARD: card("赖小满", "| 全国学籍号 | |")}),
]  # fmt: skip

AGES = [
    fails(
        "age-out-of-range",
        "in spring, a day outside the cohort at either end: born in 2005-08 and in 2014-09",
        listed("1-2", """
            | 姓名   | 身份证号码         |
            | 赖小满 | 360704200508310010 |
            | 温小暑 | 360704201409010017 |
        """),
        At("B4", severity="warning"), At("B5"),
    ),
    fails(
        "age-out-of-range",
        "in autumn the cohort is a year younger",
        listed("1-2", """
            | 姓名   | 身份证号码         |
            | 赖小满 | 36070420050901001X |
            | 温小暑 | 360704201409010017 |
        """, date="2021年9月10日"),
        At("B4"),
        **AUTUMN,
    ),
    fails(
        "age-out-of-range",
        "form 2 tells an age only",
        listed("2", """
            | 姓名   | 年龄 |
            | 赖小满 | 5    |
            | 温小暑 | 6    |
            | 钟立秋 | 15   |
            | 刘白露 | 16   |
        """),
        At("B4"), At("B7"),
    ),
    fails(
        "age-out-of-range",
        "disabled children are 6 to 18 on the form's day",
        listed("4", """
            | 姓名   | 性别 | 身份证号           | 年龄 |
            | 赖小满 | 男   | 360704201503130015 | 5    |
            | 温小暑 | 男   | 36070420150312001X | 6    |
            | 钟立秋 | 男   | 360704200203130019 | 18   |
            | 刘白露 | 男   | 360704200203120013 | 19   |
        """, date="2021年3月12日"),
        At("C4"), At("C7"),
    ),
    holds(
        "age-out-of-range",
        "the first and the last day of the cohort",
        listed("1-2", """
            | 姓名   | 身份证号码         |
            | 赖小满 | 36070420050901001X |
            | 温小暑 | 360704201408310018 |
        """),
    ),
    blank(
        "age-out-of-range",
        "no number, no age",
        {
            "附件1-2.xlsx": listed("1-2", """
                | 姓名   | 身份证号码 |
                | 赖小满 |            |
            """),
            "附件2.xlsx": listed("2", """
                | 姓名   | 年龄 |
                | 赖小满 |      |
            """),
        },
        At("B4", "附件1-2.xlsx", rule="required-missing"), At("B4", "附件2.xlsx", rule="required-missing"),
    ),
    fails(
        "grade-age-mismatch",
        "four grades from the cohort's: a child of May 2008 is in 七年级",
        listed("3", """
            | 姓名   | 身份证号           | 年级   |
            | 赖小满 | 360704200805210315 | 三年级 |
        """),
        At("C4", severity="warning"),
    ),
    holds(
        "grade-age-mismatch",
        "three grades are much, and possible; a child of 17 may sit in 九年级",
        listed("3", """
            | 姓名   | 身份证号           | 年龄 | 年级   |
            | 赖小满 | 360704200805210315 | 12   | 四年级 |
            | 钟立秋 | 360704200303130016 | 17   | 九年级 |
        """),
    ),
    blank(
        "grade-age-mismatch",
        "no grade",
        listed("3", """
            | 姓名   | 年级 |
            | 赖小满 |      |
        """),
        At("B4", rule="required-missing"),
    ),
]  # fmt: skip

ORDER_AND_SUMS = [
    fails(
        "date-order",
        "back before leaving; a month lies before a day only when its last day does",
        listed("2", """
            | 姓名   | 辍学时间  | 复学时间 |
            | 赖小满 | 2021-03-05 | 2021-03-04 |
            | 温小暑 | 2021-03-05 | 2021-02    |
        """),
        At("C4", severity="error"), At("C5"),
    ),
    holds(
        "date-order",
        "the same day, the same month",
        listed("2", """
            | 姓名   | 辍学时间   | 复学时间   |
            | 赖小满 | 2021-03-05 | 2021-03-05 |
            | 温小暑 | 2021-03-05 | 2021-03    |
            | 钟立秋 | 2021-03    | 2021-03-01 |
        """),
    ),
    holds(
        "date-order",
        "a date that lies in the future has its finding already",
        listed("2", """
            | 姓名   | 辍学时间   | 复学时间   |
            | 赖小满 | 2031-03-05 | 2021-03-05 |
        """),
        At("B4", rule="date-future"),
    ),
    blank(
        "date-order",
        "not yet returned",
        listed("2", """
            | 姓名   | 辍学时间   | 复学时间 |
            | 赖小满 | 2021-03-05 |          |
        """),
    ),
    fails(
        "count-sum",
        "those due are those who returned and those who did not",
        listed("1-1", """
            | 应返校学生数 | 已返校学生数 | 未返校学生数 |
            | 100          | 99           | 2            |
        """),
        At("A5", severity="error"), At("C5"),
    ),
    fails(
        "count-sum",
        "special households are at most all, in each group",
        statistics("""
            | 应返校学生数            | 2 |
            | 未返校学生数            | 2 |
            | 失学辍学                | 2 |
            | 失学辍学·建档立卡脱贫户 | 2 |
            | 失学辍学·城镇贫困户     | 1 |
            | 本学期劝返复学          | 0 |
            | 劝返复学·城镇贫困户     | 1 |
        """),
        At("C5"), At("F5"),
    ),
    fails(
        "count-sum",
        "children taught at home are counted twice, and alike",
        statistics("""
            | 应返校学生数      | 1 |
            | 未返校学生数      | 1 |
            | 送教上门          | 1 |
            | 适龄残疾儿童      | 3 |
            | 残疾儿童·在校就读 | 2 |
            | 残疾儿童·送教上门 | 0 |
        """),
        At("C5"), At("D5"),
    ),
    holds(
        "count-sum",
        "all sums fit",
        statistics("""
            | 应返校学生数      | 100 |
            | 已返校学生数      | 90  |
            | 未返校学生数      | 10  |
            | 失学辍学          | 1   |
            | 缓学休学          | 2   |
            | 送教上门          | 3   |
            | 其他原因          | 4   |
            | 适龄残疾儿童      | 5   |
            | 残疾儿童·送教上门 | 3   |
            | 残疾儿童·未入学   | 2   |
        """),
    ),
    fails(
        "count-sum",
        "a part that is no number leaves its sum alone, and only that",
        listed("1-1", """
            | 应返校学生数 | 已返校学生数 | 未返校学生数 | 失学辍学 |
            | 100          | 若干         | 1            | 0        |
        """),
        At("B5", rule="count-invalid"), At("C5"),
    ),
    blank(
        "count-sum",
        "a part that is missing leaves its sum alone",
        listed("1-1", """
            | 应返校学生数 | 已返校学生数 |
            | 100          |              |
        """),
        At("B5", rule="required-missing"),
    ),
]  # fmt: skip

CASES = [*AGAINST_THE_ID_NUMBER, *AGES, *ORDER_AND_SUMS]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_row_that_contradicts_itself_is_asked_about_once(case: Case) -> None:
    case.hold()
