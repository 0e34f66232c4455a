"""Whatever kills a merge, whenever: OUT is the last state or the new one, the ledger agrees, the next run succeeds."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fictional import FAULTS, FaultKey, make_district
from merge_driver import Driver, drivers_of, settings

from kbxt_merge import merging
from kbxt_merge.outputs.publish.result_store import store_file

KILLS = int(os.environ.get("KILLS", "6"))
"""A hundred were measured once: docs/ledger.md."""
TOGETHER = int(os.environ.get("TOGETHER", "1"))
FAULTY = [FaultKey("id-checksum", "1-2"), FaultKey("sex-id-mismatch", "3"), FaultKey("count-sum", "1-1")]

State = dict[str, str]
OF_ROUNDS = ("问题清单.xlsx", "情况汇报.docx")
"""What tells since when a finding is open, and what the rounds before found."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A district of three schools, and its corrected inbox beside the first one."""
    folder = tmp_path_factory.mktemp("world")
    faults = [key for key in FAULTS if key in FAULTY or key[:2] in [each[:2] for each in FAULTY]]
    make_district(folder, schools=3, seed=5, variants=False, faults=faults[:3])
    make_district(folder / "corrected", schools=3, seed=5, variants=False)
    return folder


def state(out: Path) -> State:
    """All outputs that are the same whenever they are made of the same returns: but for what rounds there were."""
    paths = [*(out / "汇总").rglob("*"), *(out / "data").glob("*.csv")]
    same = (path for path in sorted(paths) if path.name not in OF_ROUNDS)
    return {str(path.relative_to(out)): hashlib.sha256(_without_rounds(path)).hexdigest() for path in same}


def _without_rounds(path: Path) -> bytes:
    if path.name != "findings.csv":
        return path.read_bytes()
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [{**row, "life": "", "since": ""} for row in csv.DictReader(stream)]
    return json.dumps(rows).encode()


def assert_ledger_agrees(out: Path) -> None:
    """The ledger is sound and knows the very records, files and errors that stand in the outputs."""
    with closing(sqlite3.connect(f"file:{out}/kbxt.db?immutable=1", uri=True)) as ledger:
        assert ledger.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert ledger.execute("PRAGMA foreign_key_check").fetchall() == []
        told = {
            table: ledger.execute(f"SELECT count(*) FROM {table} WHERE closed IS NULL{also}").fetchone()[0]
            for table, also in (("records", ""), ("files", ""), ("findings", " AND severity = 'error'"))
        }
        places = ledger.execute("SELECT file, sheet, cell FROM records WHERE closed IS NULL").fetchall()
    merged = [row for path in out.glob("data/records-*.csv") for row in rows(path)]
    errors = [row for row in rows(out / "data/findings.csv") if row["severity"] == "error"]
    files = rows(out / "data/files.csv")
    assert told == {"records": len(merged), "files": len(files), "findings": len(errors)}
    assert sorted(places) == sorted((row["file"], row["sheet"], row["cell"]) for row in merged)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def drivers(world: Path) -> Iterator[Path]:
    with drivers_of(world / "inbox") as place:
        yield place


@pytest.fixture
def inbox(world: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the inbox to change."""
    shutil.copytree(world / "inbox", tmp_path / "inbox")
    shutil.copy(world / "roster.xlsx", tmp_path / "roster.xlsx")
    return tmp_path / "inbox"


def refill(inbox: Path, source: Path) -> None:
    """Put the files of another inbox in place of these."""
    shutil.rmtree(inbox)
    shutil.copytree(source, inbox)


def merged(inbox: Path, out: Path) -> State:
    merging.merge(inbox, out, settings(inbox))
    assert_ledger_agrees(out)
    return state(out)


def test_a_merge_killed_at_any_moment_leaves_the_last_state_or_the_new_one(
    world: Path, inbox: Path, drivers: Path
) -> None:
    out = inbox.parent / "out"
    sources = [world / "inbox", world / "corrected" / "inbox"]
    states = []
    for source in sources:
        refill(inbox, source)
        begun = time.perf_counter()
        states.append(merged(inbox, out))
        whole = time.perf_counter() - begun
    assert states[0] != states[1]
    dice, outcomes = random.Random(time.time_ns()), {"last": 0, "new": 0}
    for number in range(KILLS):
        before = state(out)
        after = states[1] if before == states[0] else states[0]
        refill(inbox, sources[states.index(after)])
        if number % 3 == 0:
            store_file(out).unlink(missing_ok=True)
        driver = Driver(drivers, inbox, out)
        driver.begin()
        time.sleep(dice.uniform(0, 1.1 * whole))
        driver.end()
        assert state(out) in (before, after)
        assert_ledger_agrees(out)
        outcomes["new" if state(out) == after else "last"] += 1
        assert merged(inbox, out) == after
    assert sum(outcomes.values()) == KILLS
    assert [each.name for each in inbox.parent.iterdir() if ".tmp-" in each.name or ".old-" in each.name] == []


def test_two_merges_and_a_watch_on_one_folder_wait_for_each_other(world: Path, inbox: Path, drivers: Path) -> None:
    for number in range(TOGETHER):
        refill(inbox, world / "inbox")
        out = inbox.parent / f"out{number}"
        command = [Path(sys.executable).with_name("kbxt"), "watch", str(inbox), "--out", str(out), "--jobs", "1"]
        options = ["--roster", str(inbox.parent / "roster.xlsx"), "--period", "2021春", "--as-of", "2021-03-20"]
        watching = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        merges = [Driver(drivers, inbox, out) for _ in range(2)]
        for each in merges:
            each.begin()
        refill(inbox, world / "corrected" / "inbox")
        assert [each.said() for each in merges] == ["done", "done"]
        for each in merges:
            each.end(signal.SIGTERM)
        expected = merged(inbox, inbox.parent / f"alone{number}")
        wait_for(out, expected)
        watching.send_signal(signal.SIGTERM)
        said, _ = watching.communicate(timeout=60)
        assert watching.returncode == 0, said
        assert "Traceback" not in said
        assert state(out) == expected
        assert_ledger_agrees(out)


def wait_for(out: Path, expected: State, seconds: float = 90) -> None:
    """Give a watch the time to see what changed."""
    until = time.monotonic() + seconds
    while state(out) != expected:
        assert time.monotonic() < until
        time.sleep(0.1)
