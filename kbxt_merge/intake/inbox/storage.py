"""Where the inbox's files stand, on disk or at a URL: both answer the same few questions."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from kbxt_merge.intake.inbox.archive_types import Source
from kbxt_merge.model.inbox import is_url
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import SourceFile


@dataclass(frozen=True, slots=True)
class Found:
    """A file that was met in the inbox: whether it is no link, pipe or device, and whether it is the inbox itself."""

    file: SourceFile
    is_regular: bool
    is_inbox: bool


@dataclass(frozen=True, slots=True)
class Status:
    """What tells a file from an earlier or later state of it: size in bytes, time in seconds since 1970, and `version`.

    Size and time are the same of one that was put in its place with its time, or whose time was set back: its storage's
    mark of a `version` is another, where it has one.
    """

    size: int
    modified: float
    version: str

    @property
    def written(self) -> tuple[int, float]:
        """Size and time: some shares give a file another number at every look, and it must come to rest there, too."""
        return self.size, self.modified


class Storage(Protocol):
    """What a module for a kind of storage offers; every function raises Unreadable for a file that can't be had."""

    def heads(self, locations: Sequence[str], limits: Limits) -> Iterable[bytes]:
        """The first HEAD_BYTES of each file; of one that can't be opened, none."""

    def status(self, location: str, limits: Limits) -> Status:
        """How the file stands now."""

    def steady(self, location: str, limits: Limits) -> bytes | None:
        """The file's bytes, or None when it changed while it was read."""

    def archive(self, location: str, limits: Limits) -> Source:
        """What an archive there is opened from."""

    def identity(self, file: SourceFile, limits: Limits) -> str | None:
        """A text that is another for other bytes; None where only whoever reads the file can know them."""

    def versions(self, locations: Sequence[str]) -> Mapping[str, str]:
        """What is another text when a file has changed, for those of the files that are there."""


def storage_of(location: str) -> Storage:
    """The storage of a file; what reads from URLs is imported where there is one."""
    name = "remote" if is_url(location) else "local"
    return cast(Storage, import_module(f"kbxt_merge.intake.inbox.{name}"))


def path_as_text(path: str) -> str:
    """The path with `/`, its bytes read as UTF-8, else as GBK, else escaped."""
    raw = os.fsencode(path.replace(os.sep, "/"))
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")


def by_storage(locations: Iterable[str]) -> Iterator[tuple[Storage, list[str]]]:
    """Each storage with those of the locations that are in it."""
    wanted = list(dict.fromkeys(locations))
    for remote in (False, True):
        some = [location for location in wanted if is_url(location) is remote]
        if some:
            yield storage_of(some[0]), some
