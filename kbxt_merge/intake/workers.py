"""Files read in processes of their own, so that a file which crashes, hangs or swells costs its own verdict only."""

from __future__ import annotations

import multiprocessing
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from kbxt_merge.intake.worker import READY, Failed, serve
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.submission import Kind, Problem, Reading, SourceFile

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST_AT_ONCE = 32
"""Files handed to a worker at once: enough that it rarely waits for the next ones."""
SECONDS_TO_START = 120.0
PRELOADED = ("kbxt_merge.intake.worker", "kbxt_merge.intake.inbox", "kbxt_merge.intake.readers.ooxml")
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
    pool = Pool(stage, _lost, min(jobs, len(files)) or 1, limits)
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
    """A worker and the items it has been given, the one it is at first."""

    process: BaseProcess
    connection: Connection[Any, Any]
    since: float
    ready: bool = False
    given: deque[tuple[int, Item]] = field(default_factory=deque)

    def stop(self) -> None:
        """Kill the worker, whatever it is doing."""
        self.connection.close()
        self.process.kill()
        self.process.join()
        self.process.close()


class Pool(Generic[Item, Result]):
    """Worker processes that map one function over items; `lost` makes a result of an item that cost its worker."""

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

    def over(self, items: Sequence[Item]) -> Iterator[tuple[int, Result]]:
        """The position and the result of each item, as they come in."""
        self.waiting = deque(enumerate(items))
        left = len(items)
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
        # the context's classes are one's own of each platform; their common base starts alike
        process = self.context.Process(target=serve, args=(theirs, self.function, self.limits), daemon=True)  # type: ignore[attr-defined]
        process.start()
        theirs.close()
        return _Lane(process, ours, time.monotonic())

    def _round(self) -> Iterator[tuple[int, Result]]:
        """Wait for news of the workers; give the idle more to do, and replace the lost."""
        busy = [lane for lane in self.lanes if lane.given or not lane.ready]
        pause = max(0.0, min(self._deadline(lane) for lane in busy) - time.monotonic())
        told = set(map(id, wait([lane.connection for lane in busy], pause)))
        for lane in busy:
            if id(lane.connection) in told:
                yield from self._heard(lane)
            elif time.monotonic() > self._deadline(lane):
                yield from self._replaced(
                    lane, Problem("file-unsafe", {"what": "time", "limit": f"{self.limits.seconds:g}"})
                )

    def _deadline(self, lane: _Lane[Item]) -> float:
        return lane.since + (self.limits.seconds if lane.ready else SECONDS_TO_START)

    def _heard(self, lane: _Lane[Item]) -> Iterator[tuple[int, Result]]:
        try:
            news = lane.connection.recv()
        except (EOFError, OSError):
            yield from self._replaced(lane, Problem("file-unsafe", {"what": "crash"}))
            return
        lane.since = time.monotonic()
        if isinstance(news, Failed):
            raise news.error from RuntimeError(news.trace)
        if news == READY:
            lane.ready = True
        else:
            position, item = lane.given.popleft()
            yield position, self.lost(item, news) if isinstance(news, Problem) else news
        if not lane.given:
            self._give(lane)

    def _give(self, lane: _Lane[Item]) -> None:
        share = -(-len(self.waiting) // (2 * self.jobs))
        batch = [self.waiting.popleft() for _ in range(min(MOST_AT_ONCE, share))]
        if batch:
            lane.given.extend(batch)
            lane.connection.send([item for _, item in batch])

    def _replaced(self, lane: _Lane[Item], problem: Problem) -> Iterator[tuple[int, Result]]:
        """The verdict on the item that cost the worker; what it had not begun goes to another."""
        if not lane.ready:
            raise RuntimeError("a reading process did not start")
        lane.stop()
        position, item = lane.given.popleft()
        self.waiting.extendleft(reversed(lane.given))
        self.lanes.remove(lane)
        self.lanes.append(self._lane())
        yield position, self.lost(item, problem)


def _context() -> BaseContext:
    """Workers start from a clean process: a fork of this one would carry its threads' locks and its memory."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(PRELOADED))
        return context
    return multiprocessing.get_context("spawn")
