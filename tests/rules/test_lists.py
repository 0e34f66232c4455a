"""Rules on a child that one form of its school holds and another should hold, or should not."""

from __future__ import annotations

import pytest
from cast import card, listed, statistics
from rule_cases import At, Case, blank, fails, holds
from sheets import MIDDLE

COUNTS, LIST, LEDGER, DISABLED, AT_HOME = "附件1-1.xlsx", "附件1-2.xlsx", "附件2.xlsx", "附件3.xlsx", "附件4.xlsx"

SMALL_AND_BIG = listed("1-2", """
    | 姓名   | 登记类型 |
    | 赖小满 | 失学辍学 |
    | 温小暑 | 缓学休学 |
""")  # fmt: skip
NOBODY = listed("1-2", """
    | 序号 | 姓名   |
    | 1    |        |
""")  # fmt: skip

CARDS = [
    fails(
        "card-missing",
        "one of two children has a card",
        {LIST: SMALL_AND_BIG, "梅林小学/卡.xlsx": card("赖小满")},
        At("A5", LIST, severity="error"),
    ),
    holds(
        "card-missing",
        "a card whose number has a slip is still the child's",
        {
            LIST: SMALL_AND_BIG,
            "梅林小学/1.xlsx": card("赖小满"),
            "梅林小学/2.xlsx": card("温小暑", "| 居民身份证号码 | 360721200707070424 |"),
        },
        At("E3", "梅林小学/2.xlsx", rule="id-checksum"),
    ),
    holds(
        "card-missing",
        "of the school's cards none came: that is one finding on the form, not one a child",
        {LIST: SMALL_AND_BIG, "茅店中学/卡.xlsx": card("钟立秋")},
    ),
    holds(
        "card-missing",
        "a card without a name may be anybody's",
        {LIST: SMALL_AND_BIG, "梅林小学/卡.xlsx": card("钟立秋", "| 姓名 | |\n| 居民身份证号码 | |")},
        At("C3", "梅林小学/卡.xlsx", rule="required-missing"),
        At("E3", "梅林小学/卡.xlsx", rule="required-missing"),
    ),
    blank("card-missing", "nobody is listed", {LIST: NOBODY}),
    fails(
        "card-orphan",
        "the list came, and holds somebody else; another school's list holds the child",
        {
            LIST: SMALL_AND_BIG,
            "二.xlsx": listed("1-2", """
                | 姓名   |
                | 钟立秋 |
            """, school=MIDDLE),
            "梅林小学/1.xlsx": card("赖小满"),
            "梅林小学/2.xlsx": card("温小暑"),
            "梅林小学/3.xlsx": card("钟立秋"),
        },
        At("C3", "梅林小学/3.xlsx", severity="warning"),
    ),
    fails(
        "card-orphan",
        "the list came, and is empty",
        {LIST: NOBODY, "梅林小学/卡.xlsx": card("赖小满")},
        At("C3", "梅林小学/卡.xlsx"),
    ),
    fails(
        "card-orphan",
        "no list came, and the statistics count nobody for one",
        {COUNTS: statistics("| 应返校学生数 | 0 |"), "梅林小学/卡.xlsx": card("赖小满")},
        At("C3", "梅林小学/卡.xlsx"),
    ),
    holds("card-orphan", "of a list that did not come nobody can tell", {"梅林小学/卡.xlsx": card("赖小满")}),
    holds(
        "card-orphan",
        "a nameless row of the list may be the child's",
        {
            LIST: listed("1-2", """
                | 姓名 | 身份证号码 |
                |      | 无         |
            """),
            "梅林小学/卡.xlsx": card("赖小满"),
        },
        At("A4", LIST, rule="required-missing"),
        At("B4", LIST, rule="id-length"),
    ),
    blank(
        "card-orphan",
        "a blank card is nobody's, and no card at all",
        {LIST: SMALL_AND_BIG, "梅林小学/1.xlsx": card("赖小满"), "梅林小学/2.xlsx": card("")},
        At("A5", LIST, rule="card-missing"),
    ),
]  # fmt: skip

