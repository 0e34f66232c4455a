"""How many children came back of whom no ledger says who: only the statistics count them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kbxt_merge.model.district import District, Flags, Records
from kbxt_merge.model.earlier import Earlier
from kbxt_merge.model.period import Period
from kbxt_merge.model.relations import Returns, Statistics
from kbxt_merge.rules.checks.periods import counts_then


def brought_back_unnamed(
    district: District, earlier: Earlier, statistics: Statistics, returns: Returns
) -> Mapping[str, int]:
    """How many children each school brought back this month besides those whom its ledger names, as its counts say.

    They count from the term's beginning: what stood there last month is taken off, unless that was another term.
    """
    named = statistics.counts.get(returns.form, ())
    if not (statistics.brought_back and named):
        return {}
    same_term = Period.of(earlier.period.first) == Period.of(district.period.first)
    records, then = district.records[statistics.form], earlier.last[statistics.form]
    signs = {statistics.brought_back: 1, **dict.fromkeys(named, -1)}
    read = np.logical_and.reduce([_read(records, name) for name in signs])
    months = np.zeros(len(records), dtype=np.int64)
    for name, sign in signs.items():
        before = counts_then(then, name)[0] if same_term else {}
        now = records.values[name].fillna(0).to_numpy(dtype=np.int64)
        months += sign * (now - np.array([int(before.get(school, 0)) for school in records.school], dtype=np.int64))
    pairs = zip(records.school[read], months[read].tolist(), strict=True)
    return {school: count for school, count in pairs if count > 0}


def _read(records: Records, name: str) -> Flags:
    read: Flags = records.values[name].notna().to_numpy(dtype=bool) & ~records.bears_error(name)
    return read
