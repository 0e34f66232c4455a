"""ID numbers of GB 11643, a whole column at a time: which rule each breaks first, and what a sound one says.

What makes one sound stands in `model.id_number`, for whoever asks who a child is.
In numbers of foreigners (first digit 9, from 2023) the region is a province (2) and a country of ISO 3166-1 (3).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kbxt_merge.model.bearer import FIRST_BIRTH
from kbxt_merge.model.id_number import LENGTH, NOT_A_DAY, Days, Digits, Flags
from kbxt_merge.rules.id_numbers.regions import known_regions


def id_verdicts(
    values: pd.Series[Any], damaged: Flags, last_day: Days, born_from: dt.date = FIRST_BIRTH
) -> NDArray[np.object_]:
    """The slug of the first rule that each cleaned number breaks; "" for a sound or missing one.

    `damaged` marks spreadsheet numbers that lost digits; `last_day` ends each record's form (NaT: unknown). A bearer
    was born between `born_from` and that day.

    >>> unknown = np.array(["NaT"], dtype="datetime64[D]")
    >>> id_verdicts(pd.Series(["360721200513457347"], dtype="string"), np.array([False]), unknown).tolist()
    ['id-birthdate']
    """
    numbers = Digits.of(values)
    births = numbers.births
    breaches = {
        "id-precision-lost": damaged,
        "": numbers.lengths == 0,
        "id-obsolete-15": (numbers.lengths == 15) & numbers.are_digits[:, :15].all(axis=1),
        "id-length": numbers.lengths != LENGTH,
        "id-characters": ~numbers.well_formed,
        "id-birthdate": np.isnat(births) | (births < np.datetime64(born_from)) | (births > last_day),
        "id-region": ~_regions_known(numbers),
        "id-checksum": ~numbers.checks,
    }
    verdicts = np.full(len(values), "", dtype=object)
    for slug, broken in reversed(breaches.items()):
        verdicts[broken] = slug
    return verdicts


def birth_dates(values: pd.Series[Any], born_from: dt.date = FIRST_BIRTH) -> Days:
    """The birth date in each sound number; NaT in the others."""
    numbers = Digits.of(values)
    return np.where(numbers.are_sound(born_from), numbers.births, NOT_A_DAY)


def sexes(values: pd.Series[Any], born_from: dt.date = FIRST_BIRTH) -> NDArray[np.object_]:
    """The sex in each sound number, 男 or 女; "" in the others."""
    numbers = Digits.of(values)
    odd = numbers.digits[:, 16] % 2 == 1
    return np.where(numbers.are_sound(born_from), np.where(odd, "男", "女"), "").astype(object)


def _regions_known(numbers: Digits) -> Flags:
    """Which numbers begin with a region's code, a foreigner's with the province of the issue."""
    own = np.where(numbers.digits[:, 0] == 9, numbers.part(1, 3) * 10_000, numbers.part(0, 6))
    known: Flags = known_regions()[np.where(numbers.well_formed, own, 0)]
    return known
