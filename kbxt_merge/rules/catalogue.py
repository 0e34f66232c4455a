"""Every rule there is: importing this fills the registry."""

from __future__ import annotations

from collections.abc import Mapping

from kbxt_merge.model.rule import RuleCard
from kbxt_merge.rules.checks import (
    across_forms,
    ages,
    agreement,
    between,
    cells,
    counts,
    date_cells,
    id_cells,
    identity,
    lists,
    number_cells,
    periods,
    person_cells,
    registers,
    rows,
    word_cells,
)
from kbxt_merge.rules.checks.files import FILE_RULES
from kbxt_merge.rules.engine.rule import Rule, registry

_ROOMS = (
    cells, person_cells, date_cells, number_cells, word_cells, id_cells,
    ages, agreement, rows, lists, across_forms, between, counts, identity, registers, periods,
)  # fmt: skip
"""The rooms of the rules that judge records, in the order of the catalogue, whichever imports which."""

RULES: Mapping[str, Rule] = registry([room.__name__ for room in _ROOMS])
"""The rules that judge records, in the order of work."""

CATALOGUE: Mapping[str, RuleCard] = {**FILE_RULES, **{slug: each.card for slug, each in RULES.items()}}
"""Every rule's words, severity and roles: first those on files and sheets, then those on records."""

ASKING_FOR_RETURNS = frozenset(slug for slug, card in CATALOGUE.items() if card.asks_for_return)
"""The rules that say that something of a school did not come."""
