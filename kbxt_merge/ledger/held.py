"""Other programs at the ledger in OUT: a merge writes into a copy, and would put it over what they write meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from kbxt_merge.errors import LedgerError
from kbxt_merge.ledger.store import BUSY

_SECONDS_FOR_OTHERS = 5.0


@contextmanager
def let_alone(path: Path) -> Iterator[None]:
    """Raise LedgerError where another program holds a ledger at the beginning or at the end, or wrote into it between.

    No lock is kept meanwhile: a handle in OUT would keep it from being replaced on Windows.
    """
    _refuse_held(path)
    before = _state(path)
    yield
    _refuse_held(path)
    if _state(path) != before:
        raise LedgerError(
            f"账本 {path}：汇总时另一个程序改了它，本次汇总没有换上，请重新运行",
            f"the ledger {path}: another program changed it during this merge, which was not put in place; run again",
        )


def _refuse_held(path: Path) -> None:
    """Whatever else is wrong with it is told by whoever reads it."""
    try:
        with closing(sqlite3.connect(path, timeout=_SECONDS_FOR_OTHERS, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            raise LedgerError(f"账本 {path}：{BUSY[0]}", f"the ledger {path}: {BUSY[1]}") from error


def _state(path: Path) -> list[tuple[int, int]]:
    """How the ledger and what was written beside it stand: sizes and times; nothing beside it is as good as empty."""
    found = [each.stat() for each in (path, path.with_name(f"{path.name}-wal")) if each.exists()]
    return [(each.st_size, each.st_mtime_ns) for each in found if each.st_size]
