"""A child, or a period, out of the ledger for good: its rows are deleted, and the file is written anew without them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, Table, delete, or_, select, update

from kbxt_merge.errors import LedgerError
from kbxt_merge.ledger.store import check_edition, connect, file_url, known_as, lock, read_url, told_to_operator
from kbxt_merge.ledger.tables import SPELLS, confirmations, findings, passwords, periods, records, runs, schools
from kbxt_merge.model.fingerprints import digest
from kbxt_merge.model.out_folder import LEDGER_FILE
from kbxt_merge.model.text import plain
from kbxt_merge.model.traces import HIDDEN, Traces

_ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows of each table went, and of a child its traces in each period, by label, and its digests
    (`model.fingerprints`) by number, and by school and name."""

    rows: dict[str, int]
    traces: Mapping[str, Traces] = field(default_factory=dict)
    by_number: frozenset[str] = frozenset()
    by_name: frozenset[str] = frozenset()

    def is_about(self, child_id: object, child_name: object) -> bool:
        """Whether these digests are the child's: one of the same name that has another number is another."""
        return child_id in self.by_number if child_id else child_name in self.by_name


@dataclass(frozen=True, slots=True)
class Wanted:
    """The child to be forgotten: by ID number, or by name; `school` tells children of one name apart.

    `number_fields` and `name_fields` are those in which forms tell a child's own number and name.
    """

    number: str = ""
    name: str = ""
    school: str = ""
    number_fields: frozenset[str] = frozenset()
    name_fields: frozenset[str] = frozenset()

    def is_child(self, school: str, fields: Mapping[str, object]) -> bool:
        """Whether a record of a school, with these values, is about the child."""
        if self.school and school != self.school:
            return False
        if self.number:
            return any(plain(str(fields.get(each) or "")).upper() == self.number for each in self.number_fields)
        return any(plain(str(fields.get(each) or "")) == self.name for each in self.name_fields)

    def names(self, fields: Mapping[str, object]) -> set[str]:
        """What a record calls its child."""
        return {str(fields[each]) for each in self.name_fields if fields.get(each)}

    def numbers(self, fields: Mapping[str, object]) -> set[str]:
        """The numbers by which a record tells its child."""
        return {str(fields[each]) for each in self.number_fields if fields.get(each)}


@contextmanager
def forget_period(out: Path, url: str, label: str) -> Iterator[Forgotten]:
    """Delete all that the ledger of OUT knows of a period; raises LedgerError where it knows none of that label.

    It is gone when the block ends: what else the block takes away and can't, leaves the ledger as it was.
    """
    with _writing(out, url) as connection:
        ids = list(connection.scalars(_of_out(out, url).where(periods.c.label == label)))
        if not ids:
            raise LedgerError(f"账本里没有 {label}：请检查 --period", f"the ledger knows no {label}; check --period")
        gone = select(runs.c.id).where(runs.c.period.in_(ids))
        # what was open when a later period began was first seen in this one
        connection.execute(update(findings).where(findings.c.since.in_(gone)).values(since=findings.c.opened))
        rows = {table.name: _deleted(connection, table, table.c.period.in_(ids)) for table in (*SPELLS, schools, runs)}
        rows[periods.name] = _deleted(connection, periods, periods.c.id.in_(ids))
        rows[passwords.name] = _deleted(connection, passwords, passwords.c.period == label)
        yield Forgotten(rows)
    _vacuum(out, url)


@contextmanager
def forget_child(out: Path, url: str, wanted: Wanted) -> Iterator[Forgotten]:
    """Delete a child's records, findings and answers of every period; another's finding that names it hides the name.

    It is gone when the block ends, as in `forget_period`. Raises LedgerError where nobody of that kind is known, or
    several children bear the name.
    """
    with _writing(out, url) as connection:
        ids = list(connection.scalars(_of_out(out, url)))
        found = [each for each in _records(connection, ids) if wanted.is_child(each.school, json.loads(each.fields))]
        if not found:
            raise LedgerError("账本里没有这个学生：请检查 --child", "the ledger knows no such child; check --child")
        _refuse_several(found, wanted)
        read = [json.loads(each.fields) for each in found]
        names = {name for each in read for name in wanted.names(each)}
        by_id = {digest(number) for each in read for number in wanted.numbers(each)}
        by_name = {digest(school, name) for school in {each.school for each in found} for name in names}
        traces = _traces(connection, found, wanted, by_id, by_name)
        rows = {records.name: _deleted_by_id(connection, records, [each.id for each in found])}
        for table in (findings, confirmations):
            rows[table.name] = _deleted(connection, table, table.c.period.in_(ids) & _is_about(table, by_id, by_name))
        _hide(connection, ids, names)
        yield Forgotten(rows, traces, frozenset(by_id), frozenset(by_name))
    _vacuum(out, url)


def _is_about(table: Table, by_id: Collection[str], by_name: Collection[str]) -> Any:
    """What is said of a child: who bears the same name and has another number is another, and keeps what is its own."""
    return or_(table.c.child_id.in_(by_id), (table.c.child_id == "") & table.c.child_name.in_(by_name))


