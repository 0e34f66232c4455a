"""Charts where a look beats a table: what they count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from kbxt_merge.model.child import Children
from kbxt_merge.model.district import District
from kbxt_merge.model.field import Field
from kbxt_merge.model.privacy import MASKED
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import allowed_in_xml
from kbxt_merge.outputs.report.counts import RuleLine
from kbxt_merge.outputs.report.matrix import Matrix


@dataclass(frozen=True)
class Register:
    """`frame` has `school`, `type` and `category`, one row a child; blank where the type or category could not be read.

    `repeated` are the records of children who stand there already: with them the rows are all records of the form.
    """

    types: tuple[str, ...]
    categories: tuple[str, ...]
    dropped_out: tuple[str, ...]
    frame: pd.DataFrame
    repeated: int = 0

    @classmethod
    def of(cls, district: District) -> Register | None:
        """The register of the form that the bureau declares to be it; None where there is none."""
        declared = district.forms.relations.dropouts
        if declared is None:
            return None
        records = district.records[declared.form]
        types, categories = (_values(records.form.by_name[name]) for name in (declared.registration, declared.category))
        shown = {"type": records.shown[declared.registration], "category": records.shown[declared.category]}
        frame = pd.DataFrame(shown).assign(school=records.school).reset_index(drop=True)
        frame["type"] = frame["type"].where(frame["type"].isin(types), "")
        frame["category"] = frame["category"].where(frame["category"].isin(categories), "")
        each_once = frame.loc[Children.of(records).at(frame.index.to_numpy()).first_of_each]
        return cls(types, categories, declared.dropped_out, each_once, len(frame) - len(each_once))

    @cached_property
    def has_unknown_category(self) -> bool:
        """Whether the category of some child could not be read."""
        return bool((self.frame["category"] == "").any())

    @property
    def dropouts(self) -> pd.DataFrame:
        """Those who dropped out, of a category that is known."""
        return self.frame[self.frame["type"].isin(self.dropped_out) & (self.frame["category"] != "")]

    @cached_property
    def lines(self) -> list[tuple[str, list[int]]]:
        """Per kind of registration how many of each category, and in all; what could not be read stands last, and only
        where there is some."""
        counted = self.frame.groupby(["type", "category"]).size()
        categories = [*self.categories, *([""] if self.has_unknown_category else [])]
        lines = []
        for kind in (*self.types, ""):
            counts = [int(counted.get((kind, category), 0)) for category in categories]
            if kind or any(counts):
                lines.append((kind, [*counts, sum(counts)]))
        return lines

    @property
    def sums(self) -> list[int]:
        """The line below them: with what is repeated, all records of the form."""
        return [sum(column) for column in zip(*(counts for _, counts in self.lines), strict=True)]


def _values(field: Field) -> tuple[str, ...]:
    return field.vocabulary.values if field.vocabulary else ()


MOST_BARS = 12


@dataclass(frozen=True, slots=True)
class Chart:
    """Stacked bars from left to right: a label a bar, the longest first, and a value a bar in each series.

    `dress` says whether the series are severities or categories: the page has a set of patterns for each.
    """

    title: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[int, ...]], ...]
    dress: str = "severities"

    @property
    def told(self) -> str:
        """The chart in words, for those who hear the page."""
        bars = (
            f"{label}: " + ", ".join(f"{name} {values[at]}" for name, values in self.series if values[at])
            for at, label in enumerate(self.labels)
        )
        return "; ".join(bars)


def charts(
    matrix: Matrix, lines: Sequence[RuleLine], register: Register | None, words: Mapping[str, str]
) -> list[Chart]:
    """The charts that have something to show."""
    drawn = [_by_rule(lines, words), _by_school(matrix, words), _dropouts(register, words)]
    return [each for each in drawn if each.labels]


def _by_rule(lines: Sequence[RuleLine], words: Mapping[str, str]) -> Chart:
    frame = pd.DataFrame(
        [(each.title, each.severity, each.count) for each in lines if each.severity != Severity.INFO],
        columns=["title", "severity", "count"],
    )
    order = [Severity.ERROR.value, Severity.WARNING.value]
    counted = frame.groupby(["title", "severity"])["count"].sum().unstack(fill_value=0)
    counted = _longest(counted.reindex(columns=order, fill_value=0))
    return _chart(words["chart_rules"], list(counted.index), counted, [words["errors"], words["warnings"]])


def _by_school(matrix: Matrix, words: Mapping[str, str]) -> Chart:
    frame = pd.DataFrame(
        [(each.tally.errors, each.tally.warnings) for each in matrix.schools],
        index=[each.school for each in matrix.schools],
        columns=["errors", "warnings"],
    )
    worst = frame[frame["errors"] > 0].sort_values("errors", ascending=False, kind="stable").head(MOST_BARS)
    return _chart(words["chart_schools"], list(worst.index), worst, [words["errors"], words["warnings"]])


def _dropouts(register: Register | None, words: Mapping[str, str]) -> Chart:
    if register is None:
        return Chart(words["chart_dropouts"], (), ())
    counted = _counted(register.dropouts, "school", "category", register.categories)
    return _chart(words["chart_dropouts"], list(counted.index), counted, register.categories, "categories")


def _counted(frame: pd.DataFrame, bars: str, series: str, order: Sequence[str]) -> pd.DataFrame:
    """Count how often each series occurs in each bar; the longest bars, the longest first."""
    counted = frame.groupby([bars, series], sort=True).size().unstack(fill_value=0)
    return _longest(counted.reindex(columns=list(order), fill_value=0))


def _longest(counted: pd.DataFrame) -> pd.DataFrame:
    return counted.loc[counted.sum(axis=1).sort_values(ascending=False, kind="stable").index].head(MOST_BARS)


def _chart(
    title: str, labels: Sequence[Any], counted: pd.DataFrame, names: Sequence[str], dress: str = "severities"
) -> Chart:
    series = tuple((name, tuple(counted.iloc[:, at].astype(int))) for at, name in enumerate(names))
    return Chart(title, tuple(allowed_in_xml(MASKED.text[str(each)]) or "?" for each in labels), series, dress)
