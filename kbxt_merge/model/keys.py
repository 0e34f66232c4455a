"""Columns of texts as one column of numbers, so that what is alike in all of them is found by comparing numbers.

A number is Python's own hash of the texts: 64 bits, keyed anew in each process.  Within one process numbers can be
compared, whatever records they are of; they are never kept nor told, and their order means nothing.  Among 15,000
records any two that differ share a number with a chance of 1e-11, among 600,000 with one of 1e-8.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from kbxt_merge.model.district import Flags, Positions, TextColumn, Texts

Keys = npt.NDArray[np.int64]
"""One number a record; 0 where it has no key."""


def keys_of(*columns: TextColumn) -> Keys:
    """One number for what stands in these columns, a row a record; of no columns one that is the same for all."""
    rows = zip(*(each.tolist() for each in columns), strict=True)
    return np.fromiter(map(hash, rows), dtype=np.int64, count=len(columns[0]))


def shared(keys: Keys) -> Flags:
    """Which of these keys stand there more than once."""
    again: Flags = pd.Index(keys).duplicated(keep=False) & (keys != 0)
    return again


def firsts(keys: Keys) -> Flags:
    """Where each of these numbers stands for the first time."""
    return ~pd.Index(keys).duplicated()


def is_among(keys: Keys | Texts, others: Keys | Texts) -> Flags:
    """For each key, or text, whether it is one of the others."""
    found: Flags = pd.Series(keys, dtype=keys.dtype).isin(others).to_numpy(dtype=bool, copy=True)
    return found


def look_up(keys: Keys, others: Keys, at: Positions) -> Positions:
    """For each key the first of these positions of the others at which it stands, or -1."""
    if not len(at):
        return np.full(len(keys), -1, dtype=np.intp)
    theirs = others[at]
    first = firsts(theirs)
    found = pd.Index(theirs[first]).get_indexer(pd.Index(keys))
    return np.where((found >= 0) & (keys != 0), at[first][found], -1).astype(np.intp)
