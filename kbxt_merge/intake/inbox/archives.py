"""Archives and mails in the inbox: what is in them, and the bytes of one member.

Nothing is ever unpacked to disk, so a member's name can lead nowhere: it only names the member in the outputs.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import PurePosixPath

from kbxt_merge.intake.formats.containers import HEAD_BYTES, archive_kind, container_kind
from kbxt_merge.intake.formats.damage import DAMAGE, Unreadable
from kbxt_merge.intake.inbox.archive_types import Archive, Member, Source, check_member, opening_passwords
from kbxt_merge.intake.inbox.kept_open import kept_open
from kbxt_merge.intake.inbox.storage import Status, storage_of
from kbxt_merge.model.file_names import Promise, promise_of
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Kind, Problem, SourceFile

FORMATS: dict[Kind, tuple[str, str]] = {
    Kind.ZIP: ("zip_files", "ZipFiles"),
    Kind.SEVEN_ZIP: ("seven_zip", "SevenZip"),
    Kind.RAR: ("rar", "Rar"),
    Kind.EML: ("mail_files", "MailFile"),
    Kind.MSG: ("outlook_files", "OutlookFile"),
    Kind.TNEF: ("tnef", "Tnef"),
}
"""Each format's module and class, imported when the first such file comes."""
HIDES_NAMES = frozenset({Kind.SEVEN_ZIP})
"""Formats that may lock their members' names, too, and are opened then."""
MAILS = frozenset({Kind.EML, Kind.MSG, Kind.TNEF})
DEEPEST = 2
"""An archive in an archive is opened, one in that is not."""
NESTED_BYTES = 64 << 20


def check_archive(file: SourceFile, data: bytes, kind: Kind, limits: Limits, passwords: Sequence[str] = ()) -> None:
    """Raise Unreadable when no members of it were listed: it can't be opened, is a document's rest, or has none."""
    if not file.members and archive_kind(data[:HEAD_BYTES], file.path) is None:
        raise Unreadable("file-unreadable", "unlisted")
    archive = _tried(lambda: _archive(kind, data, limits), lambda: _by_password(kind, data, limits, passwords))
    if container_kind(data) is None:
        raise Unreadable("file-unreadable", "damaged")
    if not archive.members:
        raise Unreadable("file-other", "mail-alone") if kind in MAILS else Unreadable("file-unreadable", "empty")


@dataclass
class Whole:
    """What an archive of the inbox holds, as far as it has been listed, archives in it included."""

    limits: Limits
    packed: int
    members: int = 0
    size: int = 0

    def add(self, members: Sequence[Member]) -> None:
        """Count the members of an archive; raises Unreadable where it would be too much: then none of them counts."""
        count, found = len(members), self.members + len(members)
        if found > self.limits.members:
            raise Unreadable("file-unsafe", "whole-members", count=count, found=found, limit=self.limits.members)
        size, limit = self.size + sum(each.size for each in members), self.packed + self.limits.archive_bytes
        if size > limit:
            raise Unreadable("file-unsafe", "whole-bytes", count=count, found=size, limit=limit)
        self.members, self.size = found, size


def member_files(
    file: SourceFile, limits: Limits, whole: Whole | None = None, passwords: tuple[str, ...] = ()
) -> list[SourceFile]:
    """The members of an archive, named below it, those of archives in it included; raises Unreadable.

    The `passwords` are tried where it does not even tell its members' names without.
    `whole` has counted the archive that this one is in. What would make that too much is listed with the reason why
    nothing in it was looked at.
    """
    status = Status(file.size, file.modified, file.version)
    archive = _open(file.location, status, file.members, limits, passwords)
    whole = whole or Whole(limits, file.size)
    whole.add(archive.members)
    taken: set[str] = set()
    found: list[SourceFile] = []
    for position, entry in enumerate(archive.members):
        path = free_name(f"{file.path}/{clean_name(entry.name)}", taken)
        modified = file.modified if entry.modified is None else entry.modified
        arrived = file.arrival if entry.arrived is None else entry.arrived
        places, sender = (*file.members, str(position)), entry.sender or file.sender
        member = SourceFile(
            path, file.location, entry.size, modified, places, file.version, sender=sender, arrived=arrived
        )
        found += _with_nested(member, limits, whole, passwords) if _is_opened(member) else [member]
    return found


def _is_opened(member: SourceFile) -> bool:
    """Whether a member is listed as an archive itself."""
    named = promise_of(member.path) is Promise.CONTAINER
    return named and len(member.members) < DEEPEST and member.size <= NESTED_BYTES


