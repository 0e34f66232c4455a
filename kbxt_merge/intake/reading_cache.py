"""What was read of each file, kept from one merge to the next: a file is read again only when its bytes are others.

The cache is one file that only its owner can read: a header, then an entry a file of the inbox.  An entry's key covers
the file's bytes, its path, the definitions, the limits and the code that reads; its own digest covers what it holds.
What is damaged, of other definitions or not there is simply read anew, so that a cache can be deleted at any time.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import os
import pickle
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path

from kbxt_merge.intake.inbox import content, is_ignored
from kbxt_merge.intake.read_return import ReadReturn
from kbxt_merge.intake.unreadable import Unreadable
from kbxt_merge.model import answer, submission
from kbxt_merge.model.submission import Reading, SourceFile

_HEADER = b"kbxt readings 1\n"
_ENTRY = struct.Struct(">32s16sI")
"""Before each entry's payload: its key, the payload's digest and its length in bytes."""

_NOUNS = {
    **{(module.__name__, name): each for module in (submission, answer) for name, each in vars(module).items()},
    **{("datetime", name): getattr(dt, name) for name in ("datetime", "date", "time", "timedelta", "timezone")},
}
"""What an entry may be made of, by module and name; whatever else stands in it makes it damaged."""

Read = Callable[[Sequence[SourceFile]], Sequence[Reading]]


class _Nouns(pickle.Unpickler):
    """Unpickles nouns and nothing else: no entry can make the program do something."""

    def find_class(self, module: str, name: str) -> type:
        """The noun of that name."""
        found = _NOUNS.get((module, name))
        if not isinstance(found, type) or found.__module__ != module:
            raise pickle.UnpicklingError(f"{module}.{name} is no noun")
        return found


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file's key, and its size and time when it was hashed."""

    key: bytes
    status: tuple[int, int]


@dataclass
class ReadingCache:
    """The readings kept in the file at `path`, for files read by `stage`."""

    path: Path
    stage: ReadReturn
    _seen: dict[str, _Seen] = field(default_factory=dict, init=False)

    def read(self, files: Sequence[SourceFile], read: Read, on_known: Callable[[int], None]) -> list[Reading]:
        """The readings of these files, in their order: those kept, and for all others what `read` makes of them.

        `on_known` is told how many need not be read. What was read is kept, and of other files nothing.
        """
        known = dict(self._known(files))
        on_known(len(known))
        others = [each for each in files if each.path not in known]
        anew = {reading.file.path: reading for reading in (read(others) if others else ())}
        if anew or self._kept.keys() - {each.key for each in self._seen.values()}:
            self._keep([each.path for each in files], anew)
        return [known.get(each.path) or anew[each.path] for each in files]

    def _known(self, files: Sequence[SourceFile]) -> Iterator[tuple[str, Reading]]:
        hashes: dict[str, tuple[str, tuple[int, int]]] = {}
        for file in files:
            if is_ignored(file.path):
                yield file.path, self.stage(file)
                continue
            try:
                if file.location not in hashes:
                    hashes[file.location] = self._hash(file)
            except Unreadable:
                continue  # whoever reads it says why
            digest, status = hashes[file.location]
            parts = (self._definitions, digest, file.path, *file.members)
            seen = _Seen(hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).digest(), status)
            self._seen[file.path] = seen
            reading = self._kept_reading(seen.key)
            if reading is not None:
                yield file.path, replace(reading, file=file)

    def _hash(self, file: SourceFile) -> tuple[str, tuple[int, int]]:
        """The digest of the file on disk, which of a member of an archive is the archive, and its size and time."""
        status = _status(file.location)
        data = content(replace(file, members=()), self.stage.limits)
        return hashlib.sha256(data).hexdigest(), status

    def _kept_reading(self, key: bytes) -> Reading | None:
        payload = self._kept.get(key)
        if payload is None:
            return None
        try:
            reading = _Nouns(io.BytesIO(payload)).load()
        except (pickle.UnpicklingError, AttributeError, EOFError, IndexError, KeyError, TypeError, ValueError):
            return None
        return reading if isinstance(reading, Reading) else None

    @cached_property
    def _kept(self) -> dict[bytes, bytes]:
        """The payloads by their keys, without those that are damaged."""
        try:
            data = memoryview(self.path.read_bytes())
        except OSError:
            return {}
        kept: dict[bytes, bytes] = {}
        at = len(_HEADER) if data[: len(_HEADER)] == _HEADER else len(data)
        while at + _ENTRY.size <= len(data):
            key, digest, length = _ENTRY.unpack_from(data, at)
            at += _ENTRY.size
            payload = bytes(data[at : at + length])
            at += length
            if _digest(payload) == digest:
                kept[key] = payload
        return kept

    def _keep(self, paths: Sequence[str], anew: dict[str, Reading]) -> None:
        """Write the entries of these files; a cache that can't be written is none, and no fault."""
        new = self.path.with_name(f"{self.path.name}.new")
        with contextlib.suppress(OSError):
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(_HEADER)
                    for key, payload in self._entries(paths, anew):
                        stream.write(_ENTRY.pack(key, _digest(payload), len(payload)))
                        stream.write(payload)
                os.replace(new, self.path)
            finally:
                new.unlink(missing_ok=True)

    def _entries(self, paths: Sequence[str], anew: dict[str, Reading]) -> Iterator[tuple[bytes, bytes]]:
        for path in paths:
            seen = self._seen.get(path)
            if seen is None:
                continue
            reading = anew.get(path)
            if reading is None:
                yield seen.key, self._kept[seen.key]
            elif reading.sha256 and _status(reading.file.location) == seen.status:
                yield seen.key, pickle.dumps(reading, protocol=4)

    @cached_property
    def _definitions(self) -> str:
        """A digest of all that decides, besides its bytes and path, what is read of a file."""
        stage = self.stage
        facts = (_code(), stage.forms, stage.limits, tuple(stage.passwords))
        return hashlib.sha256(repr(facts).encode("utf-8", "surrogateescape")).hexdigest()


@cache
def _code() -> tuple[tuple[str, int, int], ...]:
    """The files of the code that reads, with their sizes and times, as they were when this process began to read."""
    package = Path(__file__).parents[1]
    paths = (path for room in ("intake", "model") for path in sorted((package / room).rglob("*.py")))
    return tuple((path.relative_to(package).as_posix(), *_status(str(path))) for path in paths)


def cache_file(out: Path) -> Path:
    """Where the readings for an output folder are kept: beside it."""
    return out.with_name(f".{out.name}.readings")


def _status(location: str) -> tuple[int, int]:
    try:
        found = os.stat(location)
    except OSError:
        return (-1, -1)
    return found.st_size, found.st_mtime_ns


def _digest(payload: bytes) -> bytes:
    return hashlib.blake2b(payload, digest_size=16).digest()
