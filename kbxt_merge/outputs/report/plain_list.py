"""The list that stands in for the script where that does not run."""

from __future__ import annotations

from dataclasses import dataclass

from kbxt_merge.outputs.report.legend import Legend
from kbxt_merge.outputs.report.selection import Selection
from kbxt_merge.outputs.report.shown import Shown

MOST = 2_000
"""Findings that are listed."""

Line = tuple[str, str, str]
"""A finding: its place, severity and message."""


@dataclass(frozen=True, slots=True)
class Plain:
    """The first findings of a page, by school in the order of names; `count` says how many."""

    groups: list[tuple[str, list[Line]]]
    count: int

    @classmethod
    def of(cls, selection: Selection, legend: Legend, shown: Shown) -> Plain:
        """List what was selected."""
        names = ("school", "severity", f"message_{legend.language}", "file", "sheet", "cell")
        columns = (selection.columns[name][:MOST] for name in names)
        groups: dict[str, list[Line]] = {}
        count = 0
        for school, severity, message, *place in zip(*map(shown.text.all, columns), strict=True):
            line = (" › ".join(filter(None, place)), legend.severities[severity], message)
            groups.setdefault(school, []).append(line)
            count += 1
        return cls(sorted(groups.items(), key=lambda group: group[0].lower()), count)
