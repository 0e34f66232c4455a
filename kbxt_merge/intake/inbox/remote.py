"""Files at a URL, by fsspec: listed with few requests, and read while they stand still; nothing is ever written there.

A file's location is the URL of the inbox, the path as its server names it, and what stands there if it is no file.
What the server refuses for one file is a fault of that file; a server that can't be reached ends the run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

from kbxt_merge.intake.formats.containers import HEAD_BYTES
from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.intake.inbox.archives import clean_name, free_name
from kbxt_merge.intake.inbox.kept_open import kept_open
from kbxt_merge.intake.inbox.remote_drivers import driver_of, filesystem, told_to_operator
from kbxt_merge.intake.inbox.storage import Found, Status, path_as_text
from kbxt_merge.model.china_time import seconds_of
from kbxt_merge.model.inbox import RemoteInbox
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import SourceFile

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

Result = TypeVar("Result")
Info = Mapping[str, Any]

MARK = "\n"
AT_ONCE = 16
"""Requests under way at the same time while many files are looked into."""
SHARE_OF_TIME = 0.4
"""Of a file's time so much is for one attempt to fetch it: what is left is for a second one, and for reading."""
MODIFIED_KEYS = ("LastModified", "mtime", "last_modified", "updated", "modified", "created")
VERSION_KEYS = ("ETag", "etag")
"""What the drivers call a file's time, and the mark that is another for every state of its bytes."""
ATTEMPTS = 2


@dataclass(frozen=True, slots=True)
class _Place:
    """A location taken apart."""

    inbox: RemoteInbox
    path: str
    other_than_file: str

    @classmethod
    def of(cls, location: str) -> _Place:
        url, path, other = location.split(MARK)
        return cls(RemoteInbox(url), path, other)


def listed(inbox: RemoteInbox, taken: set[str]) -> Iterator[Found]:
    """Every file below the URL, links among them, by names that are not `taken` yet.

    Raises InboxError where it is not there or may not be listed.
    """
    with told_to_operator(inbox):
        driver = driver_of(inbox)
        files, root = filesystem(inbox)
        info = files.info(root)
        if info["type"] == "directory":
            below = driver.files_below(files, root)
            start = len(root.rstrip("/")) + 1
        else:
            below = {root: info}
            start = root.rstrip("/").rfind("/") + 1
    is_web = inbox.scheme in ("http", "https")
    for path, each in sorted(below.items()):
        shown = clean_name(path_as_text(path[start:].partition("?")[0] if is_web else path[start:]))
        other = "" if each["type"] == "file" else each["type"]
        status = _status(each)
        file = SourceFile(
            free_name(shown, taken),
            MARK.join((inbox.url, path, other)),
            status.size,
            status.modified,
            version=status.version,
        )
        yield Found(file, not other, path == root)


def is_folder(place: RemoteInbox) -> bool:
    """Whether a folder is at the URL and may be looked at; raises InboxError where no server is."""
    try:
        with told_to_operator(place, but=_REFUSALS):
            files, path = filesystem(place)
            return bool(files.info(path)["type"] == "directory")
    except _REFUSALS:
        return False


def file_at(inbox: RemoteInbox) -> SourceFile:
    """The file that should be at the URL, nothing of which is known yet; raises InboxError where no server is."""
    with told_to_operator(inbox):
        path = filesystem(inbox)[1]
    return SourceFile(path, MARK.join((inbox.url, path, "")), 0, 0.0)


def heads(locations: Sequence[str], limits: Limits) -> Iterator[bytes]:
    """The first bytes of each file; of one that the server refuses, none."""

    def head(location: str) -> bytes:
        place = _Place.of(location)
        try:
            with told_to_operator(place.inbox, but=_REFUSALS):
                return _first(place, HEAD_BYTES)
        except _REFUSALS:
            return b""

    is_asynchronous = bool(locations) and _files_of(_Place.of(locations[0]).inbox).async_impl
    with ThreadPoolExecutor(AT_ONCE if is_asynchronous else 1) as threads:
        yield from threads.map(head, locations)


def status(location: str, limits: Limits) -> Status:
    """How the file stands now; raises Unreadable where the server refuses, InboxError where there is none."""
    return _fetched(location, limits, _now)


