"""Folders that are watched: files that came, changed or went, told when they are at rest."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from watchfiles import watch

from kbxt_merge.errors import InboxError
from kbxt_merge.intake.inbox.listing import is_ignored
from kbxt_merge.intake.inbox.local import status_of
from kbxt_merge.intake.inbox.storage import Status

REST_SECONDS = 1.0
"""A file is complete when its size and time have stood still for so long."""
LOCK_PATIENCE_SECONDS = 60.0
"""A file that is open in another program is waited for so long, and then taken as it was saved last."""
RESCAN_SECONDS = 30.0
"""What the system tells of network drives has gaps: so often it is looked for changes nobody told of."""


@dataclass(slots=True)
class _Change:
    """A file that changed: how it stood when last looked at, since when, and since when it is waited for.

    No status where the file is gone.
    """

    status: Status | None
    since: float
    first: float


@dataclass
class Arrivals:
    """Watches an inbox, a folder or a single file, and what lies beside it, which may come only later.

    `on_look` hears of every look around. Once `stop` is set, nothing more is told.
    """

    inbox: Path
    beside: tuple[Path, ...] = ()
    rest: float = REST_SECONDS
    lock_patience: float = LOCK_PATIENCE_SECONDS
    rescan: float = RESCAN_SECONDS
    on_look: Callable[[], None] = lambda: None
    stop: threading.Event = field(default_factory=threading.Event)
    _changes: dict[Path, _Change] = field(default_factory=dict, init=False)
    _known: dict[Path, Status | None] = field(default_factory=dict, init=False)
    _again: float | None = field(default=None, init=False)

    def __iter__(self) -> Iterator[list[Path]]:
        """The files that changed, each time that all of them are at rest; at first all that there are.

        Raises InboxError where there is no inbox at the beginning; one that goes away is waited for.
        """
        if not self.inbox.exists():
            raise InboxError(f"没有收件夹“{self.inbox}”：请检查路径", f"there is no inbox {self.inbox}; check the path")
        self._look_around()
        while not self.stop.is_set():
            yield from self._watched()
            while not os.path.exists(self.inbox) and not self.stop.wait(self.rest):
                pass
            self._look_around()

    def again_in(self, seconds: float) -> None:
        """Tell of the changes told last once more after so many seconds, if nothing else changes before."""
        self._again = time.monotonic() + seconds

    def _watched(self) -> Iterator[list[Path]]:
        places = self._places()
        folders = {each if each.is_dir() else each.parent for each in places}
        looked = time.monotonic()
        pause = max(int(self.rest * 250), 20)
        news = watch(
            *folders,
            watch_filter=None,
            step=20,
            rust_timeout=pause,
            yield_on_timeout=True,
            debounce=pause,
            stop_event=self.stop,
        )
        for changes in news:
            now = time.monotonic()
            if self._places() != places:
                return
            # what is told is a hint only: it may name a file by another path, or a folder that came with its files
            if changes or now - looked > self.rescan:
                looked = now
                self._look_around()
            if self._settled(now):
                told, self._changes, self._again = self._changes, {}, None
                self._known |= {path: change.status for path, change in told.items()}
                yield sorted(told)
                self._look_around()

    def _places(self) -> dict[Path, int]:
        """What there is to watch now, and by what the system knows it: a folder that was renamed, and another made in
        its place, is another. A share that lets nobody look is not there.
        """
        found: dict[Path, int] = {}
        for each in (self.inbox, *self.beside):
            with suppress(OSError):
                found[each] = os.stat(each).st_ino
        return found

    def _settled(self, now: float) -> bool:
        """Whether something is to be told, and all of it has come to rest."""
        if not self._changes:
            return self._again is not None and now >= self._again
        for path, change in self._changes.items():
            status = _status(path)
            if _written(status) != _written(change.status):
                change.since = now
            change.status = status
        return all(self._at_rest(path, change, now) for path, change in self._changes.items())

    def _at_rest(self, path: Path, change: _Change, now: float) -> bool:
        is_open = now - change.first < self.lock_patience and any(lock.exists() for lock in _locks(path))
        return now - change.since >= self.rest and not is_open

    def _look_around(self) -> None:
        """Note what is other than when it was last looked for."""
        self.on_look()
        now = time.monotonic()
        paths = (path for place in self._places() for path in _files(place))
        found = {path: _status(path) for path in paths if not is_ignored(path.name)}
        for path in (found.keys() | self._known.keys()) - self._changes.keys():
            if found.get(path) != self._known.get(path):
                self._changes[path] = _Change(found.get(path), now, now)


def _files(place: Path) -> Iterator[Path]:
    if not place.is_dir():
        yield place
        return
    for folder, _, names in os.walk(place):
        yield from (Path(folder, name) for name in names)


def _status(path: Path) -> Status | None:
    try:
        return status_of(path.lstat())
    except OSError:
        return None


def _written(status: Status | None) -> tuple[int, float] | None:
    return status.written if status else None


def _locks(path: Path) -> tuple[Path, ...]:
    """What Excel, WPS and LibreOffice put beside a file that is open."""
    name = path.name
    return path.with_name(f"~${name}"), path.with_name(f"~${name[2:]}"), path.with_name(f".~lock.{name}#")
