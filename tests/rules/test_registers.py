"""Rules that hold children against the bureau's own registers."""

from __future__ import annotations

import datetime as dt

import pytest
from cast import CAST, card, listed
from rule_cases import At, Case, blank, fails, holds
from sheets import MIDDLE, PERIOD, PRIMARY, district, found_in, page

from kbxt_merge.model.comparison import Outcome
from kbxt_merge.model.returns import Grid, Problem
from kbxt_merge.model.school import Roster, School
from kbxt_merge.rules.children.against_registers import may_be_one_name
from kbxt_merge.rules.run import check

LIST, DISABLED, AT_HOME, CARD = "附件1-2.xlsx", "附件3.xlsx", "附件4.xlsx", "梅林小学/卡.xlsx"
ROLL, POOR, CERTIFIED, HOUSEHOLDS = "学籍.xlsx", "脱贫户.xlsx", "残疾人证.xlsx", "户籍.xlsx"
SMALL, SUMMER, AUTUMN, DEW = (CAST[name].id_number for name in ("赖小满", "温小暑", "钟立秋", "刘白露"))
SAME_DAY = "360704200805210358"
"""Another sound number with 赖小满's birth date."""


def roll(*lines: str) -> Grid:
    """A school roll of name, number, school, grade and state a line."""
    return page("| 姓名 | 身份证件号 | 学校名称 | 年级 | 学生状态 |\n" + "\n".join(lines))


def people(header: str, *lines: str) -> Grid:
    return page("\n".join((header, *lines)))


LISTED = {LIST: listed("1-2", "| 姓名 |\n| 赖小满 |")}
ON_THE_ROLL = roll(f"| 赖小满 | '{SMALL} | {PRIMARY} | 七年级 | 辍学 |")
CERTIFICATE = "| 姓名 | 身份证号 | 残疾人证号 | 残疾类别 | 残疾等级 |"
HELPED = "| 户主姓名 | 姓名 | 证件号码 | 脱贫年度 |"
DISABLED_CHILD = listed("3", "| 姓名 |\n| 赖小满 |")
CERTIFIED_CHILD = people(CERTIFICATE, f"| 赖小满 | '{SMALL} | 'x | 肢体残疾 | 二级 |")
NOBODY = listed("1-2", "| 序号 | 姓名 |\n| 1 |  |")

