"""What runs inside a worker; it must start fast, so nothing heavy is imported here."""

from __future__ import annotations

import os
import pickle
import signal
import tempfile
import time
import traceback
from collections.abc import Callable, MutableSequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import FrameType
from typing import Any

from kbxt_merge.errors import KbxtError
from kbxt_merge.held_signals import taken_again
from kbxt_merge.intake.pool.memory_watch import address_space
from kbxt_merge.intake.pool.starting import begin_as_copy
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Problem

READY = "ready"
OURS = "kbxt_merge"
MOST_UNTOLD, SECONDS_UNTOLD = 16, 0.2
"""Results are sent in such groups: a message for each costs as much as a tenth of the reading."""


@dataclass(frozen=True, slots=True)
class Failed:
    """An exception of the mapped function, its traceback in words, and the last place of ours in that."""

    error: Exception
    trace: str
    place: str = ""

    def problem(self) -> Problem:
        """What is told of it: its kind and its place in our code, for its words may quote a cell.

        Raises what the operator got wrong: that is no file's fault.
        """
        if isinstance(self.error, KbxtError):
            raise self.error
        told = f"{type(self.error).__name__}{self.place}"
        return Problem("file-unsafe", {"what": "fault", "error": told})


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker is for: the function it maps, within which limits, if any.

    `scratch` is the folder for what libraries put on disk for a moment: the other side takes it away; blank
    where there is none. A copy of another process leaves that one's files alone, and may add the limit to its memory.
    One that is `watched` is killed by the other side when it holds too much, and confines itself to nothing.
    """

    function: Callable[[Any], Any]
    limits: Limits | None
    scratch: str
    is_copy: bool
    watched: bool = False


def serve(connection: Connection[Any, Any], task: Task, progress: MutableSequence[float]) -> None:
    """Map the task's function over the batches that come, until the other side closes; results go back some at a time.

    `progress` is shared with the other side: which item of the batch is being done, and since when (monotonic seconds).
    """
    heed_signals(signal.SIG_DFL)
    tempfile.tempdir = task.scratch or None
    if task.is_copy:
        begin_as_copy()
    if task.limits is not None and not task.watched:
        _confine(task.limits.memory_bytes + (address_space() if task.is_copy else 0))
    silence()
    progress[:] = [0.0, time.monotonic()]
    try:
        connection.send(READY)
        while True:
            _serve_batch(connection, task, progress)
    except (EOFError, OSError):
        return


def heed_signals(at_end: signal.Handlers | Callable[[int, FrameType | None], None]) -> None:
    """In a process that works for another, which decides what an interrupt means: do so much when it is told to end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, at_end)
    taken_again()


def _serve_batch(connection: Connection[Any, Any], task: Task, progress: MutableSequence[float]) -> None:
    results: list[Any] = []
    told = time.monotonic()
    for number, item in enumerate(connection.recv()):
        began = time.monotonic()
        if len(results) >= MOST_UNTOLD or (results and began - told > SECONDS_UNTOLD):
            connection.send(results)
            results, told = [], began
        progress[:] = [number, began]
        results.append(_outcome(task, item))
    connection.send(results)


def _outcome(task: Task, item: Any) -> Any:
    try:
        return task.function(item)
    except MemoryError as error:
        if task.limits is None:
            return failed_with(error)
        return Problem("file-unsafe", {"what": "memory", "limit": str(task.limits.memory_bytes)})
    except Exception as error:  # noqa: BLE001 - handed to the main process, which raises it
        return failed_with(error)


def failed_with(error: Exception) -> Failed:
    """The exception that is being handled, as it may leave the process."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [each for each in frames if OURS in each.filename and os.path.dirname(__file__) not in each.filename]
    place = f", {os.path.basename(ours[-1].filename)}:{ours[-1].lineno}" if ours else ""
    return Failed(_portable(error), traceback.format_exc(), place)


def _portable(error: Exception) -> Exception:
    """The exception, or its words where it cannot leave the process."""
    try:
        pickle.loads(pickle.dumps(error))
    except (pickle.PickleError, TypeError, AttributeError):
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _confine(memory_bytes: int) -> None:
    """Bound the address space, and leave no core file: where the platform has such limits."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, most in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(kind, (soft, hard))
        except (OSError, ValueError):  # macOS knows the name of RLIMIT_AS and refuses it
            continue


def silence() -> None:
    """Send what libraries print, in panic or in passing, nowhere: the main process's output is for people."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
