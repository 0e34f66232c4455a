"""What the ledger remembers of earlier periods and answers."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Row, func, select

from kbxt_merge.ledger import tables
from kbxt_merge.ledger.tables import confirmations, periods, records, runs
from kbxt_merge.model.answer import Answer, Treatment
from kbxt_merge.model.district import Texts
from kbxt_merge.model.earlier import Earlier, EarlierRecords
from kbxt_merge.model.finding import Place
from kbxt_merge.model.form import Forms
from kbxt_merge.model.period import Period


def earlier_periods(connection: Connection, bureau: str, period: Period) -> list[tuple[int, Period]]:
    """The ids and periods that ended before this one began and have a run, the last one first.

    Of a term and a month that end on the same day the one of this period's own kind comes first.
    """
    ended = [each for each in known_periods(connection, bureau) if each[1].last < period.first]
    return sorted(ended, key=lambda each: (each[1].last, bool(each[1].term) == bool(period.term)), reverse=True)


def known_periods(connection: Connection, bureau: str) -> list[tuple[int, Period]]:
    """The ids and periods that have a run."""
    has_run = select(runs.c.id).where(runs.c.period == periods.c.id).exists()
    found = select(periods.c.id, periods.c.label).where(periods.c.bureau == bureau, has_run)
    return [(row.id, Period.parse(row.label)) for row in connection.execute(found)]


def earlier(connection: Connection, forms: Forms, period: Period, slugs: Collection[str]) -> Earlier | None:
    """The records of these forms in the periods before; None where the ledger knows no earlier one."""
    known = earlier_periods(connection, forms.bureau, period)
    if not known:
        return None
    (last, last_period), ids = known[0], [each for each, _ in known]
    distinct = (
        select(func.max(records.c.id))
        .where(records.c.closed.is_(None), records.c.form.in_(slugs), records.c.period.in_(ids))
        .group_by(records.c.form, records.c.content)
    )
    every = connection.execute(select(records).where(records.c.id.in_(distinct)).order_by(records.c.id)).all()
    wanted = [slug for slug in forms.by_slug if slug in slugs]
    return Earlier(
        last_period,
        left_by(connection, forms, last, wanted),
        {slug: _records(every, slug, forms) for slug in wanted},
    )


def left_by(connection: Connection, forms: Forms, period: int, slugs: Collection[str]) -> dict[str, EarlierRecords]:
    """The records of these forms as the last run of a period left them."""
    open_now = select(records).where(records.c.closed.is_(None), records.c.form.in_(slugs), records.c.period == period)
    rows = connection.execute(open_now.order_by(records.c.id)).all()
    return {slug: _records(rows, slug, forms) for slug in slugs}


def answers(connection: Connection, bureau: str) -> list[Answer]:
    """Every answer that ever confirmed a warning of the bureau's schools, the latest first."""
    of_bureau = confirmations.join(periods, periods.c.id == confirmations.c.period)
    found = select(confirmations).select_from(of_bureau).where(periods.c.bureau == bureau)
    return [
        Answer(
            row.rule, row.form, row.school, "", row.sheet, "", row.field, row.child_id, row.child_name, row.value,
            Treatment.VERIFIED, row.explanation, row.answered_by, row.answered_in,
        )
        for row in connection.execute(found.order_by(confirmations.c.id.desc()))
    ]  # fmt: skip


def passwords(connection: Connection) -> list[tuple[str, str]]:
    """The schools and the passwords that were made for them, the latest first."""
    found = select(tables.passwords.c.school, tables.passwords.c.password).order_by(tables.passwords.c.id.desc())
    return [(row.school, row.password) for row in connection.execute(found)]


def _records(rows: Sequence[Row], slug: str, forms: Forms) -> EarlierRecords:  # type: ignore[type-arg]
    of_form = [row for row in rows if row.form == slug]
    read = [json.loads(row.fields) for row in of_form]
    fields = {name: [each.get(name, "") for each in read] for name in forms.by_slug[slug].by_name}
    places = [str(Place(row.file, row.sheet, row.cell)) for row in of_form]
    return EarlierRecords(_column([row.school for row in of_form]), _column(places), pd.DataFrame(fields, dtype=object))


def _column(texts: list[str]) -> Texts:
    column: Texts = np.empty(len(texts), dtype=object)
    column[:] = texts
    return column
