"""What a bureau chief asks first: who returned, how many children, what is left to do, and whether it all adds up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kbxt_merge.model.district import District
from kbxt_merge.model.period import Period
from kbxt_merge.model.rule_card import RuleCard, Severity
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.report.matrix import Matrix, State


@dataclass(frozen=True, slots=True)
class Glance:
    """Schools by how they stand: all, those of which something came, and of these the clean and those with errors."""

    schools: int
    returned: int
    clean: int
    with_errors: int

    @classmethod
    def of(cls, matrix: Matrix) -> Glance:
        """Count the schools of a matrix."""
        states = [each.state for each in matrix.schools]
        returned = [state for state in states if state is not State.MISSING]
        return cls(len(states), len(returned), returned.count(State.CLEAN), returned.count(State.ERRORS))


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule that found something: how often, and in how many schools."""

    slug: str
    title: str
    when: str
    severity: str
    count: int
    schools: int


def rule_lines(findings: pd.DataFrame, catalogue: Mapping[str, RuleCard], language: Language) -> list[RuleLine]:
    """The rules that found something, errors first, the most frequent first; a rule of two severities has two lines."""
    grouped = findings.groupby(["severity", "rule"], sort=False)["school"].agg(["size", "nunique"]).reset_index()
    lines = []
    for row in grouped.to_dict("records"):
        card = catalogue.get(row["rule"])
        title, when = (card.title.of(language), card.when.of(language)) if card else (row["rule"], "")
        lines.append(RuleLine(row["rule"], title, when, row["severity"], int(row["size"]), int(row["nunique"])))
    ranks = {each.value: rank for rank, each in enumerate(Severity)}
    return sorted(lines, key=lambda each: (ranks[each.severity], -each.count, each.slug))


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A rule that could not be carried out on some cells of a field."""

    title: str
    form: str
    field: str
    schools: int
    count: int


def unchecked_lines(
    skipped: pd.DataFrame, district: District, catalogue: Mapping[str, RuleCard], language: Language
) -> list[Unchecked]:
    """What was not checked, by rule, form and field."""
    keys = ["rule", "form", "field"]
    grouped = skipped.groupby(keys, sort=False).agg(schools=("school", "nunique"), count=("count", "sum"))
    lines = []
    for row in grouped.reset_index().to_dict("records"):
        card, form = catalogue.get(row["rule"]), district.forms.by_slug.get(row["form"])
        field = form.by_name.get(row["field"]) if form else None
        label = field.label.of(language) if field else row["field"]
        title = card.title.of(language) if card else row["rule"]
        lines.append(Unchecked(title, row["form"], label, int(row["schools"]), int(row["count"])))
    return sorted(lines, key=lambda each: -each.count)


def period_name(period: Period, language: Language) -> str:
    """The period as a title says it: 2021年春季学期."""
    if not period.term:
        return f"{period.year}年{period.month}月" if language == "zh" else period.label
    if language == "zh":
        return f"{period.year}年{period.term}季学期"
    return f"{'spring' if period.term == '春' else 'autumn'} term {period.year}"


def verdict_lines(verdicts: pd.DataFrame) -> list[tuple[str, int]]:
    """How many files met each verdict."""
    return [(str(name), int(count)) for name, count in verdicts["verdict"].value_counts().items()]


def settings_lines(run: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The settings of a run, as text."""
    settings = run.get("settings") or {}
    return [(str(name), "" if value is None else str(value)) for name, value in settings.items()]
