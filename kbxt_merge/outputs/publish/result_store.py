"""What a run keeps beside an output folder, to spare the next one the same work.

One file that only its owner can read: a header, then an entry a result, by a key that covers all that it was made of.
What is damaged is not there, and a file that can't be written is none: it can be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import mmap
import os
import struct
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from kbxt_merge.outputs.publish.hidden import hide

_HEADER = b"kbxt kept 1\n"
_ENTRY = struct.Struct(">32s16sI")
"""Before each entry's payload: its key, the payload's digest and its length in bytes."""


@dataclass
class ResultStore:
    """The results kept in the file at `path`, for the time of a run.

    Those that the run asks for or brings are there for the next one, if it ends well; all others go.
    """

    path: Path
    _new: BinaryIO | None = field(default=None, init=False)
    _written: set[bytes] = field(default_factory=set, init=False)

    def __enter__(self) -> Self:
        """Begin a new file beside the old one; where that can't be, nothing is kept."""
        with contextlib.suppress(OSError):
            self._new = os.fdopen(os.open(self._beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
            self._new.write(_HEADER)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put the new file in the old one's place, or take it away."""
        if self._new is None:
            return
        with contextlib.suppress(OSError):
            self._new.close()
            if isinstance(self._before, mmap.mmap):
                self._before.close()
            if kind is None and self._written:
                os.replace(self._beside, self.path)
                hide(self.path)
        self._beside.unlink(missing_ok=True)

    @property
    def is_empty(self) -> bool:
        """Whether no earlier run kept anything."""
        return not self._entries

    def get(self, key: bytes) -> bytes | None:
        """The result with this key of 32 bytes, kept for the next run too; None where it is not kept."""
        payload = self.peek(key)
        if payload is not None:
            self.put(key, payload)
        return payload

    def peek(self, key: bytes) -> bytes | None:
        """The result with this key, for who only looks: a copy of this process can't keep it."""
        digest, at, length = self._entries.get(key, (b"", 0, 0))
        payload = bytes(self._before[at : at + length])
        return payload if digest and _digest(payload) == digest else None

    def put(self, key: bytes, payload: bytes) -> None:
        """Keep a result."""
        if self._new is None or key in self._written:
            return
        self._written.add(key)
        try:
            self._new.write(_ENTRY.pack(key, _digest(payload), len(payload)))
            self._new.write(payload)
        except OSError:  # the disk is full: better to keep nothing than half of it
            self._drop()

    def _drop(self) -> None:
        with contextlib.suppress(OSError):
            if self._new is not None:
                self._new.close()
        self._new = None
        self._beside.unlink(missing_ok=True)

    @property
    def _beside(self) -> Path:
        return _beside(self.path)

    @cached_property
    def _before(self) -> mmap.mmap | bytes:
        """What the last run kept: it is mapped, for of a province it is large."""
        try:
            with self.path.open("rb") as stream:
                return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError):  # not there, or empty
            return b""

    @cached_property
    def _entries(self) -> dict[bytes, tuple[bytes, int, int]]:
        """For each key its payload's digest, place and length, as far as the file can be followed."""
        data, entries = self._before, {}
        at = len(_HEADER) if data[: len(_HEADER)] == _HEADER else len(data)
        while at + _ENTRY.size <= len(data):
            key, digest, length = _ENTRY.unpack_from(data, at)
            at += _ENTRY.size
            entries[key] = (digest, at, length)
            at += length
        return entries


def store_file(out: Path) -> Path:
    """Where results are kept for an output folder: beside it."""
    return out.with_name(f".{out.name}.kept")


def all_kept(out: Path) -> tuple[Path, Path]:
    """Every file in which results of an output folder may be kept: a run that was killed leaves its own."""
    return store_file(out), _beside(store_file(out))


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")


def _digest(payload: bytes) -> bytes:
    return hashlib.blake2b(payload, digest_size=16).digest()
