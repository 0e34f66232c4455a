"""Which findings a page holds, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kbxt_merge.model.district import Positions
from kbxt_merge.model.rule import Severity

MOST = 25_000
"""Findings that a page holds in full; past it a browser tires, and a reader long before."""

_SHARES = (200, 100, 50, 20, 10, 5, 3, 2, 1)
_SEVERITIES = [each.value for each in Severity]


Columns = Mapping[str, Sequence[Any]]
"""Findings as plain lists, one a column: a page is a stretch of them."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The findings of a page, school by school, file by file, errors first.

    `columns` has FINDING_COLUMNS, and `message`; `total` counts all findings there are; `share` is how many of each
    school, rule and severity are in `columns`, where not all are.
    """

    columns: Columns
    total: int
    share: int | None = None


@dataclass(frozen=True)
class Order:
    """All findings in the order of the pages: `ranks` are the places of their schools among `schools`, so sorted."""

    columns: Columns
    ranks: Positions
    schools: Mapping[str, int]

    @classmethod
    def of(cls, findings: pd.DataFrame, schools: Sequence[str]) -> Order:
        """School by school as in `schools`, file by file as found, errors first."""
        school = codes(findings["school"], schools)
        file = pd.factorize(findings["file"])[0]
        severity = codes(findings["severity"], _SEVERITIES)
        positions = np.lexsort((np.arange(len(findings)), severity, file, school))
        columns = {str(name): column.to_numpy()[positions].tolist() for name, column in findings.items()}
        return cls(columns, school[positions], {name: place for place, name in enumerate(schools)})

    def of_school(self, school: str, most: int = MOST) -> Selection:
        """The findings of a school."""
        rank = self.schools.get(school)
        first, end = (0, 0) if rank is None else np.searchsorted(self.ranks, [rank, rank + 1]).tolist()
        return _selected({name: column[first:end] for name, column in self.columns.items()}, most)

    def of_all(self, most: int = MOST) -> Selection:
        """The findings of all schools."""
        return _selected(self.columns, most)


def _selected(columns: Columns, most: int) -> Selection:
    """These findings, or where they are too many the first of each school, rule and severity."""
    total = len(columns["school"])
    if total <= most:
        return Selection(columns, total)
    keys = ["school", "rule", "severity"]
    nth = pd.DataFrame({name: columns[name] for name in keys}).groupby(keys, sort=False).cumcount().to_numpy()
    share = next((each for each in _SHARES if int((nth < each).sum()) <= most), 1)
    kept = np.flatnonzero(nth < share)[:most].tolist()
    return Selection({name: [column[at] for at in kept] for name, column in columns.items()}, total, share)


def codes(column: Iterable[str], known: Sequence[str]) -> Positions:
    """Where each text of a column stands among the known ones; -1 where it does not."""
    place = {text: position for position, text in enumerate(known)}
    return np.array([place.get(text, -1) for text in column], dtype=np.intp)