def _with_nested(member: SourceFile, limits: Limits, whole: Whole, passwords: tuple[str, ...]) -> list[SourceFile]:
    try:
        return [member, *member_files(member, limits, whole, passwords)]
    except Unreadable as error:
        return [refused(member, error.problem)]


def refused(file: SourceFile, problem: Problem) -> SourceFile:
    """The archive with the reason why nothing in it was looked at, where that is a limit: what else may be wrong with
    it is found when it is read."""
    return replace(file, refused=problem) if problem.slug == "file-unsafe" else file


def extracted(file: SourceFile, limits: Limits, passwords: Sequence[str] = ()) -> bytes:
    """The bytes of an archive's member; raises Unreadable, also for an archive that was not opened as one."""
    status = storage_of(file.location).status(file.location, limits)
    *outer, position = file.members
    archive = _open(file.location, status, tuple(outer), limits, tuple(passwords))
    if int(position) >= len(archive.members):
        raise Unreadable("file-unreadable", "changing")
    member = archive.members[int(position)]
    check_member(member, limits)
    data = _read(archive, int(position), opening_passwords(member, passwords))
    if (member.locked or not _is_opened(file)) and container_kind(data) is not None:
        raise Unreadable("file-unreadable", "archive-in-archive")
    return data


def _read(archive: Archive, position: int, passwords: Sequence[str | None]) -> bytes:
    locked = archive.members[position].locked
    for password in passwords:
        try:
            return archive.read(position, password)
        except DAMAGE as error:
            if not locked:
                raise Unreadable("file-unreadable", "truncated") from error
    raise Unreadable("file-encrypted", "archive-password")


def _archive(kind: Kind, source: Source, limits: Limits, **opening: str) -> Archive:
    module, name = FORMATS[kind]
    opened: Archive = getattr(import_module(f"kbxt_merge.intake.inbox.{module}"), name)(source, limits, **opening)
    return opened


def _open(
    location: str, status: Status, members: tuple[str, ...], limits: Limits, passwords: tuple[str, ...]
) -> Archive:
    """The archive; with the passwords only where it is told nothing without, else each school's would open it anew."""
    place = location, status, members, limits
    return _tried(lambda: _opened(*place), lambda: _unlocked(*place, passwords))


def _tried(without: Callable[[], Archive], by_password: Callable[[], Archive]) -> Archive:
    try:
        return without()
    except Unreadable as locked:
        if locked.problem.slug != "file-encrypted":
            raise
    return by_password()


def _by_password(kind: Kind, source: Source, limits: Limits, passwords: Sequence[str]) -> Archive:
    """The archive by the first password that tells its names; raises Unreadable."""
    for password in passwords if kind in HIDES_NAMES else ():
        try:
            return _archive(kind, source, limits, password=password)
        except Unreadable as still:
            if still.problem.slug == "file-unsafe":
                raise
    raise Unreadable("file-encrypted", "archive-password")


@kept_open(2)
def _opened(location: str, status: Status, members: tuple[str, ...], limits: Limits) -> Archive:
    """The archive, kept open while its members are read; its `status` tells it from a later one."""
    source = _source(location, members, limits)
    return _archive(_kind(source), source, limits)


@kept_open(2)
def _unlocked(
    location: str, status: Status, members: tuple[str, ...], limits: Limits, passwords: tuple[str, ...]
) -> Archive:
    """The same of an archive that tells no names without a password."""
    source = _source(location, members, limits, passwords)
    return _by_password(_kind(source), source, limits, passwords)


def _source(location: str, members: tuple[str, ...], limits: Limits, passwords: tuple[str, ...] = ()) -> Source:
    if members:  # an archive that was listed as one: its size and depth were looked at then
        return extracted(SourceFile(".zip", location, 0, 0.0, members), limits, passwords)
    return storage_of(location).archive(location, limits)


def _kind(source: Source) -> Kind:
    kind = container_kind(source)
    if kind is None:
        raise Unreadable("file-unreadable", "truncated")
    return kind


def clean_name(name: str) -> str:
    """The member's name as a path below its archive: no drive, no root, no way up."""
    parts = PurePosixPath(name.replace("\\", "/").replace("\0", "")).parts
    return "/".join(part for part in parts if part not in ("/", "//", "..") and not part.endswith(":")) or "_"


def free_name(path: str, taken: set[str]) -> str:
    """The path, numbered where another file has it already; of a hundred thousand with one name none asks for all."""

    def numbered(number: int) -> str:
        return path if number == 1 else f"{path} ({number})"

    high = 1
    while numbered(high) in taken:
        high *= 2
    first = bisect.bisect_left(
        range(high + 1), True, lo=(high + 1) // 2, key=lambda number: numbered(number) not in taken
    )
    free = numbered(first)
    taken.add(free)
    return free