CASES = [
    fails(
        "register-name-differs",
        "the number stands under another name, at the child's own school: it is told",
        LISTED,
        At("A4", LIST, severity="error", suggestion="赖小曼", related="比对库/学籍.xlsx › Sheet1 › A2"),
        registers={ROLL: roll(f"| 赖小曼 | '{SMALL} | {PRIMARY} | 七年级 | 辍学 |")},
    ),
    fails(
        "register-name-differs",
        "at another school, and nothing like it: whose name it is, is not told",
        LISTED,
        At("A4", LIST, suggestion=""),
        registers={
            ROLL: roll(
                f"| 黄惊蛰 | '{SMALL} | {MIDDLE} | 七年级 | 在读 |", f"| 甲乙 | '{DEW} | {PRIMARY} | 五年级 | 在读 |"
            )
        },
    ),
    fails(
        "register-name-differs",
        "another register holds number and name: then the registers differ",
        LISTED,
        At("A4", LIST, severity="warning"),
        registers={
            ROLL: roll(f"| 赖小曼 | '{SMALL} | {PRIMARY} | 七年级 | 辍学 |"),
            HOUSEHOLDS: people("| 户号 | 姓名 | 公民身份号码 |", f"| 1 | 赖小满 | '{SMALL} |"),
        },
    ),
    holds(
        "register-name-differs",
        "dots, brackets, a character hidden by a star and a namesake's mark make no other name",
        {LIST: listed("1-2", "| 姓名 |\n| 赖小满 |\n| 温小暑 |")},
        registers={
            ROLL: roll(
                f"| 赖*满 | '{SMALL} | {PRIMARY} | 七年级 | 辍学 |",
                f"| 温小暑2 | '{SUMMER} | {PRIMARY} | 八年级 | 辍学 |",
            )
        },
    ),
    blank(
        "register-name-differs",
        "a form without a child",
        {LIST: NOBODY},
        registers={CERTIFIED: CERTIFIED_CHILD},
    ),
    fails(
        "register-id-differs",
        "name and birth date once, under another number; the number is not offered whole",
        LISTED,
        At("C4", LIST, severity="error", suggestion="360***************", field="id_number"),
        registers={ROLL: roll(f"| 赖小满 | '{SAME_DAY} | {PRIMARY} | 七年级 | 辍学 |")},
    ),
    fails(
        "register-id-differs",
        "name, school and a number a slip away",
        LISTED,
        At("C4", LIST),
        registers={ROLL: roll(f"| 赖小满 | '36072120080{SMALL[11:]} | {PRIMARY} | 七年级 | 辍学 |")},
    ),
    holds(
        "register-id-differs",
        "a namesake of the school was born on another day: it is another child, and this one is missing",
        LISTED,
        At("A4", LIST, rule="not-in-register"),
        registers={ROLL: roll(f"| 赖小满 | '{AUTUMN} | {PRIMARY} | 四年级 | 在读 |")},
    ),
    holds(
        "register-id-differs",
        "two of the name and birth date: nobody can tell which",
        LISTED,
        registers={
            ROLL: roll(
                f"| 赖小满 | '{SAME_DAY} | {PRIMARY} | 七年级 | 辍学 |",
                f"| 赖小满 | '360721{SAME_DAY[6:17]}1 | {PRIMARY} | 七年级 | 在读 |",
            )
        },
    ),
    blank(
        "register-id-differs",
        "no number was typed: it is missing, and nobody says the register's",
        {LIST: listed("1-2", "| 姓名 | 身份证号码 |\n| 赖小满 | |")},
        At("B4", LIST, rule="required-missing"),
        registers={ROLL: ON_THE_ROLL},
    ),
    fails(
        "register-value-differs",
        "the school of enrolment is another",
        LISTED,
        At("D4", LIST, severity="warning", suggestion=MIDDLE, field="roll_school"),
        registers={ROLL: roll(f"| 赖小满 | '{SMALL} | 茅店中学 | 七年级 | 辍学 |")},
    ),
    fails(
        "register-value-differs",
        "on the register of relief households, and not claimed; claimed, and not on it",
        {LIST: listed("1-2", "| 姓名 | 人员类别 |\n| 赖小满 | |\n| 温小暑 | 建档立卡脱贫户 |")},
        At("B4", LIST, suggestion="建档立卡脱贫户"),
        At("B5", LIST, suggestion=""),
        registers={POOR: people(HELPED, f"| 赖大暑 | 赖小满 | '{SMALL} | 2018 |")},
    ),
    fails(
        "register-value-differs",
        "the disability is another, and so is the roll number of which only digits are told",
        {
            DISABLED: DISABLED_CHILD,
            CARD: card("温小暑", f"| 全国学籍号 | G{SUMMER} |"),
            LIST: listed("1-2", "| 姓名 |\n| 温小暑 |"),
        },
        At("I4", DISABLED, suggestion="听力残疾", field="disability"),
        At("E5", CARD, field="roll_number", suggestion="G360***************"),
        registers={
            CERTIFIED: people(CERTIFICATE, f"| 赖小满 | '{SMALL} | 'x | 听力残疾 | 二级 |"),
            ROLL: page(
                "| 姓名 | 身份证件号 | 学校名称 | 全国学籍号 |\n"
                f"| 温小暑 | '{SUMMER} | {PRIMARY} | G{SUMMER[:16]}41 |\n| 赖小满 | '{SMALL} | {PRIMARY} | |"
            ),
        },
    ),
    holds(
        "register-value-differs",
        "the school without the county, the state in other words, a family that claims nothing and is on no register",
        LISTED,
        registers={
            ROLL: roll(f"| 赖小满 | '{SMALL} | 梅林小学 | 初一 | 辍学中 |"),
            POOR: people(HELPED, f"| 温大寒 | 温小暑 | '{SUMMER} | 2018 |"),
        },
    ),
    blank(
        "register-value-differs",
        "what was not typed differs from nothing; a family that moved off the register is not on it",
        {CARD: card("赖小满", "| 全国学籍号 | |"), **LISTED},
        registers={
            ROLL: page(f"| 姓名 | 身份证件号 | 全国学籍号 |\n| 赖小满 | '{SMALL} | G{SMALL} |"),
            POOR: people(
                "| 户主姓名 | 姓名 | 证件号码 | 户类型 | 脱贫年度 |", f"| 甲 | 赖小满 | '{SMALL} | 一般农户 | |"
            ),
        },
    ),
    fails(
        "not-in-register",
        "a dropout who is not on the roll of its school; a disabled child without a certificate",
        {**LISTED, DISABLED: listed("3", "| 姓名 |\n| 温小暑 |")},
        At("A4", LIST, severity="warning"),
        At("A4", DISABLED),
        registers={
            ROLL: roll(f"| 温小暑 | '{SUMMER} | {PRIMARY} | 八年级 | 在读 |"),
            CERTIFIED: people(CERTIFICATE, f"| 甲某某 | '{DEW} | 'x | 肢体残疾 | 一级 |"),
        },
        whole=False,
    ),
    holds(
        "not-in-register",
        "the child is not at school, taught at home, or of a school that the roll does not know",
        {
            DISABLED: listed("3", "| 姓名 | 就学情况 | 备注 |\n| 赖小满 | 否 | 病 |\n| 温小暑 | 送教上门 | |"),
            AT_HOME: listed("4", "| 姓名 |\n| 温小暑 |"),
            "茅店.xlsx": listed("1-2", "| 姓名 |\n| 钟立秋 |", school=MIDDLE),
        },
        registers={ROLL: roll(f"| 刘白露 | '{DEW} | {PRIMARY} | 五年级 | 在读 |")},
    ),
    holds(
        "not-in-register",
        "what its school wrote of the child is to be corrected first",
        {**LISTED, CARD: card("赖小满", "| 民族 | 火星族 |")},
        At("I4", CARD, rule="ethnicity-invalid"),
        registers={ROLL: roll(f"| 温小暑 | '{SUMMER} | {PRIMARY} | 八年级 | 在读 |")},
    ),
    blank("not-in-register", "the register has no row", LISTED, registers={ROLL: roll()}),
    fails(
        "register-not-returned",
        "a certificate holder, a dropout of the roll, and a child of the county that no school has: each in no form",
        {**LISTED, DISABLED: listed("3", "| 姓名 |\n| 赖小满 |")},
        At("", LIST, related="比对库/学籍.xlsx › Sheet1 › A3"),
        At("", "", sheet="", related="比对库/户籍.xlsx › Sheet1 › B2"),
        At("", "", sheet="", related="比对库/残疾人证.xlsx › Sheet1 › A3"),
        registers={
            ROLL: roll(
                f"| 赖小满 | '{SMALL} | {PRIMARY} | 七年级 | 辍学 |",
                f"| 温小暑 | '{SUMMER} | {PRIMARY} | 八年级 | 辍学 |",
            ),
            CERTIFIED: people(
                CERTIFICATE,
                f"| 赖小满 | '{SMALL} | 'x | 肢体残疾 | 二级 |",
                f"| 刘白露 | '{DEW} | 'x | 肢体残疾 | 二级 |",
                "| 黄大寒 | '360721197001010017 | 'x | 肢体残疾 | 二级 |",
            ),
            HOUSEHOLDS: people(
                "| 户号 | 姓名 | 公民身份号码 |", f"| 1 | 钟立秋 | '{AUTUMN} |", f"| 2 | 赖小满 | '{SMALL} |"
            ),
        },
        whole=True,
        roster=None,
    ),
    holds(
        "register-not-returned",
        "the child stands in the form under a number that is wrong; it left school; its own school returned nothing",
        {LIST: listed("1-2", "| 姓名 | 身份证号码 |\n| 赖小满 | 360704200805210316 |")},
        At("B4", LIST, rule="id-checksum", suggestion="360***************"),
        At("", "", sheet="", rule="form-not-returned"),
        At("", "", sheet="", rule="school-not-returned"),
        At("", LIST, rule="form-not-returned"),
        registers={
            ROLL: roll(
                f"| 赖小满 | '{SMALL} | {PRIMARY} | 七年级 | 辍学 |",
                f"| 温小暑 | '{SUMMER} | {PRIMARY} | 九年级 | 毕业 |",
                f"| 钟立秋 | '{AUTUMN} | {MIDDLE} | 四年级 | 辍学 |",
            )
        },
        whole=True,
        roster=Roster((School("", PRIMARY), School("", MIDDLE))),
    ),
    blank("register-not-returned", "only some workbooks are looked at", LISTED, registers={ROLL: ON_THE_ROLL}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_register_rule_finds_what_it_is_about_and_nothing_else(case: Case) -> None:
    case.hold()


def test_a_sound_number_of_another_form_is_offered_whole_and_a_register_only_says_where_to_look() -> None:
    wrong = listed("1-2", "| 姓名 | 身份证号码 |\n| 赖小满 | 360704200805210316 |")
    alone = district({LIST: wrong}, registers={ROLL: ON_THE_ROLL})
    found = check(alone)
    [checksum] = [each for each in found_in(found) if each.rule == "id-checksum"]
    assert checksum.suggestion == "360***************"
    message = "".join(found.sentences(alone.forms, "zh"))
    assert "第 18 位" in message
    assert SMALL not in message
    both = district({LIST: wrong, DISABLED: DISABLED_CHILD}, registers={ROLL: ON_THE_ROLL})
    [checksum] = [each for each in found_in(check(both)) if each.rule == "id-checksum"]
    assert checksum.suggestion == SMALL


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"学籍.xlsx": Problem("file-unreadable", {"what": "damaged"})}, "unreadable"),
        ({"学籍2019年9月.xlsx": ON_THE_ROLL}, "old"),
        ({ROLL: page(f"| 姓名 | 学校名称 | 学生状态 |\n| 赖小满 | {PRIMARY} | 辍学 |")}, "no-key"),
        ({ROLL: page("| 姓名 | 身份证件号 | 学生状态 |\n| 赖小满 | 360704******0315 | 辍学 |")}, "no-key"),
        ({ROLL: roll()}, "empty"),
    ],
)
def test_the_rules_of_a_register_that_cannot_be_used_are_counted_as_not_checked(
    files: dict[str, Grid], why: str
) -> None:
    made = district(LISTED, registers=files, whole=True, roster=None)
    found = check(made)
    assert made.references
    assert [each.trouble for each in made.references.files] == [why]
    assert not [each for each in found_in(found) if each.rule.startswith(("register-", "not-in-"))]
    skipped = found.skipped[found.skipped["form"] == "1-2"]
    wanted = {"register-name-differs", "register-id-differs", "register-value-differs", "not-in-register"}
    assert wanted | {"register-not-returned"} <= set(skipped["rule"])


