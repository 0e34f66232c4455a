"""A batch of files read on a machine of a cluster, in a process that its worker keeps for the next batch."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock, Timer, local
from typing import Self

from kbxt_merge.intake.inbox.listing import prepare
from kbxt_merge.intake.pool.processes import Pool, failed_reading, lost_reading, outcomes
from kbxt_merge.intake.pool.worker import Failed
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Problem, Reading, SourceFile

SECONDS_UNUSED = 60.0
"""After so long without a batch the process that was kept is ended: its merge is over, or was cut short."""

Stage = Callable[[SourceFile], Reading]

_here = local()
"""What each thread of a cluster's worker keeps."""


@dataclass(frozen=True)
class ReadBatch:
    """Reads batches of files on the workers of a cluster, to which it travels with the stage as bytes made once."""

    stage: bytes = field(repr=False)  # distributed asks anew for each task what its function is called
    limits: Limits

    @classmethod
    def by(cls, stage: Stage, limits: Limits) -> Self:
        """By this stage, which must be picklable and pure."""
        return cls(pickle.dumps(stage), limits)

    def __call__(self, files: Sequence[SourceFile]) -> bytes:
        """What the stage makes of each file, in order, as `unpacked` takes it; faults as by `read_all`."""
        prepare(files)
        reader: _Reader | None = getattr(_here, "reader", None)
        if reader is None or reader.batch != self:
            if reader is not None:
                reader.end()
            reader = _here.reader = _Reader(self)
        return pickle.dumps(reader.read(files))


def packed(readings: Sequence[Reading]) -> bytes:
    """The readings as a batch of theirs travels."""
    return pickle.dumps([pickle.dumps(reading) for reading in readings])


def unpacked(batch: bytes) -> list[Reading]:
    """The readings of a batch."""
    return [pickle.loads(reading) for reading in pickle.loads(batch)]


class _Reader:
    """A process that reads, with the limits that it has on any machine; begun anew where it was ended."""

    def __init__(self, batch: ReadBatch) -> None:
        """Nothing is started yet."""
        self.batch = batch
        self._pool = Pool(_Pickled(batch.stage), _lost, 1, batch.limits, failed=_failed)
        self._lock = Lock()
        self._unused = Timer(0, self.end)

    def read(self, files: Sequence[SourceFile]) -> list[bytes]:
        """The reading of each file, pickled where it was made: from there on bytes are handed on as they are."""
        with self._lock:
            self._unused.cancel()
            first, found = self._pool.begun, dict[int, bytes]()
            try:
                self._pool.begin(files)
                for _, position, reading in outcomes(self._pool):
                    found[position - first] = reading
            except BaseException:
                self._pool.__exit__()
                raise
            self._unused = Timer(SECONDS_UNUSED, self.end)
            self._unused.daemon = True
            self._unused.start()
        return [found[position] for position in range(len(files))]

    def end(self) -> None:
        """End the process, when it has read what it is reading."""
        with self._lock:
            self._unused.cancel()
            self._pool.__exit__()


@dataclass
class _Pickled:
    """The stage inside the process that reads."""

    stage: bytes

    def __call__(self, file: SourceFile) -> bytes:
        return pickle.dumps(self._stage(file))

    @cached_property
    def _stage(self) -> Stage:
        stage: Stage = pickle.loads(self.stage)
        return stage


def _lost(file: SourceFile, problem: Problem) -> bytes:
    return pickle.dumps(lost_reading(file, problem))


def _failed(file: SourceFile, told: Failed) -> bytes:
    return pickle.dumps(failed_reading(file, told))
