"""A command that is told to end, by Ctrl-C or by the system, takes away what is half done and lets go of what it holds.

Python raises an interrupt wherever it stands: where nobody can catch it, it would be lost, inside the machinery of
imports it would leave a lock that others wait for, and while a process starts half of one.  Such a one comes again a
moment later.
"""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from kbxt_merge.held_signals import TO_END, are_held

_SECONDS = 0.02
_IMPORTS = "<frozen importlib"


@contextmanager
def heeding_interrupts() -> Iterator[None]:
    """Let a signal to end be a KeyboardInterrupt with its number, once; only a program's main thread hears of any."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handlers = {number: signal.signal(number, _interrupt) for number in TO_END}
    told, sys.unraisablehook = sys.unraisablehook, _unraisable
    try:
        yield
    finally:
        sys.unraisablehook = told
        for number, handler in handlers.items():
            signal.signal(number, handler)


def _interrupt(number: int, frame: FrameType | None) -> None:
    importing = frame is not None and frame.f_code.co_filename.startswith(_IMPORTS)
    if importing or are_held():
        _again(number)
        return
    for each in TO_END:  # once is enough: what is being taken away must not stay
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt(number)


def _unraisable(told: Any) -> None:
    """Called for an exception that nobody can catch, as inside a callback of the garbage collector."""
    if isinstance(told.exc_value, KeyboardInterrupt):
        for each in TO_END:
            signal.signal(each, _interrupt)
        _again(told.exc_value.args[0] if told.exc_value.args else signal.SIGINT)
    else:
        sys.__unraisablehook__(told)


def _again(number: int) -> None:
    timer = threading.Timer(_SECONDS, _thread.interrupt_main, (number,))
    timer.daemon = True
    timer.start()
