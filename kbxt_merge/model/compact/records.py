"""The records of a form, in little room where they are many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import accumulate, chain, groupby
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from kbxt_merge.model.compact.cells import compact, stacked
from kbxt_merge.model.compact.values import CompactValues, compact_values, stacked_values
from kbxt_merge.model.district import Positions, Records, TextColumn, Texts

T = TypeVar("T")

MOST_WHOLE = 250_000
"""So many records of a form are held as they are made: of more, each would cost 2 kB."""
PART = 30_000
"""Of more so many are made and judged at a time."""
_BY_FIELD = ("typed", "shown", "held", "states", "last_days")
"""The columns of records, one a field each."""


@dataclass(frozen=True)
class _Values(Mapping[str, "pd.Series[Any]"]):
    """The values of all fields, each made when it is asked for."""

    held: Mapping[str, CompactValues]

    def __getitem__(self, name: str) -> pd.Series[Any]:
        return self.held[name].at()

    def __iter__(self) -> Iterator[str]:
        return iter(self.held)

    def __len__(self) -> int:
        return len(self.held)


class CompactRecords(Records):
    """Records whose cells and values are held in little room.

    A whole column of them is made at each call: rules on single rows judge what is `taken`, some at a time.
    """

    def column_at(self, name: str, at: Positions) -> pd.Series[Any]:
        """The typed values of a field at these positions."""
        return self.held[name].at(at)

    @property
    def held(self) -> Mapping[str, CompactValues]:
        """The values as they are held."""
        assert isinstance(self.values, _Values)
        return self.values.held


def are_many(records: int) -> bool:
    """Whether so many records of a form are made and judged in parts, and held in little room."""
    return records > MOST_WHOLE


def column_of(records: int, of: Callable[[Positions], Texts]) -> TextColumn:
    """A column of texts for so many records, made `of` some positions at a time where they are many."""
    parts = map(of, parts_of(np.arange(records)))
    return stacked(list(map(compact, parts))) if are_many(records) else next(parts, np.empty(0, dtype=object))


def parts_of(at: Positions) -> Iterator[Positions]:
    """These positions of records, some at a time where they are many."""
    step = PART if are_many(len(at)) else max(len(at), 1)
    return (at[first : first + step] for first in range(0, len(at), step))


def runs_of(items: Iterable[T], lengths: Iterable[int]) -> Iterator[Sequence[T]]:
    """What holds so many records each, some at a time."""
    runs = groupby(zip(accumulate(lengths), items, strict=True), key=lambda each: each[0] // PART)
    return ([item for _, item in run] for _, run in runs)


def compacted(records: Records) -> CompactRecords:
    """The same records in little room."""
    texts: dict[int, TextColumn] = {}  # what is shown as it was typed is one column

    def compact_once(cells: TextColumn) -> TextColumn:
        if id(cells) not in texts:
            texts[id(cells)] = compact(np.asarray(cells, dtype=object))
        return texts[id(cells)]

    shown = {name: compact_once(cells) for name, cells in records.shown.items()}
    return _like(
        records,
        typed={name: compact_once(cells) for name, cells in records.typed.items()},
        shown=shown,
        values=_Values({name: compact_values(values, shown[name]) for name, values in records.values.items()}),
    )


def one_of(parts: list[CompactRecords]) -> CompactRecords:
    """The records of these parts, one below the other, each of returns of its own.

    The list is emptied, and the parts are let go of column by column: both together would be twice as much.
    """
    first, lengths = parts[0], [len(each.returned) for each in parts]
    starts = zip(parts, accumulate(lengths, initial=0), strict=False)
    plain = {
        "returned": tuple(chain.from_iterable(each.returned for each in parts)),
        "sheet": np.concatenate([each.sheet + start for each, start in starts]).astype(np.int32),
        "row": np.concatenate([each.row for each in parts]).astype(np.int32),
        "school": np.concatenate([each.school for each in parts]),
        "day": np.concatenate([each.day for each in parts]),
    }
    parted = {kind: [dict(getattr(each, kind)) for each in parts] for kind in _BY_FIELD}
    whole: dict[str, dict[str, Any]] = {kind: {} for kind in _BY_FIELD}
    parts.clear()

    def taken(kind: str, name: str) -> list[Any]:
        return [each.pop(name) for each in parted[kind]]

    for name in first.shown:
        shown, typed = taken("shown", name), taken("typed", name)
        is_as_typed = all(text is cell for text, cell in zip(shown, typed, strict=True))
        whole["shown"][name] = stacked(shown)
        whole["typed"][name] = whole["shown"][name] if is_as_typed else stacked(typed)
        whole["held"][name] = stacked_values(taken("held", name), whole["shown"][name])
        whole["states"][name] = np.concatenate(taken("states", name))
        if name in first.last_days:
            whole["last_days"][name] = np.concatenate(taken("last_days", name))
    values = _Values(whole.pop("held"))
    return _like(first, **plain, **whole, values=values)


def _like(records: Records, **columns: Any) -> CompactRecords:
    own = {each.name: getattr(records, each.name) for each in fields(records)}
    return CompactRecords(**{**own, **columns})
