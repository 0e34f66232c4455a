"""What must not get slower unseen: ratios of work within one process, which stay what they are on a busy machine.

Each bound is about half as much again as what was measured (benchmarks/RESULTS.md): room for noise, and for no more.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from fictional.bulk import write_bulk
from findings import Outputs, of_a_finding
from findings import costs as costs_of_outputs
from own_blanks import FORMS, costs, least, read_all, write_pairs
from python_calamine import CalamineWorkbook

from kbxt_merge.intake.inbox.listing import walk
from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.merging import merge
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.period import Period
from kbxt_merge.model.returns import SourceFile
from kbxt_merge.settings import Settings

ROUNDS = 9


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pairs")
    write_pairs(folder, rows=30)
    return folder


def test_a_filled_blank_costs_little_more_than_a_plain_workbook_to_read_and_to_mark(pairs: Path) -> None:
    reading, marking = costs(pairs, "xlsx", ROUNDS)
    assert reading["blanks"] < 2.4 * reading["plain"]
    assert marking["blanks"] < 2.6 * marking["plain"]


def test_reading_costs_some_bare_reads(pairs: Path) -> None:
    files = walk(pairs / "plain")
    read = ReadReturn(FORMS, Limits())
    read_all(read, files)
    found = least({"ours": partial(read_all, read, files), "bare": partial(_bare, files)}, ROUNDS)
    assert found["ours"] < 9 * found["bare"]


def test_a_finding_costs_a_part_of_a_bare_read_with_all_its_outputs(tmp_path: Path) -> None:
    faulty, sound = (Outputs.of(tmp_path / name, 8, 30, wrong) for name, wrong in (("faulty", 1.0), ("sound", 0.0)))
    assert faulty.count > 200 * 8
    assert not sound.count
    found, read = costs_of_outputs(faulty, sound, rounds=3)
    assert sum(of_a_finding(found, faulty.count).values()) < 0.55 * read


def _bare(files: Sequence[SourceFile]) -> None:
    for file in files:
        book = CalamineWorkbook.from_path(file.location)
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()


def test_a_second_merge_does_again_only_what_a_first_one_did_for_the_district(tmp_path: Path) -> None:
    write_bulk(tmp_path, 24, 30, 0.01)
    settings = Settings(jobs=0, period=Period.parse("2021春"), as_of=dt.date(2021, 3, 20))
    merge(tmp_path / "inbox", tmp_path / "ahead", settings)  # what is imported, and what is learnt of the forms
    first, second = [], []
    for attempt in range(2):
        for seconds in (first, second):
            began = time.process_time()
            merge(tmp_path / "inbox", tmp_path / f"out{attempt}", settings)
            seconds.append(time.process_time() - began)
    assert min(second) < 0.8 * min(first)
