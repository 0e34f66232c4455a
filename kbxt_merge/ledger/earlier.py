"""What the ledger remembers of earlier periods and answers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Row, func, select

from kbxt_merge.ledger.tables import confirmations, findings, periods, records, returns, runs
from kbxt_merge.model.answer import Answer, Treatment
from kbxt_merge.model.district import Texts
from kbxt_merge.model.earlier import Earlier, EarlierRecords, Gap
from kbxt_merge.model.field import Field
from kbxt_merge.model.finding import Place
from kbxt_merge.model.form import Form
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.period import Period
from kbxt_merge.model.returned_form import Standing
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Words, compact_value


def earlier_periods(connection: Connection, bureau: str, period: Period) -> list[tuple[int, Period]]:
    """The ids and periods that ended before this one began and have a run, the last one first.

    Of several that end on the same day (a term, a month) the one of this period's own kind comes first.
    """
    ended = [each for each in known_periods(connection, bureau) if each[1].last < period.first]
    return sorted(ended, key=lambda each: (each[1].last, each[1].kind == period.kind), reverse=True)


def known_periods(connection: Connection, bureau: str) -> list[tuple[int, Period]]:
    """The ids and periods that have a run."""
    has_run = select(runs.c.id).where(runs.c.period == periods.c.id).exists()
    found = select(periods.c.id, periods.c.label).where(periods.c.bureau == bureau, has_run)
    return [(row.id, Period.parse(row.label)) for row in connection.execute(found)]


def earlier(
    connection: Connection, forms: Forms, period: Period, compared: Mapping[str, Collection[str]]
) -> Earlier | None:
    """The records of these forms in the periods before; None where the ledger knows no earlier one.

    `compared` are by form the fields that are held against the earlier ones.
    """
    known = earlier_periods(connection, forms.bureau, period)
    if not known:
        return None
    (last, last_period), ids = known[0], [each for each, _ in known]
    wanted = [slug for slug in forms.by_slug if slug in compared]
    distinct = (
        select(func.max(records.c.id))
        .where(records.c.closed.is_(None), records.c.form.in_(_numbers(forms, wanted)), records.c.period.in_(ids))
        .group_by(records.c.form, records.c.content)
    )
    every = connection.execute(select(records).where(records.c.id.in_(distinct)).order_by(records.c.id)).all()
    return Earlier(
        last_period,
        left_by(connection, forms, last, wanted),
        {slug: _records(every, slug, forms) for slug in wanted},
        gaps(connection, forms, last, compared),
        _returned(connection, forms, last),
        _in_error(connection, forms, last),
    )


def _returned(connection: Connection, forms: Forms, period: int) -> frozenset[tuple[str, str]]:
    """School and form of what counted at the end of a period, under the forms' numbers of now."""
    counted = returns.c.closed.is_(None), returns.c.standing == Standing.IN_FORCE.value
    rows = connection.execute(select(returns.c.school, returns.c.form).where(returns.c.period == period, *counted))
    now = _now(forms)
    return frozenset((row.school, now[row.form].slug) for row in rows if row.form in now)


def _in_error(connection: Connection, forms: Forms, period: int) -> frozenset[tuple[str, str, str]]:
    """Form, school and field where an error was left at the end of a period, under the names of now."""
    left = findings.c.closed.is_(None), findings.c.severity == Severity.ERROR.value, findings.c.field != ""
    wanted = select(findings.c.form, findings.c.school, findings.c.field).distinct()
    now = _now(forms)
    return frozenset(
        (form.slug, row.school, field.name)
        for row in connection.execute(wanted.where(findings.c.period == period, *left))
        if (form := now.get(row.form)) is not None
        for field in form.fields
        if row.field in (field.name, *field.was)
    )


def _now(forms: Forms) -> Mapping[str, Form]:
    """The forms by the numbers that they have and had."""
    return {number: form for form in forms.forms for number in (form.slug, *form.was)}


def _numbers(forms: Forms, slugs: Collection[str]) -> list[str]:
    """The numbers of these forms, and those that they had before."""
    return [number for slug in slugs for number in (slug, *forms.by_slug[slug].was)]


