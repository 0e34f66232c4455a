"""What `kbxt status` asks of a ledger; free of pandas, for it must answer at once."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Row, case, func, select

from kbxt_merge.ledger.published import last_merged, published_ledger
from kbxt_merge.ledger.tables import LIFE_COLUMNS, files, findings, returns, runs, schools
from kbxt_merge.model.overview import Arrival, FormStatus, Overview, RoundCounts, SchoolStatus
from kbxt_merge.model.returns import Kind
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.verdict import Verdict

_SCANS = (Kind.PDF.value, Kind.IMAGE.value)

Place = tuple[str, str]
"""A school and a form."""


NotOwed = Mapping[str, Sequence[str]]
"""By form the stages of schools that need not return it."""


def overview(
    out: Path, url: str, period: str, today: dt.date, not_owed: NotOwed | None = None, bureau: str = ""
) -> Overview:
    """A period of the ledger in OUT, or at the URL; without a label the one that was merged last.

    A bureau's own where it is named: who tried other forms merged for another, perhaps. Raises LedgerError where there
    is no ledger, or no such period in it.
    """
    with published_ledger(out, url) as connection:
        found = last_merged(connection, out, url, period, bureau)
        return overview_of(connection, found, today, not_owed or {})


def overview_of(connection: Connection, period: Row, today: dt.date, not_owed: NotOwed) -> Overview:  # type: ignore[type-arg]
    """A period of an open ledger."""
    of_period = select(runs).where(runs.c.period == period.id)
    rounds = connection.execute(of_period.order_by(runs.c.id)).all()
    due = dt.date.fromisoformat(period.due)
    forms = tuple(period.forms.split(","))
    seen = _Seen.of(connection, period.id, {row.id: row.made for row in rounds})
    listed = select(schools).where(schools.c.period == period.id).order_by(schools.c.position)
    last = rounds[-1]
    return Overview(
        bureau=period.bureau,
        period=period.label,
        due=due,
        rounds=len(rounds),
        last_round=dt.datetime.fromisoformat(last.made),
        changes={life.value: getattr(last, column) for life, column in LIFE_COLUMNS.items()},
        forms=forms,
        schools=tuple(seen.school(row, forms, due, today, not_owed) for row in connection.execute(listed)),
        errors=seen.count(Severity.ERROR),
        warnings=seen.count(Severity.WARNING),
        trend=tuple(
            RoundCounts(
                number,
                dt.datetime.fromisoformat(each.made),
                {life.value: getattr(each, column) for life, column in LIFE_COLUMNS.items()},
            )
            for number, each in enumerate(rounds, 1)
        ),
    )


def _fixed(connection: Connection, period: int) -> Mapping[str, int]:
    """By school how many findings of a period are gone: those of which nothing is open any more."""
    identity = [findings.c[name] for name in ("school", "rule", "form", "field", "child_id", "child_name", "place")]
    left_open = func.sum(case((findings.c.closed.is_(None), 1), else_=0))
    gone = select(*identity).where(findings.c.period == period).group_by(*identity).having(left_open == 0).subquery()
    counted = select(gone.c.school, func.count()).group_by(gone.c.school)
    return {row[0]: row[1] for row in connection.execute(counted)}


@dataclass(frozen=True)
class _Seen:
    """What the ledger has seen in a period, by school and form; `open` counts findings by their severities."""

    came: Mapping[Place, list[dt.date]]
    current: frozenset[Place]
    scans: Mapping[str, list[frozenset[str]]]
    last_file: Mapping[str, dt.datetime]
    open: Mapping[Place, Counter[str]]
    fixed: Mapping[str, int]

    @classmethod
    def of(cls, connection: Connection, period: int, made: Mapping[int, str]) -> _Seen:
        """Read these tables; a form came when its file was last changed, but not after the run that saw it."""
        came: dict[Place, list[dt.date]] = defaultdict(list)
        current = set()
        for row in connection.execute(select(returns).where(returns.c.period == period)):
            came[row.school, row.form].append(min(_day(row.modified), _day(made[row.opened])))
            if row.closed is None:
                current.add((row.school, row.form))
        scans: dict[str, list[frozenset[str]]] = defaultdict(list)
        newest = select(files.c.school, func.max(files.c.modified)).where(files.c.period == period)
        last_file = {
            school: dt.datetime.fromisoformat(moment)
            for school, moment in connection.execute(newest.group_by(files.c.school))
        }
        others = select(files.c.school, files.c.forms).where(files.c.period == period, files.c.closed.is_(None))
        beside = others.where(files.c.verdict == Verdict.OTHER.value, files.c.school != "", files.c.kind.in_(_SCANS))
        for row in connection.execute(beside):
            scans[row.school].append(frozenset(row.forms.split(",")))
        open_now: dict[Place, Counter[str]] = defaultdict(Counter)
        keys = findings.c.school, findings.c.form, findings.c.severity
        counted = select(*keys, func.count()).where(findings.c.period == period, findings.c.closed.is_(None))
        for school, form, severity, count in connection.execute(counted.group_by(*keys)):
            open_now[school, form][severity] += count
        return cls(came, frozenset(current), scans, last_file, open_now, _fixed(connection, period))

    def count(self, severity: Severity) -> int:
        """Count all that is open, whosever it is."""
        return sum(counted[severity.value] for counted in self.open.values())

    def school(
        self,
        row: Row,  # type: ignore[type-arg]
        forms: tuple[str, ...],
        due: dt.date,
        today: dt.date,
        not_owed: NotOwed,
    ) -> SchoolStatus:
        """Tell how one school stands."""
        name = row.name
        beside = self.open.get((name, ""), Counter())
        scans = self.scans.get(name, [])
        return SchoolStatus(
            name=name,
            listed=bool(row.listed),
            forms={
                slug: self._form((name, slug), scans, due, today, owed=row.stage not in not_owed.get(slug, ()))
                for slug in forms
            },
            scans=len(scans),
            errors=beside["error"],
            warnings=beside["warning"],
            last_file=self.last_file.get(name),
            fixed=self.fixed.get(name, 0),
        )

    def _form(
        self, place: Place, scans: list[frozenset[str]], due: dt.date, today: dt.date, *, owed: bool
    ) -> FormStatus:
        days = self.came.get(place, [])
        if place in self.current:
            arrival = Arrival.LATE if min(days) > due else Arrival.IN_TIME
        elif not owed:
            arrival = Arrival.NOT_OWED
        else:
            arrival = Arrival.MISSING if today > due else Arrival.AWAITED
        found = self.open.get(place, Counter())
        scanned = any(place[1] in each for each in scans)
        first = min(days) if place in self.current else None
        return FormStatus(arrival, first, len(days), found["error"], found["warning"], scanned)


def _day(moment: str) -> dt.date:
    """The day of an ISO moment, where the bureau is."""
    return dt.datetime.fromisoformat(moment).astimezone().date()
