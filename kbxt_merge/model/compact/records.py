"""The records of a form, in little room where they are many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import accumulate, chain, groupby
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from kbxt_merge.model.compact.cells import compact, stacked
from kbxt_merge.model.compact.values import CompactValues, compact_values, stacked_values
from kbxt_merge.model.district import Positions, Records, TextColumn, Texts

T = TypeVar("T")

MOST_WHOLE = 250_000
"""So many records of a form are held as they are made: of more, each would cost 2 kB."""
PART = 30_000
"""Of more so many are made and judged at a time."""


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


def compacted(parts: Iterable[Records]) -> Records:
    """The records of these parts, one below the other, each of returns of its own; one part at a time is held whole."""
    return _one_of([_compact(each) for each in parts])


def _compact(records: Records) -> CompactRecords:
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


def _one_of(parts: Sequence[CompactRecords]) -> CompactRecords:
    texts: dict[tuple[int, ...], TextColumn] = {}

    def stacked_once(cells: Sequence[TextColumn]) -> TextColumn:
        key = tuple(map(id, cells))
        if key not in texts:
            texts[key] = stacked(cells)
        return texts[key]

    def all_of(columns: Iterable[npt.NDArray[Any]]) -> npt.NDArray[Any]:
        return np.concatenate(list(columns))

    first = parts[0]
    shown = {name: stacked_once([each.shown[name] for each in parts]) for name in first.shown}
    held = {name: stacked_values([each.held[name] for each in parts], shown[name]) for name in first.held}
    returns = np.cumsum([0, *(len(each.returned) for each in parts)]).tolist()
    return _like(
        first,
        returned=tuple(chain.from_iterable(each.returned for each in parts)),
        typed={name: stacked_once([each.typed[name] for each in parts]) for name in first.typed},
        shown=shown,
        values=_Values(held),
        states={name: all_of(each.states[name] for each in parts) for name in first.states},
        last_days={name: all_of(each.last_days[name] for each in parts) for name in first.last_days},
        sheet=all_of(each.sheet + start for each, start in zip(parts, returns, strict=False)).astype(np.int32),
        row=all_of(each.row for each in parts).astype(np.int32),
        school=all_of(each.school for each in parts),
        day=all_of(each.day for each in parts),
    )


def _like(records: Records, **columns: Any) -> CompactRecords:
    own = {each.name: getattr(records, each.name) for each in fields(records)}
    return CompactRecords(**{**own, **columns})
