"""Rules on a single cell, ID numbers apart."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cast import card, listed
from rule_cases import At, Case, blank, fails, holds
from sheets import FORMS

from kbxt_merge.model.field import Vocabulary
from kbxt_merge.model.form import Form
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.text import Words

CARD = "梅林小学/登记表.xlsx"

REQUIRED = [
    fails(
        "required-missing",
        "a name without number, school and type",
        listed("1-2", """
            | 姓名   | 身份证号码 | 学籍所在学校 | 人员类别 | 登记类型 |
            | 赖小满 |            |              |          |          |
        """),
        At("B4"), At("C4"), At("E4"),
    ),
    fails(
        "required-missing",
        "a row that holds only a remark holds something",
        listed("1-2", """
            | 序号 | 备注 | 姓名 | 身份证号码 | 学籍所在学校 | 登记类型 |
            | 1    | 转走 |      |            |              |          |
        """),
        At("C4"), At("D4"), At("E4"), At("F4"),
    ),
    fails("required-missing", "a card", {CARD: card("赖小满", "| 监护人1 | |")}, At("C6", CARD)),
    fails(
        "required-missing",
        "white space is nothing",
        listed("3", """
            | 姓名   | 监护人姓名 |
            | 赖小满 | '　        |
        """),
        At("B4"),
    ),
    holds(
        "required-missing",
        "remark and category may be blank, and so may all that is about returning",
        {
            "附件1-2.xlsx": listed("1-2", """
                | 姓名   | 人员类别 | 备注 |
                | 赖小满 |          |      |
            """),
            "附件2.xlsx": listed("2", """
                | 姓名   | 复学学校 | 复学时间 | 班级 | 备注 |
                | 赖小满 |          |          |      |      |
            """),
        },
    ),
    holds(
        "required-missing",
        "a column that is not there is told once, not row by row",
        listed("1-2", """
            | 姓名   |
            | 赖小满 |
            | 温小暑 |
        """, without=["登记类型"]),
        At("", rule="column-missing"),
    ),
    blank(
        "required-missing",
        "rows that hold nothing but a number are no records",
        listed("1-2", """
            | 序号 | 姓名   |
            | 1    | 赖小满 |
            | 2    |        |
            |      |        |
        """),
    ),
]  # fmt: skip

BROKEN = [
    fails(
        "error-value",
        "in a number, a text and a date: it is neither missing nor invalid besides",
        listed("2", """
            | 姓名   | 年龄 | 原就读学校 | 辍学时间 |
            | 赖小满 | #N/A | #REF!      | #VALUE!  |
        """),
        At("B4"), At("C4"), At("D4"),
    ),
    fails(
        "error-value",
        "an error that was copied as text",
        listed("3", """
            | 姓名   | 家庭住址 |
            | 赖小满 | '#N/A    |
        """),
        At("B4"),
    ),
    holds(
        "error-value",
        "a number sign begins many an address",
        listed("3", """
            | 姓名   | 家庭住址     |
            | 赖小满 | '#3 栋 2 单元 |
        """),
    ),
    blank(
        "error-value",
        "an empty cell",
        listed("3", """
            | 姓名   | 家庭住址 |
            | 赖小满 |          |
        """),
    ),
    fails(
        "formula-without-value",
        "a total that a converter saved as a formula only",
        listed("1-1", """
            | 应返校学生数 | 已返校学生数 |
            | =F5+G5       | 5            |
        """),
        At("A5"),
    ),
    holds(
        "formula-without-value",
        "text that begins with an equals sign is a text",
        listed("3", """
            | 姓名   | 备注     |
            | 赖小满 | '=转学？ |
        """),
    ),
    blank(
        "formula-without-value",
        "an empty cell",
        listed("3", """
            | 姓名   | 备注 |
            | 赖小满 |      |
        """),
    ),
]  # fmt: skip

NAMES = [
    fails(
        "name-invalid",
        "digits, placeholders, one character, a mixture, and more than twenty",
        listed("3", """
            | 监护人姓名                                   |
            | 赖3满                                        |
            | 赖某                                         |
            | 待定                                         |
            | 赖                                           |
            | 赖Xiaoman                                    |
            | 赖小满赖小满赖小满赖小满赖小满赖小满赖小满   |
        """),
        At("A4"), At("A5"), At("A6"), At("A7"), At("A8"), At("A9"),
    ),
    fails(
        "name-invalid",
        "words for nobody, and a name with what its bearer is",
        listed("3", """
            | 监护人姓名  |
            | 暂无        |
            | 待补        |
            | 赖小满同学  |
        """),
        At("A4"), At("A5"), At("A6"),
    ),
    holds(
        "name-invalid",
        "padded, with parts of any dot, all Latin, rare characters",
        listed("3", """
            | 监护人姓名         |
            | 赖  满             |
            | 阿依古丽•买买提    |
            | Anna Li            |
            | 𠮷野               |
            | 欧阳小满           |
        """),
    ),
    blank(
        "name-invalid",
        "a second guardian need not be named",
        {CARD: card("赖小满", "| 监护人2 | |")},
    ),
]  # fmt: skip

NUMBERS = [
    fails(
        "age-invalid",
        "words, a negative, a fraction, and nobody's age",
        listed("2", """
            | 姓名   | 年龄   |
            | 赖小满 | 十几岁 |
            | 温小暑 | -1     |
            | 钟立秋 | 12.5   |
            | 刘白露 | 31     |
        """),
        At("B4"), At("B5"), At("B6"), At("B7"),
    ),
    holds(
        "age-invalid",
        "a number, a text, with 岁; 30 is no child's age, yet a number of years",
        listed("2", """
            | 姓名   | 年龄   |
            | 赖小满 | 12     |
            | 温小暑 | '13    |
            | 钟立秋 | 9 周岁 |
            | 刘白露 | 30     |
        """),
        At("B7", rule="age-out-of-range"),
    ),
    blank(
        "age-invalid",
        "a blank age is missing",
        listed("2", """
            | 姓名   | 年龄 |
            | 赖小满 |      |
        """),
        At("B4", rule="required-missing"),
    ),
    fails(
        "count-invalid",
        "a negative, a fraction, a word: nothing is added up with them",
        listed("1-1", """
            | 应返校学生数 | 失学辍学 | 缓学休学 |
            | 若干         | -1       | 1.5      |
        """),
        At("A5"), At("B5"), At("C5"),
    ),
    fails("count-invalid", "of a card", {CARD: card("赖小满", "| 劝返次数 | 多次 |")}, At("E12", CARD)),
    holds(
        "count-invalid",
        "0, a text, with 人, with a comma",
        listed("1-1", """
            | 应返校学生数 | 已返校学生数 | 未返校学生数 |
            | 1,230人      | '1230        | 0            |
        """),
    ),
    blank(
        "count-invalid",
        "a blank count is missing",
        listed("1-1", """
            | 学校           | 本学期劝返复学 |
            | 赣县区梅林小学 |                |
        """),
        At("B5", rule="required-missing"),
    ),
]  # fmt: skip

DATES = [
    fails(
        "date-invalid",
        "no date, and no such day",
        listed("2", """
            | 姓名   | 辍学时间   | 复学时间  |
            | 赖小满 | 去年       |           |
            | 温小暑 | 2021-02-30 |           |
            | 钟立秋 | 2020年9月  | 还没有    |
        """),
        At("B4"), At("B5"), At("C6"),
    ),
    holds(
        "date-invalid",
        "every way to write one",
        listed("2", """
            | 姓名   | 辍学时间     | 复学时间    |
            | 赖小满 | 2020.9       | @2021-03-01 |
            | 温小暑 | '20200901    | 21.3        |
            | 钟立秋 | 二〇二〇年九月 | 2021 年 3 月 |
            | 刘白露 | 44075        | 2021/3/1    |
        """),
    ),
    blank(
        "date-invalid",
        "a date of return may be missing, a date of dropping out may not",
        listed("2", """
            | 姓名   | 辍学时间 | 复学时间 |
            | 赖小满 |          |          |
        """),
        At("B4", rule="required-missing"),
    ),
    fails(
        "date-ambiguous",
        "the number 2020.1 may have been 2020.10; 12.5 may be a day of December",
        listed("2", """
            | 姓名   | 辍学时间 |
            | 赖小满 | 2020.1   |
            | 温小暑 | '12.5    |
        """),
        At("B4", severity="warning"), At("B5"),
    ),
    holds(
        "date-ambiguous",
        "the text 2020.1 is January, the numbers 2020.9 and 2020.12 lost nothing",
        listed("2", """
            | 姓名   | 辍学时间 |
            | 赖小满 | '2020.1  |
            | 温小暑 | 2020.9   |
            | 钟立秋 | 2020.12  |
        """),
    ),
    blank(
        "date-ambiguous",
        "no date of return",
        listed("2", """
            | 姓名   | 复学时间 |
            | 赖小满 |          |
        """),
    ),
    fails(
        "date-future",
        "two days after the form's own",
        listed("2", """
            | 姓名   | 辍学时间      |
            | 赖小满 | 2021年3月14日 |
            | 温小暑 | 2021年4月     |
        """, date="2021年3月12日"),
        At("B4"), At("B5"),
    ),
    fails(
        "date-future",
        "without a form's date the reference day counts",
        listed("2", """
            | 姓名   | 辍学时间      |
            | 赖小满 | 2021年3月21日 |
            | 温小暑 | 2021年3月22日 |
        """, date="  年  月"),
        At("B5"),
    ),
    fails(
        "date-future",
        "a form of March may tell of its last day and, by a day's grace, the next",
        listed("2", """
            | 姓名   | 辍学时间      |
            | 赖小满 | 2021年3月31日 |
            | 温小暑 | 2021年4月1日  |
            | 钟立秋 | 2021年4月2日  |
        """, date="2021年3月"),
        At("B6"),
    ),
    holds(
        "date-future",
        "a day after the form's own; a month that has begun",
        listed("2", """
            | 姓名   | 辍学时间      |
            | 赖小满 | 2021年3月13日 |
            | 温小暑 | 2021年3月     |
        """, date="2021年3月12日"),
    ),
    blank(
        "date-future",
        "no date of return",
        listed("2", """
            | 姓名   | 复学时间 |
            | 赖小满 |          |
        """),
    ),
]  # fmt: skip

CODES = [
    fails(
        "phone-invalid",
        "too short, no such mobile, a landline without its area, one wrong of two",
        listed("3", """
            | 联系电话            |
            | 1380000             |
            | 12800000001         |
            | 4437215             |
            | 13800000001、123    |
        """),
        At("A4"), At("A5"), At("A6"), At("A7"),
    ),
    holds(
        "phone-invalid",
        "a number or a text, with country, with spaces, two, a landline that lost its 0",
        listed("3", """
            | 联系电话                      |
            | 13800000001                   |
            | '+86 138-0000-0001            |
            | 13800000001<br>15900000002    |
            | 0797-4437215                  |
            | 7974437215                    |
        """),
    ),
    blank("phone-invalid", "nobody's number", {CARD: card("赖小满", "| 监护人2联系电话 | |")}),
    fails(
        "roll-number-invalid",
        "the ID number without its G",
        {CARD: card("赖小满", "| 全国学籍号 | 360704200805210315 |")},
        At("E5", CARD),
    ),
    holds(
        "roll-number-invalid",
        "a temporary one, one of a child without an ID card, a small g",
        {
            "梅林小学/1.xlsx": card("赖小满", "| 全国学籍号 | L360704200805210001 |"),
            "梅林小学/2.xlsx": card("温小暑", "| 全国学籍号 | J36070420070707001X |"),
            "梅林小学/3.xlsx": card("钟立秋", "| 全国学籍号 | g360704201108070534 |"),
        },
    ),
    blank("roll-number-invalid", "it may be missing", {CARD: card("赖小满", "| 全国学籍号 | |")}),
    fails(
        "school-not-in-roster",
        "a slip, and a school of elsewhere: only the slip has a near name",
        listed("1-2", """
            | 姓名   | 学籍所在学校   |
            | 赖小满 | 赣县区茅殿中学 |
            | 温小暑 | 深圳市第九小学 |
        """),
        At("B4", severity="warning", suggestion="赣县区茅店中学"), At("B5", suggestion=""),
    ),
    holds(
        "school-not-in-roster",
        "by its name, less the county, by its alias; a child may return to a school elsewhere",
        listed("2", """
            | 姓名   | 原就读学校             | 复学学校       |
            | 赖小满 | 赣县区梅林小学         | 深圳市第九小学 |
            | 温小暑 | 茅店中学               |                |
            | 钟立秋 | 梅小                   |                |
            | 刘白露 | 赣州市 赣县区 田村学校 |                |
            | 何立夏 | 田村                   |                |
        """),
    ),
    holds(
        "school-not-in-roster",
        "without a roster nobody can tell",
        listed("1-2", """
            | 姓名   | 学籍所在学校   |
            | 赖小满 | 赣县区茅殿中学 |
        """),
        roster=None,
    ),
    blank(
        "school-not-in-roster",
        "a blank school is missing",
        listed("1-2", """
            | 姓名   | 学籍所在学校 |
            | 赖小满 |              |
        """),
        At("B4", rule="required-missing"),
    ),
]  # fmt: skip


def required_word(slug: str, form: str, label: str, wrong: str, near: str, *variants: str) -> list[Case]:
    """A required column of a vocabulary: what is no value of it and what is near, its variants, and nothing."""

    def sheet(*values: str) -> str:
        return "\n".join(f"| {value} |" for value in (label, *values))

    return [
        fails(slug, f"{wrong} is none", listed(form, sheet(wrong)), At("A4", severity="error", suggestion=near)),
        holds(slug, f"as {'、'.join(variants)}", listed(form, sheet(*variants))),
        blank(
            slug,
            "a blank is missing",
            listed(form, f"| {label} | 姓名 |\n| | 赖小满 |"),
            At("A4", rule="required-missing"),
        ),
    ]


VOCABULARIES = [
    *required_word("sex-invalid", "2", "性别", "0", "", "男", "1", "M", "女生"),
    *required_word("registration-type-invalid", "1-2", "登记类型", "失学缀学", "失学辍学", "流失", "失学、辍学"),
    *required_word("disability-invalid", "3", "残疾类别", "肢体残废", "肢体残疾", "肢体残疾（二级）", "智力二级", "聋"),
    *required_word("grade-invalid", "3", "年级", "十年级", "一年级", "七年级（2）班", "初二"),
    *required_word("enrolment-invalid", "3", "就学情况", "毕业", "", "√", "随班就读", "上门送教"),
    fails(
        "person-category-invalid",
        "a household of another kind",
        listed("1-2", """
            | 姓名   | 人员类别       |
            | 赖小满 | 低保           |
            | 温小暑 | 建档立卡脱平户 |
        """),
        At("B4", suggestion=""), At("B5", suggestion="建档立卡脱贫户"),
    ),
    holds(
        "person-category-invalid",
        "both of the notice's words, and none of them",
        {
            "附件1-2.xlsx": listed("1-2", """
                | 姓名   | 人员类别 | 登记类型 |
                | 赖小满 | 镇贫困户 | 缓学休学 |
                | 温小暑 | 精准扶贫户 | 缓学休学 |
                | 钟立秋 | /        | 缓学休学 |
            """)
        },
    ),
    blank(
        "person-category-invalid",
        "a blank is no special household",
        listed("1-2", """
            | 姓名   | 人员类别 |
            | 赖小满 |          |
        """),
    ),
    fails(
        "ethnicity-invalid",
        "no such people",
        {CARD: card("赖小满", "| 民族 | 客家族 |")},
        At("I4", CARD, suggestion="土家族"),
    ),
    holds(
        "ethnicity-invalid",
        "without 族, by an older name",
        {"梅林小学/1.xlsx": card("赖小满", "| 民族 | 畲 |"), "梅林小学/2.xlsx": card("温小暑", "| 民族 | 崩龙族 |")},
    ),
    blank(
        "ethnicity-invalid",
        "a blank is missing",
        {CARD: card("赖小满", "| 民族 | |")},
        At("I4", CARD, rule="required-missing"),
    ),
    fails("yes-no-invalid", "perhaps", {CARD: card("赖小满", "| 是否已开展劝返工作 | 也许 |")}, At("C12", CARD)),
    holds("yes-no-invalid", "a tick", {CARD: card("赖小满", "| 是否已开展劝返工作 | √ |")}),
    blank(
        "yes-no-invalid",
        "a blank is missing",
        {CARD: card("赖小满", "| 是否已开展劝返工作 | |")},
        At("C12", CARD, rule="required-missing"),
    ),
]  # fmt: skip


def with_own_vocabulary(forms: Forms) -> Forms:
    """The forms of a bureau that gave the class of form 2 a vocabulary of its own, without a rule of its own."""
    words = Vocabulary("class", Words("班级", "class"), ("一班", "二班"), {"一班": "一班", "二班": "二班", "1": "一班"})

    def changed(form: Form) -> Form:
        fields = (replace(each, vocabulary=words) if each.name == "class_name" else each for each in form.fields)
        return replace(form, fields=tuple(fields))

    return replace(forms, forms=tuple(map(changed, forms.forms)))


OWN_FORMS = with_own_vocabulary(FORMS)
OWN_VOCABULARY = [
    fails(
        "vocabulary-invalid",
        "of a bureau's own vocabulary",
        listed("2", """
            | 姓名   | 班级 |
            | 赖小满 | 三班 |
        """),
        At("B4"),
        forms=OWN_FORMS,
    ),
    holds(
        "vocabulary-invalid",
        "a value and a variant",
        listed("2", """
            | 姓名   | 班级 |
            | 赖小满 | 二班 |
            | 温小暑 | 1    |
        """),
        forms=OWN_FORMS,
    ),
    blank(
        "vocabulary-invalid",
        "an optional cell",
        listed("2", """
            | 姓名   | 班级 |
            | 赖小满 |      |
        """),
        forms=OWN_FORMS,
    ),
]  # fmt: skip

NOTES = [
    fails(
        "value-normalised",
        "what was read differs from what was typed",
        listed("3", """
            | 姓名    | 年级 | 联系电话        | 年龄 |
            | 赖　小满 | 初一 | 138 0000 0001   | 12岁 |
        """),
        At("A4", severity="info"), At("B4"), At("C4"), At("D4"),
    ),
    holds(
        "value-normalised",
        "a value that could not be read was not read otherwise",
        listed("3", """
            | 姓名   | 年级   |
            | 赖小满 | 十年级 |
        """),
        At("B4", rule="grade-invalid"),
    ),
    blank(
        "value-normalised",
        "what a blank means is not said of each blank",
        listed("1-2", """
            | 姓名   | 人员类别 |
            | 赖小满 |          |
        """),
    ),
]  # fmt: skip

CASES = [*REQUIRED, *BROKEN, *NAMES, *NUMBERS, *DATES, *CODES, *VOCABULARIES, *OWN_VOCABULARY, *NOTES]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_cell_is_asked_about_where_it_is_wrong_and_nowhere_else(case: Case) -> None:
    case.hold()
