"""How workers start: from a clean process, or as copies of this one."""

from __future__ import annotations

import gc
import multiprocessing
import os
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess

from kbxt_merge.held_signals import held_back
from kbxt_merge.intake.pool.main_module import without_main
from kbxt_merge.own_code import leave_current_folder

PRELOADED = (
    "kbxt_merge.intake.pool.worker",
    "kbxt_merge.intake.reading.read_file",
    "kbxt_merge.intake.reading.read_sheets",
    "kbxt_merge.intake.formats.ooxml",
)
"""What every reader needs, imported once for all of them."""

PAUSES = (0.05, 0.2, 1.0)
"""Seconds between attempts to start a process."""
_LONGEST_SOCKET_NAME = 104
"""What a socket's address holds on macOS and the BSDs, its last zero counted; on Linux 108."""
_LAST_STANDARD = 2
"""The number of the error stream: it and those before it are written to by all."""


def start_server(more: Sequence[str] = ()) -> None:
    """Start the process from which workers are forked, where the platform has one; do not wait for it.

    It imports `more` modules beforehand, unless it runs already.
    """
    context = from_clean_process()
    if context.get_start_method() == "forkserver":
        from multiprocessing.forkserver import ensure_running

        context.set_forkserver_preload([*PRELOADED, *more])
        with held_back():
            ensure_running()


def from_clean_process() -> BaseContext:
    """Workers that know nothing: a fork of this process would carry its threads' locks and its memory."""
    leave_current_folder()
    if sys.platform != "win32":
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()  # before any signal is held back: its own start lets them through again
    if "forkserver" in multiprocessing.get_all_start_methods() and _has_room_for_a_socket():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(PRELOADED))
        return context
    return multiprocessing.get_context("spawn")


def _has_room_for_a_socket() -> bool:
    """Tell whether the server's socket, in the folder for what is temporary, has a name that systems take."""
    return len(os.fsencode(tempfile.gettempdir())) + len("/pymp-12345678/listener-12345678") < _LONGEST_SOCKET_NAME


def start(process: BaseProcess) -> None:
    """Start a process, which runs no main module; no signal cuts its start short.

    It is tried anew where the process from which it is forked was killed over it: there is another then.
    """
    with without_main(), held_back():
        for pause in PAUSES:
            try:
                process.start()
            except (EOFError, ConnectionError):
                time.sleep(pause)
            else:
                return
        process.start()


def as_copies() -> BaseContext | None:
    """Workers that know all that this process knows now; None where a fork is not sound.

    Elsewhere than on Linux libraries do not stand it, and a thread may hold a lock.
    """
    sound = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork") if sound else None


def begin_as_copy() -> None:
    """In a copy: let go of what is not its own, and end when the process that it works for was killed."""
    _let_go_of_files()
    gc.freeze()  # what was there before is no garbage, and to look at it would copy the memory
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _let_go_of_files() -> None:
    """Put nothing in the place of every file that was open: whoever reads one that two share reads it where the other
    left off, by chance, and its contents are wrong only now and then."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for handle in map(int, os.listdir("/proc/self/fd")):
        with suppress(OSError):  # the list itself was open, and is not any more
            if handle > _LAST_STANDARD and stat.S_ISREG(os.fstat(handle).st_mode):
                os.dup2(nothing, handle)
    os.close(nothing)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