DROPOUTS = [
    fails(
        "persuasion-record-missing",
        "dropouts of both kinds of households; form 2 came without them",
        {
            LIST: listed("1-2", """
                | 姓名   | 人员类别       | 登记类型 |
                | 赖小满 | 建档立卡脱贫户 | 失学辍学 |
                | 温小暑 | 城镇贫困户     | 失学辍学 |
                | 钟立秋 | 城镇贫困户     | 缓学休学 |
                | 刘白露 | 其他           | 失学辍学 |
                | 曾谷雨 | 脱贫户         | 失学辍学 |
            """),
            LEDGER: listed("2", """
                | 姓名   |
                | 曾谷雨 |
            """),
        },
        At("A4", LIST, severity="error"), At("A5", LIST),
    ),
    holds(
        "persuasion-record-missing",
        "form 2 did not come: nobody can tell",
        {
            LIST: listed("1-2", """
                | 姓名   | 人员类别       | 登记类型 |
                | 赖小满 | 建档立卡脱贫户 | 失学辍学 |
            """),
        },
    ),
    blank(
        "persuasion-record-missing",
        "no category is no special household, an unreadable one is nobody's guess",
        {
            LIST: listed("1-2", """
                | 姓名   | 人员类别 | 登记类型 |
                | 赖小满 |          | 失学辍学 |
                | 温小暑 | 低保     | 失学辍学 |
                | 钟立秋 | 脱贫户   |          |
            """),
            LEDGER: listed("2", """
                | 姓名   |
                | 刘白露 |
            """),
        },
        At("B5", LIST, rule="person-category-invalid"),
        At("C6", LIST, rule="required-missing"),
        At("A4", LEDGER, rule="not-in-dropout-list"),
    ),
    fails(
        "not-in-dropout-list",
        "not returned, and in no list; the list of another school is no help",
        {
            LIST: SMALL_AND_BIG,
            "二.xlsx": listed("1-2", """
                | 姓名   |
                | 钟立秋 |
            """, school=MIDDLE),
            LEDGER: listed("2", """
                | 姓名   | 复学时间 |
                | 赖小满 |          |
                | 钟立秋 |          |
            """),
        },
        At("A5", LEDGER, severity="error"),
    ),
    holds(
        "not-in-dropout-list",
        "returned, or with a date of return that can't be read",
        {
            LIST: SMALL_AND_BIG,
            LEDGER: listed("2", """
                | 姓名   | 复学时间  |
                | 钟立秋 | 2021年3月 |
                | 刘白露 | 上周      |
            """),
        },
        At("B5", LEDGER, rule="date-invalid"),
    ),
    blank(
        "not-in-dropout-list",
        "a row without a name",
        {
            LIST: SMALL_AND_BIG,
            LEDGER: listed("2", """
                | 姓名 | 年龄 |
                |      | 12   |
            """),
        },
        At("A4", LEDGER, rule="required-missing"),
    ),
    fails(
        "returned-but-listed",
        "still listed as a dropout",
        {
            LIST: SMALL_AND_BIG,
            LEDGER: listed("2", """
                | 姓名   | 复学时间  |
                | 赖小满 | 2021-03-01 |
            """),
        },
        At("B4", LEDGER, severity="error", related="附件1-2.xlsx › Sheet1 › A4"),
    ),
    fails(
        "returned-but-listed",
        "of two namesakes in the list the one of the ledger's sex",
        {
            LIST: listed("1-2", """
                | 姓名   | 身份证号码         |
                | 温小暑 | 360704201108070534 |
                | 温小暑 | 360721200707070423 |
            """),
            LEDGER: listed("2", """
                | 姓名   | 性别 | 年龄 | 复学时间   |
                | 温小暑 | 女   | 13   | 2021-03-01 |
            """),
        },
        At("D4", LEDGER, related="附件1-2.xlsx › Sheet1 › A5"),
    ),
    holds(
        "returned-but-listed",
        "back, and out anew",
        {
            LIST: SMALL_AND_BIG,
            LEDGER: listed("2", """
                | 姓名   | 辍学时间  | 复学时间   |
                | 赖小满 | 2020年3月 | 2020年10月 |
                | 赖小满 | 2021年2月 |            |
            """),
        },
    ),
    holds(
        "returned-but-listed",
        "listed as deferred; a dropout of another school",
        {
            LIST: SMALL_AND_BIG,
            "二.xlsx": listed("1-2", """
                | 姓名   | 登记类型 |
                | 钟立秋 | 失学辍学 |
            """, school=MIDDLE),
            LEDGER: listed("2", """
                | 姓名   | 复学时间   |
                | 温小暑 | 2021-03-01 |
                | 钟立秋 | 2021-03-01 |
            """),
        },
    ),
    blank(
        "returned-but-listed",
        "not returned",
        {
            LIST: SMALL_AND_BIG,
            LEDGER: listed("2", """
                | 姓名   | 复学时间 |
                | 赖小满 |          |
            """),
        },
    ),
]  # fmt: skip

