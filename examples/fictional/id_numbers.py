"""Citizen ID numbers of invented people (GB 11643): region, birth date, sequence, check character."""

from __future__ import annotations

import datetime as dt
from random import Random

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"

REGIONS = ("360721",) * 14 + ("360704",) * 3 + ("360702",) * 2 + ("360782", "440306", "350583", "330782", "362121")
"""赣县 before and after 2016, its neighbours, the places where parents work, and 赣县 before 1998."""

HONG_KONG = "810000"
"""The code on residence permits, which carry numbers of the same build."""

UNKNOWN_REGION = "369999"
"""A code in Jiangxi's range that no edition of GB/T 2260 ever held."""


def check_character(body: str) -> str:
    """The check character of the first 17 digits, by ISO 7064 MOD 11-2."""
    return CHECK_CHARACTERS[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def with_check(body: str) -> str:
    """The 17 digits with their check character."""
    return body + check_character(body)


class IdNumbers:
    """Hands out valid ID numbers, each once."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.given: set[str] = set()

    def _region(self) -> str:
        return HONG_KONG if self.dice.random() < 0.005 else self.dice.choice(REGIONS)

    def new(self, birth: dt.date, sex: str, region: str = "") -> str:
        """A number nobody has yet; the sequence is odd for 男."""
        while True:
            sequence = self.dice.randrange(1, 499) * 2 + (sex == "男")
            number = with_check(f"{region or self._region()}{birth:%Y%m%d}{sequence:03d}")
            if number not in self.given:
                self.given.add(number)
                return number
