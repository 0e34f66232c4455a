"""The per-workbook stage mapped over a dask.distributed cluster; the only home of dask.

Workers read their own inputs: only paths travel to them, and readings back.  A worker that dies costs its batch a
retry elsewhere; when the batch dies again it is taken apart, and a file that alone costs its workers becomes a verdict.
"""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import active_children
from multiprocessing.connection import Connection
from threading import Thread, Timer
from typing import TYPE_CHECKING, Any

from kbxt_merge.errors import ClusterError, SettingsError
from kbxt_merge.intake.pool.processes import CRASH, lost_reading, scratch_folder
from kbxt_merge.intake.pool.worker import failed_with, heed_signals, silence
from kbxt_merge.intake.reading.batches import packed
from kbxt_merge.model.returns import Problem, SourceFile
from kbxt_merge.own_code import leave_current_folder

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

MOST_AT_ONCE = 64
"""Files of one task: enough that sending it costs little beside reading them."""

BATCHES_A_WORKER = 4
"""Tasks for each worker at least, where there are files enough: so that none waits long for the last."""

SECONDS_TO_CONNECT = 30

SECONDS_TO_CLOSE = 20.0

SECONDS_TO_END = SECONDS_TO_CLOSE + 5

_PAGES = {"dashboard_address": "127.0.0.1:0", "scheduler_kwargs": {"dashboard": False}}
"""A scheduler always serves pages on itself: ours on any free port, which nobody elsewhere reaches."""

_DEATHS_OF_A_TASK = 1
"""A task may die with its worker so often, and is tried once more."""

ReadBatch = Callable[[Sequence[SourceFile]], bytes]


@dataclass(frozen=True, slots=True)
class Batches:
    """What a cluster is asked for: at the address of a scheduler, or one of `jobs` processes on this machine."""

    files: Sequence[SourceFile]
    read_batch: ReadBatch
    jobs: int
    scheduler: str = ""


def tell_readings(connection: Connection[Any, Any], batches: Batches) -> None:
    """In a process of its own: tell the positions and readings of each batch, then nothing, or what was raised instead.

    It ends, with all that it started, when it is told to, and when the other side does not listen any more.
    """
    ending = _Ending()
    heed_signals(ending.at_signal)
    Thread(target=ending.with_listener, args=(connection,), daemon=True).start()
    try:
        with _client(batches.jobs, batches.scheduler, ending) as client:
            for told in _read(client, batches.files, batches.read_batch):
                connection.send(told)
            ending.begin()
            connection.send(None)
    except Exception as error:  # noqa: BLE001 - handed to the main process, which raises it
        with suppress(OSError):  # it does not listen any more
            connection.send(failed_with(error))


class _Ending:
    """The end of this process: it comes at a signal or without a listener, and never takes long."""

    def __init__(self) -> None:
        """It has not begun."""
        self._has_begun = self._is_put_off = False

    def begin(self) -> None:
        """Be gone after some seconds, whatever distributed waits for: its workers see that, and go too."""
        self._has_begun = True
        late = Timer(SECONDS_TO_END, os._exit, (1,))
        late.daemon = True
        late.start()

    def at_signal(self, *_: object) -> None:
        """Close what is open, once."""
        if not self._has_begun:
            self.begin()
            if not self._is_put_off:
                raise SystemExit(1)

    @contextmanager
    def put_off(self) -> Iterator[None]:
        """Come after this only: of a cluster that has half begun nothing closes the other half."""
        self._is_put_off = True
        yield
        self._is_put_off = False
        if self._has_begun:
            raise SystemExit(1)

    def with_listener(self, connection: Connection[Any, Any]) -> None:
        """Wait until the other side has closed, which never says anything, and was killed perhaps."""
        with suppress(OSError):
            connection.poll(None)
        if not self._has_begun:
            os.kill(os.getpid(), signal.SIGTERM)


