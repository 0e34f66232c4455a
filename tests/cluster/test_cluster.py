"""A cluster reads what this machine's own processes read, and a worker that dies costs nobody else's files."""

from __future__ import annotations

import logging
import os
import signal
import time
from multiprocessing import active_children
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from worker_batches import misbehave

from kbxt_merge.errors import SettingsError
from kbxt_merge.intake.reading.dask_cluster import read_on_cluster
from kbxt_merge.model.returns import Reading, SourceFile

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # sockets of a worker that was killed


DASKS_PATIENCE = 4.0
"""Seconds after which dask itself kills a worker that does not end."""


def named(folder: Path, *names: str) -> list[SourceFile]:
    return [SourceFile(name, str(folder), 0, 0.0) for name in names]


def whats(readings: list[Reading]) -> list[str]:
    return [reading.problem.facts["what"] if reading.problem else "" for reading in readings]


def test_readings_come_in_the_order_of_the_files_from_processes_of_their_own(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """And of what the cluster warns of, such as a worker that a busy machine is slow to end, a clerk sees nothing."""
    files = named(tmp_path, *(f"a-{number}" for number in range(100)))
    heard: list[str] = []

    def on_file(reading: Reading) -> None:
        heard.append(reading.file.path)
        logging.getLogger("distributed.nanny").warning("Worker process still alive after 4.0 seconds, killing")

    readings = read_on_cluster(files, misbehave, 2, on_file=on_file)
    assert "still alive" not in capfd.readouterr().err
    assert [reading.file for reading in readings] == files
    assert sorted(heard) == sorted(file.path for file in files)
    assert str(os.getpid()) not in {reading.sha256 for reading in readings}


def test_a_killed_worker_costs_its_batch_a_retry_and_a_file_that_always_kills_is_a_verdict(tmp_path: Path) -> None:
    files = named(tmp_path, *(f"a-{number}" for number in range(12)), "once-1", "always-1", "a-99")
    assert whats(read_on_cluster(files, misbehave, 2)) == [""] * 13 + ["crash", ""]


def test_a_fault_of_the_program_is_raised_and_no_verdict(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError, match="fault-1"):
        read_on_cluster(named(tmp_path, "a-1", "fault-1"), misbehave, 1)


def test_a_worker_that_does_not_end_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kbxt_merge.intake.reading.dask_cluster.SECONDS_TO_CLOSE", 0.5)
    before, stopped = set(active_children()), dict[BaseProcess, float]()

    def stop(_: Reading) -> None:
        for process in set(active_children()) - before:
            os.kill(process.pid or 0, signal.SIGSTOP)
            stopped[process] = time.monotonic()

    read_on_cluster(named(tmp_path, "a-1"), misbehave, 1, on_file=stop)
    ((process, since),) = stopped.items()
    assert time.monotonic() - since < DASKS_PATIENCE
    process.join(10)
    assert not process.is_alive()


def test_a_scheduler_that_is_not_there_is_told_to_the_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kbxt_merge.intake.reading.dask_cluster.SECONDS_TO_CONNECT", 1)
    with pytest.raises(SettingsError) as caught:
        read_on_cluster(named(Path(), "a-1"), misbehave, 1, "tcp://127.0.0.1:1")
    assert "127.0.0.1:1" in caught.value.sentence("en")
