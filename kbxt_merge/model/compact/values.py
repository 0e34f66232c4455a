"""Typed values in little room, made when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kbxt_merge.model.compact.cells import MOST_DISTINCT, narrow
from kbxt_merge.model.district import Flags, Positions, TextColumn, Texts


@dataclass(frozen=True, eq=False)
class Coded:
    """Values of which many are alike: each once, and a row its number, -1 where there is none."""

    values: pd.Series[Any]
    numbers: npt.NDArray[Any]

    @classmethod
    def of(cls, values: pd.Series[Any]) -> Coded:
        """Of these values."""
        numbers, distinct = pd.factorize(values.array)
        return cls(pd.Series(distinct), narrow(numbers))

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.numbers)

    def at(self, at: Positions | None = None) -> pd.Series[Any]:
        """The values at these positions, or all."""
        numbers = self.numbers if at is None else self.numbers[at]
        return pd.Series(self.values.array.take(numbers.astype(np.intp), allow_fill=True))


@dataclass(frozen=True, eq=False)
class AsShown:
    """Values that are the texts shown, where the cell was `read`."""

    shown: TextColumn
    read: Flags

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.read)

    def at(self, at: Positions | None = None) -> pd.Series[Any]:
        """The values at these positions, or all."""
        shown: Texts = np.array(self.shown, dtype=object) if at is None else self.shown[at]
        shown[~self.read if at is None else ~self.read[at]] = None
        return pd.Series(shown, dtype="string")


@dataclass(frozen=True, eq=False)
class AsTheyAre:
    """Values that no other way makes smaller."""

    values: pd.Series[Any]

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.values)

    def at(self, at: Positions | None = None) -> pd.Series[Any]:
        """The values at these positions, or all."""
        return self.values if at is None else pd.Series(self.values.array.take(at))


Held = Coded | AsShown | AsTheyAre


def compact_values(values: pd.Series[Any], shown: TextColumn) -> Held:
    """The same values in less room, where there is a way; `shown` are the texts that are told of them."""
    if isinstance(values.dtype, pd.StringDtype):
        as_shown = AsShown(shown, values.notna().to_numpy(dtype=bool))
        if as_shown.at().equals(values):
            return as_shown
    coded = Coded.of(values)
    return coded if len(coded.values) <= MOST_DISTINCT * len(values) else AsTheyAre(values)


def stacked_values(parts: Sequence[Held], shown: TextColumn) -> Held:
    """One column of several, one below the other; `shown` are the texts that are told of all."""
    coded = [each for each in parts if isinstance(each, Coded)]
    if len(coded) == len(parts):
        codes = Coded.of(pd.concat([each.values for each in coded], ignore_index=True))
        starts = np.cumsum([0, *(len(each.values) for each in coded)])
        moved = [  # -1 is the last
            np.append(codes.numbers[start : start + len(each.values)].astype(np.intp), -1)[each.numbers.astype(np.intp)]
            for start, each in zip(starts, coded, strict=False)
        ]
        return Coded(codes.values, narrow(np.concatenate(moved)))
    as_shown = [each for each in parts if isinstance(each, AsShown)]
    if len(as_shown) == len(parts):
        return AsShown(shown, np.concatenate([each.read for each in as_shown]))
    return compact_values(pd.concat([each.at() for each in parts], ignore_index=True), shown)
