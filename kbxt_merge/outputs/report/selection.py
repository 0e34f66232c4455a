"""Which findings a page holds, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kbxt_merge.model.rule_card import Severity

MOST = 25_000
"""Findings that a page holds in full; past it a browser tires, and a reader long before."""

_SHARES = (200, 100, 50, 20, 10, 5, 3, 2, 1)
_SEVERITY_RANKS = {each.value: rank for rank, each in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Selection:
    """The findings of a page, school by school, file by file, errors first.

    `frame` has FINDING_COLUMNS; `total` counts all findings there are; `share` is how many of each school, rule and
    severity are in `frame`, where not all are.
    """

    frame: pd.DataFrame
    total: int
    share: int | None = None


def select(findings: pd.DataFrame, schools: Sequence[str], most: int = MOST) -> Selection:
    """The findings of a page: all, or where they are too many the first of each school, rule and severity."""
    kept, share = findings, None
    if len(findings) > most:
        nth = findings.groupby(["school", "rule", "severity"], sort=False).cumcount()
        share = next((each for each in _SHARES if int((nth < each).sum()) <= most), 1)
        kept = _in_order(findings[nth < share], schools).head(most)
        return Selection(kept, len(findings), share)
    return Selection(_in_order(kept, schools), len(findings), share)


def _in_order(findings: pd.DataFrame, schools: Sequence[str]) -> pd.DataFrame:
    """School by school in the roster's order, file by file as found, errors first; what has no school comes last."""
    ranks = {name: rank for rank, name in enumerate(schools)}
    school = findings["school"].map(ranks).fillna(len(ranks)).to_numpy()
    file = pd.factorize(findings["file"])[0]
    severity = findings["severity"].map(_SEVERITY_RANKS).to_numpy()
    return findings.iloc[np.lexsort((np.arange(len(findings)), severity, file, school))]
