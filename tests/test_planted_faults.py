"""Every fault that can be planted in a clean district is found at its cell, and nothing else is.

Several faults share a district, each in two schools of its own: what one raises can't hide what another lacks.
"""

from pathlib import Path
from random import Random

import pytest
from fictional.faults import FAULTS, FaultKey, Plot
from fictional.make import build, write_district
from planted import examine, outcome

from kbxt_merge.model.rule import Scope
from kbxt_merge.rules.catalogue import CATALOGUE

FAULTS_A_DISTRICT = 10
BATCHES = [list(FAULTS)[start : start + FAULTS_A_DISTRICT] for start in range(0, len(FAULTS), FAULTS_A_DISTRICT)]

NEEDS_A_LEDGER = {"vanished-without-return", "returned-then-listed", "category-changed", "count-jump"}
NEEDS_A_BLANK = {"form-version"}
NEEDS_A_REGISTER = {slug for slug, card in CATALOGUE.items() if card.scope is Scope.REGISTER}
NEEDS_AN_OWN_VOCABULARY = {"vocabulary-invalid"}
NEEDS_AN_OLD_FILE = {"old-return"}
NEEDS_A_LINE_OF_ITS_OWN = {"row-left-out", "row-struck-out"}  # the plotted sheets hold records and nothing else
NEEDS_ANOTHER_FORM = {
    "code-invalid", "follows", "listed", "not-applicable", "not-listed", "number-invalid", "out-of-range",
    "paper-invalid", "product", "row-missing", "row-sum", "row-unknown", "same-as", "total", "unique", "within",
}  # fmt: skip
NOTES = {
    "answers-not-taken", "blank-returned", "file-container", "file-other", "file-set-aside", "file-settled",
    "parts-merged", "sheet-set-aside", "sheet-without-table", "value-normalised",
}  # fmt: skip
NEEDS_MORE = (
    NEEDS_A_REGISTER
    | NEEDS_A_LEDGER
    | NEEDS_A_BLANK
    | NEEDS_AN_OWN_VOCABULARY
    | NEEDS_AN_OLD_FILE
    | NEEDS_A_LINE_OF_ITS_OWN
    | NEEDS_ANOTHER_FORM
)


@pytest.mark.parametrize("faults", BATCHES, ids=lambda faults: f"{faults[0].slug}..{faults[-1].slug}")
def test_each_planted_fault_is_found_at_its_cell_and_nothing_else(faults: list[FaultKey], tmp_path: Path) -> None:
    district = build(schools=2 * len(faults), seed=7, variants=False)
    for number, key in enumerate(faults):
        here, there = district.schools[2 * number : 2 * number + 2]
        FAULTS[key](Plot(district, here, there, Random(f"7{key}")))
    write_district(district, tmp_path)
    found = outcome(tmp_path, examine(tmp_path))
    assert found.missed == []
    assert found.without_cause == []
    assert not found.lost
    assert not found.without_source


def test_every_rule_of_the_catalogue_has_a_planted_fault() -> None:
    unplanted = set(CATALOGUE) - {key.slug for key in FAULTS}
    assert unplanted <= NEEDS_MORE | NEEDS_A_REGISTER | NOTES
