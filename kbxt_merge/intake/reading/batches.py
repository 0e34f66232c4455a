"""A batch of files read on a machine of a cluster: its drivers are imported once there, not once a batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kbxt_merge.intake.inbox.listing import prepare
from kbxt_merge.intake.pool.processes import read_all
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Reading, SourceFile


def read_batch(files: Sequence[SourceFile], stage: Callable[[SourceFile], Reading], limits: Limits) -> list[Reading]:
    """What `stage` makes of each file, in order, each read in a process that this one starts; as `read_all`."""
    prepare(files)
    return read_all(files, stage, 1, limits)
