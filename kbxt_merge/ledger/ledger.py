"""The ledger of a bureau: what a merge asks it, and what a merge enters."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, Engine, Insert, delete, select, update

from kbxt_merge import __version__
from kbxt_merge.ledger import earlier, entries, finding_history
from kbxt_merge.ledger.held import let_alone
from kbxt_merge.ledger.overview import overview_of
from kbxt_merge.ledger.published import passwords_of
from kbxt_merge.ledger.row_versions import At
from kbxt_merge.ledger.store import (
    bring_up_to_date,
    connect,
    copy_file,
    file_url,
    known_as,
    lock,
    read_url,
    told_to_operator,
)
from kbxt_merge.ledger.tables import LIFE_COLUMNS, SPELLS, periods, runs, seals
from kbxt_merge.model.answer import Answer
from kbxt_merge.model.district import District
from kbxt_merge.model.earlier import Earlier
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.out_folder import LEDGER_FILE
from kbxt_merge.model.overview import Overview
from kbxt_merge.model.period import Period
from kbxt_merge.model.round import Changes
from kbxt_merge.model.seal import Seal

PUBLISHED_RUN = ".kbxt-ledger"
"""The file in OUT that names the run by which its outputs stand in a ledger elsewhere."""

_PENDING, _DONE = "pending", "done"


@dataclass
class Ledger:
    """A ledger at work for one merge into `out`; `travels` says that it lies among the outputs, to appear with them."""

    engine: Engine
    out: Path
    travels: bool
    uid: str = field(default_factory=lambda: secrets.token_hex(8))

    def earlier(self, forms: Forms, period: Period, compared: Mapping[str, Collection[str]]) -> Earlier | None:
        """The records of these forms in the periods before; None where there is none."""
        with self._transaction() as connection:
            return earlier.earlier(connection, forms, period, compared)

    def answers(self, bureau: str) -> list[Answer]:
        """Read what schools verified in earlier rounds."""
        with self._transaction() as connection:
            return earlier.answers(connection, bureau)

    def seal(self, bureau: str) -> Seal:
        """The seal of the bureau, made when it is first asked for."""
        with self._transaction() as connection:
            known = connection.scalar(select(seals.c.key).where(seals.c.bureau == bureau))
            seal = Seal.read(known) if known else Seal.new()
            if not known:
                connection.execute(seals.insert().values(bureau=bureau, key=seal.written()))
        return seal

    def enter(
        self,
        district: District,
        findings: Findings,
        verdicts: pd.DataFrame,
        confirmed: Mapping[int, Answer],
        made: dt.datetime,
        due: dt.date,
    ) -> Changes:
        """Enter a run: what came and what was found in it; what that changes is returned. One that changes nothing is
        no round: it leaves the ledger as it was, and tells what the last one told.

        `verdicts` has the columns of files.csv. `confirmed` leads from a confirmed warning's label in the findings'
        frame to its answer. `made` is the moment of the run, with its time zone.
        """
        with self._transaction() as connection:
            period = _period(connection, district, due)
            known = connection.execute(select(runs).where(runs.c.period == period).order_by(runs.c.id)).all()
            number = 1 + len(known)
            at = At(period, self._run(connection, period, made))
            entries.enter_schools(connection, at, district)
            entries.enter_files(connection, at, district, verdicts)
            entries.enter_returns(connection, at, district)
            entries.enter_records(connection, at, district)
            answers = [each for each in confirmed.values() if not each.decided]  # those can be withdrawn
            entries.enter_confirmations(connection, at, answers)
            before = next(iter(earlier.earlier_periods(connection, district.forms.bureau, district.period)), None)
            now = finding_history.tracked(district, findings, confirmed.keys())
            changes = finding_history.enter(connection, at, now, before[0] if before else None, number)
            counts = {column: changes.count(life) for life, column in LIFE_COLUMNS.items()}
            connection.execute(update(runs).where(runs.c.id == at.run).values(**counts))
            if known and (self.travels or known[-1].out == str(self.out)) and not _changed(connection, at):
                connection.execute(delete(runs).where(runs.c.id == at.run))
                changes = finding_history.retold(connection, At(period, known[-1].id), now, number - 1)
                changes.again = True
        changes.clock_set_back = bool(known) and _utc(made) < max(each.made for each in known)
        return changes

    def overview(self, district: District, today: dt.date) -> Overview:
        """Where the district's period stands, as it is entered now."""
        not_owed = {slug: form.not_owed for slug, form in district.forms.by_slug.items()}
        is_it = (periods.c.bureau == district.forms.bureau) & (periods.c.label == district.period.label)
        with self._transaction() as connection:
            period = connection.execute(select(periods).where(is_it)).one()
            return overview_of(connection, period, today, not_owed)

    def enter_mails(self, events: Iterable[Mapping[str, str]]) -> None:
        """Enter what an outbox remembers: `at`, `event`, `key`, and `school` and `to`, or `reply`."""
        with self._transaction() as connection:
            entries.enter_mails(connection, events)

    def enter_passwords(self, made: Iterable[Mapping[str, str]]) -> None:
        """Enter the passwords made for schools: `school`, `period`, `password` and `at`."""
        with self._transaction() as connection:
            entries.enter_passwords(connection, made)

    def passwords(self) -> list[tuple[str, str]]:
        """The schools and the passwords that were ever made for them, the latest first."""
        with self._transaction() as connection:
            return passwords_of(connection)

    def settle(self) -> None:
        """Keep the pending runs into OUT whose outputs appeared there, and undo the others."""
        if self.travels:
            return
        mark = self.out / PUBLISHED_RUN
        uid = mark.read_text(encoding="ascii") if mark.is_file() else ""
        with self._transaction() as connection:
            pending = select(runs.c.id, runs.c.uid).where(runs.c.state == _PENDING, runs.c.out == str(self.out))
            for run in connection.execute(pending.order_by(runs.c.id.desc())).all():
                if run.uid == uid:
                    connection.execute(update(runs).where(runs.c.id == run.id).values(state=_DONE))
                else:
                    _undo(connection, run.id)
        self.engine.dispose()

    def mark(self, stage: Path) -> None:
        """Leave this run's name among the outputs, for `settle`."""
        (stage / PUBLISHED_RUN).write_text(self.uid, encoding="ascii")

    def _run(self, connection: Connection, period: int, made: dt.datetime) -> int:
        facts = {"uid": self.uid, "out": str(self.out), "made": _utc(made), "version": __version__}
        state = _DONE if self.travels else _PENDING
        return _entered(connection, runs.insert().values(period=period, state=state, **facts))

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with told_to_operator(known_as(self.engine)), self.engine.begin() as connection:
            lock(connection)
            yield connection


