"""Every rule of the catalogue has a sheet on which it fails, one on which it holds, and one that is blank for it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import test_periods
from rule_cases import Case, Kind

from kbxt_merge.model.rule import Scope
from kbxt_merge.rules.catalogue import CATALOGUE

ROOMS = sorted(path.stem for path in Path(__file__).parent.glob("test_*.py") if path != Path(__file__))


def cases() -> Iterator[Case]:
    """The cases of all rooms."""
    for room in ROOMS:
        yield from getattr(import_module(room), "CASES", ())


KINDS = {(case.slug, case.kind) for case in cases()}
ALONE = [slug for slug, card in CATALOGUE.items() if card.scope is not Scope.PERIOD]


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("slug", ALONE)
def test_each_rule_has_a_case_of_each_kind(slug: str, kind: Kind) -> None:
    assert (slug, kind) in KINDS


def test_no_case_is_about_a_rule_that_does_not_exist() -> None:
    assert {slug for slug, _ in KINDS} <= set(CATALOGUE)


def test_rules_between_periods_need_a_ledger_and_are_tested_with_one() -> None:
    assert set(test_periods.RULES) == set(CATALOGUE) - set(ALONE)
