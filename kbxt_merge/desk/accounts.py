"""Accounts of a desk on an office network, kept as hashes in 办理/accounts.json; their sessions, and limited tries."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from kbxt_merge.desk.roles import Role, Visitor
from kbxt_merge.errors import SettingsError
from kbxt_merge.model.text import printable

SHORTEST = 8
"""Characters of a password."""
SESSION_SECONDS = 8 * 3600.0
MOST_TRIES = 5
TRIES_SECONDS = 15 * 60.0
"""After so many wrong logins by one name, or from one machine, nobody comes in by it for so long."""

_FILE = "accounts.json"
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Account:
    """Whose it is, what they may, and the argon2 hash of their password."""

    name: str
    role: Role
    hash: str = field(repr=False)


@dataclass
class Accounts:
    """The accounts in the clerk's folder; `folder` is that."""

    folder: Path
    _lock: Lock = field(default_factory=Lock)

    def all(self) -> Mapping[str, Account]:
        """Every account by its name."""
        path = self.folder / _FILE
        known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return {name: Account(name, Role(each["role"]), each["hash"]) for name, each in sorted(known.items())}

    def put(self, name: str, role: Role, password: str) -> None:
        """Make an account, or change one; raises SettingsError for a name or password that can't be."""
        name = name.strip()
        if not name or name != printable(name) or len(name) > _LONGEST_NAME:
            raise SettingsError("请写一个不超过 40 字的姓名", "give a name of at most 40 characters")
        if len(password) < SHORTEST:
            raise SettingsError(f"密码至少 {SHORTEST} 个字符", f"a password has at least {SHORTEST} characters")
        made = Account(name, role, _hasher().hash(password))
        with self._changed() as known:
            known[name] = made

    def remove(self, name: str) -> None:
        """Let nobody come in by a name any more."""
        with self._changed() as known:
            known.pop(name, None)

    def checked(self, name: str, password: str) -> Account | None:
        """The account of that name, if the password is its own; a name that there is none of takes as long."""
        from argon2.exceptions import InvalidHashError, VerificationError

        account = self.all().get(name.strip())
        try:
            _hasher().verify(account.hash if account else _nobodys(), password)
        except (VerificationError, InvalidHashError):
            return None
        return account

    @contextmanager
    def _changed(self) -> Iterator[dict[str, Account]]:
        """The accounts for the block to change, one block after the other, and written when it ends."""
        path = self.folder / _FILE
        beside = path.with_suffix(".new")
        with self._lock:
            yield (accounts := dict(self.all()))
            told = {name: {"role": each.role.value, "hash": each.hash} for name, each in accounts.items()}
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
                json.dump(told, out, ensure_ascii=False, indent=1)
                out.flush()
                os.fsync(out.fileno())
            os.replace(beside, path)


def require_hasher() -> None:
    """Raise SettingsError where the extra that hashes passwords is not installed."""
    _hasher()


_NOBODYS: list[str] = []


def _nobodys() -> str:
    """The hash of a password that nobody has."""
    if not _NOBODYS:
        _NOBODYS.append(_hasher().hash(secrets.token_hex()))
    return _NOBODYS[0]


def _hasher() -> Any:
    try:
        from argon2 import PasswordHasher
    except ImportError as fault:
        raise SettingsError(
            "办公网上用的工作台需要 argon2：请运行 pip install 'kbxt-merge[lan]'",
            "a desk on a network needs argon2: pip install 'kbxt-merge[lan]'",
        ) from fault
    return PasswordHasher()


@dataclass
class Sessions:
    """Who came in by an account, and until when; kept in memory only: who ends the desk ends them all."""

    accounts: Accounts
    _open: dict[str, tuple[str, float]] = field(default_factory=dict, repr=False)

    def begin(self, name: str) -> str:
        """A token for the browser of somebody who came in."""
        token = secrets.token_hex(32)
        self._open[token] = (name, time.monotonic() + SESSION_SECONDS)
        return token

    def visitor(self, token: str) -> Visitor | None:
        """Whose token it is, as their account stands now; None where it is nobody's, or its time is over."""
        name, until = self._open.get(token, ("", 0.0))
        if time.monotonic() > until:
            self._open.pop(token, None)
            return None
        account = self.accounts.all().get(name)
        return Visitor(name, account.role) if account else None

    def end(self, token: str) -> None:
        """Forget a token."""
        self._open.pop(token, None)

    def end_of(self, name: str) -> None:
        """Forget all tokens of a name: its password or role is another now."""
        for token in [each for each, (whose, _) in self._open.items() if whose == name]:
            self.end(token)


@dataclass
class Tries:
    """Wrong logins by name and by machine."""

    _wrong: dict[str, list[float]] = field(default_factory=dict)

    def too_many(self, *whose: str) -> bool:
        """Tell whether one of these tried in vain too often of late."""
        since = time.monotonic() - TRIES_SECONDS
        for each in whose:
            self._wrong[each] = [at for at in self._wrong.get(each, ()) if at > since]
        return any(len(self._wrong[each]) >= MOST_TRIES for each in whose)

    def note(self, *whose: str) -> None:
        """One more that was wrong."""
        for each in whose:
            self._wrong.setdefault(each, []).append(time.monotonic())

    def forget(self, *whose: str) -> None:
        """These came in."""
        for each in whose:
            self._wrong.pop(each, None)
