"""How texts are compared."""

from __future__ import annotations

import pytest

from kbxt_merge.model.text import compact_value, mask


@pytest.mark.parametrize(
    ("text", "compact"),
    [
        ("失学、 辍学", "失学辍学"),
        ("缓学，休学", "缓学休学"),
        ("缓学/休学", "缓学休学"),
        ("ｍ", "M"),
        ("智力\u200b残疾\n", "智力残疾"),
        (" ／ ", "/"),
        ("", ""),
    ],
)
def test_a_value_is_compared_without_blanks_width_and_marks_between_synonyms(text: str, compact: str) -> None:
    assert compact_value(text) == compact


@pytest.mark.parametrize("day", ["2021-03-02", "20210302", "该生已于 2021-03-02 复学"])
def test_a_day_is_not_masked(day: str) -> None:
    assert mask(day) == day


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        ("360721200903131350", "360***********1350"),
        ("36072120090313135X", "360***********135X"),
        ("13874257203", "138****7203"),
        ("0797-8421234", "079*****1234"),
        ("号码 360721200903131350 与 13874257203", "号码 360***********1350 与 138****7203"),
    ],
)
def test_numbers_of_persons_show_three_and_four_at_most(secret: str, shown: str) -> None:
    assert mask(secret) == shown
