"""Terms and months: which days they hold, and what comes before them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbxt_merge.model.period import Period

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31))


@pytest.mark.parametrize(
    ("text", "label", "first", "last", "due", "school_year", "previous"),
    [
        ("2021春", "2021春", "2021-02-01", "2021-07-31", "2021-03-31", 2020, "2020秋"),
        ("2021秋", "2021秋", "2021-08-01", "2022-01-31", "2021-10-01", 2021, "2021春"),
        (" ２０２１年春季学期", "2021春", "2021-02-01", "2021-07-31", "2021-03-31", 2020, "2020秋"),
        ("2021年秋季", "2021秋", "2021-08-01", "2022-01-31", "2021-10-01", 2021, "2021春"),
        ("2021-03", "2021-03", "2021-03-01", "2021-03-31", "2021-03-31", 2020, "2021-02"),
        ("2024年2月", "2024-02", "2024-02-01", "2024-02-29", "2024-03-02", 2023, "2024-01"),
        ("2021.9", "2021-09", "2021-09-01", "2021-09-30", "2021-10-01", 2021, "2021-08"),
        ("2021/1", "2021-01", "2021-01-01", "2021-01-31", "2021-01-31", 2020, "2020-12"),
        ("2021Q2", "2021Q2", "2021-04-01", "2021-06-30", "2021-07-01", 2020, "2021Q1"),
        ("2021年第四季度", "2021Q4", "2021-10-01", "2021-12-31", "2021-12-31", 2021, "2021Q3"),
        ("2021q1", "2021Q1", "2021-01-01", "2021-03-31", "2021-03-31", 2020, "2020Q4"),
        ("2020学年", "2020学年", "2020-08-01", "2021-07-31", "2020-10-01", 2020, "2019学年"),
        ("2020-2021学年度", "2020学年", "2020-08-01", "2021-07-31", "2020-10-01", 2020, "2019学年"),
    ],
)
def test_a_period_knows_its_days(
    text: str, label: str, first: str, last: str, due: str, school_year: int, previous: str
) -> None:
    period = Period.parse(text)
    assert period.label == str(period) == label
    assert [each.isoformat() for each in (period.first, period.last, period.due)] == [first, last, due]
    assert period.school_year == school_year
    assert period.previous().label == previous


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2021",
        "春",
        "2021夏",
        "2021-13",
        "2021-00",
        "21春",
        "2021-03-01",
        "2021春2",
        "2021Q5",
        "2021Q",
        "2020-2022学年",
    ],
)
def test_what_names_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no period"):
        Period.parse(text)


def test_a_quarter_is_as_strict_as_a_month_and_a_year_as_a_term() -> None:
    quarter, year = Period.parse("2021Q2"), Period.parse("2020学年")
    day = dt.date(2021, 3, 28)
    assert not quarter.is_near(day, day)
    assert quarter.is_near(dt.date(2021, 7, 5), dt.date(2021, 7, 5))
    assert year.is_near(dt.date(2020, 7, 20), dt.date(2020, 7, 20))
    assert [each.following().label for each in (quarter, year)] == ["2021Q3", "2021学年"]
    assert (quarter.words.zh, year.words.zh) == ("2021 年第二季度", "2020—2021 学年")


@given(DAYS)
def test_every_day_lies_in_the_one_term_that_is_its_own(day: dt.date) -> None:
    term = Period.of(day)
    assert term.contains(day)
    assert not term.previous().contains(day)
    assert Period.parse(term.label) == term


@given(DAYS, st.booleans())
def test_a_period_begins_the_day_after_the_one_before_it_ends(day: dt.date, by_month: bool) -> None:
    period = Period(day.year, month=day.month) if by_month else Period.of(day)
    assert period.previous().last + dt.timedelta(days=1) == period.first
    assert bool(period.previous().month) == by_month


@pytest.mark.parametrize(
    ("first", "last", "near"),
    [
        ("2020-12-03", "2020-12-03", True),
        ("2020-12-02", "2020-12-02", False),
        ("2020-12-01", "2020-12-31", True),
        ("2021-03-12", "2021-03-12", True),
        ("2021-09-29", "2021-09-29", True),
        ("2021-09-30", "2021-09-30", False),
        ("2021-09-01", "2021-09-30", True),
    ],
)
def test_a_form_may_be_dated_sixty_days_outside_its_period(first: str, last: str, near: bool) -> None:
    assert Period.parse("2021春").is_near(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) is near
