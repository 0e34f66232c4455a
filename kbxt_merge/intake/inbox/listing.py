"""Folder, zip or single files, here or at a URL → the files in it, each with the name that every output gives it."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from kbxt_merge.intake.formats.containers import archive_kind
from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.intake.inbox import local
from kbxt_merge.intake.inbox.archives import extracted, member_files, refused
from kbxt_merge.intake.inbox.storage import Found, by_storage, storage_of
from kbxt_merge.intake.pool.processes import Pool
from kbxt_merge.intake.pool.starting import start_server
from kbxt_merge.intake.pool.worker import Failed
from kbxt_merge.model.file_names import Promise, finished_name, promise_of
from kbxt_merge.model.inbox import Inbox, RemoteInbox, is_url
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.passwords import Passwords
from kbxt_merge.model.returns import Problem, SourceFile

IGNORED_FOLDERS = frozenset({"__MACOSX"})


def is_ignored(path: str) -> bool:
    """Whether a file below the inbox is not opened: a lock, a system's own file, a temporary one, a half download."""
    folders = path.split("/")[:-1]
    return promise_of(path) in (Promise.PASSING, Promise.HALF) or not IGNORED_FOLDERS.isdisjoint(folders)


def walk(
    inbox: Inbox | Sequence[Inbox], limits: Limits | None = None, jobs: int = 1, passwords: Passwords | None = None
) -> list[SourceFile]:
    """Every file below the inbox, and every member of an archive there, sorted by path; nothing is read but archives.

    Links are listed and never followed; `content` refuses them, as it does pipes and devices.
    An archive in a folder is listed itself, before its members; an inbox that is an archive only by its members.
    Archives are looked into by as many processes as `jobs`; without, by this one, and nothing confines it. Where one
    hides even names, the likely `passwords` are tried.
    Raises InboxError where there is no such folder or file, or where it may not be listed.
    """
    limits, passwords = limits or Limits(), passwords or Passwords()
    roots = [inbox] if isinstance(inbox, Path | RemoteInbox) else list(inbox)
    files: dict[str, SourceFile] = {}
    folders = [root for root in roots if isinstance(root, Path)]
    for file in _with_members(list(local.listed(folders)) if folders else [], limits, jobs, passwords):
        files.setdefault(file.path, file)
    for root in roots:
        if isinstance(root, RemoteInbox):
            files |= {file.path: file for file in _at_url(root, limits, set(files), jobs, passwords)}
    return [_beside(files[path], files) for path in sorted(files)]


def _beside(file: SourceFile, files: Mapping[str, SourceFile]) -> SourceFile:
    """The file, which knows of a half download whether all of it came too."""
    is_finished = promise_of(file.path) is Promise.HALF and finished_name(file.path) in files
    return replace(file, finished=True) if is_finished else file


def content(file: SourceFile, limits: Limits, passwords: Sequence[str] = ()) -> bytes:
    """The file's bytes as they stood still while they were read; raises Unreadable."""
    if file.members:
        return extracted(file, limits, passwords)
    storage = storage_of(file.location)
    for _ in range(2):
        data = storage.steady(file.location, limits)
        if data is not None:
            return data
    raise Unreadable("file-unreadable", "changing")


def bytes_at(place: Inbox, limits: Limits) -> bytes:
    """The bytes of one file that is named like an inbox; raises Unreadable, on disk OSError, at a URL InboxError."""
    if isinstance(place, Path):
        found = place.stat()
        if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
            raise Unreadable("file-other", "not-a-file")  # to read a device or a pipe might never end
        if found.st_size > limits.file_bytes:
            raise Unreadable("file-unsafe", "file-size", limit=limits.file_bytes, found=found.st_size)
        return place.read_bytes()
    from kbxt_merge.intake.inbox import remote  # what reads from URLs is not needed by those who have none

    return content(remote.file_at(place), limits)


def is_file_at(place: RemoteInbox) -> bool:
    """Whether there is a file at the URL that may be read; raises InboxError where the server can't be asked."""
    from kbxt_merge.intake.inbox import remote

    try:
        storage_of(place.url).status(remote.file_at(place).location, Limits())
    except Unreadable:
        return False
    return True


def is_folder_at(place: RemoteInbox) -> bool:
    """Whether there is a folder at the URL that may be looked at; raises InboxError where the server can't be asked."""
    from kbxt_merge.intake.inbox import remote

    return remote.is_folder(place)


def identity_of(file: SourceFile, limits: Limits) -> str | None:
    """What the server of a file at a URL marks its bytes with; None of a file on disk, and where it has no mark."""
    return storage_of(file.location).identity(file, limits) if is_url(file.location) else None


def _at_url(root: RemoteInbox, limits: Limits, taken: set[str], jobs: int, passwords: Passwords) -> list[SourceFile]:
    from kbxt_merge.intake.inbox import remote

    found = list(remote.listed(root, taken))
    files = _with_members(found, limits, jobs, passwords)
    if not root.within:
        return list(files)
    folder = f"{found[0].file.path}/{root.within}/"
    return [file for file in files if f"{file.path}/".startswith(folder)]


def _with_members(listing: Sequence[Found], limits: Limits, jobs: int, passwords: Passwords) -> Iterator[SourceFile]:
    """The files and what is in the archives among them."""
    looked_into = [each.file.location for each in listing if each.is_regular and not is_ignored(each.file.path)]
    heads: dict[str, bytes] = {}
    for storage, locations in by_storage(looked_into):
        heads |= zip(locations, storage.heads(locations, limits), strict=True)
    archives = [
        each.file for each in listing if archive_kind(heads.get(each.file.location, b""), each.file.path) is not None
    ]
    members = dict(zip((file.location for file in archives), _listed(archives, limits, jobs, passwords), strict=True))
    for each in listing:
        file, *inside = members.get(each.file.location, [each.file])
        if not inside or not each.is_inbox:
            yield file
        yield from inside


def _listed(archives: Sequence[SourceFile], limits: Limits, jobs: int, passwords: Passwords) -> list[list[SourceFile]]:
    """Each archive with its members behind it, none where it can't be opened as one."""
    if jobs:
        prepare(archives)
    look = partial(_with_its_members, limits=limits, passwords=passwords)
    within = replace(limits, seconds=limits.archive_seconds)
    found = dict(Pool(look, _unlisted, min(jobs, len(archives)), within, failed=_failed).over(archives))
    return [found[position] for position in range(len(archives))]


def prepare(files: Sequence[SourceFile]) -> None:
    """Start what reading processes are forked from with the drivers of these files, unless it runs already.

    A driver takes as long to import as fifty workbooks to read, 0.4 s.
    """
    remote = [file.location for file in files if is_url(file.location)]
    if remote:
        from kbxt_merge.intake.inbox.remote import drivers

        start_server(drivers(remote))


def _with_its_members(file: SourceFile, limits: Limits, passwords: Passwords) -> list[SourceFile]:
    try:
        return [file, *member_files(file, limits, passwords=passwords.likely(file.path))]
    except Unreadable as error:
        return [refused(file, error.problem)]


def _failed(file: SourceFile, failed: Failed) -> list[SourceFile]:
    return _unlisted(file, failed.problem())


def _unlisted(file: SourceFile, problem: Problem) -> list[SourceFile]:
    """An archive that cost the process which looked into it."""
    return [refused(file, replace(problem, facts={**problem.facts, "what": f"list-{problem.facts['what']}"}))]
