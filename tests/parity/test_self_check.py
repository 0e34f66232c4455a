"""The self-check of a blank says what the rules will find later: cell by cell, word by word."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from filled_blanks import FilledBlank, Said, recalculated, said_by_cards, said_by_table
from typed_rows import Typist

from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.merging import Progress, examine
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.outputs.blanks.workings import BETWEEN_RECORDS, FORM_DAY_WORDS, SELF_CHECKED, fault
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.settings import Settings

FORMS = load_forms(CATALOGUE)
FACTS = {
    "least": "0",
    "most": "30",
    "other": FORMS.by_slug["2"].by_name["dropout_date"].label,
    "shape": "",
    "day": FORM_DAY_WORDS,
}
"""What some of the words name of a form's definition."""
ROWS = int(os.environ.get("KBXT_PARITY_ROWS", "120"))
"""Rows a form; the full run: KBXT_PARITY_ROWS=1200 pytest tests/parity."""
A_FILE = {Shape.LIST: 300, Shape.STATISTICS: 100, Shape.CARD: 30}
DATES = ("2021年3月15日", "2021.3.15", "2021-03-15", "2021年3月", "二〇二一年三月十五日", "2021/3/15")


@dataclass
class Found:
    """What the rules find, as far as the self-check covers it, and where the records stand.

    `beyond` holds the cells whose region code is unknown: a blank does not carry the country's regions, and says of
    such a number what comes next in the order of checks.
    """

    records: set[str]
    faults: Said = field(default_factory=set)
    beyond: set[tuple[str, str]] = field(default_factory=set)


def test_the_self_check_says_what_the_rules_find(tmp_path: Path) -> None:
    """One call of the office program for all forms."""
    typed = [(form, path) for form in FORMS.forms for path in filled(form, ROWS, tmp_path)]
    worked_out = recalculated([path for _, path in typed], tmp_path / "out")
    for (form, _), path in zip(typed, worked_out, strict=True):
        said, records = said_by_cards(path) if form.shape is Shape.CARD else said_by_table(path, form)
        by_rules = found(path, form)
        said = {each for each in said if each[:2] not in by_rules.beyond}
        assert records == by_rules.records, path.name
        assert said, path.name
        # where a cell has several faults, the self-check says the first
        assert sorted(said - by_rules.faults) == [], path.name
        assert sorted(_cells(by_rules.faults) - _cells(said)) == [], path.name


def _cells(faults: Said) -> set[tuple[str, str]]:
    return {each[:2] for each in faults}


def filled(form: Form, rows: int, folder: Path) -> list[Path]:
    count = rows // 4 if form.shape is Shape.CARD else rows  # a card is a sheet of its own
    random = Random(f"{form.slug} {count}")
    paths = []
    for number, start in enumerate(range(0, count, A_FILE[form.shape])):
        typist = Typist(form, dt.date(2021, 3, 15), random)
        blank = FilledBlank(FORMS, form, typist.rows(min(A_FILE[form.shape], count - start)), DATES[number % 6])
        paths.append(blank.save(folder / f"附件{form.slug} {number}.xlsx"))
    return paths


def found(path: Path, form: Form) -> Found:
    checked = examine([path], Settings(jobs=1), Progress())
    records, frame = checked.district.records[form.slug], checked.findings.frame
    is_card = form.shape is Shape.CARD
    by_rules = Found(
        {each.sheet.sheet for each in records.returned} if is_card else {str(row + 1) for row in records.row}
    )
    covered = SELF_CHECKED - BETWEEN_RECORDS if is_card else SELF_CHECKED
    mine = frame.loc[(frame["form"] == form.slug) & (frame["field"] != ""), ["sheet", "cell", "field", "rule"]]
    for sheet, cell, name, rule in mine.itertuples(index=False):
        place = sheet if is_card else cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        label = form.by_name[name].label.zh
        if rule == "id-region":
            by_rules.beyond.add((place, label))
        if (slug := _slug(form, name, rule)) in covered:
            by_rules.faults.add((place, label, fault(slug, "zh", **FACTS)))
    return by_rules


def _slug(form: Form, name: str, rule: str) -> str:
    vocabulary = form.by_name[name].vocabulary
    return "vocabulary-invalid" if vocabulary is not None and rule == vocabulary.rule else rule
