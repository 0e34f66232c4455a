"""How a rule is written down: `@rule` gives a function its slug, its words and its place in the registry.

A rule's function takes its `Context`, the records it judges, and gives a `Result`: the positions where it does not hold
and the facts that its sentence needs.  It neither filters out unsound input nor words its findings: both are done here
for all rules alike, so that one cause makes one finding.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from kbxt_merge.model.cell import CellState
from kbxt_merge.model.compact.records import are_many
from kbxt_merge.model.district import District, Flags, Positions, Records, TextColumn, Texts
from kbxt_merge.model.field import Field
from kbxt_merge.model.form import RuleUse
from kbxt_merge.model.rule import Role, RuleCard, Scope, Severity
from kbxt_merge.model.text import Words


@dataclass(frozen=True, slots=True)
class Absent:
    """Children that should stand in a form and do not: a text each for school, name and earlier place.

    `unchecked` are the schools of those of whom nobody can tell; `facts` have one text a child, as in a `Result`.
    """

    schools: Texts
    children: Texts
    related: Texts
    unchecked: Texts
    facts: Mapping[str, Texts] = field(default_factory=dict)


@dataclass(slots=True)
class Result:
    """Where a rule does not hold.

    `where` has one flag a record. `facts`, `suggestion` and `related` have one text a record; only those of failing
    records are looked at. `severity` overrides the rule's own, one a record, blank where it does not.
    `unchecked` flags the records that could not be judged for want of a sound input, besides those found unsound here.
    `on_sheet` points at the sheet as a whole instead of the field's cell. `absent` are found besides.
    """

    where: Flags
    facts: Mapping[str, TextColumn] = field(default_factory=dict)
    suggestion: Texts | None = None
    related: Texts | None = None
    severity: Texts | None = None
    unchecked: Flags | None = None
    on_sheet: bool = False
    absent: Absent | None = None


PLACES = 6
"""Decimal places in which numbers that were worked out are compared."""

Check = Callable[["Context"], Result]

Offer = Callable[["Context", Flags], Result]
"""Where a rule was found not to hold, what the whole district knows of these records: the same with facts and
suggestions. Which records it does not hold for can be told of each row alone."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the catalogue, the function that judges by it, and what it can offer; file rules have none of their
    own here."""

    card: RuleCard
    check: Check
    offer: Offer | None = None


_REGISTRY: dict[str, Rule] = {}
_ORDER = {scope: position for position, scope in enumerate(Scope)}


def rule(
    slug: str,
    severity: Severity,
    scope: Scope,
    *,
    title: tuple[str, str],
    message: tuple[str, str],
    when: tuple[str, str],
    types: tuple[str, ...] = (),
    at_types: tuple[str, ...] = (),
    roles: Mapping[str, Role] | None = None,
    asks_for_return: bool = False,
    at_file: tuple[str, str] | None = None,
    any_of: tuple[str, ...] = (),
    one_of: tuple[str, ...] = (),
    offer: Offer | None = None,
) -> Callable[[Check], Check]:
    """Enter a function into the catalogue; the words are pairs of Chinese and English."""
    words = Words(*title), Words(*message), Words(*when)
    said = at_file and Words(*at_file)
    card = RuleCard(slug, severity, scope, *words, types, at_types, roles or {}, asks_for_return, said, any_of, one_of)

    def enter(check: Check) -> Check:
        if slug in _REGISTRY:
            raise ValueError(f"two rules are called {slug}")
        _REGISTRY[slug] = Rule(card, check, offer)
        return check

    return enter


def registry(rooms: Sequence[str] = ()) -> Mapping[str, Rule]:
    """Every rule that judges records, by its slug, in the order of work: by scope, and within one by these modules."""
    order = {room: position for position, room in enumerate(rooms)}

    def turn(found: Rule) -> tuple[int, int]:
        return _ORDER[found.card.scope], order.get(found.check.__module__, -1)

    return dict(sorted(_REGISTRY.items(), key=lambda item: turn(item[1])))


@dataclass
class Work:
    """What the rules of one run share: the district, and what several rules need and only one works out."""

    district: District
    memo: dict[tuple[object, ...], Any] = field(default_factory=dict)

    @cached_property
    def is_large(self) -> bool:
        """Whether of any form there are very many records."""
        return any(are_many(len(records)) for records in self.district.records.values())

    def once(self, key: tuple[object, ...], make: Callable[[], Any]) -> Any:
        """Give what `make` made on the first call with this key."""
        if key not in self.memo:
            self.memo[key] = make()
        return self.memo[key]


@dataclass
class Context:
    """One use of a rule on one form: the records it judges, the field it points at, and who plays its roles."""

    work: Work
    records: Records
    use: RuleUse

    @property
    def district(self) -> District:
        """The district that the records are of."""
        return self.work.district

    @property
    def at(self) -> str:
        """The field that a finding points at."""
        return self.use.at

    @cached_property
    def field(self) -> Field:
        """The definition of the field that a finding points at."""
        return self.records.form.by_name[self.use.at]

    def role(self, name: str) -> Any:
        """Look up what the form's YAML says for a role; None where it leaves the role out."""
        return self.use.roles.get(name)

    def born_from(self, role: str) -> dt.date:
        """The first day on which a bearer of the ID numbers that play this role can have been born."""
        return self.records.form.by_name[self.role(role)].born_from

    def values(self, name: str | None = None) -> pd.Series[Any]:
        """The typed values of a field, of the one pointed at where none is named."""
        return self.records.values[name or self.at]

    def amounts(self, name: str | None = None) -> np.ndarray[Any, Any]:
        """The numbers of a field, 0 where there is none; those with decimals without the noise of their working."""
        values = self.values(name)
        if values.dtype == "Int64":
            return values.fillna(0).to_numpy(dtype=np.int64)
        return np.round(values.fillna(0).to_numpy(dtype=np.float64), PLACES)

    def states(self, name: str | None = None) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """The `CellState`s of a field, of the one pointed at where none is named."""
        return self.records.states[name or self.at]

    def shown(self, name: str | None = None) -> Texts:
        """A field's texts as files show them; not to be changed."""
        return self.records.texts(name or self.at)

    def filled(self, *names: str) -> Flags:
        """Which records hold a value that was read in every one of these fields."""
        flags = np.ones(len(self.records), dtype=bool)
        for name in names:
            flags &= self.values(name).notna().to_numpy()
        return flags

    def counts_as_nothing(self, name: str) -> Flags:
        """Which records leave a field blank that the form does not ask for: in a sum that is nothing."""
        field = self.records.form.by_name[name]
        if field.required or field.required_when:
            return np.zeros(len(self.records), dtype=bool)
        blank: Flags = self.states(name) == CellState.BLANK
        return blank

    def unsound(self, *names: str) -> Flags:
        """Which records have in any of these fields an error of its own, or lack the field's column."""
        flags = np.zeros(len(self.records), dtype=bool)
        for name in names:
            flags |= self.records.bears_error(name)
            flags |= self.states(name) == CellState.ABSENT
        return flags

    def nothing(self) -> Result:
        """No finding at all."""
        return Result(np.zeros(len(self.records), dtype=bool))


def texts(length: int, fill: str = "") -> Texts:
    """A column of texts, all alike."""
    column: Texts = np.empty(length, dtype=object)
    column[:] = fill
    return column


def alike(length: int, text: str) -> Texts:
    """A column of one text in next to no room; nothing can be written to it."""
    return np.broadcast_to(np.array(text, dtype=object), length)


def positions(flags: Flags) -> Positions:
    """The positions at which a flag is set."""
    return np.flatnonzero(flags)
