"""What makes an ID number of GB 11643 sound, a whole column at a time: each number is a row of a digit matrix.

Eighteen characters: region (6), birth date (8), sequence (3, odd = male), check character (ISO 7064 MOD 11-2).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kbxt_merge.model.bearer import FIRST_BIRTH

Flags = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]

LENGTH = 18
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECK_CHARACTERS = "10X98765432"

NOT_A_DAY = np.datetime64("NaT", "D")
_CHECK_CODES = np.array([ord(character) for character in CHECK_CHARACTERS], dtype=np.uint32)
_TEN_POWERS = 10 ** np.arange(7, -1, -1)
_NO_DIGIT = 10
_BLOCK = 1 << 14
"""So many numbers are spelt out at once: a code point takes four bytes, a number 76."""


@dataclass(frozen=True)
class Digits:
    """The numbers as a matrix: `digits` (n × 17, of what is no digit more than 9), `last` (the code point of the
    eighteenth character, 0 without one), `lengths` (n; of longer ones 19)."""

    digits: npt.NDArray[np.uint8]
    last: npt.NDArray[np.uint32]
    lengths: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, values: pd.Series[Any]) -> Digits:
        """The matrix of cleaned numbers; a missing one has the length 0."""
        numbers = values.fillna("").to_numpy(dtype=object)
        size = len(numbers)
        digits, last = np.empty((size, LENGTH - 1), dtype=np.uint8), np.empty(size, dtype=np.uint32)
        lengths = np.empty(size, dtype=np.uint8)
        for begin in range(0, size, _BLOCK):
            block = slice(begin, begin + _BLOCK)
            texts = numbers[block].astype(f"U{LENGTH + 1}")
            codes = texts.view(np.uint32).reshape(len(texts), LENGTH + 1)
            digits[block] = np.minimum(codes[:, : LENGTH - 1] - np.uint32(ord("0")), _NO_DIGIT)  # below 0 it wraps
            last[block], lengths[block] = codes[:, LENGTH - 1], np.char.str_len(texts)
        return cls(digits, last, lengths)

    @cached_property
    def are_digits(self) -> npt.NDArray[np.bool_]:
        """Which of the first 17 characters are digits (n × 17)."""
        fits: npt.NDArray[np.bool_] = self.digits < _NO_DIGIT
        return fits

    @cached_property
    def well_formed(self) -> Flags:
        """Which numbers have 18 characters, 17 of them digits, the last a digit or X."""
        last_fits = ((self.last >= ord("0")) & (self.last <= ord("9"))) | (self.last == ord("X"))
        fits: Flags = (self.lengths == LENGTH) & self.are_digits.all(axis=1) & last_fits
        return fits

    @cached_property
    def births(self) -> Days:
        """The birth dates, NaT where there is no such day or the number is not well formed."""
        days = _days(self.part(6, 10), self.part(10, 12), self.part(12, 14))
        return np.where(self.well_formed, days, NOT_A_DAY)

    @cached_property
    def checks(self) -> Flags:
        """Which numbers end with their check character."""
        expected = _CHECK_CODES[np.einsum("ij,j->i", self.digits, WEIGHTS) % 11]
        fits: Flags = self.well_formed & (expected == self.last)
        return fits

    def are_sound(self, born_from: dt.date | Days = FIRST_BIRTH) -> Flags:
        """Which numbers can be those of their bearers: form, birth date and check character fit."""
        first = np.datetime64(born_from) if isinstance(born_from, dt.date) else born_from
        fits: Flags = self.checks & (self.births >= first)
        return fits

    def part(self, start: int, end: int) -> npt.NDArray[np.int64]:
        """The digits from `start` up to `end` of each number, read as one."""
        read: npt.NDArray[np.int64] = np.einsum("ij,j->i", self.digits[:, start:end], _TEN_POWERS[start - end :])
        return read


def _days(years: npt.NDArray[np.int64], months: npt.NDArray[np.int64], days: npt.NDArray[np.int64]) -> Days:
    """The days of a calendar, NaT where it has no such day."""
    real = (years >= 1) & (years <= 9999) & (months >= 1) & (months <= 12) & (days >= 1) & (days <= 31)
    first = (np.where(real, years, 1970) - 1970).astype("datetime64[Y]").astype("datetime64[M]")
    month = first + np.where(real, months - 1, 0)
    day = month.astype("datetime64[D]") + np.where(real, days - 1, 0)
    real &= day.astype("datetime64[M]") == month
    return np.where(real, day, NOT_A_DAY)


def are_sound(
    values: pd.Series[Any],
    damaged: Flags | None = None,
    last_day: Days | None = None,
    born_from: dt.date | Days = FIRST_BIRTH,
) -> Flags:
    """Tell which cleaned numbers a person can be known by.

    Their form, birth date (a pupil's from 1990 on) and check character fit; the region may be unknown, which is only a
    warning.
    Those are not that a spreadsheet `damaged`, whatever they look like, nor those born after their form's `last_day`
    (NaT: unknown).

    >>> are_sound(pd.Series(["360704200612105658", "999704200612105653", "36070420061210565X", None])).tolist()
    [True, True, False, False]
    """
    numbers = Digits.of(values)
    fits = numbers.are_sound(born_from)
    if damaged is not None:
        fits = fits & ~damaged
    return fits if last_day is None else fits & ~(numbers.births > last_day)


def check_character(first17: str) -> str:
    """The check character that belongs to seventeen digits.

    >>> check_character("11010519491231002")
    'X'
    """
    return CHECK_CHARACTERS[sum(int(digit) * int(weight) for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]
