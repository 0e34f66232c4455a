"""How often a child was out of school: a ledger has a record for each time, from dropping out to coming back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kbxt_merge.model.child import Children, Days
from kbxt_merge.model.district import Flags
from kbxt_merge.model.keys import shared
from kbxt_merge.rules.children.matching import MOST_ALIKE, children
from kbxt_merge.rules.engine.rule import Context


@dataclass(frozen=True)
class Spells:
    """The times that a ledger's children were out: since when (the first and the last day meant), and till when.

    A day that is not said is NaT. `judged` flags the records whose days could be read or are blank.
    """

    children: Children
    since: Days
    since_last: Days
    till: Days
    judged: Flags

    @property
    def unsure(self) -> Flags:
        """The records of whose child another stands there, and of which nobody can tell when it was out."""
        return ~self.judged & shared(self.children.by_name)

    @property
    def repeated(self) -> dict[int, list[int]]:
        """For each record that stands there again, the other records of the same child and the same time."""
        found: dict[int, list[int]] = {}
        for row, other in self._pairs():
            if not (self._comes_after(row, other) or self._comes_after(other, row)):
                found.setdefault(row, []).append(other)
        return found

    @property
    def left_again(self) -> Flags:
        """The records of a return after which the same child dropped out anew."""
        flags = np.zeros(len(self.children), dtype=bool)
        for row, other in self._pairs():
            flags[row] |= self._comes_after(row, other)
        return flags

    def _pairs(self) -> Iterator[tuple[int, int]]:
        """Every two records under one school and name that may be one child, either way round; of very many, those that
        stand near each other."""
        keys = np.where(self.judged, self.children.by_name, 0)
        again = np.flatnonzero(shared(keys))
        for rows in pd.Series(again).groupby(keys[again], sort=False).apply(list):
            told = [(row, self.children.child(row)) for row in rows]
            reach = MOST_ALIKE if len(told) <= MOST_ALIKE else MOST_ALIKE // 2
            for at, (row, child) in enumerate(told):
                near = told[max(0, at - reach) : at + reach + 1]
                yield from ((row, other) for other, its in near if other != row and child.may_be(its))

    def _comes_after(self, row: int, other: int) -> bool:
        """Tell whether the other record's child dropped out after the return that this one tells of."""
        return bool(self.since[other] != self.since[row] and self.since_last[other] > self.till[row])


def spells(context: Context, since: str | None, till: str | None) -> Spells:
    """The times that the fields `since` and `till` of a form tell of; without these it knows of one time a child."""
    records = context.records
    unknown = np.full(len(records), np.datetime64("NaT", "D"))

    def days(name: str | None) -> Days:
        return records.values[name].to_numpy(dtype="datetime64[D]") if name else unknown

    return Spells(
        children=children(context.work, records.form.slug),
        since=days(since),
        since_last=records.last_days[since].astype("datetime64[D]") if since else unknown,
        till=days(till),
        judged=~context.unsound(*(name for name in (since, till) if name)),
    )
