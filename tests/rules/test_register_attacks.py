"""Registers as bad as they come, and a school that would read in its own report what only a register knows."""

from __future__ import annotations

import datetime as dt

import pytest
from cast import CAST, listed
from sheets import MIDDLE, PERIOD, PRIMARY, Found, district, found_in, page, references

from kbxt_merge.model.returns import Grid
from kbxt_merge.model.text import Language
from kbxt_merge.rules.run import check

LIST, DISABLED, ROLL, POOR = "附件1-2.xlsx", "附件3.xlsx", "学籍.xlsx", "脱贫户.xlsx"
SMALL = CAST["赖小满"].id_number
AUTUMN = f"| 钟立秋 | '{CAST['钟立秋'].id_number} | {PRIMARY} | 四年级 | 辍学 |"
LISTED = listed("1-2", "| 姓名 |\n| 赖小满 |")
HEADER = "| 姓名 | 身份证件号 | 学校名称 | 年级 | 学生状态 |\n"


def by_registers(registers: dict[str, Grid], returns: Grid = LISTED) -> list[Found]:
    """What registers find."""
    found = found_in(check(district({LIST: returns}, registers=registers, whole=True, roster=None)))
    return [each for each in found if each.rule.startswith(("register-", "not-in-"))]


def roll(*lines: str) -> dict[str, Grid]:
    return {ROLL: page(HEADER + "\n".join(lines))}


def test_a_child_twice_on_a_register_agrees_with_whichever_row_says_the_same() -> None:
    other, own = (
        f"| 赖小满 | '{SMALL} | {school} | 七年级 | {state} |"
        for school, state in ((MIDDLE, "在读"), (PRIMARY, "辍学"))
    )
    assert by_registers(roll(other, own)) == by_registers(roll(own, other)) == by_registers(roll(own)) == []
    [one] = by_registers(roll(other, other))
    assert one.rule == "register-value-differs"
    assert one.suggestion == MIDDLE


def test_a_child_twice_on_a_register_is_missed_once_and_not_where_a_row_says_otherwise() -> None:
    dropped, read = (
        f"| 钟立秋 | '{CAST['钟立秋'].id_number} | {PRIMARY} | 四年级 | {state} |" for state in ("辍学", "在读")
    )
    small = f"| 赖小满 | '{SMALL} | {PRIMARY} | 七年级 | 辍学 |"
    missed = [each.rule for each in by_registers(roll(small, dropped, dropped))]
    assert missed == ["register-not-returned"]
    assert by_registers(roll(small, dropped, read)) == []


@pytest.mark.parametrize(
    "number",
    ["", "无", "3.60704E+17", "'3.60704200805210315E+17", SMALL[:6] + SMALL[8:17], "#N/A", "=1+1", "\u200b"],
    ids=["blank", "none", "scientific", "whole scientific", "fifteen digits", "error", "formula", "unseen"],
)
def test_a_register_row_without_a_number_to_know_it_by_makes_no_child_missing(number: str) -> None:
    lines = (
        f"| 赖小满 | {number} | {PRIMARY} | 七年级 | 辍学 |",
        AUTUMN,
    )
    assert [each.rule for each in by_registers(roll(*lines), listed("1-2", "| 姓名 |\n| 赖小满 |\n| 钟立秋 |"))] == []


def test_a_number_that_a_spreadsheet_rounded_is_not_taken_for_another_child_s() -> None:
    table = page(HEADER + f"| 赖小满 |  | {PRIMARY} | 七年级 | 辍学 |\n{AUTUMN}")
    table.rows[1][1] = float(SMALL)
    assert by_registers({ROLL: table}, listed("1-2", "| 姓名 |\n| 赖小满 |\n| 钟立秋 |")) == []


def test_without_a_school_column_a_child_is_found_by_number_and_day_of_birth() -> None:
    header = "| 姓名 | 身份证件号 | 学生状态 |\n"
    assert by_registers({ROLL: page(f"{header}| 赖小满 | '{SMALL} | 辍学 |")}) == []
    [found] = by_registers({ROLL: page(f"{header}| 赖小满 | '360704200805210358 | 辍学 |")})
    assert (found.rule, found.suggestion) == ("register-id-differs", "360***************")


def test_a_register_saved_long_before_the_period_says_nothing_of_anybody() -> None:
    old = PERIOD.first - dt.timedelta(days=61)
    made = district({LIST: LISTED})
    made.references = references(
        roll(f"| 甲乙丙 | '{CAST['钟立秋'].id_number} | {PRIMARY} | 四年级 | 辍学 |"), saved=old
    )
    found = check(made)
    assert not [each for each in found_in(found) if each.rule.startswith(("register-", "not-in-"))]
    assert "not-in-register" in set(found.skipped["rule"])


def test_a_school_that_guesses_digit_by_digit_reads_no_number_of_the_register() -> None:
    """Ten rows of one child, each with one digit in the last four places, would name every digit in one merge."""
    begin = SMALL[:14]
    guesses = "\n".join(f"| 赖小满 | '{begin}{str(digit) * 4} |" for digit in range(10))
    one = listed("1-2", f"| 姓名 | 身份证号码 |\n| 赖小满 | '{begin}0316 |")
    many = listed("1-2", f"| 姓名 | 身份证号码 |\n{guesses}")

    def told(returns: Grid, language: Language) -> str:
        made = district({LIST: returns}, registers=roll(f"| 赖小满 | '{SMALL} | {PRIMARY} | 七年级 | 辍学 |"))
        found = check(made)
        assert SMALL not in found.frame.to_csv()
        return "".join(found.sentences(made.forms, language))

    assert "第 18 位不同" in told(one, "zh")
    assert "characters 18 differ" in told(one, "en")
    assert "位不同" not in told(many, "zh")
    assert "differ" not in told(many, "en").replace("a different", "")
