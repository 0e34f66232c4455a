"""Signals to end, held back while a process starts: one that has not begun to ignore them would tell of them in a
traceback, and one whose starter was cut short would wait for the other half of what it is told."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

TO_END = (signal.SIGINT, signal.SIGTERM)

_starting: set[int] = set()
"""The threads that are starting a process."""


@contextmanager
def held_back() -> Iterator[None]:
    """Hold the signals to end from this thread and from what it starts, where the platform can.

    What is started takes them again by `taken_again`.  On a thread's way out those that came are heard of.
    """
    _starting.add(threading.get_ident())
    before = signal.pthread_sigmask(signal.SIG_BLOCK, TO_END) if hasattr(signal, "pthread_sigmask") else None
    try:
        yield
    finally:
        _starting.discard(threading.get_ident())
        if before is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def are_held() -> bool:
    """Whether a process is being started: another thread may have been handed the signal, and it is to wait."""
    return bool(_starting)


def taken_again() -> None:
    """In a process that was started: take signals to end as it has been told to."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, TO_END)
