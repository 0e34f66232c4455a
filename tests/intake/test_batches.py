"""A worker of a cluster keeps the process that reads from one batch to the next, and replaces it when it is lost."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from multiprocessing import active_children

import pytest
from worker_stages import misbehave, slow

from kbxt_merge.errors import InboxError
from kbxt_merge.intake.reading import batches
from kbxt_merge.intake.reading.batches import ReadBatch, unpacked
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Reading, SourceFile

LIMITS = Limits(seconds=2)


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    yield
    batches._here.reader.end()


def named(*names: str) -> list[SourceFile]:
    return [SourceFile(name, name, 0, 0.0) for name in names]


def read(batch: ReadBatch, *names: str) -> list[Reading]:
    readings = unpacked(batch(named(*names)))
    assert [reading.file for reading in readings] == named(*names)
    return readings


def whats(readings: list[Reading]) -> list[str]:
    return [reading.problem.facts["what"] if reading.problem else "" for reading in readings]


def test_the_process_is_kept_until_a_file_costs_it_and_then_it_is_another() -> None:
    batch = ReadBatch.by(misbehave, LIMITS)
    first, second = read(batch, *(f"a-{number}" for number in range(40))), read(batch, "a-1")
    (pid,) = {reading.sha256 for reading in (*first, *second)}
    assert pid != str(os.getpid())
    costly = read(batch, "a-1", "abort", "a-2", "hang", "swell", "fault")
    assert whats(costly) == ["", "crash", "", "time", "memory", "fault"]
    (after,) = read(batch, "a-1")
    assert after.sha256 not in (pid, str(os.getpid()))


def test_what_the_operator_got_wrong_is_raised_and_the_next_batch_is_read() -> None:
    batch = ReadBatch.by(misbehave, LIMITS)
    with pytest.raises(InboxError):
        batch(named("a-1", "server"))
    assert whats(read(batch, "a-1")) == [""]


def test_another_merge_has_another_process_and_one_that_is_not_used_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "SECONDS_UNUSED", 1.0)
    before = set(active_children())
    for stage in (misbehave, slow):
        read(ReadBatch.by(stage, LIMITS), "a-1")
        assert len(set(active_children()) - before) == 1
    until = time.monotonic() + 10
    while set(active_children()) - before:
        assert time.monotonic() < until
        time.sleep(0.05)
