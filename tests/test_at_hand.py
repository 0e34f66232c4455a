"""Who merges again in one process keeps what each file came to: the next merge says what a first one would."""

from __future__ import annotations

import datetime as dt
import pickle
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest
from cast import CAST, listed

from kbxt_merge.merging import Progress, examine, merge
from kbxt_merge.model.at_hand import AtHand
from kbxt_merge.model.compact import records as compact_records
from kbxt_merge.model.merge_result import Checked
from kbxt_merge.model.period import Period
from kbxt_merge.outputs.publish.result_store import ResultStore, store_file
from kbxt_merge.rules.cache import recall
from kbxt_merge.settings import Settings

SETTINGS = Settings(jobs=0, period=Period.parse("2021春"), as_of=dt.date(2021, 3, 20))
SLIP = CAST["赖小满"].id_number[:-1] + "0"
FIRST = f"""
| 姓名   | 身份证号码 | 年龄 |
| 赖小满 | {SLIP}     |      |
| 钟立秋 |            | 13   |
"""
SECOND = """
| 姓名   |
| 赖小满 |
"""
HERE, THERE = "赣县区甲小学", "赣县区乙小学"


@pytest.fixture(params=["held as they are made", "made in parts"])
def _room(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records that are held whole, and such as are too many for it."""
    if request.param == "made in parts":
        monkeypatch.setattr(compact_records, "MOST_WHOLE", 2)
        monkeypatch.setattr(compact_records, "PART", 1)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Two schools: the one's list 3 has a slip in a number that its list 4 knows."""
    folder = tmp_path / "收件夹"
    folder.mkdir()
    save(folder / "甲3.xlsx", "3", FIRST, HERE)
    save(folder / "甲4.xlsx", "4", SECOND, HERE)
    save(folder / "乙3.xlsx", "3", FIRST, THERE)
    return folder


def save(path: Path, form: str, text: str, school: str) -> None:
    book = openpyxl.Workbook()
    for row in listed(form, text, school=school).rows:
        book.worksheets[0].append(row)
    book.save(path)


CHANGES: dict[str, Callable[[Path], object]] = {
    "nothing": lambda inbox: None,
    "what another file knew of a child": lambda inbox: (inbox / "甲4.xlsx").unlink(),
    "a file's rows": lambda inbox: save(inbox / "乙3.xlsx", "3", FIRST + "| 赖大满 | | 200 |", THERE),
    "a file's school": lambda inbox: save(inbox / "乙3.xlsx", "3", FIRST, "赣县区丙小学"),
    "a file's name": lambda inbox: (inbox / "乙3.xlsx").rename(inbox / "丁.xlsx"),
    "a later file of the same form": lambda inbox: save(inbox / "甲3（改）.xlsx", "3", SECOND, HERE),
    "a file before all others": lambda inbox: save(inbox / "一.xlsx", "4", SECOND, THERE),
}


@pytest.mark.usefixtures("_room")
def test_what_is_at_hand_says_what_is_made_anew(inbox: Path, tmp_path: Path) -> None:
    """One change after the other, each looked at by who has the last look at hand, and by who has nothing."""
    at_hand = AtHand()
    with ResultStore(tmp_path / "kept") as store:
        examine([inbox], SETTINGS, Progress(), store=store, at_hand=at_hand)
    for change, make in CHANGES.items():
        make(inbox)
        with ResultStore(tmp_path / "kept") as store:
            warm = examine([inbox], SETTINGS, Progress(), store=store, at_hand=at_hand)
        cold = examine([inbox], SETTINGS, Progress())
        stayed = [each.same_as >= 0 for each in warm.district.records.values() if each.same_as is not None]
        assert sum(map(sum, stayed)) > 0, change
        assert_equal(warm, cold)


@pytest.mark.usefixtures("_room")
def test_what_an_earlier_process_kept_says_what_is_made_anew(inbox: Path, tmp_path: Path) -> None:
    kept, cold = tmp_path / "kept", tmp_path / "cold"
    for out in (kept, cold):
        merge(inbox, out, SETTINGS)
    for change in ("a file's rows", "a later file of the same form"):
        CHANGES[change](inbox)
        store_file(cold).unlink()
        warm, anew = (merge(inbox, out, SETTINGS) for out in (kept, cold))
        stayed = [each.same_as >= 0 for each in warm.district.records.values() if each.same_as is not None]
        assert sum(map(sum, stayed)) > 0, change
        assert all(each.same_as is None for each in anew.district.records.values())
        assert_equal(warm, anew)
        assert entered(kept) == entered(cold)


@pytest.mark.parametrize("damaged", [b"", b"\x80\x04N.", pickle.dumps((print,)), pickle.dumps((1, 2))])
def test_what_is_damaged_of_what_was_kept_is_not_at_hand(damaged: bytes) -> None:
    at_hand = AtHand()
    recall(SimpleNamespace(peek=lambda key: damaged), at_hand, ["3", "4"])
    assert (at_hand.records, at_hand.judged) == ({}, {})


def test_the_ledger_is_told_the_same(inbox: Path, tmp_path: Path) -> None:
    """At last after a merge that ended before it: a later file went, and rows as they were read before count anew."""
    at_hand, warm, cold = AtHand(), tmp_path / "warm", tmp_path / "cold"
    later = inbox / "甲3（改）.xlsx"
    merge(inbox, warm, SETTINGS, at_hand=at_hand)
    merge(inbox, cold, SETTINGS)
    CHANGES["a file's rows"](inbox)
    save(later, "3", SECOND, HERE)
    merge(inbox, warm, SETTINGS, at_hand=at_hand)
    merge(inbox, cold, SETTINGS)
    assert entered(warm) == entered(cold)
    later.unlink()
    with ResultStore(store_file(warm)) as store:
        examine([inbox], SETTINGS, Progress(), store=store, at_hand=at_hand)
    merge(inbox, warm, SETTINGS, at_hand=at_hand)
    merge(inbox, cold, SETTINGS)
    assert entered(warm) == entered(cold)


def assert_equal(warm: Checked, cold: Checked) -> None:
    pd.testing.assert_frame_equal(warm.findings.frame, cold.findings.frame)
    pd.testing.assert_frame_equal(warm.findings.skipped, cold.findings.skipped)
    pd.testing.assert_frame_equal(warm.verdicts, cold.verdicts)
    for slug, records in cold.district.records.items():
        kept = warm.district.records[slug]
        pd.testing.assert_frame_equal(kept.table, records.table)
        assert {name: states.tolist() for name, states in kept.states.items()} == {
            name: states.tolist() for name, states in records.states.items()
        }
        for name in ("sheet", "row", "school", "day"):
            assert getattr(kept, name).tolist() == getattr(records, name).tolist()
        for name in ("typed", "shown"):
            ours, theirs = getattr(kept, name), getattr(records, name)
            assert {each: cells.tolist() for each, cells in ours.items()} == {
                each: cells.tolist() for each, cells in theirs.items()
            }


def entered(out: Path) -> list[tuple[object, ...]]:
    """The records and findings that the ledger holds open."""
    named = {
        "records": "key, form, school, file, cell, content, fields, opened",
        "findings": "form, school, rule, cell, zh, opened",
    }
    ledger = sqlite3.connect(f"file:{out}/kbxt.db?immutable=1", uri=True)
    rows: list[tuple[object, ...]] = []
    for table, columns in named.items():
        rows += sorted(ledger.execute(f"SELECT {columns} FROM {table} WHERE closed IS NULL"))
    ledger.close()
    return rows


def test_a_slip_is_offered_what_another_file_knows_only_while_it_does(inbox: Path, tmp_path: Path) -> None:
    at_hand = AtHand()
    offered = []
    for _ in range(2):
        frame = merge(inbox, tmp_path / "结果", SETTINGS, at_hand=at_hand).findings.frame
        slip = frame[(frame["rule"] == "id-checksum") & (frame["file"] == "甲3.xlsx")]
        offered.append(slip["suggestion"].str.split("、").tolist())
        save(inbox / "甲4.xlsx", "4", "| 姓名 |\n| 钟立秋 |", HERE)
    assert (offered[0][0][0], CAST["赖小满"].id_number in offered[1][0][:1]) == (CAST["赖小满"].id_number, False)
