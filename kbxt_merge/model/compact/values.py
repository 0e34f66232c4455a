"""Typed values in little room, made when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kbxt_merge.model.compact.cells import MOST_DISTINCT, narrow, renumbered
from kbxt_merge.model.district import Flags, Positions, TextColumn, Texts


@dataclass(frozen=True, eq=False)
class NumberedValues:
    """Values of which many are alike: each once, and a row its number, -1 where there is none."""

    values: pd.Series[Any]
    numbers: npt.NDArray[Any]

    @classmethod
    def of(cls, values: pd.Series[Any]) -> NumberedValues:
        """Of these values."""
        numbers, distinct = pd.factorize(values.array)
        return cls(pd.Series(distinct), narrow(numbers))

    def at(self, at: Positions | None = None) -> pd.Series[Any]:
        """The values at these positions, or all."""
        numbers = self.numbers if at is None else self.numbers[at]
        return pd.Series(self.values.array.take(numbers.astype(np.intp), allow_fill=True))


@dataclass(frozen=True, eq=False)
class ShownValues:
    """Values that are the texts shown, where the cell was `read`."""

    shown: TextColumn
    read: Flags

    def at(self, at: Positions | None = None) -> pd.Series[Any]:
        """The values at these positions, or all."""
        shown: Texts = np.array(self.shown, dtype=object) if at is None else self.shown[at]
        shown[~self.read if at is None else ~self.read[at]] = None
        return pd.Series(shown, dtype="string")


@dataclass(frozen=True, eq=False)
class PlainValues:
    """Values that no other way makes smaller."""

    values: pd.Series[Any]

    def at(self, at: Positions | None = None) -> pd.Series[Any]:
        """The values at these positions, or all."""
        return self.values if at is None else pd.Series(self.values.array.take(at))


CompactValues = NumberedValues | ShownValues | PlainValues


def compact_values(values: pd.Series[Any], shown: TextColumn) -> CompactValues:
    """The same values in less room, where there is a way; `shown` are the texts that are told of them."""
    if isinstance(values.dtype, pd.StringDtype):
        as_shown = ShownValues(shown, values.notna().to_numpy(dtype=bool))
        if as_shown.at().equals(values):
            return as_shown
    numbered = NumberedValues.of(values)
    return numbered if len(numbered.values) <= MOST_DISTINCT * len(values) else PlainValues(values)


def stacked_values(parts: Sequence[CompactValues], shown: TextColumn) -> CompactValues:
    """One column of several, one below the other; `shown` are the texts that are told of all."""
    numbered = [each for each in parts if isinstance(each, NumberedValues)]
    if len(numbered) == len(parts):
        together = NumberedValues.of(pd.concat([each.values for each in numbered], ignore_index=True))
        return NumberedValues(
            together.values, renumbered([(each.numbers, len(each.values)) for each in numbered], together.numbers)
        )
    as_shown = [each for each in parts if isinstance(each, ShownValues)]
    if len(as_shown) == len(parts):
        return ShownValues(shown, np.concatenate([each.read for each in as_shown]))
    return compact_values(pd.concat([each.at() for each in parts], ignore_index=True), shown)
