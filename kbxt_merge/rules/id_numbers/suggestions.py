"""Sound ID numbers that a typing slip may have turned into the one that stands in a cell.

A slip is one character wrong, two neighbours swapped, one character left out, one typed twice, or letters for digits.
The check character leaves one candidate a place: all digits weighted, with X as 10, sum to 1 modulo 11 (ISO 7064
MOD 11-2).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import mul

from kbxt_merge.model.bearer import FIRST_BIRTH
from kbxt_merge.model.id_number import LENGTH, WEIGHTS
from kbxt_merge.rules.id_numbers.regions import is_known_region

AT_MOST = 3
"""More suggestions than these are none: a clerk would have to guess."""

_WEIGHTS = (*map(int, WEIGHTS), 1)
_LOOKS_LIKE_A_DIGIT = str.maketrans("OoDQIl|", "0000111")
_INVERSES = tuple(pow(weight, -1, 11) for weight in _WEIGHTS)
_VALUES = {**{str(digit): digit for digit in range(10)}, "X": 10}
_CHARACTERS = "0123456789X"
_LAST = LENGTH - 1
_Values = Sequence[int | None]
"""What each character counts, None for one that no number holds."""

_OLDEST = FIRST_BIRTH


@dataclass(frozen=True, slots=True)
class Evidence:
    """What else a row says about a child; None where it says nothing that is sound.

    `first_birth` and `last_birth` bound the typed birth date (a month: its first and last day); `age` counts full years
    on `day`, the last of the form.
    """

    sex: str | None = None
    age: int | None = None
    first_birth: dt.date | None = None
    last_birth: dt.date | None = None
    day: dt.date | None = None

    def supports(self, number: str) -> bool:
        """Tell whether a sound number agrees with all of it."""
        birth = _birth(number)
        return (
            birth is not None
            and (self.sex is None or self.sex == ("男" if int(number[16]) % 2 else "女"))
            and (self.first_birth is None or self.first_birth <= birth)
            and (self.last_birth is None or birth <= self.last_birth)
            and (self.day is None or birth <= self.day)
            and (self.age is None or self.day is None or self.age == _full_years(birth, self.day))
        )


def suggestions(cleaned: str, evidence: Evidence, home: Collection[str] = ()) -> tuple[str, ...]:
    """The sound numbers one slip away that the row supports, where they are few; none otherwise.

    `home` are the regions that the district's sound numbers name: they choose where there are too many, and only there,
    for a child may come from anywhere.
    """
    found = tuple(number for number in one_slip_away(cleaned) if evidence.supports(number))
    if len(found) > AT_MOST:
        found = tuple(number for number in found if number[:6] in home)
    return found if len(found) <= AT_MOST else ()


def one_slip_away(cleaned: str) -> list[str]:
    """The sound numbers of known regions that one slip turns into this one, which is unsound; each once.

    >>> one_slip_away("3607042006121105658")
    ['360704200612105658']
    """
    values = [_VALUES.get(character) for character in cleaned]
    undo = _UNDO.get(len(cleaned))
    found = (number for slip in undo or () for number in slip(cleaned, values))
    return [number for number in dict.fromkeys(found) if _is_a_pupils(number)]


def _respelled(cleaned: str, values: _Values) -> Iterator[str]:
    """With digits for the letters that look like them, O and l, where that makes the check fit."""
    respelled = cleaned.translate(_LOOKS_LIKE_A_DIGIT)
    digits = [_VALUES.get(character) for character in respelled]
    known = [value for value in digits if value is not None]
    if respelled != cleaned and len(known) == LENGTH and sum(map(mul, known, _WEIGHTS)) % 11 == 1:
        yield respelled


def _swapped(cleaned: str, values: _Values) -> Iterator[str]:
    """With two neighbours in the other order, where that makes the check fit."""
    known = [value for value in values if value is not None]
    if len(known) < LENGTH:
        return
    total = sum(map(mul, known, _WEIGHTS))
    for place in range(_LAST):
        left, right = known[place], known[place + 1]
        change = (left - right) * (_WEIGHTS[place + 1] - _WEIGHTS[place])
        if left != right and (total + change) % 11 == 1:
            yield cleaned[:place] + cleaned[place + 1] + cleaned[place] + cleaned[place + 2 :]


def _corrected(cleaned: str, values: _Values) -> Iterator[str]:
    """With the one character at each place that makes the check fit; with a stray character only at its place."""
    strays = [place for place, value in enumerate(values) if value is None or (value == 10 and place != _LAST)]
    if len(strays) > 1:
        return
    parts = [(value or 0) * weight for value, weight in zip(values, _WEIGHTS, strict=True)]
    total = sum(parts)
    for place in strays or range(LENGTH):
        character = _fitting(place, total - parts[place])
        if character != cleaned[place]:
            yield cleaned[:place] + character + cleaned[place + 1 :]


def _completed(cleaned: str, values: _Values) -> Iterator[str]:
    """With one more character, at each place the one that makes the check fit."""
    known = [value for value in values if value is not None]
    if len(known) < LENGTH - 1:
        return
    total = sum(map(mul, known, _WEIGHTS[1:]))  # as if the first character were the one left out
    for place in range(LENGTH):
        yield cleaned[:place] + _fitting(place, total) + cleaned[place:]
        if place < _LAST:
            total += known[place] * (_WEIGHTS[place] - _WEIGHTS[place + 1])


def _halved(cleaned: str, values: _Values) -> Iterator[str]:
    """Without one of two equal neighbours, where that makes the check fit."""
    for place in range(LENGTH):
        if cleaned[place] == cleaned[place + 1]:
            rest = [value for value in (*values[:place], *values[place + 1 :]) if value is not None]
            if len(rest) == LENGTH and sum(map(mul, rest, _WEIGHTS)) % 11 == 1:
                yield cleaned[:place] + cleaned[place + 1 :]


def _fitting(place: int, others: int) -> str:
    """The character that makes the check fit beside the weighted sum of the others."""
    return _CHARACTERS[(1 - others) * _INVERSES[place] % 11]


def _is_a_pupils(number: str) -> bool:
    """Tell whether a number whose check fits has its X, if any, at the end, a pupil's birth date and a known region."""
    if not (number[:_LAST].isdigit() and number[6:10] >= "1990" and "01" <= number[10:12] <= "12"):
        return False  # most end here, and a ValueError of date() takes ten times as long
    birth = _birth(number)
    return birth is not None and birth >= _OLDEST and is_known_region(number[:6])


def _birth(number: str) -> dt.date | None:
    return _day(number[6:14])


@lru_cache(maxsize=16384)
def _day(digits: str) -> dt.date | None:
    """The day of eight digits, None where there is none; children share their days of birth."""
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _full_years(birth: dt.date, day: dt.date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


_UNDO: Mapping[int, Sequence[Callable[[str, _Values], Iterator[str]]]] = {
    LENGTH - 1: (_completed,),
    LENGTH: (_respelled, _swapped, _corrected),
    LENGTH + 1: (_halved,),
}
"""How a slip is undone, by the length of what it left."""
