"""ID numbers: which rule a number breaks first, and what a sound one says."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from kbxt_merge.model.id_number import are_sound, check_character
from kbxt_merge.rules.id_numbers.number import birth_dates, id_verdicts, sexes
from kbxt_merge.rules.id_numbers.regions import known_regions

FORM_DAY = dt.date(2021, 3, 31)
REGIONS = [f"{code:06}" for code in np.flatnonzero(known_regions())]


def column(*numbers: str | None) -> pd.Series:
    return pd.Series(numbers, dtype="string")


def verdicts(*numbers: str | None, damaged: bool = False, day: dt.date | None = FORM_DAY) -> list[str]:
    days = np.full(len(numbers), np.datetime64(day or "NaT", "D"))
    return id_verdicts(column(*numbers), np.full(len(numbers), damaged), days).tolist()


def numbered(region: str, birth: str, sequence: str = "123") -> str:
    """The number with these parts and the check character that belongs to them."""
    first17 = region + birth + sequence
    return first17 + check_character(first17)


@st.composite
def sound_numbers(draw: st.DrawFn) -> str:
    birth = draw(st.dates(dt.date(1990, 1, 1), FORM_DAY))
    return numbered(draw(st.sampled_from(REGIONS)), f"{birth:%Y%m%d}", f"{draw(st.integers(0, 999)):03}")


@pytest.mark.parametrize(
    ("number", "slug"),
    [
        (None, ""),
        ("", ""),
        ("360704200612105658", ""),
        ("36072120110215248X", ""),
        ("360702120101939", "id-obsolete-15"),
        ("36070212010193X", "id-length"),
        ("36070420012197662", "id-length"),
        ("3607042006121056580", "id-length"),
        ("360704200612105658" * 3, "id-length"),
        ("TRUE", "id-length"),
        ("-", "id-length"),
        ("360702200O0909086X", "id-characters"),
        ("36072120121124252Y", "id-characters"),
        ("36072120121124252x", "id-characters"),
        ("X60704200612105658", "id-characters"),
        ("３６０７０４２００６１２１０５６５８", "id-characters"),
        ("360704200612105６58", "id-characters"),
        ("360721200513457347", "id-birthdate"),
        ("36072120311003786X", "id-birthdate"),
        ("360704000000005658", "id-birthdate"),
        ("999799200911190938", "id-region"),
        ("360702200612112261", "id-checksum"),
    ],
)
def test_the_first_rule_that_a_number_breaks_is_its_finding(number: str | None, slug: str) -> None:
    assert verdicts(number) == [slug]


def test_a_damaged_number_is_damaged_whatever_it_looks_like() -> None:
    assert verdicts("360704200612105658", "360721200712090000", "36", damaged=True) == ["id-precision-lost"] * 3


@pytest.mark.parametrize(
    ("birth", "slug"),
    [
        ("20210331", ""), ("20210401", "id-birthdate"), ("19900101", ""), ("19891231", "id-birthdate"),
        ("20120229", ""), ("20110229", "id-birthdate"), ("20000229", ""), ("20110431", "id-birthdate"),
        ("20110010", "id-birthdate"), ("20111310", "id-birthdate"), ("20110100", "id-birthdate"),
    ],
)  # fmt: skip
def test_a_pupil_was_born_on_a_real_day_since_1990_and_before_the_form(birth: str, slug: str) -> None:
    assert verdicts(numbered("360721", birth)) == [slug]


def test_without_the_day_of_the_form_no_birth_is_in_the_future() -> None:
    assert verdicts(numbered("360721", "20310401"), day=None) == [""]


@pytest.mark.parametrize("region", ["360721", "360704", "362121", "810000", "820000", "830000", "911156", "936840"])
def test_a_region_is_known_for_life_and_so_are_residence_permits(region: str) -> None:
    assert verdicts(numbered(region, "20100909")) == [""]


@pytest.mark.parametrize("region", ["000000", "999799", "360799", "160101"])
def test_a_region_that_never_was_is_asked_about_before_the_check_character(region: str) -> None:
    sound = numbered(region, "20100909")
    wrong = sound[:-1] + ("0" if sound[-1] != "0" else "1")
    assert verdicts(sound, wrong) == ["id-region", "id-region"]
    assert are_sound(column(sound, wrong)).tolist() == [True, False]


@given(sound_numbers())
def test_a_sound_number_breaks_no_rule_and_tells_birth_and_sex(number: str) -> None:
    assert verdicts(number) == [""]
    assert are_sound(column(number)).tolist() == [True]
    assert birth_dates(column(number))[0] == np.datetime64(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    assert sexes(column(number)).tolist() == ["男" if int(number[16]) % 2 else "女"]


@given(st.text("0123456789", min_size=17, max_size=17))
def test_the_check_character_is_that_of_iso_7064(first17: str) -> None:
    assert check_character(first17) == ric.calc_check_digit(first17 + "0")


@given(sound_numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_character_never_passes(number: str, place: int, character: str) -> None:
    wrong = number[:place] + character + number[place + 1 :]
    assert (verdicts(wrong) == [""]) == (wrong == number)
    assert are_sound(column(wrong)).tolist() == [wrong == number]


@given(sound_numbers(), st.integers(0, 16))
def test_two_neighbours_swapped_never_pass(number: str, place: int) -> None:
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert are_sound(column(wrong)).tolist() == [wrong == number]


@given(st.lists(st.one_of(st.none(), st.text(max_size=20), sound_numbers()), max_size=5))
def test_a_number_is_judged_alike_alone_and_in_any_column(numbers: list[str | None]) -> None:
    found = verdicts(*numbers)
    assert found == [slug for number in numbers for slug in verdicts(number)]
    valid = are_sound(column(*numbers))
    assert np.isnat(birth_dates(column(*numbers))).tolist() == (~valid).tolist()
    assert [sex != "" for sex in sexes(column(*numbers))] == valid.tolist()


def test_regions_hold_every_abolished_code_and_nothing_that_never_was() -> None:
    known = known_regions()
    assert known[[360721, 360704, 362121, 110000, 659011, 152431]].all()
    assert not known[[0, 999799, 360799, 123]].any()
    assert 7000 < known.sum() < 8000


def test_in_a_column_of_any_length_each_number_has_its_own_verdict() -> None:
    sound, wrong, longer = "360704200612105658", "360704200612105659", "3607042006121056580"
    numbers = [sound] * 40_000
    for at in (0, 16_383, 16_384, 32_768, 39_999):
        numbers[at] = wrong
    numbers[20_000] = longer
    told = verdicts(*numbers)
    assert [at for at, slug in enumerate(told) if slug] == [0, 16_383, 16_384, 20_000, 32_768, 39_999]
    assert [slug for slug in told if slug] == ["id-checksum"] * 3 + ["id-length"] + ["id-checksum"] * 2