def test_a_column_that_is_wanting_leaves_its_own_rules_unchecked_only() -> None:
    without_state = page(f"| 姓名 | 身份证件号 | 学校名称 | 全国学籍号 |\n| 赖小满 | '{SMALL} | {MIDDLE} | G{SMALL} |")
    made = district(LISTED, registers={ROLL: without_state}, whole=True, roster=None)
    found = check(made)
    assert made.references
    assert set(made.references.files[0].missing) == {"年级", "民族", "学生状态"}
    assert [each.field for each in found_in(found) if each.rule == "register-value-differs"] == ["roll_school"]
    skipped = set(zip(found.skipped["rule"], found.skipped["field"], strict=True))
    assert {("register-value-differs", "registration_type"), ("register-not-returned", "name")} <= skipped


def test_of_a_register_whose_other_file_is_lost_nobody_is_said_to_be_missing() -> None:
    files = {
        ROLL: roll(f"| 温小暑 | '{SUMMER} | {PRIMARY} | 八年级 | 辍学 |"),
        "学籍（初中）.xlsx": Problem("file-encrypted", {"what": "password"}),
    }
    found = check(district(LISTED, registers=files))
    assert not [each for each in found_in(found) if each.rule == "not-in-register"]
    assert "not-in-register" in set(found.skipped["rule"])