DISABILITY = [
    fails(
        "not-in-disability-ledger",
        "taught at home, and not in form 3",
        {
            DISABLED: listed("3", """
                | 姓名   | 就学情况 |
                | 赖小满 | 送教上门 |
            """),
            AT_HOME: listed("4", """
                | 姓名   |
                | 赖小满 |
                | 温小暑 |
            """),
        },
        At("A5", AT_HOME, severity="error"),
    ),
    holds(
        "not-in-disability-ledger",
        "a slip in the number, the same name",
        {
            DISABLED: listed("3", """
                | 姓名   | 身份证号           | 就学情况 |
                | 赖小满 | 360704200805210316 | 送教上门 |
            """),
            AT_HOME: listed("4", """
                | 姓名   | 身份证号           |
                | 赖小满 | 360704200805210315 |
            """),
        },
        At("B4", DISABLED, rule="id-checksum"),
    ),
    blank(
        "not-in-disability-ledger",
        "nobody is taught at home",
        {
            DISABLED: listed("3", """
                | 姓名   |
                | 赖小满 |
            """),
            AT_HOME: listed("4", """
                | 序号 | 姓名 |
                | 1    |      |
            """),
        },
    ),
    fails(
        "out-of-school-unexplained",
        "no remark, and in no list of dropouts",
        {
            LIST: SMALL_AND_BIG,
            DISABLED: listed("3", """
                | 姓名   | 就学情况 | 备注 |
                | 钟立秋 | 否       |      |
            """),
        },
        At("B4", DISABLED, severity="warning"),
    ),
    holds(
        "out-of-school-unexplained",
        "explained by a remark or by the list; in school; taught at home",
        {
            LIST: SMALL_AND_BIG,
            DISABLED: listed("3", """
                | 姓名   | 就学情况 | 备注     |
                | 赖小满 | 否       |          |
                | 钟立秋 | 未入学   | 重度残疾 |
                | 刘白露 | 是       |          |
                | 曾谷雨 | 送教上门 |          |
            """),
        },
    ),
    blank(
        "out-of-school-unexplained",
        "nobody says whether the child is in school",
        {
            LIST: SMALL_AND_BIG,
            DISABLED: listed("3", """
                | 姓名   | 就学情况 | 备注 |
                | 钟立秋 |          |      |
            """),
        },
        At("B4", DISABLED, rule="required-missing"),
    ),
]  # fmt: skip

CASES = [*CARDS, *DROPOUTS, *DISABILITY]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_lists_of_a_school_agree_on_its_children(case: Case) -> None:
    case.hold()
