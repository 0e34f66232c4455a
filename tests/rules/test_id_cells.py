"""The rules of an ID number's own cell: the first that it breaks is the one finding, and what is offered instead."""

from __future__ import annotations

import pytest
from cast import card, listed
from rule_cases import At, Case, blank, fails, holds

CARD = "梅林小学/登记表.xlsx"

DAMAGED = [
    fails(
        "id-precision-lost",
        "stored as a number: another form of the child offers the true one, the cell alone nothing",
        {
            "附件1-2.xlsx": listed("1-2", """
                | 姓名   | 身份证号码         |
                | 赖小满 | 3.60704200805210e17 |
                | 温小暑 | 3.60721200707070e17 |
            """),
            "附件3.xlsx": listed("3", """
                | 姓名   |
                | 赖小满 |
            """),
        },
        At("B4", "附件1-2.xlsx", suggestion="360704200805210315"), At("B5", "附件1-2.xlsx", suggestion=""),
    ),
    fails(
        "id-precision-lost",
        "copied as text after it was lost",
        listed("1-2", """
            | 姓名   | 身份证号码   |
            | 赖小满 | '3.60704E+17 |
        """),
        At("B4", severity="error"),
    ),
    holds(
        "id-precision-lost",
        "a number that keeps all its digits has lost none: it is short",
        listed("1-2", """
            | 姓名   | 身份证号码      |
            | 赖小满 | 360704080521031 |
        """),
        At("B4", rule="id-obsolete-15"),
    ),
    blank(
        "id-precision-lost",
        "a blank number is missing",
        listed("1-2", """
            | 姓名   | 身份证号码 |
            | 赖小满 |            |
        """),
        At("B4", rule="required-missing"),
    ),
    fails(
        "id-obsolete-15",
        "as text, with a space",
        listed("1-2", """
            | 姓名   | 身份证号码       |
            | 赖小满 | '360704 080521031 |
        """),
        At("B4"),
    ),
    holds(
        "id-obsolete-15",
        "fifteen characters that are no digits have but a wrong length",
        listed("1-2", """
            | 姓名   | 身份证号码       |
            | 赖小满 | '36070408052103X |
        """),
        At("B4", rule="id-length"),
    ),
    blank(
        "id-obsolete-15",
        "a blank number is missing",
        {CARD: card("赖小满", "| 居民身份证号码 | |")},
        At("E3", CARD, rule="required-missing"),
    ),
]  # fmt: skip

SLIPS = [
    fails(
        "id-length",
        "one doubled, one left out, and a word: what is offered agrees with sex and age, and is near",
        listed("3", """
            | 姓名   | 身份证号            |
            | 赖小满 | 3607042008052103155 |
            | 温小暑 | 36072120070707423   |
            | 钟立秋 | 无                  |
        """),
        At("B4", suggestion="360704200805210315"),
        At("B5", suggestion="360721200707097423、360721200707070423、360721200707074723"),
        At("B6", suggestion=""),
    ),
    holds(
        "id-length",
        "spaces, hyphens, full-width digits and a trailing .0 are no characters of it",
        listed("1-2", """
            | 姓名   | 身份证号码             |
            | 赖小满 | '360704 20080521 0315   |
            | 温小暑 | 360721-20070707-0423   |
            | 钟立秋 | ３６０７０４２０１１０８０７０５３４ |
            | 刘白露 | 360704200909070644.0   |
        """),
    ),
    blank(
        "id-length",
        "a blank number is missing",
        listed("4", """
            | 姓名   | 身份证号 |
            | 赖小满 |          |
        """),
        At("B4", rule="required-missing"),
    ),
    fails(
        "id-characters",
        "a letter among the digits, a Y at the end",
        listed("3", """
            | 姓名   | 身份证号           |
            | 赖小满 | 36070420080521O315 |
            | 温小暑 | 36072120070707042Y |
        """),
        At("B4", suggestion="360704200805210315"), At("B5", suggestion="360721200707070423"),
    ),
    holds(
        "id-characters",
        "x and what looks like it stand for X at the end",
        listed("1-2", """
            | 姓名   | 身份证号码         |
            | 卢立夏 | 36070420080506002x |
            | 邱立冬 | 36070420071107018× |
            | 温处暑 | 36070420100823006х |
        """),
    ),
    blank(
        "id-characters",
        "a blank number is missing",
        {CARD: card("赖小满", "| 居民身份证号码 | |")},
        At("E3", CARD, rule="required-missing"),
    ),
    fails(
        "id-birthdate",
        "no such day, after the form's own, before 1990",
        listed("1-2", """
            | 姓名   | 身份证号码         |
            | 赖小满 | 360704200802300315 |
            | 温小暑 | 360721202103130420 |
            | 钟立秋 | 360704198912310530 |
        """, date="2021年3月12日"),
        At("B4"), At("B5"), At("B6"),
    ),
    holds(
        "id-birthdate",
        "a child of 29 February, and one of the form's own day",
        listed("1-2", """
            | 姓名   | 身份证号码         |
            | 赖小满 | 360704200802290313 |
            | 温小暑 | 360721202103120425 |
        """, date="2021年3月12日"),
        At("B5", rule="age-out-of-range"),
    ),
    blank(
        "id-birthdate",
        "a blank number is missing",
        listed("1-2", """
            | 姓名   | 身份证号码 |
            | 赖小满 |            |
        """),
        At("B4", rule="required-missing"),
    ),
    fails(
        "id-region",
        "a code that never was, whatever the check character: age and sex are still held against a sound one",
        listed("3", """
            | 姓名   | 性别 | 身份证号           | 年龄 |
            | 赖小满 | 女   | 360799200805210311 | 12   |
        """),
        At("C4", severity="warning"), At("B4", rule="sex-id-mismatch"),
    ),
    holds(
        "id-region",
        "a region of before 1998, one of another province, a residence permit",
        listed("1-2", """
            | 姓名   | 身份证号码         |
            | 赖小满 | 362121200805210310 |
            | 温小暑 | 110105200707070424 |
            | 钟立秋 | 81000020110807053X |
        """),
    ),
    blank(
        "id-region",
        "a blank number is missing",
        listed("1-2", """
            | 姓名   | 身份证号码 |
            | 赖小满 |            |
        """),
        At("B4", rule="required-missing"),
    ),
    fails(
        "id-checksum",
        "two neighbours swapped: the card's birth date tells which, and is not held against the number",
        {CARD: card("赖小满", "| 居民身份证号码 | 360704200805120315 |")},
        At("E3", CARD, severity="error", suggestion="360704200805210315"),
    ),
    fails(
        "id-checksum",
        "the number in the child's other form comes before those a slip away",
        {
            "附件1-2.xlsx": listed("1-2", """
                | 姓名   | 身份证号码         |
                | 赖小满 | 360704200805219999 |
            """),
            CARD: card("赖小满"),
        },
        At("B4", "附件1-2.xlsx", suggestion="360704200805210315"),
    ),
    holds(
        "id-checksum",
        "a sound one",
        listed("1-2", """
            | 姓名   | 身份证号码         |
            | 赖小满 | 360704200805210315 |
        """),
    ),
    blank(
        "id-checksum",
        "a blank number is missing",
        listed("1-2", """
            | 姓名   | 身份证号码 |
            | 赖小满 |            |
        """),
        At("B4", rule="required-missing"),
    ),
]  # fmt: skip

CASES = [*DAMAGED, *SLIPS]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_id_number_has_one_finding_of_its_own_at_most(case: Case) -> None:
    case.hold()
