"""What the second edition of the ledger brought: where findings stand, the passwords made, and the keys of bureaus.

Frozen, as the first edition is.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, MetaData, String, Table, text


def second_edition(connection: Connection) -> None:
    """Make a ledger of edition 1 one of edition 2; of its older findings nobody knows where they stood."""
    for name in ("file", "sheet", "cell", "zh", "en"):
        connection.execute(text(f"ALTER TABLE findings ADD COLUMN {name} TEXT NOT NULL DEFAULT ''"))
    tables = MetaData()
    Table(
        "passwords",
        tables,
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
        *(Column(name, String, nullable=False) for name in ("school", "period", "password", "at")),
        Index("one_password", "school", "period", "password", unique=True),
    )
    Table(
        "seals",
        tables,
        Column("bureau", String, primary_key=True),
        Column("key", String, nullable=False),
    )
    tables.create_all(connection)
