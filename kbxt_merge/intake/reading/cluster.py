"""The per-workbook stage on a Dask cluster, by a process that speaks with the cluster for this one.

distributed leaves threads behind it, and a process that has any can't be copied to write: this one never imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from kbxt_merge.errors import ClusterError
from kbxt_merge.intake.pool.starting import from_clean_process, start
from kbxt_merge.intake.pool.worker import Failed
from kbxt_merge.intake.reading.batches import unpacked
from kbxt_merge.intake.reading.dask_cluster import Batches, ReadBatch, tell_readings
from kbxt_merge.model.returns import Reading, SourceFile


def read_on_cluster(
    files: Sequence[SourceFile],
    read_batch: ReadBatch,
    jobs: int,
    scheduler: str = "",
    on_file: Callable[[Reading], None] | None = None,
) -> list[Reading]:
    """What `read_batch` makes of the files, in their order; `on_file` is called as each comes in, in any order.

    `read_batch` must be picklable and pure, and give what `unpacked` takes. Without the address of a `scheduler`, a
    cluster of `jobs` processes is started on this machine, and closed. An exception of `read_batch` is a fault of the
    program and is raised here.
    """
    found: dict[int, Reading] = {}
    with _teller(Batches(files, read_batch, jobs, scheduler)) as connection:
        while (told := _heard(connection)) is not None:
            batch, readings = told
            for position, reading in zip(batch, unpacked(readings), strict=True):
                found[position] = reading
                if on_file is not None:
                    on_file(reading)
    return [found[position] for position in range(len(files))]


@contextmanager
def _teller(batches: Batches) -> Iterator[Connection[Any, Any]]:
    """The process that tells the readings: it ends when it has told all, or when this side does not listen any more.

    It is not waited for: this one can work on while a cluster is closed, and joins it at its own end.
    """
    context = from_clean_process()
    ours, theirs = context.Pipe()
    # one that is a daemon may not have processes of its own, and a cluster on this machine has
    process = context.Process(target=tell_readings, args=(theirs, batches), daemon=False)  # type: ignore[attr-defined]
    with ours:
        with theirs:
            start(process)
        yield ours


def _heard(connection: Connection[Any, Any]) -> tuple[Sequence[int], bytes] | None:
    """The next batch, its positions and its readings; none where all are told."""
    try:
        told: tuple[Sequence[int], bytes] | Failed | None = connection.recv()
    except (EOFError, OSError) as error:
        raise ClusterError(
            "与 Dask 集群通信的进程意外结束：请重新运行；若再次发生，请检查内存，或改用 --engine local",
            "the process that speaks with the Dask cluster ended; run again, and if it does so once more, look at the"
            " machine's memory, or use --engine local",
        ) from error
    if isinstance(told, Failed):
        raise told.error from RuntimeError(told.trace)
    return told
