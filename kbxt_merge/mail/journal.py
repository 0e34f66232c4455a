"""A file of events, one a line, only ever appended to: what it says has happened, a kill can't undo."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Journal:
    """Events in the order in which they were written; a last line that a kill left unfinished never happened."""

    def __init__(self, path: Path) -> None:
        """Open the file, and cut off an unfinished last line."""
        self._path = path
        written = path.read_bytes() if path.exists() else b""
        self._whole = written[: written.rfind(b"\n") + 1]
        if self._whole != written:
            os.truncate(path, len(self._whole))

    def events(self) -> Iterator[dict[str, Any]]:
        """What was written before it was opened."""
        return (json.loads(line) for line in self._whole.splitlines())

    def write(self, event: dict[str, str | int]) -> None:
        """Append an event; it has reached the disk when this returns."""
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, json.dumps(event, ensure_ascii=False).encode() + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
