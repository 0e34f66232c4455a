"""The records of a form, some of them as the last merge left them: a sheet that is the same is not made anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate

import numpy as np
import pandas as pd

from kbxt_merge.model.district import Positions, Records, Returned

Make = Callable[[Sequence[Returned]], Records]


def joined(returned: Sequence[Returned], before: Records | None, make: Make) -> Records:
    """The records of these returns: those of sheets that stood `before` as they are, for the others what `make` makes.

    A record's place among those before stands in `same_as`.
    """
    places = _places(returned, before) if before is not None else ()
    if before is None or not any(place >= 0 for place in places):
        return make(returned)
    made = make([each for each, place in zip(returned, places, strict=True) if place < 0])
    at = _source(returned, places, before)
    lengths = [len(each.sheet.rows) for each in returned]
    values = pd.concat([before.values, made.values], ignore_index=True).take(at).reset_index(drop=True)
    both = (before, made)
    return Records(
        form=before.form,
        returned=tuple(returned),
        values=values,
        states=_block([each.states for each in both], at),
        typed={name: np.concatenate([each.typed[name] for each in both])[at] for name in before.typed},
        shown=_block([each.shown for each in both], at),
        last_days={name: np.concatenate([each.last_days[name] for each in both])[at] for name in before.last_days},
        sheet=np.repeat(np.arange(len(returned), dtype=np.intp), lengths),
        row=np.concatenate([each.row for each in both])[at],
        school=np.concatenate([each.school for each in both])[at],
        day=np.concatenate([each.day for each in both])[at],
        same_as=np.where(at < len(before), at, -1),
        digests=None if before.digests is None else np.append(before.digests, np.zeros(len(made), np.int64))[at],
    )


def _places(returned: Sequence[Returned], before: Records) -> Sequence[int]:
    """For each return its place among those before, -1 where it was not there or was another's or of another day."""
    known = {id(each.sheet): place for place, each in enumerate(before.returned)}
    places = (known.get(id(each.sheet), -1) for each in returned)
    return [
        place if place >= 0 and _is_same(each, before.returned[place]) else -1
        for each, place in zip(returned, places, strict=True)
    ]


def _is_same(one: Returned, other: Returned) -> bool:
    return (one.file.path, one.school, one.named_by, one.day) == (
        other.file.path,
        other.school,
        other.named_by,
        other.day,
    )


def _source(returned: Sequence[Returned], places: Sequence[int], before: Records) -> Positions:
    """Where each record lies in those before and the new ones, one below the other."""
    starts = [0, *accumulate(len(each.sheet.rows) for each in before.returned)]
    first, runs = len(before), [np.empty(0, dtype=np.intp)]
    for each, place in zip(returned, places, strict=True):
        length = len(each.sheet.rows)
        if place < 0:
            runs.append(np.arange(first, first + length, dtype=np.intp))
            first += length
        else:
            runs.append(np.arange(starts[place], starts[place] + length, dtype=np.intp))
    return np.concatenate(runs)


def _block(frames: Sequence[pd.DataFrame], at: Positions) -> pd.DataFrame:
    """Frames of one dtype, one below the other, and of them these rows."""
    stacked = np.concatenate([each.to_numpy() for each in frames])
    return pd.DataFrame(stacked[at], columns=frames[0].columns, copy=False)
