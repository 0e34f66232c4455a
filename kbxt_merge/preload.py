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


def import_ahead(module: str) -> None:
    """Import in a thread what is needed once the files are read: pandera takes as long as a hundred workbooks."""
    Thread(target=_import, args=(module,)).start()


def _import(module: str) -> None:
    with suppress(
        Exception
    ):  # whoever needs it imports it again and says why; one that ends meanwhile needs it no more
        import_module(module)
