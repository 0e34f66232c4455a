"""The discrepancy report as one file that opens offline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
from markupsafe import Markup

from kbxt_merge.model.aims import Aims
from kbxt_merge.model.district import District
from kbxt_merge.model.explained import explained
from kbxt_merge.model.finding import SKIP_COLUMNS, Findings
from kbxt_merge.model.merge_result import unread_files
from kbxt_merge.model.overview import RoundCounts
from kbxt_merge.model.privacy import MASKED, Privacy
from kbxt_merge.model.round import Changes, Fixed, Life
from kbxt_merge.model.rule import RuleCard, RuleExample, Severity
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.report import glance
from kbxt_merge.outputs.report.business import AimsPart, RegistersPart, troubled
from kbxt_merge.outputs.report.charts import Register, charts, drawing
from kbxt_merge.outputs.report.counts import Counts
from kbxt_merge.outputs.report.encoded import joined
from kbxt_merge.outputs.report.fixed import FixedLine, fixed_lines
from kbxt_merge.outputs.report.legend import Legend
from kbxt_merge.outputs.report.listing import Listing, Plain
from kbxt_merge.outputs.report.masked import Shown
from kbxt_merge.outputs.report.matrix import matrix
from kbxt_merge.outputs.report.rows import Ends
from kbxt_merge.outputs.report.selection import Order, Selection
from kbxt_merge.outputs.report.template import compile_templates, page_around, part

_SECTIONS = ("aims", "matrix", "charts", "registers", "rules", "findings", "not_checked", "account")
_OPTIONAL = frozenset({"aims", "charts", "registers"})
_SCHOOL = SKIP_COLUMNS.index("school")


@dataclass
class Reports:
    """The reports of one run: the district's, and each school's.

    `verdicts` has the columns of files.csv; `run` is what run.json holds; `changes` is None where no earlier round is
    known. `aims` are the notice's, `trend` a line a round, for the district's report.
    `examples` show what rules find.
    """

    district: District
    findings: Findings
    catalogue: Mapping[str, RuleCard]
    verdicts: pd.DataFrame
    run: Mapping[str, Any]
    language: Language = "zh"
    unmasked: bool = False
    changes: Changes | None = None
    aims: Aims | None = None
    trend: Sequence[RoundCounts] = ()
    examples: Mapping[str, RuleExample] = field(default_factory=dict)

    def prepare(self) -> None:
        """Work out what all reports share: copies of this process that are made later need not do it again."""
        compile_templates()
        for shared in ("_order", "_counts_by_school", "_skipped", "_legend", "_ends", "_masked", "_how_by_rule"):
            getattr(self, shared)
        self._masked.parted.look_at(self._listed.columns["message"])

    def for_schools(self) -> Reports:
        """As much of it as schools' reports need, with all that was worked out."""
        slim = copy(self)
        slim.district = replace(self.district, references=None, earlier=None)
        return slim

    def for_district(self, aims: Aims | None, trend: Sequence[RoundCounts], *, unmasked: bool) -> Reports:
        """The same with what only the district's report tells, and with all that was worked out."""
        whole = copy(self)
        whole.aims, whole.trend, whole.unmasked = aims, trend, unmasked
        return whole

    def write(self, path: Path, not_made: Sequence[tuple[str, str]] = ()) -> None:
        """The district's report; `not_made` are files and schools, and what could not be made for them."""
        counts, language = self._counts, self.language
        returned = matrix(self.district, counts, self._schools, self.verdicts)
        rules = counts.rule_lines(self.catalogue, language)
        register = Register.of(self.district)
        skipped = [line for lines in self._skipped.values() for line in lines]
        privacy = Privacy(unmasked=True) if self.unmasked else MASKED
        selection = self._ordered(privacy).of_all() if self.unmasked else self._listed
        shown = Shown(privacy) if self.unmasked else self._masked
        page = self._page(selection, counts, skipped, None)
        page |= {
            "matrix": returned,
            "glance": glance.Glance.of(returned),
            "rules": rules,
            "charts": [(each, drawing(each)) for each in charts(returned, rules, register, self._legend.words)],
            "register": register,
            "off": [
                *((each.feature.words.of(language), each.why(language)) for each in self.district.forms.relations.off),
                *((each.what.of(language), each.why.of(language)) for each in self.district.gaps),
            ],
            "verdicts": glance.verdict_lines(self.verdicts),
            "not_made": not_made,
            "account": self.run.get("account"),
            "settings": glance.settings_lines(self.run),
            "unmasked": self.unmasked,
            "trend": self.trend,
            "most_open": max((each.open for each in self.trend), default=0),
            "unreadable": unread_files(self.verdicts),
            "aims": self.aims and AimsPart(self.aims, language),
            "registers": self.district.references and RegistersPart(self.district, self.findings.comparison, language),
            "troubled": troubled(self.district, language),
            "shown_text": privacy.text.__getitem__,
        }
        page["sections"] = [name for name in _SECTIONS if name not in _OPTIONAL or page[name]]
        data = self._data(selection, counts, shown, None)
        path.write_bytes(page_around(data, "report.html", page, privacy))

    def write_school(self, school: str, path: Path) -> None:
        """A school's own report: its findings only, masked whatever the district's shows."""
        selection = self._order.of_school(school)
        counts = self._counts_by_school.get(school, Counts({}))
        page = self._page(selection, counts, self._skipped.get(school, []), school)
        data = self._data(selection, counts, self._masked, school)
        path.write_bytes(page_around(data, "report-school.html", {**page, "unmasked": False}))

    def facts_of(self, school: str) -> dict[str, Any]:
        """What a school's report is made of, besides the cells of the rows that its findings stand in."""
        selection, counts = self._order.of_school(school), self._counts_by_school.get(school, Counts({}))
        return {
            "columns": selection.columns,
            "cut": (selection.total, selection.share),
            "counts": counts.cells,
            "changes": self.changes and self._changes(counts, school),
            "fixed": (self._fixed_lines(school), len(self._fixed(school))),
            "skipped": self._skipped.get(school, []),
        }

    @property
    def made(self) -> str:
        """The moment of the run, as pages tell it."""
        return str(self.run.get("made", ""))[:16].replace("T", " ")

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
        return self._ordered(MASKED)

    @cached_property
    def _listed(self) -> Selection:
        """What the district's report lists, masked."""
        return self._order.of_all()

    def _ordered(self, privacy: Privacy) -> Order:
        """The findings in their order, each with its `message`; in a masked one it is that of all outputs."""
        forms, frame = self.district.forms, self._frame
        if privacy is MASKED:
            return Order.of(frame.assign(message=self.findings.sentences(forms, self.language)), self._schools)
        told = self.findings.wording(forms, self.language, privacy).sentences(frame)
        return Order.of(frame.assign(message=told), self._schools)

    def _changes(self, counts: Counts, school: str | None) -> list[tuple[str, str, int]]:
        """What this round changed: (slug, words, how many)."""
        lives = counts.lives
        lives[Life.FIXED] = len(self._fixed(school))
        return [(each.value, each.words.of(self.language), lives[each]) for each in Life]

    def _fixed(self, school: str | None) -> Sequence[Fixed]:
        """What the last round found and this one no longer does, of a school or of all."""
        every = self.changes.fixed if self.changes else ()
        return [each for each in every if school in (None, each.school)]

    def _fixed_lines(self, school: str | None) -> list[FixedLine]:
        return fixed_lines(self._fixed(school), self._schools, self.catalogue, self.language)

    @cached_property
    def _skipped(self) -> dict[str, list[glance.Skip]]:
        """What was not checked, by school."""
        by_school: dict[str, list[glance.Skip]] = {}
        for line in self.findings.skipped[list(SKIP_COLUMNS)].itertuples(index=False, name=None):
            by_school.setdefault(line[_SCHOOL], []).append(line)
        return by_school

    @cached_property
    def _legend(self) -> Legend:
        return Legend(self.district.forms, self.catalogue, self.language)

    @cached_property
    def _ends(self) -> Ends:
        return Ends(self.district)

    @cached_property
    def _masked(self) -> Shown:
        """What schools are shown, kept from one school's page to the next."""
        return Shown(MASKED)

    def _page(
        self, selection: Selection, counts: Counts, skipped: list[glance.Skip], school: str | None
    ) -> dict[str, Any]:
        """Gather what the template of both kinds of page needs; the district's page adds its own."""
        tally = counts.tally
        return {
            **self._head,
            "school": school,
            "off": [],
            "troubled": [],
            "totals": dict(zip(Severity, (tally.errors, tally.warnings, tally.notes), strict=True)),
            "changes": self.changes and self._changes(counts, school),
            "fixed": self._fixed_lines(school),
            "all_fixed": len(self._fixed(school)),
            "unchecked": glance.unchecked_lines(skipped, self.district, self.catalogue, self.language),
            "selection": selection,
            "how": self._how(counts),
            "plain": Plain.of(selection, self._legend),
        }

    def _data(self, selection: Selection, counts: Counts, shown: Shown, school: str | None) -> bytes:
        """Gather what the script of a page needs."""
        schools = self._schools if school is None else [school]
        listing = Listing(self.district, self._legend, self._ends, shown)
        return joined(listing.data(selection, counts, schools, school), self._legend.data)

    def _how(self, counts: Counts) -> list[Markup]:
        """How to put right what a page lists, by rule."""
        asking = {line.slug for line in counts.rule_lines(self.catalogue, self.language) if not line.is_note}
        return [self._how_by_rule[slug] for slug in self.catalogue if slug in asking and slug in self._how_by_rule]

    @cached_property
    def _how_by_rule(self) -> Mapping[str, Markup]:
        """How to put right what each rule finds, as all pages say it."""
        found, words = self._counts.names("rule"), self._head["words"]
        rules = (slug for slug in self.catalogue if slug in found)
        return {
            slug: part("report-how.html", {"each": each, "words": words})
            for slug, each in explained(rules, self.catalogue, self.examples, self.language).items()
        }

    @cached_property
    def _head(self) -> dict[str, Any]:
        """What a page says of itself."""
        district, language = self.district, self.language
        return {
            "language": language,
            "bureau": district.forms.bureau,
            "period": district.period.words.of(language),
            "made": self.made,
            "version": str(self.run.get("version", "")),
            "forms": self._legend.titles,
            "severities": self._legend.severities,
            "words": SimpleNamespace(**self._legend.words),
        }