def _read(client: Client, files: Sequence[SourceFile], read_batch: ReadBatch) -> Iterator[tuple[Sequence[int], bytes]]:
    """The positions and readings of the files' batches; those of one that died come singly, read when all else is.

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
            yield batch, told
        elif isinstance(task.exception(), KilledWorker):
            suspects += batch
        else:
            task.result()  # raises what it was
    for position in suspects:
        yield [position], _read_alone(client, files[position], read_batch)


def _read_alone(client: Client, file: SourceFile, read_batch: ReadBatch) -> bytes:
    from distributed import KilledWorker

    try:
        readings: bytes = client.submit(read_batch, [file], pure=False).result()
    except KilledWorker:
        return packed([lost_reading(file, Problem("file-unsafe", {"what": CRASH}))])
    return readings


def _batches(files: int, workers: int) -> list[range]:
    """The positions of the files, in tasks."""
    size = max(1, min(MOST_AT_ONCE, -(-files // (workers * BATCHES_A_WORKER))))
    return [range(first, min(first + size, files)) for first in range(0, files, size)]


def _workers(client: Client) -> int:
    return max(1, len(client.scheduler_info(n_workers=-1)["workers"]))


@contextmanager
def _client(jobs: int, scheduler: str, ending: _Ending) -> Iterator[Client]:
    """A client of the cluster at this address, or of one on this machine."""
    leave_current_folder()  # a cluster on this machine begins with it, and so does every worker that replaces another
    try:
        from distributed import CancelledError
    except ImportError as error:
        raise SettingsError(
            "没有安装 dask：请运行 pip install 'kbxt-merge[dask]'，或改用 --engine local",
            "dask is not installed; run pip install 'kbxt-merge[dask]', or use --engine local",
        ) from error
    try:
        with connected(scheduler) if scheduler else _on_this_machine(jobs, ending) as client:
            silence()  # of what goes wrong from here on distributed would tell in tracebacks
            yield client
    except CancelledError as error:
        raise ClusterError(
            "与 Dask 集群的连接断了：请确认调度器仍在运行，再重新运行",
            "the connection to the Dask cluster was lost; see that its scheduler runs, and run again",
        ) from error


@contextmanager
def _on_this_machine(jobs: int, ending: _Ending) -> Iterator[Client]:
    """A client of a cluster of our own."""
    import dask
    from distributed import Client

    silence()  # its workers, too, which are killed by files, and by whoever interrupts
    own = {
        # to fork them from a server distributed imports in this process all that a worker might use, pandas too
        "distributed.worker.multiprocessing-method": "spawn",
        # a worker has to start the process in which a file is read: a daemon may not
        "distributed.worker.daemon": False,
        "distributed.worker.profile.enabled": False,
        "distributed.scheduler.allowed-failures": _DEATHS_OF_A_TASK,
    }
    with scratch_folder() as scratch:
        if scratch:  # a worker that is killed leaves in it what is temporary
            tempfile.tempdir = os.environ["TMPDIR"] = scratch
        with dask.config.set(own), _cluster(jobs, ending) as cluster, Client(cluster) as client:  # type: ignore[no-untyped-call]
            yield client


@contextmanager
def _cluster(jobs: int, ending: _Ending) -> Iterator[LocalCluster]:
    """A cluster on this machine; none of its processes outlives it, or this one would wait for them at its own end."""
    from distributed import LocalCluster

    with ExitStack() as closing:
        with ending.put_off():
            closing.callback(_kill_the_rest)
            cluster = LocalCluster(n_workers=jobs, threads_per_worker=1, **_PAGES)  # type: ignore[no-untyped-call]
            closing.callback(_close, cluster)
        yield cluster


def _close(cluster: LocalCluster) -> None:
    with suppress(TimeoutError):  # a worker that was killed while it began may be waited for without end
        cluster.close(timeout=SECONDS_TO_CLOSE)


def _kill_the_rest() -> None:
    for process in active_children():
        process.kill()


def connected(scheduler: str, seconds: float = SECONDS_TO_CONNECT) -> Client:
    """A client of the cluster at this address; raises SettingsError where none can be reached for so many seconds."""
    from distributed import Client

    try:
        return Client(scheduler, timeout=seconds)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"连不上调度器 {scheduler}：请检查地址，并确认它正在运行",
            f"the scheduler {scheduler} can't be reached; check its address, and that it runs",
        ) from error
