"""Who sent what, and when: the files that came in a period, as the ledger knows them; free of pandas."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from kbxt_merge.ledger.published import last_merged, published_ledger
from kbxt_merge.ledger.tables import files, runs


@dataclass(frozen=True, slots=True)
class Came:
    """A file of the inbox: whose, when it came, what became of it; `gone` says that it lies there no more."""

    school: str
    path: str
    at: dt.datetime
    verdict: str
    sha256: str
    gone: bool


def files_that_came(out: Path, url: str, period: str, bureau: str = "") -> list[Came]:
    """Every file of a period, in the order in which they came, as its last state is; raises LedgerError."""
    with published_ledger(out, url) as connection:
        known = last_merged(connection, out, url, period, bureau)
        rows = connection.execute(
            select(files, runs.c.made).join(runs, runs.c.id == files.c.opened).where(files.c.period == known.id)
        ).all()
    last: dict[tuple[str, str], Came] = {}
    for row in rows:
        key = row.path, row.sha256
        at = min(dt.datetime.fromisoformat(row.modified), dt.datetime.fromisoformat(row.made))
        at = min(at, last[key].at) if key in last else at
        last[key] = Came(row.school, row.path, at, row.verdict, row.sha256, row.closed is not None)
    return sorted(last.values(), key=lambda each: (each.at, each.path))
