"""Files read in processes of their own, so that a file which crashes, hangs or swells costs its own verdict only."""

from __future__ import annotations

import multiprocessing
import time
from collections import deque
from collections.abc import Callable, Iterator, MutableSequence, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from tempfile import TemporaryDirectory
from typing import Any, Generic, TypeVar

from kbxt_merge.intake.pool.main_module import without_main
from kbxt_merge.intake.pool.worker import READY, Failed, serve
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Kind, Problem, Reading, SourceFile
from kbxt_merge.own_code import leave_current_folder

Item = TypeVar("Item")
Result = TypeVar("Result")

CRASH = "crash"
MOST_AT_ONCE = 32
"""Files handed to a worker at once: enough that it rarely waits for the next ones."""
SECONDS_TO_START = 120.0
PRELOADED = ("kbxt_merge.intake.pool.worker", "kbxt_merge.intake.reading.read_file", "kbxt_merge.intake.formats.ooxml")
"""What every worker needs, imported once for all of them."""


def read_all(
    files: Sequence[SourceFile],
    stage: Callable[[SourceFile], Reading],
    jobs: int,
    limits: Limits,
    on_file: Callable[[Reading], None] | None = None,
) -> list[Reading]:
    """What `stage` makes of each file, in the order given; `on_file` is called as each comes in, in any order.

    `stage` must be picklable and pure. A file that kills its worker or outlasts its time becomes a Problem;
    an exception of `stage` is a fault of the program and is raised here.
    """
    return list(read_each(files, stage, jobs, limits, on_file))


def read_each(
    files: Sequence[SourceFile],
    stage: Callable[[SourceFile], Reading],
    jobs: int,
    limits: Limits,
    on_file: Callable[[Reading], None] | None = None,
) -> Iterator[Reading]:
    """As `read_all`, one after the other: no more is held than what came in ahead of its turn."""
    pool = Pool(stage, _lost, min(jobs, max(len(files), 1)), limits)
    early: dict[int, Reading] = {}
    turn = 0
    for position, reading in pool.over(files):
        if on_file is not None:
            on_file(reading)
        early[position] = reading
        while turn in early:
            yield early.pop(turn)
            turn += 1


def _lost(file: SourceFile, problem: Problem) -> Reading:
    return Reading(file, Kind.UNKNOWN, "", problem=problem)


@dataclass(slots=True)
class _Lane(Generic[Item]):
    """A worker, the batch it was given, and how many results of that have come.

    `progress` is what the worker tells of itself: the item it is at, and since when. `since` holds until it has begun.
    """

    process: BaseProcess
    connection: Connection[Any, Any]
    progress: MutableSequence[float]
    since: float
    ready: bool = False
    batch: list[tuple[int, Item]] = field(default_factory=list)
    come: int = 0

    @property
    def is_busy(self) -> bool:
        """Whether something is still to come from the worker."""
        return not self.ready or self.come < len(self.batch)

    def give(self, batch: list[tuple[int, Item]]) -> None:
        """Hand the worker its next items."""
        self.batch, self.come, self.since = batch, 0, time.monotonic()
        self.progress[:] = [0.0, self.since]
        with suppress(OSError):  # a worker that was killed meanwhile is heard of by its closed connection
            self.connection.send([item for _, item in batch])

    def deadline(self, seconds: float) -> float:
        """When the worker has taken too long, in monotonic seconds: to start, or over the item it is at."""
        return max(self.since, self.progress[1]) + seconds if self.ready else self.since + SECONDS_TO_START

    def stop(self) -> None:
        """Kill the worker, whatever it is doing."""
        self.connection.close()
        self.process.kill()
        self.process.join()
        self.process.close()


