"""ID numbers of GB 11643, a whole column at a time: each is a row of a digit matrix.

Eighteen characters: region (6), birth date (8), sequence (3, odd = male), check character (ISO 7064 MOD 11-2).
In numbers of foreigners (first digit 9, from 2023) the region is a province (2) and a country of ISO 3166-1 (3).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kbxt_merge.rules.id_numbers.regions import known_regions

Flags = NDArray[np.bool_]
Days = NDArray[np.datetime64]

LENGTH = 18
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECK_CHARACTERS = "10X98765432"
FIRST_BIRTH = np.datetime64("1990-01-01")
"""No pupil was born before."""

_CHECK_CODES = np.array([ord(character) for character in CHECK_CHARACTERS], dtype=np.uint32)
_TEN_POWERS = 10 ** np.arange(7, -1, -1)
_NOT_A_DAY = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class _Digits:
    """The numbers as a matrix: `codes` (n × 18 code points, 0 past the end), `digits` (n × 17), `lengths` (n)."""

    codes: NDArray[np.uint32]
    digits: NDArray[np.int64]
    lengths: NDArray[np.intp]

    @classmethod
    def of(cls, values: pd.Series[Any]) -> _Digits:
        """The matrix of cleaned numbers; a missing one has the length 0."""
        texts = values.fillna("").to_numpy(dtype=object).astype(f"U{LENGTH + 1}")
        codes = texts.view(np.uint32).reshape(len(texts), LENGTH + 1)[:, :LENGTH]
        return cls(codes, codes[:, :-1].astype(np.int64) - ord("0"), np.char.str_len(texts))

    @cached_property
    def are_digits(self) -> NDArray[np.bool_]:
        """Whether each of the first 17 characters is a digit (n × 17)."""
        fits: NDArray[np.bool_] = (self.digits >= 0) & (self.digits <= 9)
        return fits

    @cached_property
    def well_formed(self) -> Flags:
        """Whether the number has 18 characters, 17 of them digits, the last a digit or X."""
        last = self.codes[:, -1]
        last_fits = ((last >= ord("0")) & (last <= ord("9"))) | (last == ord("X"))
        fits: Flags = (self.lengths == LENGTH) & self.are_digits.all(axis=1) & last_fits
        return fits

    @cached_property
    def births(self) -> Days:
        """The birth dates, NaT where there is no such day or the number is not well formed."""
        days = _days(self._number(6, 10), self._number(10, 12), self._number(12, 14))
        return np.where(self.well_formed, days, _NOT_A_DAY)

    @cached_property
    def regions_known(self) -> Flags:
        """Whether the first six digits are a region's code, in a foreigner's number the province of the issue."""
        own = np.where(self.digits[:, 0] == 9, self._number(1, 3) * 10_000, self._number(0, 6))
        known: Flags = known_regions()[np.where(self.well_formed, own, 0)]
        return known

    @cached_property
    def checks(self) -> Flags:
        """Whether the check character fits."""
        expected = _CHECK_CODES[self.digits @ WEIGHTS % 11]
        fits: Flags = self.well_formed & (expected == self.codes[:, -1])
        return fits

    @cached_property
    def are_valid(self) -> Flags:
        """Whether form, birth date and check character fit a pupil."""
        fits: Flags = self.checks & (self.births >= FIRST_BIRTH)
        return fits

    def _number(self, start: int, end: int) -> NDArray[np.int64]:
        return self.digits[:, start:end] @ _TEN_POWERS[start - end :]


def _days(years: NDArray[np.int64], months: NDArray[np.int64], days: NDArray[np.int64]) -> Days:
    """The days of a calendar, NaT where it has no such day."""
    real = (years >= 1) & (years <= 9999) & (months >= 1) & (months <= 12) & (days >= 1) & (days <= 31)
    first = (np.where(real, years, 1970) - 1970).astype("datetime64[Y]").astype("datetime64[M]")
    month = first + np.where(real, months - 1, 0)
    day = month.astype("datetime64[D]") + np.where(real, days - 1, 0)
    real &= day.astype("datetime64[M]") == month
    return np.where(real, day, _NOT_A_DAY)


def id_verdicts(values: pd.Series[Any], damaged: Flags, last_day: Days) -> NDArray[np.object_]:
    """The slug of the first rule that each cleaned number breaks; "" for a sound or missing one.

    `damaged` marks spreadsheet numbers that lost digits; `last_day` ends each record's form (NaT: unknown).

    >>> unknown = np.array(["NaT"], dtype="datetime64[D]")
    >>> id_verdicts(pd.Series(["360721200513457347"], dtype="string"), np.array([False]), unknown).tolist()
    ['id-birthdate']
    """
    numbers = _Digits.of(values)
    births = numbers.births
    breaches = {
        "id-precision-lost": damaged,
        "": numbers.lengths == 0,
        "id-obsolete-15": (numbers.lengths == 15) & numbers.are_digits[:, :15].all(axis=1),
        "id-length": numbers.lengths != LENGTH,
        "id-characters": ~numbers.well_formed,
        "id-birthdate": np.isnat(births) | (births < FIRST_BIRTH) | (births > last_day),
        "id-region": ~numbers.regions_known,
        "id-checksum": ~numbers.checks,
    }
    verdicts = np.full(len(values), "", dtype=object)
    for slug, broken in reversed(breaches.items()):
        verdicts[broken] = slug
    return verdicts


def is_valid(values: pd.Series[Any]) -> Flags:
    """Which numbers can be a pupil's: form, birth date and check character fit; the region may be unknown.

    >>> is_valid(pd.Series(["36070420061210565X", None], dtype="string")).tolist()
    [False, False]
    """
    return _Digits.of(values).are_valid


def birth_dates(values: pd.Series[Any]) -> Days:
    """The birth date in each number that `is_valid`; NaT in the others."""
    numbers = _Digits.of(values)
    return np.where(numbers.are_valid, numbers.births, _NOT_A_DAY)


def sexes(values: pd.Series[Any]) -> NDArray[np.object_]:
    """The sex in each number that `is_valid`, 男 or 女; "" in the others."""
    numbers = _Digits.of(values)
    odd = numbers.digits[:, 16] % 2 == 1
    return np.where(numbers.are_valid, np.where(odd, "男", "女"), "").astype(object)


def check_character(first17: str) -> str:
    """The check character that belongs to seventeen digits.

    >>> check_character("11010519491231002")
    'X'
    """
    return CHECK_CHARACTERS[sum(int(digit) * int(weight) for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]
