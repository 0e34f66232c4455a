"""The discrepancy report as one file that opens offline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from kbxt_merge.model.district import District
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.rule_card import RuleCard, Severity
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.report import glance
from kbxt_merge.outputs.report.charts import charts, drawing
from kbxt_merge.outputs.report.listing import listing
from kbxt_merge.outputs.report.matrix import Matrix, matrix
from kbxt_merge.outputs.report.privacy import Privacy
from kbxt_merge.outputs.report.register import Register
from kbxt_merge.outputs.report.selection import select
from kbxt_merge.outputs.report.template import render
from kbxt_merge.outputs.report.words import words

Changes = Mapping[str, Any]
"""What the ledger knows of the last round: counts `new`, `fixed`, `open`, `back`, and `confirmed`, a list of mappings
with `school`, `rule` (slug), `place`, `answer`."""

MOST_PLAIN = 2_000
"""Findings of the list that stands in for the script where that does not run."""


@dataclass
class Reports:
    """The reports of one run: the district's, and each school's.

    `verdicts` has the columns of files.csv; `run` is what run.json holds.
    """

    district: District
    findings: Findings
    catalogue: Mapping[str, RuleCard]
    verdicts: pd.DataFrame
    run: Mapping[str, Any]
    language: Language = "zh"
    unmasked: bool = False
    changes: Changes | None = None

    def write(self, path: Path) -> None:
        """The district's report."""
        frame, skipped = self.findings.frame, self.findings.skipped
        returned = matrix(self.district, frame, self.verdicts)
        page = self._page(frame, skipped, returned, None)
        said = words(self.language)
        register = Register.of(self.district)
        drawn = charts(returned, register, frame, self.catalogue, said, self.language)
        page |= {
            "charts": [(each, drawing(each)) for each in drawn],
            "register": register,
            "verdicts": glance.verdict_lines(self.verdicts),
            "account": self.run.get("account"),
            "settings": glance.settings_lines(self.run),
            "changes": self.changes,
        }
        path.write_text(render(page), encoding="utf-8")

    def write_school(self, school: str, path: Path) -> None:
        """A school's own report: its findings only."""
        frame = self.findings.frame.iloc[self._by_school.get(school, [])]
        skipped = self.findings.skipped
        own = skipped[skipped["school"] == school]
        path.write_text(render(self._page(frame, own, Matrix((), ()), school)), encoding="utf-8")

    @cached_property
    def _by_school(self) -> dict[str, Any]:
        return {str(school): at for school, at in self.findings.frame.groupby("school", sort=False).indices.items()}

    def _page(self, frame: pd.DataFrame, skipped: pd.DataFrame, matrix: Matrix, school: str | None) -> dict[str, Any]:
        district, language = self.district, self.language
        privacy = Privacy(self.unmasked)
        selection = select(frame, district.schools)
        data = listing(
            district, selection, frame, self.catalogue, language=language, privacy=privacy, only_school=school
        )
        said = words(language)
        shown = selection.frame.head(MOST_PLAIN)
        return {
            "language": language,
            "words": SimpleNamespace(**said),
            "school": school,
            "bureau": district.forms.bureau,
            "period": glance.period_name(district.period, language),
            "made": str(self.run.get("made", ""))[:16].replace("T", " "),
            "version": str(self.run.get("version", "")),
            "unmasked": self.unmasked,
            "matrix": matrix,
            "glance": glance.Glance.of(matrix),
            "totals": {each.value: int((frame["severity"] == each.value).sum()) for each in Severity},
            "forms": {slug: form.label.of(language) for slug, form in district.forms.by_slug.items()},
            "rules": glance.rule_lines(frame, self.catalogue, language),
            "unchecked": glance.unchecked_lines(skipped, district, self.catalogue, language),
            "selection": selection,
            "plain": _plain(shown, language, privacy),
            "data": {**data, "words": said, "school": school, "title": said["title"]},
            "severities": {each.value: each.words.of(language) for each in Severity},
            "charts": [],
            "register": None,
            "verdicts": [],
            "account": None,
            "settings": [],
            "changes": None,
        }


def _plain(frame: pd.DataFrame, language: Language, privacy: Privacy) -> list[dict[str, str]]:
    """The findings as the list without a script shows them."""
    columns = ["school", "file", "sheet", "cell", "severity", f"message_{language}"]
    named = frame[columns].rename(columns={f"message_{language}": "message"})
    return [{name: privacy.of_text(text) for name, text in row.items()} for row in named.to_dict("records")]  # type: ignore[misc]


def write_report(
    district: District,
    findings: Findings,
    catalogue: Mapping[str, RuleCard],
    verdicts: pd.DataFrame,
    run: Mapping[str, Any],
    path: Path,
    *,
    language: Language = "zh",
    unmasked: bool = False,
    changes: Changes | None = None,
) -> None:
    """Write the district's discrepancy report."""
    Reports(district, findings, catalogue, verdicts, run, language, unmasked, changes).write(path)


def write_school_report(
    school: str,
    district: District,
    findings: Findings,
    catalogue: Mapping[str, RuleCard],
    verdicts: pd.DataFrame,
    run: Mapping[str, Any],
    path: Path,
    *,
    language: Language = "zh",
    unmasked: bool = False,
    changes: Changes | None = None,
) -> None:
    """Write one school's report; for many, `Reports.write_school` prepares what they share once."""
    Reports(district, findings, catalogue, verdicts, run, language, unmasked, changes).write_school(school, path)
