"""The tables of the ledger's first edition.

Frozen: nothing here ever changes again, whatever becomes of `tables`. A new column or table is a migration of its own.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

_TABLES = MetaData()
_BIG = BigInteger().with_variant(Integer, "sqlite")


def first_edition(connection: Connection) -> None:
    """Make an empty database a ledger of edition 1."""
    _TABLES.create_all(connection)


def _texts(*names: str) -> list[Column[str]]:
    return [Column(name, String, nullable=False) for name in names]


def _numbers(*names: str) -> list[Column[int]]:
    return [Column(name, Integer, nullable=False) for name in names]


def _digest(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _of(name: str, key: str) -> Column[int]:
    return Column(name, ForeignKey(key), nullable=False)


def _versioned(name: str, *columns: Column[int] | Column[str]) -> None:
    Table(
        name,
        _TABLES,
        Column("id", _BIG, primary_key=True),
        _of("period", "periods.id"),
        *columns,
        _of("opened", "runs.id"),
        Column("closed", ForeignKey("runs.id")),
        Index(f"{name}_now", "period", "closed"),
    )


Table("versions", _TABLES, Column("version", Integer, primary_key=True, autoincrement=False), *_texts("applied"))
Table(
    "periods",
    _TABLES,
    Column("id", Integer, primary_key=True),
    *_texts("bureau", "label", "first_day", "last_day", "due", "forms"),
    Index("one_period", "bureau", "label", unique=True),
)
Table(
    "runs",
    _TABLES,
    Column("id", Integer, primary_key=True),
    _of("period", "periods.id"),
    Column("uid", String, nullable=False, unique=True),
    *_texts("out", "made", "state", "version"),
    *_numbers("new", "still", "back", "fixed", "confirmed"),
)
Table(
    "schools",
    _TABLES,
    Column("id", Integer, primary_key=True),
    _of("period", "periods.id"),
    *_numbers("position"),
    *_texts("name", "code", "stage"),
    Column("listed", Boolean, nullable=False),
    Index("one_school", "period", "name", unique=True),
)
_versioned(
    "files",
    _digest("key"),
    *_texts("path", "sha256", "kind", "modified", "verdict", "school", "forms"),
    *_numbers("rows_read", "rows_merged"),
)
_versioned("returns", _digest("key"), *_texts("school", "form", "path", "sha256", "standing", "modified"))
_versioned(
    "records",
    _digest("key"),
    *_texts("form", "school", "file", "sheet", "cell"),
    _digest("content"),
    Column("fields", Text, nullable=False),
)
_versioned(
    "findings",
    *_texts("rule", "severity", "form", "school", "field", "child_id", "child_name", "place"),
    _of("since", "runs.id"),
)
_versioned(
    "confirmations",
    _digest("key"),
    *_texts("rule", "form", "school", "field", "sheet", "child_id", "child_name", "value"),
    *_texts("explanation", "answered_by", "answered_in"),
)
Table(
    "mails",
    _TABLES,
    Column("id", _BIG, primary_key=True),
    *_texts("key", "event", "at", "school", "address"),
    Column("reply", Text, nullable=False),
    Index("one_event", "key", "event", "at", unique=True),
)