@contextmanager
def ledger_of(out: Path, stage: Path, url: str) -> Iterator[Ledger]:
    """The ledger for a merge into `out` whose outputs are written to `stage`; without a URL it lies among them.

    Raises LedgerError where it is damaged, of a newer version, held by another program, or can't be reached.
    """
    out = out.resolve()
    kept = out / LEDGER_FILE
    place = read_url(url) if url else file_url(stage / LEDGER_FILE)
    with ExitStack() as around:
        if not url and kept.exists():
            around.enter_context(let_alone(kept))
            copy_file(kept, stage / LEDGER_FILE)
        engine = connect(place, "" if url else str(kept))
        around.callback(engine.dispose)
        ledger = Ledger(engine, out, travels=not url)
        with told_to_operator(known_as(engine)):
            bring_up_to_date(engine)
        if url:
            ledger.settle()
            ledger.mark(stage)
        yield ledger


def _period(connection: Connection, district: District, due: dt.date) -> int:
    """The id of the district's period, with its facts brought up to date."""
    period = district.period
    facts = {
        "first_day": period.first.isoformat(),
        "last_day": period.last.isoformat(),
        "due": due.isoformat(),
        "forms": ",".join(district.forms.by_slug),
    }
    is_it = (periods.c.bureau == district.forms.bureau) & (periods.c.label == period.label)
    known = connection.scalar(select(periods.c.id).where(is_it))
    if known is not None:
        connection.execute(update(periods).where(periods.c.id == known).values(**facts))
        return int(known)
    return _entered(connection, periods.insert().values(bureau=district.forms.bureau, label=period.label, **facts))


def _entered(connection: Connection, row: Insert) -> int:
    """The id of a row that is entered."""
    key = connection.execute(row).inserted_primary_key
    if key is None:
        raise RuntimeError("the database gave no id to a row")
    return int(key[0])


def _changed(connection: Connection, at: At) -> bool:
    """Whether a run opened or closed anything."""
    touched = (
        select(table.c.id).where((table.c.opened == at.run) | (table.c.closed == at.run)).limit(1) for table in SPELLS
    )
    return any(connection.scalar(each) is not None for each in touched)


def _undo(connection: Connection, run: int) -> None:
    for table in SPELLS:
        connection.execute(delete(table).where(table.c.opened == run))
        connection.execute(update(table).where(table.c.closed == run).values(closed=None))
    connection.execute(delete(runs).where(runs.c.id == run))


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")
