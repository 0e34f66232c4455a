"""Every rule has an example out of its own cases, and what is shipped is what the cases say today."""

from __future__ import annotations

import test_periods
from rule_cases import Kind

from examples import cases, written
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.rules.examples import EXAMPLES_FILE, examples


def test_the_examples_are_the_cases_of_today() -> None:
    assert EXAMPLES_FILE.read_text(encoding="utf-8") == written(), "renew them: python tests/rules/examples.py"


def test_every_rule_with_a_case_in_which_it_fails_has_one() -> None:
    assert set(examples()) == {case.slug for case in cases() if case.kind is Kind.FAILS}
    assert not set(examples()) & set(test_periods.RULES)
    assert set(examples()) <= set(CATALOGUE)


def test_an_example_on_a_sheet_shows_the_cell_that_it_points_at() -> None:
    on_sheets = {slug: each for slug, each in examples().items() if each.rows}
    assert len(on_sheets) > 70
    for slug, each in on_sheets.items():
        cells = [(number, column) for number, _ in each.rows for column in each.columns]
        assert sum(each.is_pointed_at(*cell) for cell in cells) == 1, slug