class Pool(Generic[Item, Result]):
    """Worker processes that map one function over items; `lost` makes a result of an item that cost its worker.

    Without `jobs` this process maps it itself, and nothing confines it.
    """

    def __init__(
        self,
        function: Callable[[Item], Result],
        lost: Callable[[Item, Problem], Result],
        jobs: int,
        limits: Limits,
    ) -> None:
        """Nothing is started yet: that is the affair of `over`."""
        self.function = function
        self.lost = lost
        self.jobs = jobs
        self.limits = limits
        self.context = _context()
        self.waiting: deque[tuple[int, Item]] = deque()
        self.lanes: list[_Lane[Item]] = []
        self.suspects: set[int] = set()
        self.scratch = ""

    def over(self, items: Sequence[Item]) -> Iterator[tuple[int, Result]]:
        """The position and the result of each item, as they come in."""
        if not self.jobs:
            yield from ((at, self._result(item, self.function(item))) for at, item in enumerate(items))
            return
        self.waiting = deque(enumerate(items))
        left = len(items)
        with _scratch() as self.scratch:
            try:
                self.lanes = [self._lane() for _ in range(self.jobs if items else 0)]
                while left:
                    for outcome in self._round():
                        left -= 1
                        yield outcome
            finally:
                for lane in self.lanes:
                    lane.stop()
                self.lanes = []

    def _lane(self) -> _Lane[Item]:
        ours, theirs = self.context.Pipe()
        progress = self.context.RawArray("d", 2)
        # the context's classes are one's own of each platform; their common base starts alike
        arguments = (theirs, self.function, self.limits, progress, self.scratch)
        process = self.context.Process(target=serve, args=arguments, daemon=True)  # type: ignore[attr-defined]
        with without_main():
            process.start()
        theirs.close()
        return _Lane(process, ours, progress, time.monotonic())

    def _round(self) -> Iterator[tuple[int, Result]]:
        """Wait for news of the workers; give the idle more to do, and replace the lost."""
        busy = [lane for lane in self.lanes if lane.is_busy]
        pause = min(lane.deadline(self.limits.seconds) for lane in busy) - time.monotonic()
        told = set(map(id, wait([lane.connection for lane in busy], max(0.0, pause))))
        for lane in busy:
            if id(lane.connection) in told:
                yield from self._heard(lane)
            elif time.monotonic() > lane.deadline(self.limits.seconds):
                yield from self._replaced(
                    lane, Problem("file-unsafe", {"what": "time", "limit": f"{self.limits.seconds:g}"})
                )

    def _heard(self, lane: _Lane[Item]) -> Iterator[tuple[int, Result]]:
        try:
            news = lane.connection.recv()
        except (EOFError, OSError):
            yield from self._replaced(lane, Problem("file-unsafe", {"what": CRASH}))
            return
        if news == READY:
            lane.ready = True
        else:
            for (position, item), result in zip(lane.batch[lane.come :], news, strict=False):
                yield position, self._result(item, result)
            lane.come += len(news)
        if not lane.is_busy and self.waiting:
            share = -(-len(self.waiting) // (2 * self.jobs))
            lane.give([self.waiting.popleft() for _ in range(min(MOST_AT_ONCE, share))])

    def _result(self, item: Item, news: Any) -> Result:
        if isinstance(news, Failed):
            raise news.error from RuntimeError(news.trace)
        result: Result = self.lost(item, news) if isinstance(news, Problem) else news
        return result

    def _replaced(self, lane: _Lane[Item], problem: Problem) -> Iterator[tuple[int, Result]]:
        """The verdict on the item that cost the worker; what else has not come of its batch is read by another.

        The first worker that dies over an item may have been killed from outside: a second one tries it again.
        """
        if not lane.ready:
            raise RuntimeError("a reading process did not start")
        lane.stop()
        position, item = lane.batch[max(int(lane.progress[0]), lane.come)]
        is_verdict = problem.facts["what"] != CRASH or position in self.suspects
        self.suspects.add(position)
        left = lane.batch[lane.come :]
        self.waiting.extendleft(reversed([each for each in left if each[0] != position or not is_verdict]))
        self.lanes.remove(lane)
        self.lanes.append(self._lane())
        if is_verdict:
            yield position, self.lost(item, problem)


def _scratch() -> AbstractContextManager[str]:
    """A folder for what workers put on disk for a moment: one that is killed leaves ID numbers there.

    Blank where no disk takes a folder, so that none takes what would be left either.
    """
    try:
        return TemporaryDirectory(prefix="kbxt-", ignore_cleanup_errors=True)
    except OSError:
        return nullcontext("")


def start_server(more: Sequence[str] = ()) -> None:
    """Start the process from which workers are forked, where the platform has one; do not wait for it.

    It imports `more` modules beforehand, unless it runs already.
    """
    context = _context()
    if context.get_start_method() == "forkserver":
        from multiprocessing.forkserver import ensure_running

        context.set_forkserver_preload([*PRELOADED, *more])
        ensure_running()


def _context() -> BaseContext:
    """Workers start from a clean process: a fork of this one would carry its threads' locks and its memory."""
    leave_current_folder()
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(PRELOADED))
        return context
    return multiprocessing.get_context("spawn")
