"""Files read in processes of their own, so that a file which crashes, hangs or swells costs its own verdict only."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import replace
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from tempfile import TemporaryDirectory
from typing import Any, Generic, Self, TypeVar

from kbxt_merge.intake.pool import memory_watch
from kbxt_merge.intake.pool.lane import Lane
from kbxt_merge.intake.pool.starting import as_copies, from_clean_process
from kbxt_merge.intake.pool.worker import READY, Failed, failed_with
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Kind, Problem, Reading, SourceFile

Item = TypeVar("Item")
Result = TypeVar("Result")

CRASH = "crash"
MOST_NOT_STARTED = 2
MOST_AT_ONCE = 32
"""Files handed to a worker at once: enough that it rarely waits for the next ones."""


def read_all(
    files: Sequence[SourceFile],
    stage: Callable[[SourceFile], Reading],
    jobs: int,
    limits: Limits,
    on_file: Callable[[Reading], None] | None = None,
) -> list[Reading]:
    """What `stage` makes of each file, in the order given; `on_file` is called as each comes in, in any order.

    `stage` must be picklable and pure. A file that kills its worker or outlasts its time becomes a Problem, as does
    one over which `stage` raises an exception, but for what the operator got wrong: that is raised here.
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
    pool = Pool(stage, lost_reading, min(jobs, max(len(files), 1)), limits, failed=failed_reading)

    def read() -> Iterator[tuple[int, Reading]]:
        for position, reading in pool.over(files):
            if on_file is not None:
                on_file(reading)
            yield position, reading

    return in_order(read())


def in_order(results: Iterable[tuple[int, Result]]) -> Iterator[Result]:
    """The results in the order of their positions, each as soon as those before it have come."""
    early: dict[int, Result] = {}
    turn = 0
    for position, result in results:
        early[position] = result
        while turn in early:
            yield early.pop(turn)
            turn += 1


def lost_reading(file: SourceFile, problem: Problem) -> Reading:
    """The reading of a file that cost its worker."""
    return Reading(file, Kind.UNKNOWN, "", problem=problem)


def failed_reading(file: SourceFile, told: Failed) -> Reading:
    """The reading of a file over which the stage raised an error; raises what the operator got wrong."""
    return lost_reading(file, told.problem())


