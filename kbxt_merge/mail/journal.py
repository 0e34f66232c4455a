"""A file of events, one a line, only ever appended to: what it says has happened, a kill can't undo."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from kbxt_merge.errors import MailError


class Journal:
    """Events in the order in which they were written; a last line that a kill left unfinished never happened."""

    def __init__(self, path: Path) -> None:
        """Read what the file holds; a line that another process is just writing is left to it."""
        self._path = path
        written = path.read_bytes() if path.exists() else b""
        self._whole = written[: written.rfind(b"\n") + 1]
        self._unfinished = len(written) > len(self._whole)

    def events(self) -> Iterator[dict[str, Any]]:
        """What was written before it was opened."""
        return (json.loads(line) for line in self._whole.splitlines())

    def write(self, event: Mapping[str, object]) -> None:
        """Append an event, in place of an unfinished last line; it has reached the disk when this returns."""
        if self._unfinished:
            os.truncate(self._path, len(self._whole))
            self._unfinished = False
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, json.dumps(event, ensure_ascii=False).encode() + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def without(path: Path, goes: Callable[[Mapping[str, Any]], bool]) -> int:
    """Write a journal anew without some of its events, and count these; who writes to it meanwhile waits."""
    with FileLock(path.with_suffix(".lock")):
        lines = Journal(path)._whole.splitlines(keepends=True)
        kept = [line for line in lines if not goes(json.loads(line))]
        if len(kept) < len(lines):
            half = path.with_name(f".{path.name}")
            with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
                stream.writelines(kept)
                stream.flush()
                os.fsync(stream.fileno())
            half.replace(path)
    return len(lines) - len(kept)


@contextmanager
def one_at_a_time(path: Path, errand: str) -> Iterator[None]:
    """Hold what is done with a journal to one process at a time; MailError where another is at the same errand."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(path.with_suffix(".lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout as fault:
        raise MailError(
            f"另一个 kbxt {errand} 正在运行，请等它结束。",
            f"another kbxt {errand} is at work here; wait until it has ended.",
        ) from fault
    try:
        yield
    finally:
        lock.release()
