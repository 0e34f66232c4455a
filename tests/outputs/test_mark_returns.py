"""Workbooks marked in processes of their own: what costs its process is told, and the others know nothing of it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hostile_source import HostileSource
from marked_returns import SEAL
from returned_cases import CATALOGUE, district, findings, returned_file

from kbxt_merge.intake.pool.processes import outcomes
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.returns import Kind, Problem
from kbxt_merge.outputs.publish.result_store import ResultStore
from kbxt_merge.outputs.returned.write import ReturnedWorkbooks
from kbxt_merge.write_outputs.mark_returns import MarkReturns
from kbxt_merge.write_outputs.not_made import NotMade

COSTLY = {"abort-1.xls": "crash", "hang-1.xls": "time", "swell-1.xls": "memory", "fault-1.xls": "fault"}


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_costs_its_process_goes_back_as_its_findings_alone(jobs: int, tmp_path: Path) -> None:
    names = ["good-1.xls", *COSTLY, "good-2.xls"]
    readings = [returned_file(name, Kind.XLS, {"Sheet1": "一中"}) for name in names]
    told = [findings(name, "一中", [("Sheet1", "A1", "id-checksum", "error")]) for name in names]
    found = Findings(pd.concat(told, ignore_index=True), catalogue=CATALOGUE)
    returned = ReturnedWorkbooks(district(readings), found, CATALOGUE, SEAL)
    with ResultStore(tmp_path / "kept") as kept:
        marking = MarkReturns(returned, kept, HostileSource(), jobs, NotMade())  # type: ignore[arg-type]
        with marking.pool:
            marking.begin()
            for _, position, marked in outcomes(marking.pool):
                marking.take(position, marked)
        marking.write(tmp_path)
    assert {name: each.facts["what"] for name, each in marking.not_made.without_cells.items()} == COSTLY
    assert not marking.not_made.nothing
    books = {name: openpyxl.load_workbook(tmp_path / "退回" / "一中" / f"{Path(name).stem}.xlsx") for name in names}
    cells = {name: book["Sheet1"]["A1"].value for name, book in books.items()}
    assert cells == {name: None if name in COSTLY else "姓名" for name in names}
    assert [book.worksheets[0]["D4"].value for book in books.values()] == ["A1"] * 6
    with ResultStore(tmp_path / "kept") as kept:
        again = MarkReturns(returned, kept, HostileSource(), jobs, NotMade())  # type: ignore[arg-type]
        with again.pool:
            again.begin()
            assert again.pool.left == len(COSTLY)  # what could not be made is tried anew


def test_what_could_not_be_made_is_told_of_the_file_and_of_the_schools_files() -> None:
    lost, gone = Problem("file-unsafe", {"what": "crash"}), Problem("file-unreadable", {"what": "changed-since"})
    verdicts = pd.DataFrame({"file": ["a", "b", "c"], "school": ["一中", "一中", ""], "reason": ["旧", "", ""]})
    assert NotMade().added_to(verdicts) is verdicts
    missing = NotMade(without_cells={"a": gone}, nothing={"c": lost}, reports={"一中": lost})
    told = missing.added_to(verdicts)["reason"]
    assert [reason.count("：") for reason in told] == [2, 1, 1]
    assert told[0].startswith("旧；")
    assert [name for name, _ in missing.lines("en")] == ["a", "c", "一中"]