def test_what_was_compared_is_counted_once_a_child_and_school() -> None:
    lists = {
        LIST: listed("1-2", "| 姓名 |\n| 赖小满 |\n| 温小暑 |"),
        "茅店.xlsx": listed("1-2", "| 姓名 |\n| 刘白露 |", school=MIDDLE),
    }
    files = {
        ROLL: roll(
            f"| 赖小满 | '{SMALL} | {PRIMARY} | 七年级 | 辍学 |",
            f"| 温小暑 | '{SUMMER} | {MIDDLE} | 八年级 | 辍学 |",
            f"| 甲乙丙 | '{AUTUMN} | {MIDDLE} | 四年级 | 在读 |",
        )
    }
    compared = check(district(lists, registers=files)).comparison
    assert compared
    counted = compared.of("学籍", "1-2")
    assert counted.loc[PRIMARY, [Outcome.AGREES.value, Outcome.DIFFERS.value]].tolist() == [1, 1]
    assert counted.loc[MIDDLE, Outcome.NOT_ON_IT.value] == 1
    told = compared.differences[["rule", "name", "theirs"]].values.tolist()
    assert told == [["register-value-differs", "温小暑", MIDDLE], ["not-in-register", "刘白露", ""]]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("阿依古丽·买买提", "阿依古丽买买提", True),
        ("王小明", "王*明", True),
        ("李军", "李军2", True),
        ("李军", "李军军", False),
        ("王小明", "王晓明", False),
    ],
)
def test_names_are_one_but_for_what_systems_make_of_them(one: str, other: str, same: bool) -> None:
    assert may_be_one_name(one, other) is same


def test_an_old_register_is_told_by_its_own_day_before_its_files() -> None:
    titled = page(
        f"| 学籍信息（截至2020年9月1日） | | |\n| 姓名 | 身份证件号 | 学生状态 |\n| 赖小满 | '{SMALL} | 辍学 |"
    )
    made = district(LISTED, registers={"导出.xlsx": titled})
    assert made.references
    [file] = made.references.files
    assert (file.register, file.trouble, file.dated) == ("学籍", "old", "2020-09-01")
    assert PERIOD.first - dt.date(2020, 9, 1) > dt.timedelta(60)
