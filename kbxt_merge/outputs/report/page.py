"""The discrepancy report as one file that opens offline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from kbxt_merge.model.change import Changes
from kbxt_merge.model.district import District
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.life import Life
from kbxt_merge.model.rule_card import RuleCard, Severity
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.report import glance
from kbxt_merge.outputs.report.charts import charts, drawing
from kbxt_merge.outputs.report.counts import Counts
from kbxt_merge.outputs.report.listing import Listing
from kbxt_merge.outputs.report.matrix import Matrix, matrix
from kbxt_merge.outputs.report.privacy import Privacy
from kbxt_merge.outputs.report.register import Register
from kbxt_merge.outputs.report.rows import Ends
from kbxt_merge.outputs.report.selection import Order, Selection
from kbxt_merge.outputs.report.template import render
from kbxt_merge.outputs.report.words import words

MOST_PLAIN = 2_000
"""Findings of the list that stands in for the script where that does not run."""

_DISTRICT_ONLY: Mapping[str, Any] = {"charts": [], "register": None, "verdicts": [], "account": None, "settings": []}
"""Parts of the template that a school's page leaves empty."""


@dataclass
class Reports:
    """The reports of one run: the district's, and each school's.

    `verdicts` has the columns of files.csv; `run` is what run.json holds; `changes` is None where no earlier round is
    known.
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
        selection = self._order.of_all()
        returned = matrix(self.district, self._counts, self._schools, self.verdicts)
        page = self._page(selection, self._counts, self.findings.skipped, returned, None)
        register = Register.of(self.district)
        page |= {
            "charts": [
                (each, drawing(each)) for each in charts(returned, page["rules"], register, words(self.language))
            ],
            "register": register,
            "verdicts": glance.verdict_lines(self.verdicts),
            "account": self.run.get("account"),
            "settings": glance.settings_lines(self.run),
        }
        path.write_text(render(page), encoding="utf-8")

    def write_school(self, school: str, path: Path) -> None:
        """A school's own report: its findings only."""
        skipped = self.findings.skipped
        own = skipped.iloc[self._skipped.get(school, [])]
        counts = self._counts_by_school.get(school, Counts({}))
        page = self._page(self._order.of_school(school), counts, own, Matrix((), ()), school)
        path.write_text(render(page), encoding="utf-8")

    @cached_property
    def _frame(self) -> pd.DataFrame:
        """The findings, and of each the state of its life and the day it was first seen; blank where unknown."""
        frame = self.findings.frame
        if self.changes is None:
            return frame.assign(life="", since="")
        lives = self.changes.lives.reindex(frame.index)
        return frame.assign(life=lives["life"].fillna(""), since=lives["first_seen"].fillna(""))

    @cached_property
    def _counts(self) -> Counts:
        return Counts.of(self._frame)

    @cached_property
    def _counts_by_school(self) -> dict[str, Counts]:
        return self._counts.by_school()

    @cached_property
    def _schools(self) -> list[str]:
        """The schools in their order, then names that only findings know, then none."""
        known = self.district.schools
        return [*known, *sorted(self._counts.names("school") - {*known, ""}), ""]

    @cached_property
    def _order(self) -> Order:
        return Order.of(self._frame, self._schools)

    def _changes(self, counts: Counts, school: str | None) -> list[tuple[str, str, int]]:
        """What this round changed: (slug, words, how many); what is fixed is known of the whole district only."""
        lives = counts.lives
        if self.changes and school is None:
            lives[Life.FIXED] = self.changes.fixed
        states = [each for each in Life if each is not Life.FIXED or school is None]
        return [(each.value, each.words.of(self.language), lives[each]) for each in states]

    @cached_property
    def _skipped(self) -> dict[str, Any]:
        return {str(school): at for school, at in self.findings.skipped.groupby("school").indices.items()}

    @cached_property
    def _ends(self) -> Ends:
        return Ends(self.district)

    def _page(
        self, selection: Selection, counts: Counts, skipped: pd.DataFrame, matrix: Matrix, school: str | None
    ) -> dict[str, Any]:
        """What the template of both kinds of page needs; the district's page adds its own."""
        privacy = Privacy(self.unmasked)
        schools = self._schools if school is None else [school]
        listing = Listing(self.district, self.catalogue, self._ends, self.language, privacy, school)
        said = words(self.language)
        tally = counts.tally
        return {
            **self._head(school),
            "words": SimpleNamespace(**said),
            "matrix": matrix,
            "glance": glance.Glance.of(matrix),
            "totals": dict(zip(Severity, (tally.errors, tally.warnings, tally.notes), strict=True)),
            "rules": counts.rule_lines(self.catalogue, self.language),
            "changes": self.changes and self._changes(counts, school),
            "unchecked": glance.unchecked_lines(skipped, self.district, self.catalogue, self.language),
            "selection": selection,
            "plain": _plain(selection.frame.head(MOST_PLAIN), self.language, privacy),
            "data": {
                **listing.data(selection, counts, schools),
                "words": said,
                "school": school,
                "title": said["title"],
            },
            **_DISTRICT_ONLY,
        }

    def _head(self, school: str | None) -> dict[str, Any]:
        """What a page says of itself."""
        district, language = self.district, self.language
        return {
            "language": language,
            "school": school,
            "bureau": district.forms.bureau,
            "period": glance.period_name(district.period, language),
            "made": str(self.run.get("made", ""))[:16].replace("T", " "),
            "version": str(self.run.get("version", "")),
            "unmasked": self.unmasked,
            "forms": {slug: form.label.of(language) for slug, form in district.forms.by_slug.items()},
            "severities": {each.value: each.words.of(language) for each in Severity},
        }


def _plain(frame: pd.DataFrame, language: Language, privacy: Privacy) -> list[dict[str, str]]:
    """The findings as the list without a script shows them."""
    names = ("school", "file", "sheet", "cell", "severity", "message")
    columns = [frame[name].tolist() for name in (*names[:-1], f"message_{language}")]
    return [dict(zip(names, map(privacy.of_text, row), strict=True)) for row in zip(*columns, strict=True)]
