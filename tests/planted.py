"""What a merge finds in a fictional district, held against what was planted there."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kbxt_merge import merging
from kbxt_merge.merging import Progress
from kbxt_merge.model.merge_result import Checked
from kbxt_merge.outputs.data.record_files import record_addresses
from kbxt_merge.settings import load_settings

Found = tuple[str, str, str, str]
"""A finding as file, sheet, cell and rule; a cell of * is any cell of its sheet, a blank one any place of its file."""


@dataclass(frozen=True)
class Outcome:
    """What was missed, what was raised without cause, which records were lost or merged twice."""

    missed: list[Found]
    without_cause: list[Found]
    lost: Counter[tuple[str, ...]]
    without_source: Counter[tuple[str, ...]]


def examine(world: Path, period: str = "2021春", as_of: str = "2021-03-12") -> Checked:
    options = {"roster": str(world / "roster.xlsx"), "period": period, "as_of": as_of, "limits_seconds": 120.0}
    return merging.examine([world / "inbox"], load_settings(options, {}, world), Progress())


def outcome(world: Path, checked: Checked) -> Outcome:
    frame = checked.findings.frame
    found = [tuple(row) for row in frame[["file", "sheet", "cell", "rule", "severity"]].itertuples(index=False)]
    left, missed = found.copy(), []
    for name in ("truth.csv", "notes.csv"):
        for row in _rows(world / name):
            wanted = (row["file"], row["sheet"], row["cell"], row["rule"])
            hit = next((each for each in left if _is(each, wanted)), None)
            if hit:
                left.remove(hit)
            else:
                missed.append(wanted)
    want = Counter((row["form"], row["file"], row["sheet"], row["cell"]) for row in _rows(world / "records.csv"))
    got = _records(checked)
    return Outcome(missed, [each[:4] for each in left if each[4] != "info"], want - got, got - want)


def _is(found: tuple[str, ...], wanted: Found) -> bool:
    file, sheet, cell, rule = wanted
    same_place = not cell or (found[1] == sheet and cell in ("*", found[2]))
    return found[0] == file and found[3] == rule and same_place


def _records(checked: Checked) -> Counter[tuple[str, ...]]:
    counted: Counter[tuple[str, ...]] = Counter()
    for slug, records in checked.district.records.items():
        at = np.arange(len(records))
        places = zip(records.files(at), records.sheets(at), record_addresses(records, at), strict=True)
        counted.update((slug, *place) for place in places)
    return counted


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))
