"""Which messages were fetched: each once, by its number in the folder and by its own."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from kbxt_merge.mail.journal import Journal


class Seen(Protocol):
    """Remembers which messages were fetched."""

    def last_uid(self, folder: str) -> int:
        """The number up to which all messages of a folder are dealt with."""

    def knows(self, message_id: str) -> bool:
        """Whether the message was fetched, from whatever folder."""

    def add(self, folder: str, uid: int, message_id: str) -> None:
        """A message is dealt with; it has reached the disk when this returns."""


class FileSeen:
    """Remembers messages in a file of its own."""

    def __init__(self, path: Path) -> None:
        """Read what was fetched so far."""
        self._journal = Journal(path)
        self._last: dict[str, int] = {}
        self._known: set[str] = set()
        for event in self._journal.events():
            self._advance(event["folder"], event["uid"], event["id"])

    def last_uid(self, folder: str) -> int:
        """The number up to which all messages of a folder are dealt with."""
        return self._last.get(folder, 0)

    def knows(self, message_id: str) -> bool:
        """Whether the message was fetched, from whatever folder."""
        return message_id in self._known

    def add(self, folder: str, uid: int, message_id: str) -> None:
        """A message is dealt with; it has reached the disk when this returns."""
        self._journal.write({"folder": folder, "uid": uid, "id": message_id})
        self._advance(folder, uid, message_id)

    def _advance(self, folder: str, uid: int, message_id: str) -> None:
        self._last[folder] = max(uid, self.last_uid(folder))
        self._known.add(message_id)


def seen_beside(inbox: Path) -> FileSeen:
    """The memory of what was fetched into an inbox: beside it, for in it stands nothing but what schools sent."""
    inbox.mkdir(parents=True, exist_ok=True)
    return FileSeen(inbox.absolute().with_name(f".{inbox.absolute().name}.fetched.jsonl"))
