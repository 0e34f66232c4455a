"""Suggestions for a damaged ID number: the true one is among them, none is unsound, and never more than three."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbxt_merge.model.id_number import are_sound, check_character
from kbxt_merge.rules.id_numbers.suggestions import AT_MOST, Evidence, one_slip_away, suggestions

DAY = dt.date(2021, 3, 31)
TRUE = "360704200612105658"
BIRTH = dt.date(2006, 12, 10)
BOY_OF_14 = Evidence(sex="男", age=14, first_birth=BIRTH, last_birth=BIRTH, day=DAY)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    region = draw(st.sampled_from(["360704", "360721", "362121", "440306", "810000", "936156"]))
    birth = draw(st.dates(dt.date(1990, 1, 1), DAY))
    first17 = f"{region}{birth:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return first17 + check_character(first17)


@given(numbers(), st.integers(0, 17), st.sampled_from("0123456789XOl?"))
def test_a_wrong_character_is_undone(number: str, place: int, character: str) -> None:
    damaged = number[:place] + character + number[place + 1 :]
    assert damaged == number or number in one_slip_away(damaged)


@given(numbers(), st.integers(0, 16))
def test_swapped_neighbours_are_undone(number: str, place: int) -> None:
    damaged = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert damaged == number or number in one_slip_away(damaged)


@given(numbers(), st.integers(0, 17))
def test_a_character_left_out_or_typed_twice_is_undone(number: str, place: int) -> None:
    assert number in one_slip_away(number[:place] + number[place + 1 :])
    assert number in one_slip_away(number[: place + 1] + number[place:])


@given(numbers(), st.sets(st.integers(0, 16), min_size=1), st.sampled_from([("O", "l"), ("o", "I"), ("D", "|")]))
def test_letters_for_digits_are_undone_however_many_they_are(
    number: str, places: set[int], letters: tuple[str, str]
) -> None:
    for_digits = dict(zip("01", letters, strict=True))
    damaged = "".join(for_digits.get(each, each) if place in places else each for place, each in enumerate(number))
    assert damaged == number or number in one_slip_away(damaged)


@given(numbers() | st.text("0123456789X", min_size=16, max_size=20) | st.text(max_size=20))
def test_only_sound_numbers_are_offered_and_each_once(cleaned: str) -> None:
    found = one_slip_away(cleaned)
    assert are_sound(pd.Series(found, dtype="string")).all()
    assert len(set(found)) == len(found)
    assert cleaned not in found
    assert len(suggestions(cleaned, Evidence())) <= AT_MOST


@pytest.mark.parametrize(
    ("slip", "damaged"),
    [
        ("a wrong digit in the birth date", "360704200611105658"),
        ("a letter for a digit", "3607042O0612105658"),
        ("swapped neighbours", "360704200612150658"),
        ("one left out", "36070420061210565"),
        ("one typed twice", "3607042006121105658"),
    ],
)
def test_what_the_row_says_leaves_the_true_number(slip: str, damaged: str) -> None:
    assert TRUE in suggestions(damaged, BOY_OF_14), slip


@pytest.mark.parametrize(
    "contrary",
    [
        Evidence(sex="女"),
        Evidence(age=13, day=DAY),
        Evidence(first_birth=dt.date(2006, 11, 1), last_birth=dt.date(2006, 11, 30)),
        Evidence(day=dt.date(2006, 12, 9)),
    ],
)
def test_a_number_that_the_row_contradicts_is_not_offered(contrary: Evidence) -> None:
    damaged = "3607042006121105658"
    assert suggestions(damaged, Evidence()) == (TRUE,)
    assert suggestions(damaged, contrary) == ()


def test_where_there_are_too_many_the_districts_regions_choose_and_without_them_nobody() -> None:
    damaged = "360704200612105568"
    many = one_slip_away(damaged)
    assert len(many) > AT_MOST
    assert suggestions(damaged, Evidence()) == ()
    other = next(number[:6] for number in many if number[:6] != "360704")
    assert suggestions(damaged, Evidence(), home={other}) == tuple(number for number in many if number[:6] == other)


@pytest.mark.parametrize("cleaned", ["", "-", "3607041234", "360704200612105658360704", "ABCDEFGHIJKLMNOPQR"])
def test_what_is_more_than_a_slip_away_has_no_suggestion(cleaned: str) -> None:
    assert one_slip_away(cleaned) == []
