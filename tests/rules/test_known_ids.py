"""What is offered instead of a wrong ID number: first the sound ones that the same child has in other forms."""

from __future__ import annotations

import pytest
from cast import card, listed
from sheets import MIDDLE, Content, district, findings

TRUE = "360704200805210315"
WRONG = "360704200805120315"
LEDGER = listed("3", f"| 姓名 | 身份证号 |\n| 赖小满 | {TRUE} |")


def offered(*others: Content, name: str = "赖小满", number: str = WRONG) -> str:
    """What is offered for a number of form 1-2, where these other forms came too."""
    mine = listed("1-2", f"| 姓名 | 身份证号码 |\n| {name} | {number} |")
    returns = {"附件1-2.xlsx": mine, **{f"梅林小学/{i}.xlsx": other for i, other in enumerate(others)}}
    (found,) = (
        each
        for each in findings(district(returns))
        if (each.file, each.cell) == ("附件1-2.xlsx", "B4") and each.rule.startswith("id-")
    )
    return found.suggestion


def test_another_forms_number_is_offered_and_alone_where_it_is_no_slip_of_this_one() -> None:
    assert offered(LEDGER, number="3.6070420080521e17") == TRUE
    assert offered(LEDGER, number="360704080521031") == TRUE
    assert offered(LEDGER, number="无") == TRUE


def test_a_number_that_is_a_slip_away_and_in_another_form_is_offered_once_and_first() -> None:
    assert offered(LEDGER).split("、")[0] == TRUE
    assert offered(LEDGER).split("、").count(TRUE) == 1


def test_two_forms_that_disagree_are_both_offered() -> None:
    other = card("赖小满", "| 居民身份证号码 | 360704201004200752 |")
    assert offered(LEDGER, other, number="无").split("、") == [TRUE, "360704201004200752"]


@pytest.mark.parametrize(
    "other",
    [
        listed("3", f"| 姓名 | 身份证号 |\n| 赖大满 | {TRUE} |"),
        listed("3", f"| 姓名 | 身份证号 |\n| 赖小满 | {TRUE} |", school=MIDDLE),
        listed("3", "| 姓名 | 身份证号 |\n| 赖小满 | 无 |"),
    ],
    ids=["another child", "another school", "no sound number either"],
)
def test_nothing_of_somebody_else_is_offered(other: Content) -> None:
    assert offered(other, number="无") == ""


def test_a_name_is_compared_without_its_padding() -> None:
    assert offered(LEDGER, name="赖　小 满", number="无") == TRUE


def test_of_a_child_without_a_name_nothing_is_known() -> None:
    nameless = listed("3", f"| 姓名 | 身份证号 |\n| | {TRUE} |")
    assert offered(nameless, name="", number="无") == ""
