"""One run at a time: the lock that stands beside an output folder, and the name of who holds it."""

from __future__ import annotations

import datetime as dt
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kbxt_merge.errors import OutputError
from kbxt_merge.outputs.publish.hidden import hide

_POLL = 0.05
"""Seconds between two looks at a lock that another run holds."""

if sys.platform == "win32":
    import msvcrt

    _LOCKED_BYTE = 1 << 20  # far behind the holder's name: Windows forbids reading what is locked

    def _lock(handle: int) -> None:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


_held: set[int] = set()
"""Handles of locks held here. A forked worker lets its copies go: it must not hold a lock when its parent is dead."""


def _let_go() -> None:
    for handle in _held:
        os.close(handle)
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)


@contextmanager
def hold(out: Path, patience: float) -> Iterator[None]:
    """Hold an output folder for oneself; the lock goes with the process, however that ends.

    Raises OutputError, which names the holder, when another run still holds the folder after `patience` seconds.
    """
    handle = os.open(lock_file(out), os.O_RDWR | os.O_CREAT, 0o600)
    hide(lock_file(out))
    _held.add(handle)
    try:
        _wait(handle, out, patience)
        _sign(handle)
        yield
    finally:
        _held.discard(handle)
        os.close(handle)


def lock_file(out: Path) -> Path:
    """The file beside an output folder that is locked while a run writes there."""
    return out.with_name(f".{out.name}.lock")


def _wait(handle: int, out: Path, patience: float) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            return _lock(handle)
        except (BlockingIOError, PermissionError) as error:  # Windows says the latter
            if time.monotonic() >= until:
                holder = _holder(handle)
                raise OutputError(
                    f"输出文件夹“{out}”正被另一次运行占用（{holder}）：请等它结束，或换一个 --out",
                    f"another run ({holder}) is writing to {out}: wait for it to end, or choose another --out",
                ) from error
        time.sleep(_POLL)


def _sign(handle: int) -> None:
    name = f"pid {os.getpid()}, {socket.gethostname()}, {dt.datetime.now():%Y-%m-%d %H:%M:%S}"
    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, name.encode())


def _holder(handle: int) -> str:
    os.lseek(handle, 0, os.SEEK_SET)
    return os.read(handle, 200).decode(errors="replace") or "?"
