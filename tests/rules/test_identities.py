"""Rules on who a child is: the same one twice, one number under two names, one name with two numbers."""

from __future__ import annotations

import pytest
from cast import card, listed
from rule_cases import At, Case, blank, fails, holds
from sheets import MIDDLE

from kbxt_merge.model.returns import Workbook

LIST, LEDGER = "附件1-2.xlsx", "附件3.xlsx"

TWICE = [
    fails(
        "duplicate-in-form",
        "three times, written in two ways: each names the other two",
        listed("1-2", """
            | 姓名   | 身份证号码          |
            | 赖小满 | 360704200805210315  |
            | 赖 小满 | 360704 200805210315 |
            | 赖小满 | 360704200805210315  |
        """),
        At("B4", severity="error", related="附件.xlsx › Sheet1 › B5\n附件.xlsx › Sheet1 › B6"),
        At("B5", related="附件.xlsx › Sheet1 › B4\n附件.xlsx › Sheet1 › B6"),
        At("B6"),
    ),
    fails(
        "duplicate-in-form",
        "two cards on two sheets of one workbook",
        {"梅林小学/卡.xlsx": Workbook([card("赖小满", sheet="赖小满"), card("赖小满", "| 健康情况 | |", sheet="补")])},
        At("E3", "梅林小学/卡.xlsx", "赖小满"), At("E3", "梅林小学/卡.xlsx", "补"),
    ),
    fails(
        "duplicate-in-form",
        "form 2 knows a child by its name",
        listed("2", """
            | 姓名   | 年龄 |
            | 赖小满 | 12   |
            | 温小暑 | 13   |
            | 赖小满 | 12   |
        """),
        At("A4"), At("A6"),
    ),
    holds(
        "duplicate-in-form",
        "form 2: namesakes differ in sex or age",
        listed("2", """
            | 姓名   | 性别 | 年龄 |
            | 赖小满 | 男   | 14   |
            | 赖小满 | 女   | 14   |
            | 赖小满 | 男   | 12   |
        """),
    ),
    holds(
        "duplicate-in-form",
        "form 2: a child that came back and dropped out anew was out twice",
        listed("2", """
            | 姓名   | 辍学时间   | 复学时间  |
            | 赖小满 | 2020年12月 | 2021年3月 |
            | 赖小满 | 2020年3月  | 2020年9月 |
        """),
    ),
    fails(
        "duplicate-in-form",
        "form 2: out twice, the second time said twice; and dropped out again before it was back",
        listed("2", """
            | 姓名   | 辍学时间  | 复学时间  |
            | 赖小满 | 2020年3月 | 2020年5月 |
            | 赖小满 | 2020年9月 | 2021年3月 |
            | 赖小满 | 2020年9月 | 2021年3月 |
            | 温小暑 | 2020年3月 | 2020年9月 |
            | 温小暑 | 2020年5月 | 2020年9月 |
        """),
        At("A5", related="附件.xlsx › Sheet1 › A6"), At("A6", related="附件.xlsx › Sheet1 › A5"),
        At("A7"), At("A8"),
    ),
    blank(
        "duplicate-in-form",
        "form 2: of a time that can't be read nobody can tell",
        listed("2", """
            | 姓名   | 辍学时间  | 复学时间  |
            | 赖小满 | 去年      | 2021年3月 |
            | 赖小满 | 2020年9月 | 2021年3月 |
            | 温小暑 |           | 2021年3月 |
            | 温小暑 | 2020年9月 | 2021年3月 |
        """),
        At("B4", rule="date-invalid"), At("B6", rule="required-missing"),
    ),
    fails(
        "duplicate-in-form",
        "form 2: a sex that can't be read makes no namesake",
        listed("2", """
            | 姓名   | 性别 |
            | 温小暑 | 不详 |
            | 温小暑 | 女   |
        """),
        At("B4", rule="sex-invalid"), At("A4"), At("A5"),
    ),
    holds(
        "duplicate-in-form",
        "namesakes have numbers of their own",
        listed("1-2", """
            | 姓名   | 身份证号码         |
            | 赖小满 | 360704200805210315 |
            | 赖小满 | 360704201108070534 |
        """),
    ),
    holds(
        "duplicate-in-form",
        "one child stands in the list, the ledger and on its card",
        {
            LIST: listed("1-2", """
                | 姓名   |
                | 赖小满 |
            """),
            LEDGER: listed("3", """
                | 姓名   |
                | 赖小满 |
            """),
            "梅林小学/1.xlsx": card("赖小满"),
        },
    ),
    blank(
        "duplicate-in-form",
        "of two blank numbers nobody can tell, nor of a blank and a sound one",
        listed("1-2", """
            | 姓名   | 身份证号码         |
            | 温小暑 |                    |
            | 温小暑 |                    |
            | 赖小满 |                    |
            | 赖小满 | 360704200805210315 |
        """),
        At("B4", rule="required-missing"), At("B5", rule="required-missing"), At("B6", rule="required-missing"),
    ),
    fails(
        "duplicate-across-schools",
        "in the same form of two schools",
        {
            "一.xlsx": listed("1-2", """
                | 姓名   | 身份证号码         |
                | 赖小满 | 360704200805210315 |
            """),
            "二.xlsx": listed("1-2", """
                | 姓名   | 身份证号码         |
                | 温小暑 | 360721200707070423 |
                | 赖小满 | 360704200805210315 |
            """, school=MIDDLE),
        },
        At("B4", "一.xlsx", severity="warning", related="二.xlsx › Sheet1 › B5"),
        At("B5", "二.xlsx", related="一.xlsx › Sheet1 › B4"),
    ),
    holds(
        "duplicate-across-schools",
        "in different forms of two schools; two children of one name",
        {
            LIST: listed("1-2", """
                | 姓名   | 身份证号码         |
                | 赖小满 | 360704200805210315 |
            """),
            LEDGER: listed("3", """
                | 姓名   | 身份证号           |
                | 赖小满 | 360704200805210315 |
            """, school=MIDDLE),
            "二.xlsx": listed("1-2", """
                | 姓名   | 身份证号码         |
                | 赖小满 | 360704201108070534 |
            """, school=MIDDLE),
        },
    ),
    blank(
        "duplicate-across-schools",
        "two blank numbers are not one number",
        {
            "一.xlsx": listed("1-2", """
                | 姓名   | 身份证号码 |
                | 赖小满 |            |
            """),
            "二.xlsx": listed("1-2", """
                | 姓名   | 身份证号码 |
                | 赖小满 |            |
            """, school=MIDDLE),
        },
        At("B4", "一.xlsx", rule="required-missing"), At("B4", "二.xlsx", rule="required-missing"),
    ),
]  # fmt: skip

