"""The committed example: a merge finds what its README says, and nothing else."""

import csv
from pathlib import Path

from planted import examine, outcome

from kbxt_merge import merging
from kbxt_merge.merging import Progress
from kbxt_merge.model.rule import Scope
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.settings import load_settings

EXAMPLES = Path(__file__).parent.parent / "examples"


def test_the_examples_hold_the_faults_that_their_readme_names(tmp_path: Path) -> None:
    (tmp_path / "inbox").symlink_to(EXAMPLES / "returned")
    (tmp_path / "roster.xlsx").symlink_to(EXAMPLES / "学校名册.xlsx")
    for name in ("truth.csv", "notes.csv", "records.csv"):
        (tmp_path / name).symlink_to(EXAMPLES / "expected" / name)
    found = outcome(tmp_path, examine(tmp_path))
    assert found.missed == []
    assert found.without_cause == []
    assert not found.lost
    assert not found.without_source


def test_the_examples_registers_say_what_their_list_names_and_nothing_else(tmp_path: Path) -> None:
    for name in ("returned", "比对库"):
        (tmp_path / name).symlink_to(EXAMPLES / name)
    options = {"roster": str(EXAMPLES / "学校名册.xlsx"), "period": "2021春", "as_of": "2021-03-12"}
    checked = merging.examine([tmp_path / "returned"], load_settings(options, {}, tmp_path), Progress())
    frame = checked.findings.frame
    rules = {slug for slug, card in CATALOGUE.items() if card.scope is Scope.REGISTER}
    found = []
    others = frame[~frame["rule"].isin(rules) & (frame["severity"] != "info") & (frame["record"] >= 0)]
    faulty = set(zip(others["form"], others["record"], strict=True))  # what was planted there, a register sees too
    for row in frame[frame["rule"].isin(rules)].to_dict(orient="records"):
        if (row["form"], row["record"]) in faulty:
            continue
        records = checked.district.records[row["form"]]
        name = records.shown["name"][row["record"]] if row["record"] >= 0 else ""
        found.append((row["rule"], row["form"], row["school"], name, row["field"] if name else ""))
    with (EXAMPLES / "expected" / "registers.csv").open(newline="", encoding="utf-8-sig") as stream:
        wanted = [tuple(row.values()) for row in csv.DictReader(stream)]
    assert sorted(found) == sorted(wanted)
    references = checked.district.references
    assert references
    assert [each.trouble for each in references.files] == [None] * 3
