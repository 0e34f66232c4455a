"""The passwords made for schools of which the roster has none: one a school and period, made once and kept."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from kbxt_merge.mail.journal import Journal
from kbxt_merge.model.inbox import FOLDERS_ABOVE
from kbxt_merge.model.out_folder import CLERKS_FOLDER

_FILE = "口令.jsonl"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for one another on the telephone or on paper: i l o 0 1."""
_LENGTH = 10


@dataclass(frozen=True, slots=True)
class MadePassword:
    """A password that was made: for whom, for which period and when (an ISO moment)."""

    school: str
    period: str
    password: str
    at: str


@dataclass(frozen=True, slots=True)
class PasswordList:
    """The made passwords of OUT, in OUT/办理/口令.jsonl; each has reached the disk before it locks anything."""

    out: Path

    def of(self, period: str, schools: Collection[str]) -> Mapping[str, str]:
        """A password for each of these schools, those made first that there are none of yet."""
        if not schools:
            return {}
        with self._held() as journal:
            known = {each.school: each.password for each in _made(journal) if each.period == period}
            for school in schools:
                if school not in known:
                    known[school] = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
                    _write(journal, "made", school=school, period=period, password=known[school])
        return {school: known[school] for school in schools}

    def untold(self, period: str, schools: Collection[str]) -> list[str]:
        """Those of these schools whose password the clerk was not told yet."""
        told = {event["school"] for event in self._events() if event["event"] == "told" and event["period"] == period}
        return [school for school in schools if school not in told]

    def tell(self, period: str, schools: Collection[str]) -> None:
        """Note that the clerk was told these schools' passwords."""
        if not schools:
            return
        with self._held() as journal:
            for school in schools:
                _write(journal, "told", school=school, period=period)

    def all(self) -> list[MadePassword]:
        """Every password that was ever made."""
        return list(_made(Journal(self._path)))

    @property
    def _path(self) -> Path:
        return self.out / CLERKS_FOLDER / _FILE

    def _events(self) -> Iterator[Mapping[str, str]]:
        return Journal(self._path).events()

    @contextmanager
    def _held(self) -> Iterator[Journal]:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(self._path.with_suffix(".lock")):
            yield Journal(self._path)


def passwords_made_beside(inbox: Path | None, out: Path | None) -> tuple[tuple[str, str], ...]:
    """The schools and passwords of every list in `out` and in the folders beside the inbox, the latest first.

    Where the inbox is a file, those beside the folders that hold it count, too.
    """
    places = [] if out is None else [out]
    if inbox is not None:
        inbox = inbox.absolute()
        holders = inbox.parents[: 1 if inbox.is_dir() else FOLDERS_ABOVE]
        lists = (each for holder in holders for each in sorted(holder.glob(f"*/{CLERKS_FOLDER}/{_FILE}")))
        places += [each.parent.parent for each in lists]
    made = [each for place in dict.fromkeys(map(Path.resolve, places)) for each in reversed(PasswordList(place).all())]
    return tuple(dict.fromkeys((each.school, each.password) for each in made))


def _made(journal: Journal) -> Iterator[MadePassword]:
    for event in journal.events():
        if event["event"] == "made":
            yield MadePassword(event["school"], event["period"], event["password"], event["at"])


def _write(journal: Journal, event: str, **facts: str) -> None:
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    journal.write({"at": now, "event": event, **facts})
