"""RESULTS.md: a table and a bar chart a case, as text that reads the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from measured import Measured

WIDTH = 48
"""Characters of the longest bar."""


@dataclass(frozen=True, slots=True)
class Column:
    """One contender: the medians of its runs, and the seconds of its stages where it tells them."""

    title: str
    measured: Measured
    stages: Mapping[str, float]


def page(machine: str, rounds: int, tables: Mapping[str, Sequence[Column]], profile: str) -> str:
    parts = [
        "# What was measured",
        "",
        "Written by `python benchmarks/run.py`; what it measures and against what is told there and in docs/scale.md.",
        f"{machine} Medians of {rounds} rounds, each contender in turn.",
        "",
    ]
    for title, columns in tables.items():
        parts += [f"## {title}", "", *_table(columns), "", *_chart(columns), "", *_stages(columns)]
    if profile:
        parts += ["## Where the main process spends its time", "", profile, ""]
    return "\n".join(parts)


def _table(columns: Sequence[Column]) -> list[str]:
    ours = columns[0].measured
    head = ["| | s | s of work | of ours, by the clock | of ours, by work | peak MB |", "|---|--:|--:|--:|--:|--:|"]
    return head + [
        f"| {each.title} | {each.measured.seconds:.1f} | {each.measured.work:.1f} "
        f"| {each.measured.seconds / ours.seconds:.2f} | {each.measured.work / ours.work:.2f} "
        f"| {each.measured.peak:.0f} |"
        for each in columns
    ]


def _chart(columns: Sequence[Column]) -> list[str]:
    longest = max(each.measured.work for each in columns)
    bars = [
        f"{each.title:<15} {'█' * max(1, round(each.measured.work / longest * WIDTH))} {each.measured.work:.1f}"
        for each in columns
    ]
    return ["```", "seconds of work", *bars, "```"]


def _stages(columns: Sequence[Column]) -> list[str]:
    told = [
        f"Stages of {each.title}, by the clock: {', '.join(f'{name} {s:.1f} s' for name, s in each.stages.items())}."
        for each in columns
        if each.stages
    ]
    return [line for each in told for line in (each, "")]
