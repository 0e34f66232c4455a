"""Which findings a page holds, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kbxt_merge.model.district import Positions
from kbxt_merge.model.rule_card import Severity

MOST = 25_000
"""Findings that a page holds in full; past it a browser tires, and a reader long before."""

_SHARES = (200, 100, 50, 20, 10, 5, 3, 2, 1)
_SEVERITIES = [each.value for each in Severity]


@dataclass(frozen=True, slots=True)
class Selection:
    """The findings of a page, school by school, file by file, errors first.

    `frame` has FINDING_COLUMNS; `total` counts all findings there are; `share` is how many of each school, rule and
    severity are in `frame`, where not all are.
    """

    frame: pd.DataFrame
    total: int
    share: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """All findings in the order of the pages: `positions` in their frame, and the rank of each one's school, sorted."""

    findings: pd.DataFrame
    schools: Sequence[str]
    positions: Positions
    ranks: Positions

    @classmethod
    def of(cls, findings: pd.DataFrame, schools: Sequence[str]) -> Order:
        """School by school as in `schools`, file by file as found, errors first."""
        school = codes(findings["school"], schools)
        file = pd.factorize(findings["file"])[0]
        severity = codes(findings["severity"], _SEVERITIES)
        positions = np.lexsort((np.arange(len(findings)), severity, file, school))
        return cls(findings, schools, positions, school[positions])

    def of_school(self, school: str, most: int = MOST) -> Selection:
        """The findings of a school."""
        if school not in self.schools:
            return Selection(self.findings.iloc[:0], 0)
        rank = self.schools.index(school)
        first, end = np.searchsorted(self.ranks, [rank, rank + 1])
        return self._selected(self.positions[first:end], most)

    def of_all(self, most: int = MOST) -> Selection:
        """The findings of all schools."""
        return self._selected(self.positions, most)

    def _selected(self, positions: Positions, most: int) -> Selection:
        """These findings, or where they are too many the first of each school, rule and severity."""
        total = len(positions)
        if total <= most:
            return Selection(self.findings.iloc[positions], total)
        keys = ["school", "rule", "severity"]
        nth = self.findings.groupby(keys, sort=False).cumcount().to_numpy()[positions]
        share = next((each for each in _SHARES if int((nth < each).sum()) <= most), 1)
        return Selection(self.findings.iloc[positions[nth < share][:most]], total, share)


def codes(column: pd.Series, known: Sequence[str]) -> Positions:
    """Where each text of a column stands among the known ones; -1 where it does not."""
    place = {text: position for position, text in enumerate(known)}
    return np.array([place.get(text, -1) for text in column], dtype=np.intp)
