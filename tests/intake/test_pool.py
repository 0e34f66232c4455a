"""A file that crashes, hangs or swells costs its own verdict: never the run's, never its neighbours'."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from dataclasses import replace
from functools import partial
from multiprocessing import forkserver
from pathlib import Path

import pytest
from made_workbooks import text_cell, written, xlsx
from worker_stages import killed_once, leaves_a_file, misbehave, modules, modules_after, read, slow

from kbxt_merge.errors import InboxError
from kbxt_merge.form_definitions.in_force import forms_of
from kbxt_merge.intake.inbox.listing import walk
from kbxt_merge.intake.pool import lane, memory_watch, processes
from kbxt_merge.intake.pool.processes import read_all
from kbxt_merge.intake.pool.starting import start_server
from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.passwords import Passwords
from kbxt_merge.model.returns import Problem, Reading, SourceFile

LIMITS = Limits(seconds=2)
GOOD = xlsx(f'<row r="1">{text_cell("A1", "姓名")}</row>')


def named(*names: str) -> list[SourceFile]:
    return [SourceFile(name, name, 0, 0.0) for name in names]


def whats(readings: list[Reading]) -> list[str]:
    return [reading.problem.facts["what"] if reading.problem else "" for reading in readings]


@pytest.mark.parametrize("jobs", [1, 2, 4])
def test_readings_come_in_the_order_of_the_files(jobs: int) -> None:
    files = named(*(f"a-{number}" for number in range(150)))
    heard: list[str] = []
    readings = read_all(files, misbehave, jobs, LIMITS, lambda reading: heard.append(reading.file.path))
    assert [reading.file for reading in readings] == files
    assert sorted(heard) == sorted(file.path for file in files)
    assert len({reading.sha256 for reading in readings} - {str(os.getpid())}) <= jobs


def test_no_files_need_no_workers() -> None:
    assert read_all([], misbehave, 2, LIMITS, None) == []


@pytest.mark.parametrize(
    ("name", "what"), [("abort", "crash"), ("exit", "crash"), ("hang", "time"), ("swell", "memory")]
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_that_costs_its_worker_is_a_verdict_and_the_others_are_read(name: str, what: str, jobs: int) -> None:
    files = named("a-1", "a-2", name, "a-3", *(f"a-{number}" for number in range(10, 40)))
    readings = read_all(files, misbehave, jobs, LIMITS, None)
    assert readings[2].problem is not None
    assert (readings[2].problem.slug, readings[2].problem.facts["what"]) == ("file-unsafe", what)
    assert whats(readings[:2] + readings[3:]) == [""] * 33


@pytest.mark.parametrize("method", ["forkserver", "spawn"])
def test_where_no_system_confines_memory_the_main_process_looks(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, and on macOS, whose limit confines nothing."""
    monkeypatch.setattr(memory_watch, "NEEDED", True)
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: [method])
    files = named("a-1", "fill-1", "a-2", *(f"a-{number}" for number in range(10, 20)))
    readings = read_all(files, misbehave, 1, replace(LIMITS, seconds=60, memory_bytes=600 << 20), None)
    assert whats(readings) == ["", "memory", *[""] * 11]


def test_many_bad_files_do_not_wear_the_pool_out() -> None:
    names = [f"{'abort' if number % 3 == 0 else 'a'}-{number}" for number in range(30)]
    assert whats(read_all(named(*names), misbehave, 2, LIMITS, None)).count("crash") == 10


def test_a_worker_killed_from_outside_costs_no_file(tmp_path: Path) -> None:
    files = [SourceFile(f"once-{number}", str(tmp_path), 0, 0.0) for number in range(20)]
    assert whats(read_all(files, killed_once, 2, LIMITS, None)) == [""] * 20
    assert list(tmp_path.iterdir())


