"""What is begun before its turn, because it takes its time beside the work: the start of readers, heavy imports."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Thread

from kbxt_merge.intake.pool.starting import start_server
from kbxt_merge.outputs.publish.result_store import store_file


def start_readers(out: Path | None = None) -> None:
    """Start the process from which readers are forked; it is ready when the rest of this program is imported.

    A merge into a folder beside which results are kept may have nothing to read: there they start when they must.
    """
    if out is None or not store_file(out.absolute()).exists():
        start_server()


def import_ahead(*modules: str) -> None:
    """Import in a thread, in this order, what is needed once the files are read: what judges, enters and writes takes
    as long as several hundred workbooks."""
    _AT_WORK.append(Thread(target=_import, args=modules))
    _AT_WORK[-1].start()


def imported_ahead() -> None:
    """Wait until all is imported: a process with threads can't be copied."""
    while _AT_WORK:
        _AT_WORK.pop().join()


_AT_WORK: list[Thread] = []


def _import(*modules: str) -> None:
    for module in modules:
        with suppress(Exception):  # whoever needs it says why; one that ends meanwhile needs it no more
            import_module(module)
