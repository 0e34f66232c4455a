"""What a bureau chief asks first: who returned, how many children, what is left to do, and whether it all adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kbxt_merge.model.district import District
from kbxt_merge.model.rule import RuleCard
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.report.matrix import Matrix, State

Skip = tuple[str, str, str, str, int]
"""What was not checked: SKIP_COLUMNS in their order."""


@dataclass(frozen=True, slots=True)
class Glance:
    """Schools by how they stand: all, those of which something came, and of these the clean and those with errors.

    `strangers` are the names that the roster does not have.
    """

    schools: int
    returned: int
    clean: int
    with_errors: int
    strangers: int

    @classmethod
    def of(cls, matrix: Matrix) -> Glance:
        """Count the schools of a matrix."""
        states = [each.state for each in matrix.listed if each.state is not State.NOT_OWED]
        returned = [state for state in states if state is not State.MISSING]
        strangers = len(matrix.schools) - len(matrix.listed)
        return cls(len(states), len(returned), returned.count(State.CLEAN), returned.count(State.ERRORS), strangers)


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A rule that could not be carried out on some cells of a field."""

    title: str
    form: str
    field: str
    schools: int
    count: int


def unchecked_lines(
    skipped: Iterable[Skip], district: District, catalogue: Mapping[str, RuleCard], language: Language
) -> list[Unchecked]:
    """What was not checked, by rule, form and field."""
    counts: Counter[tuple[str, str, str]] = Counter()
    schools: dict[tuple[str, str, str], set[str]] = {}
    for rule, slug, field, school, count in skipped:
        counts[rule, slug, field] += count
        schools.setdefault((rule, slug, field), set()).add(school)
    lines = []
    for (rule, slug, field), count in counts.items():
        form, card = district.forms.by_slug.get(slug), catalogue.get(rule)
        known = form.by_name.get(field) if form else None
        title = card.title.of(language) if card else rule
        label = known.label.of(language) if known else field
        lines.append(Unchecked(title, slug, label, len(schools[rule, slug, field]), count))
    return sorted(lines, key=lambda each: -each.count)


def verdict_lines(verdicts: pd.DataFrame) -> list[tuple[str, int]]:
    """Count the files that met each verdict."""
    return [(str(name), int(count)) for name, count in verdicts["verdict"].value_counts().items()]


_WHO_READS = frozenset({"jobs", "engine", "scheduler"})
"""Settings that change nothing in a report: it is the same, whichever machines did the reading."""


def settings_lines(run: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The settings of a run that have a say in what it finds, as text."""
    settings = run.get("settings") or {}
    told = ((str(name), value) for name, value in settings.items() if name not in _WHO_READS)
    return [(name, "" if value is None else str(value)) for name, value in told]
