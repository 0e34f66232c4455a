"""The per-workbook stage mapped over a dask.distributed cluster; the only home of dask.

Workers read their own inputs: only paths travel to them, and readings back.  A worker that dies costs its batch a
retry elsewhere; when the batch dies again it is taken apart, and a file that alone costs its workers becomes a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from logging import ERROR
from multiprocessing import active_children
from typing import TYPE_CHECKING

from kbxt_merge.errors import SettingsError
from kbxt_merge.intake.pool.processes import CRASH, lost_reading
from kbxt_merge.intake.pool.starting import from_clean_process, start_server
from kbxt_merge.intake.reading.batches import unpacked
from kbxt_merge.model.returns import Problem, Reading, SourceFile
from kbxt_merge.own_code import leave_current_folder

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

MOST_AT_ONCE = 64
"""Files of one task: enough that sending it costs little beside reading them."""

BATCHES_A_WORKER = 4
"""Tasks for each worker at least, where there are files enough: so that none waits long for the last."""

SECONDS_TO_CONNECT = 30

SECONDS_TO_CLOSE = 20.0

_PAGES = {"dashboard_address": "127.0.0.1:0", "scheduler_kwargs": {"dashboard": False}}
"""A scheduler always serves pages on itself: ours on any free port, which nobody elsewhere reaches."""

_DEATHS_OF_A_TASK = 1
"""A task may die with its worker so often, and is tried once more."""

ReadBatch = Callable[[Sequence[SourceFile]], bytes]


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
    with _client(jobs, scheduler) as client:
        for position, reading in _read(client, files, read_batch):
            found[position] = reading
            if on_file is not None:
                on_file(reading)
    return [found[position] for position in range(len(files))]


def _read(client: Client, files: Sequence[SourceFile], read_batch: ReadBatch) -> Iterator[tuple[int, Reading]]:
    """The files in batches; those of a batch that died are read again one by one, when nothing else is under way.

    A worker that dies takes the tasks queued on it for suspects too: beside a file that kills, none could be cleared.
    """
    from distributed import KilledWorker, as_completed

    tasks = {
        client.submit(read_batch, [files[position] for position in batch], pure=False): batch
        for batch in _batches(len(files), _workers(client))
    }
    suspects: list[int] = []
    # what is done is fetched while other batches are unpacked here, and is held by its worker no longer
    done = as_completed(list(tasks), with_results=True, raise_errors=False)  # type: ignore[no-untyped-call]
    for task, told in done:
        batch = tasks.pop(task)
        if isinstance(told, bytes):
            task.release()
            yield from zip(batch, unpacked(told), strict=True)
        elif isinstance(task.exception(), KilledWorker):
            suspects += batch
        else:
            task.result()  # raises what it was
    for position in suspects:
        yield position, _read_alone(client, files[position], read_batch)


def _read_alone(client: Client, file: SourceFile, read_batch: ReadBatch) -> Reading:
    from distributed import KilledWorker

    try:
        (reading,) = unpacked(client.submit(read_batch, [file], pure=False).result())
    except KilledWorker:
        return lost_reading(file, Problem("file-unsafe", {"what": CRASH}))
    return reading


def _batches(files: int, workers: int) -> list[range]:
    """The positions of the files, in tasks."""
    size = max(1, min(MOST_AT_ONCE, -(-files // (workers * BATCHES_A_WORKER))))
    return [range(first, min(first + size, files)) for first in range(0, files, size)]


def _workers(client: Client) -> int:
    return max(1, len(client.scheduler_info(n_workers=-1)["workers"]))


@contextmanager
def _client(jobs: int, scheduler: str) -> Iterator[Client]:
    leave_current_folder()  # a cluster on this machine begins with it, and so does every worker that replaces another
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise SettingsError(
            "没有安装 dask：请运行 pip install 'kbxt-merge[dask]'，或改用 --engine local",
            "dask is not installed; run pip install 'kbxt-merge[dask]', or use --engine local",
        ) from error
    if scheduler:
        with _connected(scheduler) as client:
            yield client
        return
    start_server()
    own = {
        # from what readers are forked from, so that each worker's finds imported what it needs
        "distributed.worker.multiprocessing-method": from_clean_process().get_start_method(),
        # a worker has to start the process in which a file is read: a daemon may not
        "distributed.worker.daemon": False,
        "distributed.scheduler.allowed-failures": _DEATHS_OF_A_TASK,
    }
    with dask.config.set(own), _cluster(jobs) as cluster, Client(cluster) as client:  # type: ignore[no-untyped-call]
        yield client


@contextmanager
def _cluster(jobs: int) -> Iterator[LocalCluster]:
    """A cluster on this machine; none of its processes outlives it, or this one would wait for them at its own end."""
    from distributed import LocalCluster

    others = active_children()
    # what it warns of is a verdict (a worker over its memory) or nothing (one slow to end on a busy machine)
    cluster = LocalCluster(n_workers=jobs, threads_per_worker=1, silence_logs=ERROR, **_PAGES)  # type: ignore[no-untyped-call]
    try:
        yield cluster
    finally:
        with suppress(TimeoutError):  # a worker that was killed while it began may be waited for without end
            cluster.close(timeout=SECONDS_TO_CLOSE)
        for process in set(active_children()).difference(others):
            process.kill()


def _connected(scheduler: str) -> Client:
    from distributed import Client

    try:
        return Client(scheduler, timeout=SECONDS_TO_CONNECT)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"连不上调度器 {scheduler}：请检查地址，并确认它正在运行",
            f"the scheduler {scheduler} can't be reached; check its address, and that it runs",
        ) from error
