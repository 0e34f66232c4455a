"""What runs inside a reading process; it must start fast, so nothing heavy is imported here."""

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
from typing import Any

from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Problem

READY = "ready"
MOST_UNTOLD, SECONDS_UNTOLD = 16, 0.2
"""Results are sent in such groups: a message for each costs as much as a tenth of the reading."""


@dataclass(frozen=True, slots=True)
class Failed:
    """An exception of the mapped function, and its traceback in words."""

    error: Exception
    trace: str


def serve(
    connection: Connection[Any, Any],
    function: Callable[[Any], Any],
    limits: Limits,
    progress: MutableSequence[float],
    scratch: str,
) -> None:
    """Map `function` over the batches that come, until the other side closes; results go back some at a time.

    `progress` is shared with the other side: which item of the batch is being read, and since when (monotonic seconds).
    `scratch` is the folder for what libraries put on disk for a moment: the other side takes it away; blank
    where there is none.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the main process decides what an interrupt means
    tempfile.tempdir = scratch or None
    _confine(limits)
    _silence()
    connection.send(READY)
    try:
        while True:
            _serve_batch(connection, function, limits, progress)
    except (EOFError, OSError):
        return


def _serve_batch(
    connection: Connection[Any, Any], function: Callable[[Any], Any], limits: Limits, progress: MutableSequence[float]
) -> None:
    results: list[Any] = []
    told = time.monotonic()
    for number, item in enumerate(connection.recv()):
        began = time.monotonic()
        if len(results) >= MOST_UNTOLD or (results and began - told > SECONDS_UNTOLD):
            connection.send(results)
            results, told = [], began
        progress[:] = [number, began]
        results.append(_outcome(function, item, limits))
    connection.send(results)


def _outcome(function: Callable[[Any], Any], item: Any, limits: Limits) -> Any:
    try:
        return function(item)
    except MemoryError:
        return Problem("file-unsafe", {"what": "memory", "limit": str(limits.memory_bytes)})
    except Exception as error:  # noqa: BLE001 - handed to the main process, which raises it
        return Failed(_portable(error), traceback.format_exc())


def _portable(error: Exception) -> Exception:
    """The exception, or its words where it cannot leave the process."""
    try:
        pickle.loads(pickle.dumps(error))
    except (pickle.PickleError, TypeError, AttributeError):
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _confine(limits: Limits) -> None:
    """Bound the address space, and leave no core file: where the platform has such limits."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, most in ((resource.RLIMIT_AS, limits.memory_bytes), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(kind, (soft, hard))
        except (OSError, ValueError):  # macOS knows the name of RLIMIT_AS and refuses it
            continue


def _silence() -> None:
    """Send what libraries print, in panic or in passing, nowhere: the main process's output is for people."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
