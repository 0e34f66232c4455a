"""How many findings there are: counted once, and every figure of a page is a sum of these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from kbxt_merge.model.rule import RuleCard, Severity
from kbxt_merge.model.text import Language

COUNTED = ("school", "form", "rule", "severity", "life")
_RANKS = {each.value: rank for rank, each in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Tally:
    """What was found: errors, warnings and notes."""

    errors: int = 0
    warnings: int = 0
    notes: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(self.errors + other.errors, self.warnings + other.warnings, self.notes + other.notes)

    @classmethod
    def of(cls, severity: str, count: int) -> Tally:
        """So many findings of one severity."""
        return cls(*(count if rank == _RANKS[severity] else 0 for rank in range(len(_RANKS))))


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule that found something: how often, and in how many schools."""

    slug: str
    title: str
    when: str
    severity: str
    count: int
    schools: int

    @property
    def is_note(self) -> bool:
        """Whether it asks nothing of a school."""
        return self.severity == Severity.INFO.value


@dataclass(frozen=True, slots=True)
class Counts:
    """How many findings each (school, form, rule, severity, life) has; COUNTED names the columns."""

    cells: Mapping[tuple[str, ...], int]

    @classmethod
    def of(cls, findings: pd.DataFrame) -> Counts:
        """Count findings that have the columns COUNTED."""
        return cls(Counter(zip(*(findings[name].tolist() for name in COUNTED), strict=True)))

    def by_school(self) -> dict[str, Counts]:
        """The counts of each school that has findings."""
        parted: dict[str, dict[tuple[str, ...], int]] = {}
        for cell, count in self.cells.items():
            parted.setdefault(cell[0], {})[cell] = count
        return {school: Counts(cells) for school, cells in parted.items()}

    def names(self, column: str) -> set[str]:
        """The schools, forms, rules or severities that occur."""
        place = COUNTED.index(column)
        return {cell[place] for cell in self.cells}

    @property
    def tally(self) -> Tally:
        """All of them."""
        return sum((Tally.of(cell[3], count) for cell, count in self.cells.items()), Tally())

    @property
    def tallies(self) -> dict[tuple[str, str], Tally]:
        """Those of each school and form."""
        tallies: dict[tuple[str, str], Tally] = {}
        for (school, form, _, severity, _), count in self.cells.items():
            tallies[school, form] = tallies.get((school, form), Tally()) + Tally.of(severity, count)
        return tallies

    @property
    def lives(self) -> Counter[str]:
        """How many are in each state of a finding's life."""
        lives: Counter[str] = Counter()
        for cell, count in self.cells.items():
            lives[cell[4]] += count
        return lives

    def rule_lines(self, catalogue: Mapping[str, RuleCard], language: Language) -> list[RuleLine]:
        """The rules, errors first, the most frequent first; a rule of two severities has two lines."""
        counts: Counter[tuple[str, str]] = Counter()
        schools: dict[tuple[str, str], set[str]] = {}
        for (school, _, rule, severity, _), count in self.cells.items():
            counts[severity, rule] += count
            schools.setdefault((severity, rule), set()).add(school)
        lines = []
        for (severity, rule), count in counts.items():
            card = catalogue.get(rule)
            title, when = (card.title.of(language), card.when.of(language)) if card else (rule, "")
            lines.append(RuleLine(rule, title, when, severity, count, len(schools[severity, rule])))
        return sorted(lines, key=lambda each: (_RANKS[each.severity], -each.count, each.slug))
