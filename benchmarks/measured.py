"""One run of a program from outside: how long, how much work on all its processes, how much memory at most."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass

_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds by the clock, seconds of work on all processors, and the peak of the program's main process in MB."""

    seconds: float
    work: float
    peak: float


def adopt_orphans() -> None:
    """Let the processes that a program leaves behind be ours to wait for: their work is the program's."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def measured(command: Sequence[str]) -> Measured:
    """Run the command to its end, with those it started; Python may keep what it compiled, as where it is installed."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, began = _work(), time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=kept)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise subprocess.CalledProcessError(process.returncode, list(command))
    _wait_for_the_rest()
    return Measured(seconds, _work() - before, usage.ru_maxrss / 1024)


def _wait_for_the_rest() -> None:
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _work() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
