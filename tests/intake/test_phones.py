"""Phone numbers as schools write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbxt_merge.intake.values.phones import read_phones

MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("13874257203", "13874257203"),
        ("138 7425 7203", "13874257203"),
        ("138-7425-7203", "13874257203"),
        ("+8613874257203", "13874257203"),
        ("+86 138 7425 7203", "13874257203"),
        ("86-13874257203", "13874257203"),
        ("008613874257203", "13874257203"),
        ("１３８７４２５７２０３", "13874257203"),
        ("'13874257203", "13874257203"),
        ("13874257203.0", "13874257203"),
        ("0797-4421234", "0797-4421234"),
        ("07974421234", "0797-4421234"),
        ("0797 4421234", "0797-4421234"),
        ("(0797)4421234", "0797-4421234"),
        ("（0797）44212345", "0797-44212345"),
        ("0797－4421234", "0797-4421234"),
        ("+86 797 4421234", "0797-4421234"),
        ("7974421234", "0797-4421234"),
        ("010-62345678", "010-62345678"),
        ("02162345678", "021-62345678"),
        ("13874257203、13974257203", "13874257203、13974257203"),
        ("13874257203；0797-4421234", "13874257203、0797-4421234"),
        ("13874257203/13974257203", "13874257203、13974257203"),
        ("13874257203\n13974257203", "13874257203、13974257203"),
        ("13874257203 13974257203", "13874257203、13974257203"),
        ("0797 4421234、138 7425 7203", "0797-4421234、13874257203"),
        ("13874257203、", "13874257203"),
        ("13874257203。", "13874257203"),
        ("13874257203（母亲）", "13874257203"),
        ("13874257203赖大暑", "13874257203"),
        ("电话：13874257203", "13874257203"),
        ("监护人1：13874257203", "13874257203"),
        ("微信同号 13874257203", "13874257203"),
        ("父：13874257203 母：13974257203", "13874257203、13974257203"),
        ("爸13874257203妈13974257203", "13874257203、13974257203"),
        ("138 7425 7203（父）、139 7425 7203（母）", "13874257203、13974257203"),
        ("13874257203或13974257203", "13874257203、13974257203"),
        ("013874257203", "13874257203"),
        ("0797-4421234转801", "0797-4421234"),
        ("（0797）4421234-801", "0797-4421234"),
    ],
)
def test_a_number_is_read_without_what_its_writer_added(typed: str, read: str) -> None:
    assert read_phones(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "1380013", "23456789012", "12874257203", "138742572031", "1387425720", "4421234", "010-2345678", "无", "、", "",
        "3874257203", "13874257203、1380013", "13874257203转", "13874257203转8", "13874257203-8",
        "13874257203（空号）", "13874257203停机", "父：1380013 母：13974257203", "0797-442123转8", "同上",
        "1.387E+10", "138７425720３x",
    ],
)  # fmt: skip
def test_what_is_no_number_is_not_read(typed: str) -> None:
    assert read_phones(typed) is None


@given(MOBILES)
def test_a_mobile_is_itself_however_it_is_grouped(mobile: str) -> None:
    grouped = f"{mobile[:3]}-{mobile[3:7]} {mobile[7:]}"
    assert read_phones(mobile) == read_phones(grouped) == read_phones(f"+86{mobile}") == mobile


@given(st.lists(MOBILES, min_size=1, max_size=3), st.sampled_from(["、", "；", "/", "\n", " ", "，", " / "]))
def test_several_numbers_are_each_read(mobiles: list[str], between: str) -> None:
    assert read_phones(between.join(mobiles)) == "、".join(mobiles)


@given(st.lists(MOBILES, min_size=1, max_size=3), st.sampled_from(["父{}", "{}（母亲）", "赖大暑：{}", "{}奶奶；"]))
def test_whose_a_number_is_makes_it_no_other(mobiles: list[str], owned: str) -> None:
    assert read_phones("".join(map(owned.format, mobiles))) == "、".join(mobiles)


@given(MOBILES, st.integers(0, 10))
def test_a_mobile_short_of_its_first_or_any_later_digit_is_no_mobile(mobile: str, lost: int) -> None:
    read = read_phones(mobile[:lost] + mobile[lost + 1 :])
    assert read is None or read.startswith("0")  # ten digits may be a landline that lost its 0
