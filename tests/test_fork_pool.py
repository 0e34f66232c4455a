"""Work done beside a process: it knows what that one knew, its errors are told, and it does not outlive it."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kbxt_merge.fork_pool import fork_pool


def test_a_copy_knows_what_was_there_and_changes_nothing_here() -> None:
    seen = [1]

    def see(more: int) -> tuple[int, list[int]]:
        seen.append(more)
        return os.getpid(), list(seen)

    with fork_pool([see], jobs=2) as others:
        pid, known = others.begin(see, 2).result()
    assert known == [1, 2]
    assert (pid != os.getpid(), seen) == ((True, [1]) if others.pool else (False, [1, 2]))


@pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux only")
def test_on_linux_processes_are_copied() -> None:
    asks = (
        "from kbxt_merge.fork_pool import fork_pool\nwith fork_pool([abs], 2) as others: print(others.pool is not None)"
    )
    told = subprocess.run([sys.executable, "-c", asks], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "True"  # asked in a process of its own: what ran here before may have left threads


@pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux only")
def test_beside_a_thread_nothing_is_copied() -> None:
    goes_on = threading.Event()
    thread = threading.Thread(target=goes_on.wait)
    thread.start()
    try:
        with fork_pool([abs], 2) as others:
            assert others.pool is None
    finally:
        goes_on.set()
        thread.join()


def test_one_job_is_done_here() -> None:
    with fork_pool([os.getpgid], jobs=1) as others:
        assert others.pool is None
        assert others.begin(os.getpgid, 0).result() == os.getpgid(0)


@pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux only")
def test_a_copy_makes_itself_ready_before_its_first_work() -> None:
    asks = """
from kbxt_merge.fork_pool import fork_pool

made = []
with fork_pool([made.__add__], 2, ready=lambda: made.append("ready")) as others:
    print(others.begin(made.__add__, ["work"]).result(), made)
"""
    told = subprocess.run([sys.executable, "-c", asks], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "['ready', 'work'] []"


@pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux only")
def test_a_copy_has_nothing_of_a_file_that_was_open_before_it_and_opens_its_own(tmp_path: Path) -> None:
    asks = """
import sys
from kbxt_merge.fork_pool import fork_pool

path = sys.argv[1]
with open(path, "r+b", buffering=0) as known:
    known.read(3)

    def read(what):
        known.seek(0), known.write(b"lost")
        with open(path, "rb") as own:
            return known.read(), own.read()

    with fork_pool([read], 2) as others:
        print(*others.begin(read, 0).result(), known.read())
"""
    (tmp_path / "ledger").write_bytes(b"abcdef")
    asking = [sys.executable, "-c", asks, str(tmp_path / "ledger")]
    told = subprocess.run(asking, check=True, capture_output=True, text=True)
    assert told.stdout.split() == ["b''", "b'abcdef'", "b'def'"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_the_work_raises_is_raised_by_who_asks(jobs: int) -> None:
    def fail(name: str) -> None:
        raise FileNotFoundError(2, "no such file", name)

    with fork_pool([fail], jobs) as others, pytest.raises(FileNotFoundError, match="汇总") as raised:
        others.begin(fail, "汇总").result()
    assert raised.value.filename == "汇总"


def test_each_of_several_works_is_done_when_it_is_asked_for() -> None:
    with fork_pool([abs, str], jobs=2) as others:
        asked = [others.begin(work, number) for number in (-1, -2) for work in (abs, str)]
        assert [each.result() for each in asked] == [1, "-1", 2, "-2"]


KILLED = """
import os, sys, time
from kbxt_merge.fork_pool import fork_pool

def work(path):
    with open(path, "w") as told:
        told.write(str(os.getpid()))
    time.sleep(60)

with fork_pool([work], 2) as others:
    asked = [others.begin(work, path) for path in sys.argv[1:]]
    asked[0].result()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux only")
def test_copies_end_when_the_process_they_work_beside_is_killed(tmp_path: Path) -> None:
    paths = [tmp_path / "one", tmp_path / "other"]
    process = subprocess.Popen([sys.executable, "-c", KILLED, *map(str, paths)])
    until = time.monotonic() + 30
    while not all(path.exists() and path.read_text() for path in paths) and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    copies = [int(path.read_text()) for path in paths]
    while any(map(_runs, copies)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(_runs, copies))


def _runs(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux only")
def test_who_is_interrupted_waits_for_no_more_than_what_was_begun() -> None:
    def interrupted() -> None:
        with fork_pool([time.sleep], 2) as others:
            for _ in range(100 if others.pool else 0):
                others.begin(time.sleep, 0.5)
            raise KeyboardInterrupt

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert time.monotonic() - begun < 10