def steady(location: str, limits: Limits) -> bytes | None:
    """The file's bytes, or None when it changed while it was read; raises as `status`."""
    return _fetched(location, limits, lambda place: _steady(place, limits))


def archive(location: str, limits: Limits) -> bytes:
    """An archive is opened from its bytes, all of them in memory: it may be as large as any other file."""
    for _ in range(ATTEMPTS):
        data = steady(location, limits)
        if data is not None:
            return data
    raise Unreadable("file-unreadable", "changing")


def identity(file: SourceFile, limits: Limits) -> str | None:
    """The server's mark of its bytes, where it has one: only that saves fetching them."""
    if not file.version:
        return None
    place = _Place.of(file.location)
    return MARK.join((str(place.inbox), place.path, file.version))


def versions(locations: Sequence[str]) -> Mapping[str, str]:
    """The server's mark of each file that is there, by listing their inboxes once more."""
    inboxes = {_Place.of(location).inbox for location in locations}
    return {found.file.location: found.file.version for inbox in inboxes for found in listed(inbox, set())}


def drivers(locations: Sequence[str]) -> list[str]:
    """The modules that whoever reads these files will import."""
    packages = {driver_of(_Place.of(location).inbox).package for location in locations}
    return [__name__, "fsspec", *sorted(packages - {""})]


_REFUSALS = (FileNotFoundError, PermissionError)


def _fetched(location: str, limits: Limits, fetch: Callable[[_Place], Result]) -> Result:
    """What `fetch` brings of a file, in its time."""
    place = _Place.of(location)
    if place.other_than_file:
        raise Unreadable("file-other", "link" if place.other_than_file == "link" else "not-a-file")
    try:
        with told_to_operator(place.inbox, but=_REFUSALS):
            return _in_time(lambda: fetch(place), limits.seconds * SHARE_OF_TIME)
    except _REFUSALS as error:
        what = "No such file or directory" if isinstance(error, FileNotFoundError) else "Permission denied"
        raise Unreadable("file-unreadable", "cannot-open", reason=what) from error


def _steady(place: _Place, limits: Limits) -> bytes | None:
    before = _now(place)
    if before.size > limits.file_bytes:
        raise Unreadable("file-unsafe", "file-size", limit=limits.file_bytes, found=before.size)
    data = _first(place, limits.file_bytes + 1) if before.size else b""  # nothing has no first byte to ask for
    after = before if driver_of(place.inbox).is_object_store else _now(place)
    return data if before == after and len(data) == after.size else None


def _now(place: _Place) -> Status:
    return _status(_files_of(place.inbox).info(place.path))


def _first(place: _Place, count: int) -> bytes:
    files = _files_of(place.inbox)
    if driver_of(place.inbox).reads_ranges:
        return bytes(files.cat_file(place.path, start=0, end=count))
    with files.open(place.path, "rb") as stream:
        return bytes(stream.read(count))


@kept_open(4)
def _files_of(inbox: RemoteInbox) -> AbstractFileSystem:
    return filesystem(inbox)[0]


def _status(info: Info) -> Status:
    size = int(info.get("size") or 0)
    moment = next((info[key] for key in MODIFIED_KEYS if info.get(key)), 0.0)
    mark = next((str(info[key]) for key in VERSION_KEYS if info.get(key)), "")
    seconds = _seconds(moment)
    return Status(size, seconds, f"{mark} {size} {seconds:.0f}" if mark else "")


def _seconds(moment: object) -> float:
    """A driver's time in seconds since 1970, UTC; 0 where it is none that we know."""
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment)
        except ValueError:
            return 0.0
    if isinstance(moment, datetime):
        return seconds_of(moment)
    return float(moment) if isinstance(moment, int | float) else 0.0


def _in_time(work: Callable[[], Result], seconds: float) -> Result:
    """The result of the work, whose driver may know no end of waiting; raises TimeoutError past so many seconds."""
    future: Future[Result] = Future()
    Thread(target=_settle, args=(future, work), daemon=True).start()
    return future.result(seconds)


def _settle(future: Future[Result], work: Callable[[], Result]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - handed to who waits, and raised there
        future.set_exception(error)
