"""Workers that are copies of a process: they know what that one knew, own no file of it, and do not outlive it."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from worker_stages import misbehave

from kbxt_merge.intake.pool import memory_watch, processes
from kbxt_merge.intake.pool.processes import Pool, failed_reading, lost_reading, outcomes
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Problem, SourceFile

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux only")

LIMITS = Limits(seconds=2)
IN_COPIES = """
import os, sys, time
from kbxt_merge.intake.pool.processes import Pool, outcomes
from kbxt_merge.model.limits import Limits

def lost(item, problem):
    return problem.facts["what"]

def in_copies(work, items, limits=None, jobs=2):
    with Pool(work, lost, jobs, limits, copies=True) as pool:
        pool.begin(items)
        assert len(pool.lanes) == min(jobs, len(items))
        return [result for _, _, result in sorted(outcomes(pool), key=lambda each: each[1])]
"""


def told_by(asks: str, *arguments: str) -> str:
    """What a process prints in which no test before has left a thread."""
    asking = [sys.executable, "-c", IN_COPIES + asks, *arguments]
    return subprocess.run(asking, check=True, capture_output=True, text=True).stdout.strip()


def test_a_copy_knows_what_was_there_and_changes_nothing_here() -> None:
    asks = """
seen = [1]
def see(more):
    seen.append(more)
    return os.getpid() != parent, list(seen)
parent = os.getpid()
print(in_copies(see, [2]), seen)
"""
    assert told_by(asks) == "[(True, [1, 2])] [1]"


def test_beside_a_thread_nothing_is_copied_and_all_is_done_here() -> None:
    goes_on = threading.Event()
    thread = threading.Thread(target=goes_on.wait)
    thread.start()
    try:
        with Pool(abs, never, 2, None, copies=True) as pool:
            pool.begin([-1, -2])
            assert [each[1:] for each in outcomes(pool)] == [(0, 1), (1, 2)]
            assert not pool.lanes
    finally:
        goes_on.set()
        thread.join()


@pytest.mark.parametrize("method", ["forkserver", "spawn"])
def test_where_no_copy_can_be_made_a_function_is_sent_and_confined(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where a school's report must not cost more than reading a file."""
    monkeypatch.setattr(processes, "as_copies", lambda: None)
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: [method])
    names = ["a-1", "abort-1", "a-2", "swell-1", "a-3", "hang-1", "fault-1"]
    files = [SourceFile(name, name, 0, 0.0) for name in names]
    pool = Pool(misbehave, lost_reading, 2, LIMITS, copies=True, failed=failed_reading, can_be_sent=True)
    with pool:
        pool.begin(files)
        assert len(pool.lanes) == 2
        readings = {position: reading for _, position, reading in outcomes(pool)}
    told = [reading.problem.facts["what"] if reading.problem else "" for _, reading in sorted(readings.items())]
    assert told == ["", "crash", "", "memory", "", "time", "fault"]


@pytest.mark.parametrize("needed", [True, False])
def test_what_is_sent_may_hold_what_this_process_does_besides(needed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "as_copies", lambda: None)
    monkeypatch.setattr(memory_watch, "NEEDED", needed)
    pool = Pool(misbehave, lost_reading, 1, replace(LIMITS, memory_bytes=1), copies=True, can_be_sent=True)
    with pool:
        pool.begin([SourceFile("a-1", "a-1", 0, 0.0)])
        assert pool.limits is not None
        assert pool.limits.memory_bytes > 20 << 20


def never(item: object, problem: Problem) -> int:
    raise AssertionError(item)


def test_a_copy_has_nothing_of_a_file_that_was_open_before_it_and_opens_its_own(tmp_path: Path) -> None:
    asks = """
path = sys.argv[1]
with open(path, "r+b", buffering=0) as known:
    known.read(3)
    def read(what):
        known.seek(0), known.write(b"lost")
        with open(path, "rb") as own:
            return known.read(), own.read()
    print(*in_copies(read, [0]), known.read())
"""
    (tmp_path / "ledger").write_bytes(b"abcdef")
    assert told_by(asks, str(tmp_path / "ledger")) == "(b'', b'abcdef') b'def'"


def test_an_item_that_costs_its_copy_costs_itself_alone() -> None:
    asks = """
def work(what):
    if what == "abort":
        os.abort()
    if what == "hang":
        time.sleep(60)
    if what == "swell":
        bytearray(2 << 30)
    return what
known = bytearray(1 << 30)  # what was there before is not counted
print(*in_copies(work, ["a", "abort", "b", "hang", "c", "swell", "d"], Limits(seconds=1, memory_bytes=1 << 30)))
"""
    assert told_by(asks).split() == ["a", "crash", "b", "time", "c", "memory", "d"]


def test_without_limits_a_copy_may_take_what_it_needs() -> None:
    asks = "print(in_copies(lambda size: len(bytearray(size)), [2 << 30]))"
    assert told_by(asks) == f"[{2 << 30}]"


