"""The ledger's tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

from kbxt_merge.model.round import Life

METADATA = MetaData()

_BIG = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers only rows of this very type by itself

versions = Table(
    "versions",
    METADATA,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("applied", String, nullable=False),
)
"""The editions that this ledger has been through, each with the moment in which it was brought there."""

periods = Table(
    "periods",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("bureau", String, nullable=False),
    Column("label", String, nullable=False),
    Column("first_day", String, nullable=False),
    Column("last_day", String, nullable=False),
    Column("due", String, nullable=False),
    Column("forms", String, nullable=False),
    Index("one_period", "bureau", "label", unique=True),
)
"""A bureau's terms and months; days are ISO, `forms` the numbers of the forms in force, joined by commas."""

LIFE_COLUMNS = {
    Life.NEW: "new",
    Life.STILL: "still",
    Life.BACK: "back",
    Life.FIXED: "fixed",
    Life.CONFIRMED: "confirmed",
}
"""The columns of `runs` that count a round's findings."""

runs = Table(
    "runs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("period", ForeignKey("periods.id"), nullable=False),
    Column("uid", String, nullable=False, unique=True),
    Column("out", String, nullable=False),
    Column("made", String, nullable=False),
    Column("state", String, nullable=False),
    Column("version", String, nullable=False),
    *(Column(name, Integer, nullable=False, default=0) for name in LIFE_COLUMNS.values()),
)
"""The rounds. Their order is that of `id`: clocks are set back. `state` is pending or done."""

schools = Table(
    "schools",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("period", ForeignKey("periods.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("code", String, nullable=False),
    Column("stage", String, nullable=False),
    Column("listed", Boolean, nullable=False),
    Index("one_school", "period", "name", unique=True),
)
"""The schools of a period as the last run knew them; `listed` are those of the roster."""


def _spells(name: str, *columns: Column[Any], later: Sequence[Column[Any]] = ()) -> Table:
    """A table of spells; `later` are the columns that an edition after the first brought."""
    return Table(
        name,
        METADATA,
        Column("id", _BIG, primary_key=True),
        Column("period", ForeignKey("periods.id"), nullable=False),
        *columns,
        Column("opened", ForeignKey("runs.id"), nullable=False),
        Column("closed", ForeignKey("runs.id")),
        *later,
        Index(f"{name}_now", "period", "closed"),
    )


def _key() -> Column[Any]:
    """A digest of all that the row says."""
    return Column("key", BigInteger, nullable=False)


def _texts(*names: str) -> list[Column[Any]]:
    return [Column(name, String, nullable=False) for name in names]


files = _spells(
    "files",
    _key(),
    *_texts("path", "sha256", "kind", "modified", "verdict", "school", "forms"),
    Column("rows_read", Integer, nullable=False),
    Column("rows_merged", Integer, nullable=False),
)
"""The files of the inbox; `modified` is the ISO moment, in UTC, at which it came, `forms` and `school` as in files.csv.

Of a stamped scan they are what its name says.
"""

returns = _spells("returns", _key(), *_texts("school", "form", "path", "sha256", "standing", "modified"))
"""The forms found in the files, and whether each counts."""

records = _spells(
    "records",
    _key(),
    *_texts("form", "school", "file", "sheet", "cell"),
    Column("content", BigInteger, nullable=False),
    Column("fields", Text, nullable=False),
)
"""The merged records; `fields` is JSON, the values as records-*.csv has them, blank ones left out.

`content` is a digest of school and fields: the same child's unchanged row, wherever it stands.
"""

findings = _spells(
    "findings",
    *_texts("rule", "severity", "form", "school", "field", "child_id", "child_name", "place"),
    Column("since", ForeignKey("runs.id"), nullable=False),
    later=[Column(name, Text, nullable=False, server_default="") for name in ("file", "sheet", "cell", "zh", "en")],
)
"""Errors, warnings, and warnings that were confirmed, which is their `severity` then.

The child is known by digests; `place` (file, sheet, cell) stands only where there is none.
`since` is the run that saw it first, which is an earlier period's where it was open there at the end.
`file`, `sheet` and `cell` say where it stands, `zh` and `en` its masked sentence: what is fixed is told by them.
"""

confirmations = _spells(
    "confirmations",
    _key(),
    *_texts("rule", "form", "school", "field", "sheet", "child_id", "child_name", "value"),
    *_texts("explanation", "answered_by", "answered_in"),
)
"""What schools verified, with their reasons; an answer once given is never closed."""

mails = Table(
    "mails",
    METADATA,
    Column("id", _BIG, primary_key=True),
    Column("key", String, nullable=False),
    Column("event", String, nullable=False),
    Column("at", String, nullable=False),
    Column("school", String, nullable=False),
    Column("address", String, nullable=False),
    Column("reply", Text, nullable=False),
    Index("one_event", "key", "event", "at", unique=True),
)
"""The events of the outbox: begin, sent, failed."""

passwords = Table(
    "passwords",
    METADATA,
    Column("id", _BIG, primary_key=True),
    *_texts("school", "period", "password", "at"),
    Index("one_password", "school", "period", "password", unique=True),
)
"""The passwords that were made for schools, each for the mails of a period, with the moment in which it was made."""

seals = Table(
    "seals",
    METADATA,
    Column("bureau", String, primary_key=True),
    Column("key", String, nullable=False),
)
"""The key, in letters, by which a bureau knows again what it asked its schools."""

SPELLS: tuple[Table, ...] = (files, returns, records, findings, confirmations)
"""The tables whose rows a run opens and closes."""