NAMES_AND_NUMBERS = [
    fails(
        "id-name-conflict",
        "in one form: it is no duplicate besides",
        listed("1-2", """
            | 姓名   | 身份证号码         |
            | 赖小满 | 360704200805210315 |
            | 赖大满 | 360704200805210315 |
        """),
        At("A4", severity="error", related="附件.xlsx › Sheet1 › A5"), At("A5", related="附件.xlsx › Sheet1 › A4"),
    ),
    fails(
        "id-name-conflict",
        "anywhere in the district: it is no child of two schools besides, nor a card too many",
        {
            "一.xlsx": listed("1-2", """
                | 姓名   | 身份证号码         |
                | 赖小满 | 360704200805210315 |
            """),
            "二.xlsx": listed("1-2", """
                | 姓名   | 身份证号码         |
                | 赖大满 | 360704200805210315 |
            """, school=MIDDLE),
            "茅店中学/卡.xlsx": card("赖小满", "| 姓名 | 赖大满 |"),
        },
        At("A4", "一.xlsx", related="二.xlsx › Sheet1 › A4\n茅店中学/卡.xlsx › Sheet1 › C3"),
        At("A4", "二.xlsx", related="一.xlsx › Sheet1 › A4"),
        At("C3", "茅店中学/卡.xlsx", related="一.xlsx › Sheet1 › A4"),
    ),
    holds(
        "id-name-conflict",
        "a name written with and without padding is one name; a wrong number is nobody's",
        {
            LIST: listed("1-2", """
                | 姓名     | 身份证号码         |
                | 赖　小满 | 360704200805210315 |
                | 温小暑   | 360721200707070424 |
                | 温大暑   | 360721200707070424 |
            """),
            LEDGER: listed("3", """
                | 姓名   | 身份证号           |
                | 赖小满 | 360704200805210315 |
            """),
        },
        At("B5", LIST, rule="id-checksum"), At("B6", LIST, rule="id-checksum"),
    ),
    blank(
        "id-name-conflict",
        "a number without a name is not under another",
        {
            LIST: listed("1-2", """
                | 姓名   | 身份证号码         |
                |        | 360704200805210315 |
            """),
            LEDGER: listed("3", """
                | 姓名   | 身份证号           |
                | 赖小满 | 360704200805210315 |
            """),
        },
        At("A4", LIST, rule="required-missing"),
    ),
    fails(
        "id-conflict",
        "list and card hold two sound numbers: the card is neither missing nor too many",
        {
            LIST: listed("1-2", """
                | 姓名   | 身份证号码         |
                | 赖小满 | 360704201004200752 |
            """),
            "梅林小学/卡.xlsx": card("赖小满"),
        },
        At("B4", LIST, severity="error", related="梅林小学/卡.xlsx › Sheet1 › E3"),
        At("E3", "梅林小学/卡.xlsx", related="附件1-2.xlsx › Sheet1 › B4"),
    ),
    holds(
        "id-conflict",
        "namesakes that both forms know",
        {
            LIST: listed("1-2", """
                | 姓名   | 身份证号码         |
                | 赖小满 | 360704200805210315 |
                | 赖小满 | 360704201108070534 |
            """),
            "梅林小学/1.xlsx": card("赖小满"),
            "梅林小学/2.xlsx": card("钟立秋", "| 姓名 | 赖小满 |"),
        },
    ),
    holds(
        "id-conflict",
        "namesakes of two schools",
        {
            LIST: listed("1-2", """
                | 姓名   | 身份证号码         |
                | 赖小满 | 360704200805210315 |
            """),
            LEDGER: listed("3", """
                | 姓名   | 性别 | 身份证号           | 年龄 | 年级   |
                | 赖小满 | 男   | 360704201108070534 | 9    | 四年级 |
            """, school=MIDDLE),
        },
    ),
    holds(
        "id-conflict",
        "a number that stands under another name is a slip of the name",
        {
            LIST: listed("1-2", """
                | 姓名   | 身份证号码         |
                | 赖小满 | 360721200707070423 |
                | 温小暑 | 360721200707070423 |
            """),
            "梅林小学/1.xlsx": card("赖小满"),
            "梅林小学/2.xlsx": card("温小暑"),
        },
        At("A4", LIST, rule="id-name-conflict"),
        At("A5", LIST, rule="id-name-conflict"),
        At("C3", "梅林小学/2.xlsx", rule="id-name-conflict"),
    ),
    blank(
        "id-conflict",
        "a blank and a damaged number contradict nothing: the name joins list and cards",
        {
            LIST: listed("1-2", """
                | 姓名   | 身份证号码         |
                | 赖小满 |                    |
                | 温小暑 | 3.6072120070707e17 |
            """),
            "梅林小学/1.xlsx": card("赖小满"),
            "梅林小学/2.xlsx": card("温小暑"),
        },
        At("B4", LIST, rule="required-missing"), At("B5", LIST, rule="id-precision-lost"),
    ),
]  # fmt: skip

CASES = [*TWICE, *NAMES_AND_NUMBERS]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_child_is_one_child_wherever_it_stands(case: Case) -> None:
    case.hold()