def left_by(connection: Connection, forms: Forms, period: int, slugs: Collection[str]) -> dict[str, EarlierRecords]:
    """The records of these forms as the last run of a period left them."""
    rows = _open_in(connection, period, _numbers(forms, slugs))
    return {slug: _records(rows, slug, forms) for slug in slugs}


def _open_in(connection: Connection, period: int, numbers: Collection[str]) -> Sequence[Row]:  # type: ignore[type-arg]
    open_now = select(records).where(
        records.c.closed.is_(None), records.c.form.in_(numbers), records.c.period == period
    )
    return connection.execute(open_now.order_by(records.c.id)).all()


def gaps(connection: Connection, forms: Forms, period: int, compared: Mapping[str, Collection[str]]) -> tuple[Gap, ...]:
    """What of a period's records has no name now: forms, fields that are compared, and their values."""
    counted = select(records.c.form, func.count()).where(records.c.closed.is_(None), records.c.period == period)
    claimed = set(_numbers(forms, forms.by_slug))
    found = [
        _form_gone(number, count)
        for number, count in connection.execute(counted.group_by(records.c.form)).all()
        if number not in claimed
    ]
    for slug, names in compared.items():
        rows = _open_in(connection, period, _numbers(forms, [slug]))
        read = [json.loads(row.fields) for row in rows]
        for field in (each for each in forms.by_slug[slug].fields if each.name in names and read):
            found += _gaps_of(forms.by_slug[slug], field, read)
    return tuple(found)


def _form_gone(number: str, count: int) -> Gap:
    return Gap(
        Words(f"上期表 {number} 的 {count} 条记录", f"{count} records of the last period's form {number}"),
        Words(
            f"在用的表里没有这个表号，也没有哪张表写明原来的表号（was: {number}）",
            f"no form in force has this number, or says that it had it (was: {number})",
        ),
    )


def _gaps_of(form: Form, field: Field, read: Sequence[Mapping[str, str]]) -> Iterator[Gap]:
    what = Words(f"{form.called}的“{field.label.zh}”", f"{field.label.en} of form {form.slug}")
    if not any(name in each for each in read for name in (field.name, *field.was)):
        yield Gap(
            what,
            Words(
                "上期没有这一栏；如果是改了名称，请在表格定义里写明原名（was）",
                "the last period had no such field; if it was renamed, say so in the definition (was)",
            ),
        )
    elif field.vocabulary is not None:
        values = Counter(_value(each, field) for each in read)
        for value, count in values.items():
            if value and value not in field.vocabulary.values:
                yield Gap(
                    Words(f"{what.zh}上期填“{value}”的 {count} 条记录", f"{count} records with “{value}” in {what.en}"),
                    Words(
                        "现在的词表里没有这个值；如果是改了写法，请把它列在新值后面",
                        "no value of the vocabulary now; if it was renamed, list it behind the new one",
                    ),
                )


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


def _records(rows: Sequence[Row], slug: str, forms: Forms) -> EarlierRecords:  # type: ignore[type-arg]
    form = forms.by_slug[slug]
    of_form = [row for row in rows if row.form in (slug, *form.was)]
    read = [json.loads(row.fields) for row in of_form]
    fields = {field.name: [_value(each, field) for each in read] for field in form.fields}
    places = [str(Place(row.file, row.sheet, row.cell)) for row in of_form]
    return EarlierRecords(_column([row.school for row in of_form]), _column(places), pd.DataFrame(fields, dtype=object))


def _value(record: Mapping[str, str], field: Field) -> str:
    """What a record of then says in a field of now: under its own name or an earlier one, in today's words."""
    value = next((record[name] for name in (field.name, *field.was) if name in record), "")
    return field.vocabulary.variants.get(compact_value(value), value) if value and field.vocabulary else value


def _column(texts: list[str]) -> Texts:
    column: Texts = np.empty(len(texts), dtype=object)
    column[:] = texts
    return column
