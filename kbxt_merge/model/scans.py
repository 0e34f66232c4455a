"""The stamped scans (盖章扫描件) beside the workbooks: whose, and of which form, as far as their names say."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pandas as pd

from kbxt_merge.model.district import District
from kbxt_merge.model.returns import Kind
from kbxt_merge.model.verdict import Verdict

_KINDS = (Kind.PDF, Kind.IMAGE)


@dataclass(slots=True)
class Scans:
    """How many files each school sent as scans, and the (school, form) pairs that are ticked off.

    `files` leads from a scan's path to its school, blank where nothing names it, and the forms that it is of.
    """

    by_school: Counter[str] = field(default_factory=Counter)
    forms: set[tuple[str, str]] = field(default_factory=set)
    files: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    @classmethod
    def of(cls, district: District, verdicts: pd.DataFrame) -> Scans:
        """The scans among the files that are no returns."""
        found = cls()
        others = verdicts[verdicts["verdict"] == Verdict.OTHER]
        named = dict(zip(others["file"].astype(str), others["school"].astype(str), strict=True))
        for reading in district.readings:
            path = reading.file.path
            if reading.kind in _KINDS and path in named:
                found.add(named[path] or _school(path, district), path, district)
        return found

    def add(self, school: str, path: str, district: District) -> None:
        """Tick off a scan of a school."""
        named = tuple(form.slug for form in district.forms.forms if form.is_named_in(path))
        self.files[path] = (school, named)
        self.by_school[school] += 1
        self.forms |= {(school, slug) for slug in named}


def _school(path: str, district: District) -> str:
    school = district.roster.named_in(path) if district.roster else None
    return school.name if school else ""
