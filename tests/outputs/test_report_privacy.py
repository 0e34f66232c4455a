"""However an ID number was typed, a report shows three digits of it, and of a phone seven."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kbxt_merge.model.privacy import Privacy

ID = "360721200901011239"
BETWEEN = ["", " ", "-", "\u200b", "\u2060", "\u3000", "\u00ad"]
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@pytest.mark.parametrize(
    "typed",
    [
        ID,
        ID.translate(FULL_WIDTH),
        "\u200b".join(ID),
        "360721 20090101 1239",
        "360721.20090101.1239",
        "36072120090101123x",
        f"'{ID}",
        "360721200901012000",
        "360721090101123",
        f"G{ID}",
        f"{ID}（户口簿）",
    ],
)
def test_three_digits_of_an_id_number_are_shown(typed: str) -> None:
    for field_type in ("id_number", "roll_number"):
        shown = Privacy().of_value(typed, field_type)
        assert re.findall(r"\d", shown) == ["3", "6", "0"]
        assert shown.count("*") >= 12


@given(
    st.lists(st.sampled_from(BETWEEN), min_size=17, max_size=17), st.booleans(), st.text("身份证号，。 ", max_size=8)
)
@example([*[""] * 13, *["\u200b"] * 3, ""], False, "")
def test_an_id_number_in_running_text_is_found_whatever_stands_between(
    between: list[str], full_width: bool, before: str
) -> None:
    typed = "".join(digit + gap for digit, gap in zip(ID, [*between, ""], strict=True))
    shown = Privacy().of_text(before + (typed.translate(FULL_WIDTH) if full_width else typed))
    digits = "".join(re.findall(r"\d", shown))
    assert len(digits) <= 3
    assert ID.startswith(digits)


def test_what_a_rule_masked_for_a_marked_workbook_is_masked_further() -> None:
    assert Privacy().of_text("360***********1239 的最后一位不对。") == "360*************** 的最后一位不对。"


@pytest.mark.parametrize(
    "typed", ["19912345678", "199 1234 5678", "+86-199-1234-5678", "１９９１２３４５６７８", "199.1234.5678"]
)
def test_seven_digits_of_a_phone_are_shown_at_most(typed: str) -> None:
    shown = Privacy().of_value(typed, "phone")
    assert len(re.findall(r"\d", shown)) <= 7
    assert shown.endswith("5678")


@pytest.mark.parametrize(
    "text", ["2021-03-12", "20210312", "第 12 行填 45 人，名单有 8 人。", "无", "附件1-2（第一次）.xlsx", ""]
)
def test_days_counts_and_names_are_left_alone(text: str) -> None:
    assert Privacy().of_text(text) == text


def test_unmasked_shows_everything() -> None:
    assert Privacy(unmasked=True).of_value(ID, "id_number") == ID
    assert Privacy(unmasked=True).of_text(ID) == ID