def _traces(
    connection: Connection,
    found: Sequence[Row],  # type: ignore[type-arg]
    wanted: Wanted,
    by_id: Collection[str],
    by_name: Collection[str],
) -> Mapping[str, Traces]:
    """By what the child of these records is known in what was written of each period, by the period's label.

    Where it stood in a round before, another child may stand now.
    """
    read = [json.loads(each.fields) for each in found]
    numbers = frozenset(plain(number).upper() for each in read for number in wanted.numbers(each)) - {""}
    names = frozenset(plain(name) for each in read for name in wanted.names(each)) - {""}
    asked = set(connection.scalars(select(findings.c.period).where(_is_about(findings, by_id, by_name)).distinct()))
    labels = select(periods.c.id, periods.c.label).where(periods.c.id.in_({each.period for each in found}))
    return {
        label: Traces(
            numbers,
            names,
            frozenset(each.school for each in found),
            frozenset(
                (each.file, each.sheet, each.cell) for each in found if each.period == period and each.closed is None
            ),
            period in asked,
        )
        for period, label in connection.execute(labels.order_by(periods.c.id)).all()
    }


def _refuse_several(found: Sequence[Row], wanted: Wanted) -> None:  # type: ignore[type-arg]
    schools_of = sorted({each.school for each in found})
    if not wanted.number and not wanted.school and len(schools_of) > 1:
        raise LedgerError(
            f"有 {len(schools_of)} 所学校的学生叫这个名字：{'、'.join(schools_of)}。请用身份证号码，或加 --school",
            f"children of {len(schools_of)} schools bear that name: {', '.join(schools_of)}; give the ID number, "
            "or --school",
        )
    beside: dict[tuple[int, str], set[str]] = {}
    for each in found if not wanted.number else ():
        if each.closed is None:  # what is closed may be the same child under a number that was corrected
            beside.setdefault((each.period, each.form), set()).update(wanted.numbers(json.loads(each.fields)))
    if any(len(numbers) > 1 for numbers in beside.values()):
        raise LedgerError(
            "同一所学校有几个学生叫这个名字：请用身份证号码",
            "several children of one school bear that name; give the ID number",
        )


def _of_out(out: Path, url: str) -> Any:
    """The periods of the bureau that merges into OUT: of a ledger that several share, its own."""
    wanted = select(periods.c.id)
    if url:
        bureau = select(periods.c.bureau).join(runs).where(runs.c.out == str(out.resolve()))
        wanted = wanted.where(periods.c.bureau.in_(bureau))
    return wanted


def _records(connection: Connection, ids: Sequence[int]) -> Iterator[Row]:  # type: ignore[type-arg]
    columns = (
        records.c[name] for name in ("id", "period", "form", "school", "fields", "closed", "file", "sheet", "cell")
    )
    yield from connection.execute(select(*columns).where(records.c.period.in_(ids)))


def _hide(connection: Connection, ids: Sequence[int], names: set[str]) -> None:
    """Take the names out of what was said of others: who stands in two schools is named in both findings."""
    for name in (each for each in names if len(plain(each)) > 1):  # one character stands in many a word
        for column in (findings.c.zh, findings.c.en, findings.c.place):
            told = select(findings.c.id, column).where(findings.c.period.in_(ids), column.contains(name))
            for row in connection.execute(told).all():
                hidden = {column.name: row[1].replace(name, HIDDEN)}
                connection.execute(update(findings).where(findings.c.id == row.id).values(**hidden))


def _deleted(connection: Connection, table: Table, condition: Any) -> int:
    return int(connection.execute(delete(table).where(condition)).rowcount)


def _deleted_by_id(connection: Connection, table: Table, ids: Sequence[int]) -> int:
    parts = (ids[at : at + _ROWS_AT_ONCE] for at in range(0, len(ids), _ROWS_AT_ONCE))
    return sum(_deleted(connection, table, table.c.id.in_(part)) for part in parts)


@contextmanager
def _writing(out: Path, url: str) -> Iterator[Connection]:
    engine = _engine(out, url)
    try:
        with told_to_operator(known_as(engine)), engine.begin() as connection:
            lock(connection)
            check_edition(connection)
            yield connection
    finally:
        engine.dispose()


def _engine(out: Path, url: str) -> Engine:
    if not url and not (out / LEDGER_FILE).is_file():
        raise LedgerError(
            f"“{out}”里没有账本 {LEDGER_FILE}：请检查路径",
            f"{out} holds no ledger ({LEDGER_FILE}); check the path",
        )
    return connect(read_url(url) if url else file_url(out / LEDGER_FILE))


def _vacuum(out: Path, url: str) -> None:
    """Write the ledger anew: what is only deleted still stands in its pages."""
    if not url:
        with told_to_operator(str(out / LEDGER_FILE)), closing(sqlite3.connect(out / LEDGER_FILE)) as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    engine = _engine(out, url)
    try:
        with (
            told_to_operator(known_as(engine)),
            engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            connection.exec_driver_sql("VACUUM FULL")
    finally:
        engine.dispose()
