"""A cluster reads what this machine's own processes read, and a worker that dies costs nobody else's files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing import active_children
from pathlib import Path

import dask
import pytest
from distributed import LocalCluster
from worker_batches import SLOW, misbehave

from kbxt_merge.errors import ClusterError, SettingsError
from kbxt_merge.intake.reading.cluster import read_on_cluster
from kbxt_merge.intake.reading.dask_cluster import connected
from kbxt_merge.model.returns import Reading, SourceFile

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # sockets of a worker that was killed


DASKS_PATIENCE = 4.0
"""Seconds after which dask itself kills a worker that does not end."""


def named(folder: Path, *names: str) -> list[SourceFile]:
    return [SourceFile(name, str(folder), 0, 0.0) for name in names]


def whats(readings: list[Reading]) -> list[str]:
    return [reading.problem.facts["what"] if reading.problem else "" for reading in readings]


def ends(process: int, within: float) -> bool:
    """Whether a process of a cluster that was begun here is gone after so many seconds."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        active_children()  # joins those that ended
        try:
            state = Path("/proc", str(process), "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def cluster() -> Iterator[LocalCluster]:
    """One that is there already, of a worker that may start the process in which files are read."""
    with (
        dask.config.set({"distributed.worker.daemon": False}),
        LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,
    ):
        yield cluster


def test_readings_come_in_the_order_of_the_files_from_processes_of_their_own(tmp_path: Path) -> None:
    files = named(tmp_path, *(f"a-{number}" for number in range(100)))
    heard: list[str] = []
    readings = read_on_cluster(files, misbehave, 2, on_file=lambda reading: heard.append(reading.file.path))
    assert [reading.file for reading in readings] == files
    assert sorted(heard) == sorted(file.path for file in files)
    assert str(os.getpid()) not in {reading.sha256 for reading in readings}


def test_a_killed_worker_costs_its_batch_a_retry_and_a_file_that_always_kills_is_a_verdict(tmp_path: Path) -> None:
    files = named(tmp_path, *(f"a-{number}" for number in range(12)), "once-1", "always-1", "a-99")
    assert whats(read_on_cluster(files, misbehave, 2)) == [""] * 13 + ["crash", ""]


READ = """
import sys, threading
from kbxt_merge.intake.pool.starting import as_copies
from kbxt_merge.intake.reading.cluster import read_on_cluster
from kbxt_merge.model.returns import SourceFile
from worker_batches import misbehave
folder, *scheduler = sys.argv[1:]
files = [SourceFile(name, folder, 0, 0.0) for name in ("a-1", "once-1")]
readings = read_on_cluster(files, misbehave, 1, *scheduler)
assert [reading.problem for reading in readings] == [None, None]
assert threading.enumerate() == [threading.main_thread()]
assert not {"dask", "distributed"} & sys.modules.keys()
assert as_copies() is not None
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is copied")
@pytest.mark.parametrize("is_there", [True, False])
def test_a_process_that_has_read_on_a_cluster_can_be_copied_and_has_said_nothing(
    is_there: bool, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Though a worker was killed meanwhile, of which dask warns."""
    address = [request.getfixturevalue("cluster").scheduler_address] if is_there else []
    program = [sys.executable, "-c", READ, str(tmp_path), *address]
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run(program, env=environ, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_fault_of_the_program_is_raised_and_no_verdict(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError, match="fault-1"):
        read_on_cluster(named(tmp_path, "a-1", "fault-1"), misbehave, 1)


def test_a_worker_that_does_not_end_is_not_waited_for(tmp_path: Path) -> None:
    stopped: list[tuple[int, float]] = []

    def stop(reading: Reading) -> None:
        os.kill(int(reading.sha256), signal.SIGSTOP)
        stopped.append((int(reading.sha256), time.monotonic()))

    read_on_cluster(named(tmp_path, "a-1"), misbehave, 1, on_file=stop)
    ((process, since),) = stopped
    assert time.monotonic() - since < DASKS_PATIENCE
    assert ends(process, 20)


def test_who_speaks_with_the_cluster_and_was_killed_is_told_and_leaves_nothing_behind(tmp_path: Path) -> None:
    before, workers = set(active_children()), list[int]()

    def kill(reading: Reading) -> None:
        workers.append(int(reading.sha256))
        (process,) = set(active_children()) - before
        process.kill()

    since = time.monotonic()
    with pytest.raises(ClusterError):
        read_on_cluster(named(tmp_path, "a-1", "slow-1"), misbehave, 1, on_file=kill)
    assert time.monotonic() - since < SLOW
    assert ends(workers[0], 10)


def test_a_cluster_that_is_lost_is_told_to_the_operator(tmp_path: Path, cluster: LocalCluster) -> None:
    since = time.monotonic()
    with pytest.raises(ClusterError) as caught:
        read_on_cluster(
            named(tmp_path, "a-1", "slow-1"), misbehave, 1, cluster.scheduler_address, lambda _: cluster.close()
        )
    assert time.monotonic() - since < SLOW
    assert "scheduler" in caught.value.sentence("en")


def test_whoever_listens_no_more_ends_the_cluster(tmp_path: Path) -> None:
    workers: list[int] = []

    def fail(reading: Reading) -> None:
        workers.append(int(reading.sha256))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_on_cluster(named(tmp_path, "a-1", "slow-1"), misbehave, 1, on_file=fail)
    assert ends(workers[0], 20)


def test_a_scheduler_that_is_not_there_is_told_to_the_operator() -> None:
    with pytest.raises(SettingsError) as caught:
        connected("tcp://127.0.0.1:1", 1)
    assert "127.0.0.1:1" in caught.value.sentence("en")