def test_what_a_killed_worker_left_on_disk_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_server()  # its socket lies where it was started, and stays
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    during: list[Path] = []
    files = named("a-1", "kill-1", "a-2")
    readings = read_all(files, leaves_a_file, 1, LIMITS, lambda _: during.extend(tmp_path.glob("*/*")))
    assert whats(readings) == ["", "crash", ""]
    assert all(Path(readings[at].sha256).parent.parent == tmp_path for at in (0, 2))
    assert Path(readings[0].sha256) in during
    assert not list(tmp_path.iterdir())


def test_files_are_read_where_no_disk_takes_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> str:
        raise FileNotFoundError("no usable temporary directory")

    monkeypatch.setattr("tempfile.mkdtemp", full)
    assert whats(read_all(named("a-1", "a-2"), misbehave, 1, LIMITS, None)) == ["", ""]


@pytest.mark.parametrize("jobs", [0, 2])
def test_a_fault_of_the_program_is_told_of_its_file_and_quotes_nothing(jobs: int) -> None:
    readings = read_all(named("a-1", "fault-1", "a-2"), misbehave, jobs, LIMITS, None)
    assert whats(readings) == ["", "fault", ""]
    assert readings[1].problem is not None
    assert readings[1].problem.facts["error"] == "ZeroDivisionError"


@pytest.mark.parametrize("jobs", [0, 2])
def test_what_the_operator_got_wrong_ends_the_reading(jobs: int) -> None:
    with pytest.raises(InboxError):
        read_all(named("a-1", "server-1", "a-2"), misbehave, jobs, LIMITS, None)


def test_an_interrupt_leaves_no_worker_behind() -> None:
    def interrupt(reading: Reading) -> None:
        raise KeyboardInterrupt(reading.sha256)

    with pytest.raises(KeyboardInterrupt) as caught:
        read_all(named("a-1", "hang-1"), misbehave, 1, LIMITS, interrupt)
    with pytest.raises(ProcessLookupError):
        os.kill(int(str(caught.value)), 0)


def test_a_worker_imports_neither_pandas_nor_the_main_process_whatever_the_forms_bring(tmp_path: Path) -> None:
    written(tmp_path, "a.xlsx", GOOD)
    stage = partial(modules_after, ReadReturn(forms_of(None), LIMITS, Passwords()))
    (reading,) = read_all(walk(tmp_path), stage, 1, LIMITS, None)
    assert "kbxt_merge.model.register" in reading.unrecognised
    assert not {"pandas", "numpy", "pandera", "openpyxl", "lxml.etree"} & set(reading.unrecognised)


def test_files_are_read_in_workers_as_they_are_here(tmp_path: Path) -> None:
    for number in range(40):
        written(tmp_path, f"{number:02}.xlsx", GOOD if number % 7 else b"%PDF-1.7")
    files = walk(tmp_path)
    stage = partial(read, limits=LIMITS)
    readings = read_all(files, stage, 2, LIMITS, None)
    assert readings == [stage(file) for file in files]
    assert readings[0].problem == Problem("file-unreadable", {"what": "pdf"})


def test_where_no_worker_ever_starts_the_operator_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane, "SECONDS_TO_START", -1)
    monkeypatch.setattr(lane.Lane, "has_told", False)
    monkeypatch.setattr(processes, "wait", lambda *_: [])
    with pytest.raises(RuntimeError, match="did not start"):
        read_all(named("a"), modules, 1, LIMITS, None)


def test_the_limit_on_time_is_each_files_own() -> None:
    files = named(*(f"a-{number}" for number in range(20)))
    readings = read_all(files, slow, 1, replace(LIMITS, seconds=1), None)
    assert whats(readings) == [""] * 20


@pytest.mark.skipif(sys.platform != "linux", reason="there workers are forked from a server")
def test_a_server_that_is_killed_while_it_starts_a_worker_is_followed_by_another() -> None:
    start_server()
    server = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    os.kill(server, signal.SIGSTOP)
    killing = threading.Timer(0.3, os.kill, (server, signal.SIGKILL))
    killing.start()
    assert whats(read_all(named("a-1", "a-2"), misbehave, 1, LIMITS, None)) == ["", ""]
    killing.join()
