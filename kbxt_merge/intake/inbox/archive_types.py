"""What every format's module gives: an archive, its members in order, the bytes of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.model.limits import Limits

Source = Path | bytes
"""A file on disk, or the bytes of an archive inside an archive."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its size in bytes, inflated and packed, and when it was modified, in seconds since 1970.

    Of a mail's, `arrived` is when that was sent, and `sender` who sent it.
    """

    name: str
    size: int
    packed: int
    modified: float | None
    locked: bool
    sender: str = ""
    arrived: float | None = None


class Archive(Protocol):
    """An open archive."""

    members: list[Member]

    def read(self, position: int, password: str | None) -> bytes:
        """The bytes of the member at this position; raises one of DAMAGE, also for a wrong password."""


def check_member(member: Member, limits: Limits) -> None:
    """Refuse a member past the limits before it is inflated."""
    if member.size > limits.file_bytes:
        raise Unreadable("file-unsafe", "file-size", limit=limits.file_bytes, found=member.size)
    limits.check_ratio(member.size, member.packed)


def opening_passwords(member: Member, passwords: Sequence[str]) -> Sequence[str | None]:
    """What to try a member with; without any, what is no password tells whether one could open it."""
    return (passwords or ("",)) if member.locked else (None,)


def source_bytes(source: Source, limits: Limits) -> bytes:
    """All the bytes of a container that is read as a whole; raises Unreadable past the limit of a file's size."""
    if isinstance(source, bytes):
        return source
    size = source.stat().st_size
    if size > limits.file_bytes:
        raise Unreadable("file-unsafe", "file-size", limit=limits.file_bytes, found=size)
    return source.read_bytes()
