"""Spells: what is so from one run to another, opened and closed by comparing digests."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection, Table, bindparam, select, update

ROWS_AT_ONCE = 20_000
"""Rows that are made ready for a driver at a time: those of a province would fill the memory."""

Keys = npt.NDArray[np.int64]
Columns = Mapping[str, Sequence[Any]]
Make = Callable[[npt.NDArray[np.intp]], Columns]
"""Makes the columns of these rows of a part."""


@dataclass(frozen=True, slots=True)
class At:
    """The period and the run in which something is entered."""

    period: int
    run: int


def digests(rows: Iterable[Sequence[str]]) -> Keys:
    """A digest (64 bits of BLAKE2b, signed) of each row of texts."""
    blake = hashlib.blake2b
    found = [blake("\x1f".join(row).encode("utf-8", "surrogatepass"), digest_size=8).digest() for row in rows]
    return np.frombuffer(b"".join(found), dtype=">i8").astype(np.int64)


def renew(connection: Connection, table: Table, at: At, parts: Iterable[tuple[Keys, Make]]) -> None:
    """Let the table's spells of the period be what these rows say: opens the new ones, closes those that are gone.

    The rows come in parts, of which one at a time is held: a digest a row, and what makes the table's columns besides
    it of those that are new.
    """
    ids, known = open_keys(connection, table, at.period)
    before = pd.Index(np.unique(known))
    come = [known[:0]]
    for keys, make in parts:
        new = np.flatnonzero(before.get_indexer(pd.Index(keys)) < 0)
        if len(new):
            add(connection, table, at, {"key": keys[new].tolist(), **make(new)})
        come.append(keys)
    close(connection, table, at, ids[~np.isin(known, np.concatenate(come))])


def open_keys(connection: Connection, table: Table, period: int) -> tuple[Keys, Keys]:
    """The ids and the digests of the spells that are open in a period."""
    found = select(table.c.id, table.c.key).where(table.c.period == period, table.c.closed.is_(None))
    rows = connection.execute(found).all()
    both = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=2 * len(rows)).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def close(connection: Connection, table: Table, at: At, ids: Keys) -> None:
    """Close the spells with these ids."""
    if len(ids):
        closing = update(table).where(table.c.id == bindparam("spell")).values(closed=at.run)
        connection.execute(closing, [{"spell": each} for each in ids.tolist()])


def chosen(columns: Columns, rows: npt.NDArray[np.intp]) -> Columns:
    """These rows of the columns."""
    return {name: [column[row] for row in rows.tolist()] for name, column in columns.items()}


def add(connection: Connection, table: Table, at: At, columns: Columns) -> None:
    """Open a spell for each row."""
    count = len(next(iter(columns.values())))
    insert_all(connection, table, {**columns, "period": [at.period] * count, "opened": [at.run] * count})


def insert_all(connection: Connection, table: Table, columns: Columns) -> None:
    """Insert rows given as columns of whole numbers and texts, which a driver takes as they are.

    SQLAlchemy would look at every value of every row, which takes three times as long.
    """
    insert = table.insert().compile(dialect=connection.dialect, column_keys=list(columns))
    names = insert.positiontup or list(columns)
    rows = zip(*(columns[name] for name in names), strict=True)
    by_name = insert.positiontup is None
    while some := list(islice(rows, ROWS_AT_ONCE)):
        connection.exec_driver_sql(
            str(insert), [dict(zip(names, row, strict=True)) for row in some] if by_name else some
        )
