"""Which days a title, a tab or a file's name speaks of."""

from __future__ import annotations

import datetime as dt

import pytest

from kbxt_merge.model.period import Period
from kbxt_merge.model.period_names import month_named, span_named

SPRING, AUTUMN = Period.parse("2021春"), Period.parse("2020秋")


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("赣县区2020-2021学年度第二学期统计表", [SPRING]),
        ("二〇二〇至二〇二一学年度第二学期统计表", [SPRING]),
        ("2020—2021学年下学期", [SPRING]),
        ("2020-21学年春季", [SPRING]),
        ("二〇二一年春季学期", [SPRING]),
        ("2021年 春 季学期", [SPRING]),
        ("2021年上半年", [SPRING]),
        ("2021年3月", [SPRING]),
        ("2021年第二季度", [SPRING]),
        ("2020-2021下", [SPRING]),
        ("21春", [SPRING]),
        ("2021上", [SPRING]),
        ("2021.3", [SPRING]),
        ("20年秋季", [AUTUMN]),
        ("2020-2021上学期", [AUTUMN]),
        ("2020下", [AUTUMN]),
        ("2020至2021学年第一学期", [AUTUMN]),
        ("2020年秋季", [AUTUMN]),
        ("2020年12月", [AUTUMN]),
        ("2020-2021学年", [AUTUMN, SPRING]),
        ("2020年至2021年", [AUTUMN, SPRING]),
        ("2020学年第二学期", [AUTUMN, SPRING]),
        ("2021年春（秋）季学期", [AUTUMN, SPRING]),
        ("2021年", [AUTUMN, SPRING]),
        ("2019年", []),
        ("2021年秋季", []),
    ],
)
def test_a_title_names_terms_in_many_ways(text: str, periods: list[Period]) -> None:
    span = span_named(text)
    assert span
    assert [period for period in (AUTUMN, SPRING) if period.meets(span)] == periods


@pytest.mark.parametrize("text", ["附件3", "适龄残疾儿童就学台账", "七年级", "1月", "360721200708094056"])
def test_what_names_no_year_names_no_period(text: str) -> None:
    assert span_named(text) is None


def test_a_year_alone_can_be_left_out() -> None:
    assert span_named("2020年台账", years=False) is None
    assert span_named("2020年秋台账", years=False) == (dt.date(2020, 8, 1), dt.date(2021, 1, 31))


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("3月", 3),
        ("三月份", 3),
        ("2021.03", 3),
        ("202103", 3),
        ("2021-3", 3),
        ("2021", None),
        ("十二月", 12),
        ("12月名单", 12),
        ("3月12日", None),
        ("七年级", None),
        ("Sheet1", None),
    ],
)
def test_a_tab_names_a_month(text: str, month: int | None) -> None:
    assert month_named(text) == month
