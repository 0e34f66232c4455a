"""Rates and averages over all schools: the first are worked out of sums, the others are not added up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.outputs.summary.rates import Rate, rate_of
from kbxt_merge.rules.catalogue import CATALOGUE

MONTHLY = Path(__file__).parent.parent / "forms_of_others" / "09-monthly" / "definition"


def test_a_rate_is_of_sums_as_its_rule_says() -> None:
    (form,) = load_forms(CATALOGUE, MONTHLY).forms
    rate = rate_of(form, form.by_name["辍学率"])
    assert rate is not None
    assert rate.formula({"月末未返": "C9", "本月初": "B9"}).startswith('=IF(B9=0,"",ROUND((C9)/B9*100,')
    assert rate.worth({"月末未返": 3, "本月初": 1200}) == 0.25
    assert rate.worth({"月末未返": 0, "本月初": 0}) == ""
    assert rate_of(form, form.by_name["月末未返"]) is None


def test_several_counts_are_added_before_they_are_divided() -> None:
    assert Rate(("优秀", "良好"), "实测", 100, 1).worth({"优秀": 2, "良好": 1, "实测": 9}) == 33.3


@pytest.mark.parametrize(
    ("header", "adds_up"),
    [
        ("金额", True),
        ("平均肺活量", False),
        ("人均面积", False),
        ("单价（元）", False),
        ("就餐率", False),
        ("均衡化数", True),
    ],
)
def test_what_a_header_says_of_its_numbers_being_added_up(header: str, adds_up: bool) -> None:
    (form,) = load_forms(CATALOGUE, MONTHLY).forms
    field = replace(form.by_name["月末未返"], header=header, group="", above=())
    assert field.adds_up == adds_up