class Pool(Generic[Item, Result]):
    """Workers that map one function over items; `lost` makes a result of an item that cost its worker.

    They start in a clean process and are sent the function, or are `copies` of this one and have it. Where no sound
    copy can be made they are sent it if it `can_be_sent`, and may hold what this process does besides. Without `jobs`,
    and where it can't, this process maps it itself, and nothing confines it. `failed` makes a result
    of an item over which the function raised an error; without it the error is raised here.
    """

    def __init__(
        self,
        function: Callable[[Item], Result],
        lost: Callable[[Item, Problem], Result],
        jobs: int,
        limits: Limits | None,
        *,
        copies: bool = False,
        failed: Callable[[Item, Failed], Result] | None = None,
        can_be_sent: bool = False,
    ) -> None:
        """Nothing is started yet: that is the affair of `begin`."""
        self.function = function
        self.lost = lost
        self.failed = failed
        self.jobs = jobs
        self.limits = limits
        self.copies = copies
        self.can_be_sent = can_be_sent
        self.waiting: deque[tuple[int, Item]] = deque()
        self.begun = 0
        self.left = 0
        self.lanes: list[Lane[Item]] = []
        self.has_started = False
        self.not_started = 0
        self.suspects: set[int] = set()
        self._context: BaseContext | None = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        """Begin nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Kill the workers, whatever they are doing."""
        for lane in self.lanes:
            lane.stop()
        self.lanes = []
        self.waiting.clear()
        self.begun = self.left = 0
        self._open.close()

    def over(self, items: Sequence[Item]) -> Iterator[tuple[int, Result]]:
        """The position and the result of each item, as they come in."""
        with self:
            self.begin(items)
            for _, position, result in outcomes(self):
                yield position, result

    def begin(self, items: Sequence[Item]) -> None:
        """Let workers begin with these items, whose positions are counted on from earlier ones; `outcomes` tells."""
        self.waiting.extend(enumerate(items, self.begun))
        self.begun += len(items)
        self.left += len(items)
        if self.lanes:
            self.give()
        if self.lanes or not self.jobs or not items:
            return
        self._context = as_copies() if self.copies else from_clean_process()
        if self._context is None and self.can_be_sent:
            self._context, self.copies = from_clean_process(), False
            self.limits = self.limits and replace(
                self.limits, memory_bytes=self.limits.memory_bytes + memory_watch.held_here()
            )
        if self._context is not None:
            self.scratch = self._open.enter_context(scratch_folder())
            self.lanes = [self._lane() for _ in range(min(self.jobs, len(items)))]
            self.give()

    def _lane(self) -> Lane[Item]:
        context = as_copies() if self.copies else self._context
        assert context is not None, "copies were sound when the first was made, and this process has no more threads"
        return Lane.start(context, self.function, self.limits, self.scratch)

    def give(self) -> None:
        """Hand what waits to those who have nothing to do."""
        for lane in self.lanes:
            if lane.can_take and self.waiting:
                share = max(1, len(self.waiting) // (4 * self.jobs))
                lane.give([self.waiting.popleft() for _ in range(min(MOST_AT_ONCE, share))])

    def here(self) -> Iterator[tuple[int, Result]]:
        """The next item's result, worked out by this process where it has no workers."""
        position, item = self.waiting.popleft()
        self.left -= 1
        try:
            result = self.function(item)
        except Exception as error:
            if self.failed is None:
                raise
            result = self.failed(item, failed_with(error))
        yield position, result

    def news(self, told: Set[object]) -> Iterator[tuple[int, Result]]:
        """What the workers with these connections have to tell, or lack of time tells of the others."""
        for lane in [each for each in self.lanes if each.is_busy]:
            heard: Iterable[tuple[int, Result]] = ()
            if lane.connection in told or (time.monotonic() > lane.deadline and lane.has_told):
                heard = self._heard(lane)  # while another was heard out it may have told more than was known before
            elif time.monotonic() > lane.deadline:
                limit = f"{self.limits.seconds:g}" if self.limits else ""
                heard = self._replaced(lane, Problem("file-unsafe", {"what": "time", "limit": limit}))
            elif lane.ready and lane.is_swollen and self.limits is not None:
                limit = str(self.limits.memory_bytes)
                heard = self._replaced(lane, Problem("file-unsafe", {"what": "memory", "limit": limit}))
            for position, result in heard:
                self.left -= 1
                yield position, result
        self.give()

    def _heard(self, lane: Lane[Item]) -> Iterator[tuple[int, Result]]:
        try:
            news = lane.connection.recv()
        except (EOFError, OSError):
            yield from self._replaced(lane, Problem("file-unsafe", {"what": CRASH}))
            return
        if news == READY:
            lane.ready = self.has_started = True
            return
        items = lane.batch[lane.come :]
        lane.come += len(news)
        for (position, item), result in zip(items, news, strict=False):
            yield position, self._result(item, result)

    def _result(self, item: Item, news: Any) -> Result:
        if isinstance(news, Failed):
            if self.failed is None:
                raise news.error from RuntimeError(news.trace)
            return self.failed(item, news)
        result: Result = self.lost(item, news) if isinstance(news, Problem) else news
        return result

    def _replaced(self, lane: Lane[Item], problem: Problem) -> Iterator[tuple[int, Result]]:
        """The verdict on the item that cost the worker; what else has not come of its batch is done by another.

        The first worker that dies over an item may have been killed from outside: a second one tries it again.
        """
        if not lane.ready:
            yield from self._not_started(lane)
            return
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

    def _not_started(self, lane: Lane[Item]) -> Iterator[tuple[int, Result]]:
        """Another worker in the place of one that did not start: the machine may have had no memory for it just then.

        Where several did not, and none ever did or none can be done without, nothing can be done; else what waits is
        lost.
        """
        lane.stop()
        self.lanes.remove(lane)
        self.waiting.extendleft(reversed(lane.batch))
        self.not_started += 1
        if self.not_started <= MOST_NOT_STARTED:
            self.lanes.append(self._lane())
        elif not self.lanes:
            if not (self.copies or self.has_started):
                raise RuntimeError("a worker did not start")
            lost = list(self.waiting)
            self.waiting.clear()
            for position, item in lost:
                yield position, self.lost(item, Problem("file-unsafe", {"what": CRASH}))


def outcomes(*pools: Pool[Any, Any]) -> Iterator[tuple[Pool[Any, Any], int, Any]]:
    """The pool, the position and the result of each item that was begun, as they come in, until none is left.

    More may be begun meanwhile.
    """
    while any(pool.left for pool in pools):
        for pool in pools:
            if pool.left and not pool.lanes:
                yield from ((pool, *each) for each in pool.here())
        busy = [lane for pool in pools if pool.left for lane in pool.lanes if lane.is_busy]
        if not busy:
            continue
        pause = min(lane.deadline for lane in busy) - time.monotonic()
        if memory_watch.NEEDED:
            pause = min(pause, memory_watch.SECONDS)
        here = any(pool.left and not pool.lanes for pool in pools)
        told = wait([lane.connection for lane in busy], 0 if here else None if pause == math.inf else max(0.0, pause))
        for pool in pools:
            yield from ((pool, *each) for each in pool.news(set(told)))


def scratch_folder() -> AbstractContextManager[str]:
    """A folder for what workers put on disk for a moment: one that is killed leaves ID numbers there.

    Blank where no disk takes a folder, so that none takes what would be left either.
    """
    try:
        return TemporaryDirectory(prefix="kbxt-", ignore_cleanup_errors=True)
    except OSError:
        return nullcontext("")
