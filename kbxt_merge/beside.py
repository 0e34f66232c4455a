"""Processes that work while this one goes on: what only writes files need not be waited for."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Argument = TypeVar("Argument")
Result = TypeVar("Result")

FEW_ITEMS = 100
"""Fewer items than this are mapped here where other processes would have to start from nothing."""


@dataclass(frozen=True)
class Beside(Generic[Argument, Result]):
    """Processes beside this one, at most `jobs`; `work` is what copies of this process can do without being told more.

    `copied` says whether there are such copies: they see all that was in memory here when they began, and what they
    change there is lost. Without a pool all is done here.
    """

    work: Callable[[Argument], Result]
    pool: Executor | None
    copied: bool

    def begin(self, argument: Argument) -> Future[Result]:
        """Begin the work in a copy of this process, whose errors the future raises; without one, do it here and now."""
        if self.pool is not None and self.copied:
            return self.pool.submit(_do_taken, argument)
        done: Future[Result] = Future()
        done.set_result(self.work(argument))
        return done

    def map(self, function: Callable[[Any], Any], items: Sequence[Any]) -> Iterable[Any]:
        """What a function makes of each item, begun at once where there are processes for it; both are picklable."""
        if self.pool is None or (not self.copied and len(items) < FEW_ITEMS):
            return map(function, items)
        return self.pool.map(function, items, chunksize=8)


@contextmanager
def beside(work: Callable[[Argument], Result], jobs: int) -> Iterator[Beside[Argument, Result]]:
    """Processes for the time of a block, which ends when their work has ended."""
    copied = _can_be_copied()
    context = multiprocessing.get_context("fork" if copied else "spawn")
    taken = (_take_over, (work,)) if copied else (None, ())
    if jobs < 2:
        yield Beside(work, None, copied=False)
        return
    with ProcessPoolExecutor(jobs, context, *taken) as pool:
        yield Beside(work, pool, copied)


def _can_be_copied() -> bool:
    """Whether a fork is sound: elsewhere than on Linux libraries do not stand it, and a thread may hold a lock."""
    return sys.platform == "linux" and threading.active_count() == 1


_taken: Callable[[Any], Any]
"""In a copy: what it is there for. So the work itself need not be picklable."""


def _take_over(work: Callable[[Any], Any]) -> None:
    global _taken
    _taken = work
    gc.freeze()  # what was there before is no garbage, and to look at it would copy the memory
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End when the process that this one works beside was killed: nobody would ask for anything again."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do_taken(argument: Any) -> Any:
    return _taken(argument)
