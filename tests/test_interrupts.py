"""A run that is told to end leaves nothing behind: no process, no temporary file, no half of an output."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples" / "returned"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals and processes are looked at as Linux has them")


SECONDS = {"local": 1.5, "dask": 6.0}
"""How long a merge of the examples is at work with each engine, about."""


def started(inbox: Path, out: Path, scratch: Path, engine: str) -> subprocess.Popen[str]:
    """A merge with a folder of its own for what is temporary, in a group of processes of its own."""
    program = "from kbxt_merge.__main__ import run; run()"
    options = ("--out", str(out), "--as-of", "2021-03-20", "--jobs", "2", "--engine", engine)
    return subprocess.Popen(
        [sys.executable, "-c", program, "merge", str(inbox), *options],
        env={**os.environ, "TMPDIR": str(scratch)},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def group(leader: int) -> list[int]:
    """The processes of a group that still run."""
    alive = []
    for each in filter(str.isdigit, os.listdir("/proc")):
        try:
            state, _, of_group = Path("/proc", each, "stat").read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(of_group) == leader and state != "Z":
            alive.append(int(each))
    return alive


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("whole_group", [True, False])
@pytest.mark.parametrize("engine", SECONDS)
def test_an_interrupted_merge_leaves_nothing_behind(
    number: signal.Signals, whole_group: bool, engine: str, tmp_path: Path
) -> None:
    inbox, scratch, out = tmp_path / "inbox", tmp_path / "scratch", tmp_path / "out"
    shutil.copytree(EXAMPLES, inbox)
    scratch.mkdir()
    chance = random.Random(number)
    for _ in range(2):
        run = started(inbox, out, scratch, engine)
        while not list(tmp_path.glob(".out.tmp-*")) and run.poll() is None:
            time.sleep(0.02)
        time.sleep(chance.uniform(0, SECONDS[engine]))
        with suppress(ProcessLookupError):  # it was done before
            (os.killpg if whole_group else os.kill)(run.pid, number)
        _, said = run.communicate(timeout=60)
        assert run.returncode in (0, 128 + number), said
        assert (len(said.splitlines()) == 1) == (run.returncode != 0), said
        until = time.monotonic() + 20
        while group(run.pid) and time.monotonic() < until:
            time.sleep(0.1)
        assert not group(run.pid)
        assert list(scratch.rglob("*")) == []
        assert {path.name for path in tmp_path.iterdir()} <= {"inbox", "scratch", "out", ".out.lock", ".out.kept"}
        assert not out.exists() or (out / "核查报告.html").exists()
