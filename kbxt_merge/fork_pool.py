"""Processes that work while this one goes on: what only writes files need not be waited for."""

from __future__ import annotations

import gc
import multiprocessing
import os
import stat
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

Argument = TypeVar("Argument")
Result = TypeVar("Result")

_LAST_STANDARD = 2
"""The number of the error stream: it and those before it are written to by all."""


@dataclass(frozen=True)
class ForkPool:
    """Copies of this process, as many as it has jobs; without a pool all is done here.

    A copy sees all that was in memory here when it was made, and what it changes there is lost. Of a file that was open
    here it reads nothing, and what it writes there is lost: it opens its own.
    """

    works: Sequence[Callable[..., Any]]
    pool: Executor | None

    def begin(self, work: Callable[[Argument], Result], argument: Argument) -> Future[Result]:
        """Begin one of the works in a copy, whose errors the future raises; without one, do it here and now."""
        if self.pool is not None:
            return self.pool.submit(_do_taken, self.works.index(work), argument)
        done: Future[Result] = Future()
        done.set_result(work(argument))
        return done


@contextmanager
def fork_pool(
    works: Sequence[Callable[..., Any]], jobs: int, ready: Callable[[], object] = lambda: None
) -> Iterator[ForkPool]:
    """Copies that can do these works, for the time of a block; what none of them has begun at its end is not done.

    The works need not be picklable, but what they take and return. Each copy makes itself `ready` before its first.
    """
    if jobs < 2 or not _can_be_copied():
        yield ForkPool(works, None)
        return
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(jobs, context, _take_over, (works, ready))
    try:
        yield ForkPool(works, pool)
    finally:
        pool.shutdown(cancel_futures=True)  # after Ctrl-C nobody waits for a thousand workbooks to be marked


def _can_be_copied() -> bool:
    """Tell whether a fork is sound: elsewhere than on Linux libraries do not stand it, and a thread may hold a lock."""
    return sys.platform == "linux" and threading.active_count() == 1


_taken: Sequence[Callable[..., Any]] = ()
"""In a copy: the works that it can do."""


def _take_over(works: Sequence[Callable[..., Any]], ready: Callable[[], object]) -> None:
    global _taken
    _taken = works
    _let_go_of_files()
    gc.freeze()  # what was there before is no garbage, and to look at it would copy the memory
    threading.Thread(target=_end_with_parent, daemon=True).start()
    ready()


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
    """End when the process that this one works beside was killed: nobody would ask for anything again."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do_taken(number: int, argument: Any) -> Any:
    return _taken[number](argument)
