"""One worker, and what it was given to do."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, MutableSequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any, Generic, Self, TypeVar

from kbxt_merge.intake.pool import memory_watch
from kbxt_merge.intake.pool.starting import start
from kbxt_merge.intake.pool.worker import Task, serve
from kbxt_merge.model.limits import Limits

Item = TypeVar("Item")

SECONDS_TO_START = 120.0


@dataclass(slots=True)
class Lane(Generic[Item]):
    """A worker, the batch it was given, and how many results of that have come.

    `progress` is what the worker tells of itself: the item it is at, and since when. `since` holds until it has begun.
    """

    process: BaseProcess
    connection: Connection[Any, Any]
    progress: MutableSequence[float]
    limits: Limits | None
    since: float
    ready: bool = False
    batch: list[tuple[int, Item]] = field(default_factory=list)
    come: int = 0

    @classmethod
    def start(cls, context: BaseContext, function: Callable[[Item], Any], limits: Limits | None, scratch: str) -> Self:
        """Start a worker for this function; it will be ready later."""
        ours, theirs = context.Pipe()
        progress = context.RawArray("d", 2)
        is_copy = context.get_start_method() == "fork"
        task = Task(function, limits, scratch, is_copy, memory_watch.NEEDED and not is_copy)
        # the context's classes are one's own of each platform; their common base starts alike
        process = context.Process(target=serve, args=(theirs, task, progress), daemon=True)  # type: ignore[attr-defined]
        start(process)
        theirs.close()
        return cls(process, ours, progress, limits, time.monotonic())

    @property
    def is_busy(self) -> bool:
        """Whether something is still to come from the worker."""
        return not self.ready or self.come < len(self.batch)

    @property
    def has_told(self) -> bool:
        """Whether something that the worker told is waiting, or its end."""
        try:
            return self.connection.poll()
        except OSError:  # Windows says so of one that has ended
            return True

    @property
    def can_take(self) -> bool:
        """Whether the worker has nothing to do: one that has yet to start finds it when it is ready."""
        return self.come == len(self.batch)

    def give(self, batch: list[tuple[int, Item]]) -> None:
        """Hand the worker its next items."""
        self.batch, self.come, self.since = batch, 0, time.monotonic()
        if self.ready:
            self.progress[:] = [0.0, self.since]
        with suppress(OSError):  # a worker that was killed meanwhile is heard of by its closed connection
            self.connection.send([item for _, item in batch])

    @property
    def deadline(self) -> float:
        """When the worker has taken too long, in monotonic seconds: to start, or over the item it is at."""
        if not self.ready:
            return self.since + SECONDS_TO_START
        return max(self.since, self.progress[1]) + self.limits.seconds if self.limits else math.inf

    @property
    def is_swollen(self) -> bool:
        """Whether the worker holds more memory than it may, where no system confines it."""
        if self.limits is None or not memory_watch.NEEDED:
            return False
        return memory_watch.swollen(self.process.pid, self.limits.memory_bytes)

    def stop(self) -> None:
        """Kill the worker, whatever it is doing."""
        self.connection.close()
        self.process.kill()
        self.process.join()
        self.process.close()
