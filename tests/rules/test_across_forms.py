"""Rules on one child that several forms tell of."""

from __future__ import annotations

import pytest
from cast import card, listed
from rule_cases import At, Case, blank, fails, holds
from sheets import MIDDLE

COUNTS, LIST, LEDGER, DISABLED, AT_HOME = "附件1-1.xlsx", "附件1-2.xlsx", "附件2.xlsx", "附件3.xlsx", "附件4.xlsx"
CARD = "梅林小学/卡.xlsx"
TAUGHT = listed("3", "| 姓名 | 就学情况 |\n| 赖小满 | 送教上门 |")
NOBODY_TAUGHT = listed("4", "| 序号 | 姓名 |\n| 1 |  |")

AGREEING = [
    fails(
        "same-child-differs",
        "another guardian and disability than the disability ledger's",
        {
            DISABLED: listed(
                "3", "| 姓名 | 就学情况 | 监护人姓名 | 残疾类别 |\n| 赖小满 | 送教上门 | 赖大暑 | 智力残疾 |"
            ),
            AT_HOME: listed("4", "| 姓名 | 监护人姓名 | 不具备学习原因 |\n| 赖小满 | 赖大寒 | 听力残疾一级 |"),
        },
        At("B4", AT_HOME, severity="warning", suggestion="赖大暑", related="附件3.xlsx › Sheet1 › C4"),
        At("C4", AT_HOME, suggestion="智力残疾", related="附件3.xlsx › Sheet1 › D4"),
    ),
    fails(
        "same-child-differs",
        "the ledger names another family and school than the register of dropouts, to which its name leads",
        {
            LIST: listed("1-2", "| 姓名 | 人员类别 |\n| 赖小满 | 建档立卡脱贫户 |"),
            LEDGER: listed("2", f"| 姓名 | 人员类别 | 原就读学校 |\n| 赖小满 | 城镇贫困户 | {MIDDLE} |"),
        },
        At("B4", LEDGER, suggestion="建档立卡脱贫户", related="附件1-2.xlsx › Sheet1 › B4"),
        At("C4", LEDGER, field="former_school"),
    ),
    holds(
        "same-child-differs",
        "the card's other guardian is the ledger's; a village school and its county stand before the name",
        {
            DISABLED: listed("3", "| 姓名 | 监护人姓名 |\n| 赖小满 | 王芒种 |"),
            CARD: card("赖小满", "| 监护人1 | 赖大暑 |\n| 监护人2 | 王芒种 |"),
            LIST: listed("1-2", "| 姓名 | 学籍所在学校 |\n| 赖小满 | 梅林小学 |"),
            LEDGER: listed("2", "| 姓名 | 原就读学校 |\n| 赖小满 | 赣县区梅林小学 |"),
        },
    ),
    holds(
        "same-child-differs",
        "a reason in other words than a kind of disability can't be compared",
        {
            DISABLED: listed("3", "| 姓名 | 就学情况 | 残疾类别 |\n| 赖小满 | 送教上门 | 智力残疾 |"),
            AT_HOME: listed("4", "| 姓名 | 不具备学习原因 |\n| 赖小满 | 脑瘫，不能行走 |"),
        },
    ),
    blank(
        "same-child-differs",
        "what one of them leaves blank differs from nothing",
        {
            DISABLED: listed("3", "| 姓名 | 监护人姓名 |\n| 赖小满 |  |"),
            CARD: card("赖小满"),
            LIST: listed("1-2", "| 姓名 |\n| 赖小满 |"),
        },
        At("B4", DISABLED, rule="required-missing"),
    ),
]

TAUGHT_AT_HOME = [
    fails(
        "home-teaching-differs",
        "taught at home by form 4, out of school by form 3; 是 says that it is enrolled",
        {
            DISABLED: listed("3", "| 姓名 | 就学情况 | 备注 |\n| 赖小满 | 否 | 病 |"),
            AT_HOME: listed("4", "| 姓名 |\n| 赖小满 |"),
        },
        At("A4", AT_HOME, severity="error", related="附件3.xlsx › Sheet1 › B4"),
    ),
    fails(
        "home-teaching-differs",
        "taught at home by form 3, and not in form 4, which came with others",
        {
            DISABLED: listed("3", "| 姓名 | 就学情况 |\n| 赖小满 | 送教上门 |\n| 温小暑 | 送教上门 |"),
            AT_HOME: listed("4", "| 姓名 |\n| 温小暑 |"),
        },
        At("B4", DISABLED, severity="error"),
    ),
    fails(
        "home-teaching-differs",
        "form 4 came without a row",
        {DISABLED: TAUGHT, AT_HOME: NOBODY_TAUGHT},
        At("B4", DISABLED),
    ),
    holds("home-teaching-differs", "both say so", {DISABLED: TAUGHT, AT_HOME: listed("4", "| 姓名 |\n| 赖小满 |")}),
    holds("home-teaching-differs", "of a form that did not come nobody can tell", {DISABLED: TAUGHT}),
    blank(
        "home-teaching-differs",
        "form 3 does not say where the child is",
        {
            DISABLED: listed("3", "| 姓名 | 就学情况 |\n| 赖小满 |  |"),
            AT_HOME: listed("4", "| 姓名 |\n| 赖小满 |"),
        },
        At("B4", DISABLED, rule="required-missing"),
    ),
]

LISTED = {LIST: listed("1-2", "| 姓名 |\n| 赖小满 |")}
PERSUADED = [
    fails(
        "persuasion-incomplete",
        "begun, and neither how often nor what came of it",
        {**LISTED, CARD: card("赖小满", "| 劝返次数 | |\n| 劝返结果 | |\n| 劝返过程详细记录 | |")},
        At("E12", CARD, severity="warning", field="persuasion_count"),
        At("G12", CARD, field="persuasion_result"),
    ),
    fails(
        "persuasion-incomplete",
        "not begun, and yet two visits",
        {**LISTED, CARD: card("赖小满", "| 是否已开展劝返工作 | 否 |")},
        At("E12", CARD),
    ),
    fails(
        "persuasion-incomplete",
        "not returned, for no reason",
        {**LISTED, CARD: card("赖小满", "| 未复学原因 | |")},
        At("I12", CARD, field="not_returned_reason"),
    ),
    fails(
        "persuasion-incomplete",
        "back by its result, and listed as a dropout",
        {**LISTED, CARD: card("赖小满", "| 劝返结果 | 已复学 |\n| 未复学原因 | |")},
        At("G12", CARD, related="附件1-2.xlsx › Sheet1 › A4"),
    ),
    holds(
        "persuasion-incomplete",
        "a promise is no return; who put school off may be back",
        {
            LIST: listed("1-2", "| 姓名 | 登记类型 |\n| 赖小满 | 失学辍学 |\n| 温小暑 | 缓学休学 |"),
            "梅林小学/一.xlsx": card("赖小满", "| 劝返结果 | 同意9月复学 |"),
            "梅林小学/二.xlsx": card("温小暑", "| 劝返结果 | 已返校就读 |\n| 未复学原因 | |"),
        },
    ),
    blank(
        "persuasion-incomplete",
        "not begun, and nothing told",
        {
            **LISTED,
            CARD: card(
                "赖小满",
                "| 是否已开展劝返工作 | 否 |\n| 劝返次数 | |\n| 劝返结果 | |\n| 未复学原因 | |\n| 劝返过程详细记录 | |",
            ),
        },
    ),
]

CASES: list[Case] = [*AGREEING, *TAUGHT_AT_HOME, *PERSUADED]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_rule_across_forms_finds_what_it_is_about_and_nothing_else(case: Case) -> None:
    case.hold()
