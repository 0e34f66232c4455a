"""Columns of texts as columns of numbers, so that what is alike in all of them is found by comparing numbers.

A text's number is Python's own hash of it: 64 bits, keyed anew in each process.  Within one process numbers can be
compared, whatever records they are of; they are never kept nor told, and their order means nothing.  Among 15,000
records any two that differ share a number with a chance of 1e-11, among 600,000 with one of 1e-8.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

import numpy as np
import numpy.typing as npt
import pandas as pd

from kbxt_merge.model.compact import records as compact
from kbxt_merge.model.district import Flags, Positions, TextColumn

Keys = npt.NDArray[np.int64]
"""One number a record; 0 where it has no key."""

_FACTOR = np.int64(0x2545F4914F6CDD1D)
"""An odd number, by which a number is multiplied before the next is added: in another order they make another one."""


def keys_of(*columns: TextColumn) -> Keys:
    """One number for what stands in these columns, a row a record; of blanks alone it is 0."""
    return _one_of_all(list(map(_hashes, columns)))


def all_of(*keys: Keys, beside: Keys | None = None) -> Keys:
    """One number for several together; 0 where one of them is, whatever stands `beside` them."""
    known = np.logical_and.reduce([each != 0 for each in keys])
    return np.where(known, _one_of_all([*keys, *(() if beside is None else (beside,))]), 0)


def _one_of_all(keys: Sequence[Keys]) -> Keys:
    return reduce(lambda before, each: before * _FACTOR + each, keys)


def _hashes(column: TextColumn) -> Keys:
    """The number of each text, 0 of a blank one."""
    hashes = np.zeros(len(column), dtype=np.int64)
    for at in compact.parts_of(np.arange(len(column))):
        texts = column[at]
        hashes[at] = np.fromiter(map(hash, texts.tolist()), dtype=np.int64, count=len(at))
        hashes[at[texts == ""]] = 0
    return hashes


def shared(keys: Keys) -> Flags:
    """Which of these keys stand there more than once."""
    again = np.empty(len(keys), dtype=bool)
    for (at,) in _shares(keys):
        again[at] = pd.Index(keys[at]).duplicated(keep=False) & (keys[at] != 0)
    return again


def firsts(keys: Keys) -> Flags:
    """Where each of these numbers stands for the first time."""
    first = np.empty(len(keys), dtype=bool)
    for (at,) in _shares(keys):
        first[at] = ~pd.Index(keys[at]).duplicated()
    return first


def is_among(keys: Keys, others: Keys) -> Flags:
    """For each key whether it is one of the others."""
    found = np.empty(len(keys), dtype=bool)
    for at, theirs in _shares(keys, others):
        found[at] = pd.Series(keys[at]).isin(others[theirs]).to_numpy()
    return found


def of_several(keys: Sequence[Keys], others: Sequence[Keys]) -> Keys:
    """The keys beside which stand several of the others, each once; columns of both, a pair a form."""
    found = [np.zeros(0, dtype=np.int64)]
    for places in _shares(*keys):
        mine, theirs = (
            np.concatenate([np.zeros(0, dtype=np.int64), *(each[at] for each, at in zip(columns, places, strict=True))])
            for columns in (keys, others)
        )
        both = all_of(mine, theirs)
        once = mine[firsts(both) & (both != 0)]
        found.append(np.unique(once[shared(once)]))
    return np.concatenate(found)


def look_up(keys: Keys, others: Keys, at: Positions) -> Positions:
    """For each key the first of these positions of the others at which it stands, or -1."""
    found, theirs = np.full(len(keys), -1, dtype=np.intp), others[at]
    for own, other in _shares(keys, theirs):
        places = at[other]
        once = firsts(theirs[other])
        if len(places):
            index = pd.Index(theirs[other][once]).get_indexer(pd.Index(keys[own]))
            found[own] = np.where((index >= 0) & (keys[own] != 0), places[once][index], -1)
    return found


def _shares(*columns: Keys) -> Iterator[tuple[Positions | slice, ...]]:
    """The positions in each column of some of its keys at a time, of those that are alike all at once.

    What finds equal ones takes several times their own room, which of very many is too much.
    """
    count = 1 << (max(map(len, columns), default=0) // compact.MOST_WHOLE).bit_length()
    if count == 1:
        yield (slice(None),) * len(columns)
        return
    for share in range(count):
        yield tuple(np.flatnonzero((each & (count - 1)) == share) for each in columns)