def test_a_lost_copy_that_cannot_be_done_without_ends_the_work() -> None:
    asks = """
def lost(item, problem):
    raise RuntimeError(f"{item} {problem.facts['what']}")
try:
    in_copies(lambda _: os._exit(1), ["summary"])
except RuntimeError as error:
    print(error)
"""
    assert told_by(asks) == "summary crash"


@pytest.mark.parametrize("copies", ["True", "False"])
def test_what_the_work_raises_is_raised_by_who_asks_unless_it_is_taken(copies: str) -> None:
    asks = f"""
failing = dict(jobs=1, limits=None, copies={copies}, lost=lost)
for failed in (None, lambda item, failed: (item, type(failed.error).__name__)):
    try:
        print(*Pool(int, failed=failed, **failing).over(["1", "x"]))
    except ValueError as error:
        print("x" in str(error))
"""
    assert told_by(asks).split("\n") == ["True", "(0, 1) (1, ('x', 'ValueError'))"]


def test_several_pools_are_heard_at_once_and_more_may_begin_meanwhile() -> None:
    here = Pool(str, lambda item, problem: "", 0, None)
    first = Pool(abs, never, 2, LIMITS)
    heard: list[tuple[bool, int, object]] = []
    with here, first:
        here.begin([5])
        first.begin([-1, -2])
        for pool, position, result in outcomes(first, here):
            heard.append((pool is first, position, result))
            if pool is first and position == 0:
                pool.begin([-3])
    assert sorted(heard, key=lambda each: each[:2]) == [(False, 0, "5"), (True, 0, 1), (True, 1, 2), (True, 2, 3)]


KILLED = """
def work(path):
    with open(path, "w") as told:
        told.write(str(os.getpid()))
    time.sleep(60)
in_copies(work, sys.argv[1:])
"""


def test_who_told_while_another_was_heard_out_is_not_late() -> None:
    asks = """
import time
def quick(item):
    return item
def slow(item):
    time.sleep(0.4)
    return item
one, two = (Pool(work, lost, 1, Limits(seconds=1), copies=True) for work in (quick, slow))
with one, two:
    one.begin(["quick"])
    two.begin(["slow"])
    said = []
    for pool, position, result in outcomes(one, two):
        said.append(result)
        time.sleep(1.5)
    print(said)
"""
    assert told_by(asks) == "['quick', 'slow']"


def test_copies_that_do_not_start_cost_what_waits_for_them_and_end_nothing() -> None:
    asks = """
from kbxt_merge.intake.pool import lane, processes
lane.SECONDS_TO_START = -1
lane.Lane.has_told = False
processes.wait = lambda *_: []
print(in_copies(str, [1, 2, 3]))
"""
    assert told_by(asks) == "['crash', 'crash', 'crash']"


def test_copies_end_when_the_process_they_work_for_is_killed(tmp_path: Path) -> None:
    paths = [tmp_path / "one", tmp_path / "other"]
    process = subprocess.Popen([sys.executable, "-c", IN_COPIES + KILLED, *map(str, paths)])
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


def test_who_is_interrupted_waits_for_nobody() -> None:
    asks = """
begun = time.monotonic()
try:
    with Pool(time.sleep, lost, 2, None, copies=True) as pool:
        pool.begin([60] * 100)
        raise KeyboardInterrupt
except KeyboardInterrupt:
    print(time.monotonic() - begun < 10)
"""
    assert told_by(asks) == "True"


def test_a_pool_that_ended_begins_anew() -> None:
    pool = Pool(abs, never, 1, LIMITS)
    assert [list(pool.over([-1])), list(pool.over([-2]))] == [[(0, 1)], [(0, 2)]]
    assert os.getpid() not in [lane.process.pid for lane in pool.lanes]


def test_parts_that_copies_do_come_in_their_order_and_none_is_done_here() -> None:
    asks = """
from kbxt_merge.intake.pool.in_copies import InCopies
def slow_at_first(part):
    time.sleep(0.3 if part == 0 else 0)
    return part, os.getpid() != parent
parent = os.getpid()
print(list(InCopies(2)(slow_at_first, 4)), list(InCopies(1)(slow_at_first, 1)), list(InCopies(2)(abs, 0)))
"""
    assert told_by(asks) == f"{[(part, True) for part in range(4)]} [(0, False)] []"


def test_a_part_over_which_copies_die_is_done_here_and_none_is_missing() -> None:
    """As where the system kills what takes most memory."""
    asks = """
from kbxt_merge.intake.pool.in_copies import InCopies
parent = os.getpid()
def dies(part):
    if part == 1 and os.getpid() != parent:
        os.abort()
    return part, os.getpid() == parent
print(list(InCopies(2)(dies, 4)))
"""
    assert told_by(asks) == "[(0, False), (1, True), (2, False), (3, False)]"
