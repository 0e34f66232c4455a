"""A district as rows of the ledger: schools, files, returned forms, records, confirmed warnings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
from sqlalchemy import Connection, delete, select

from kbxt_merge.ledger.row_versions import ROWS_AT_ONCE, At, Columns, Keys, Make, add, chosen, digests, open_keys, renew
from kbxt_merge.ledger.tables import confirmations, files, mails, passwords, records, returns, schools
from kbxt_merge.model.answer import Answer
from kbxt_merge.model.china_time import moment_of
from kbxt_merge.model.district import District, Positions, Records
from kbxt_merge.model.privacy import MASKED
from kbxt_merge.model.scans import Scans

_ANSWERED = (
    "rule", "form", "school", "field", "sheet", "child_id", "child_name", "value", "explanation", "answered_by",
    "answered_in",
)  # fmt: skip


def enter_schools(connection: Connection, at: At, district: District) -> None:
    """The schools in the roster's order, then those that it does not know."""
    listed = {each.name: each for each in district.roster.schools} if district.roster else {}
    rows = []
    for position, name in enumerate(district.schools):
        known = listed.get(name)
        code, stage = (known.code, known.stage) if known else ("", "")
        facts = {"name": name, "code": code, "stage": stage, "listed": known is not None}
        rows.append({"period": at.period, "position": position, **facts})
    connection.execute(delete(schools).where(schools.c.period == at.period))
    if rows:
        connection.execute(schools.insert(), rows)


def enter_files(connection: Connection, at: At, district: District, verdicts: pd.DataFrame) -> None:
    """The files, each with its verdict; `verdicts` has the columns of files.csv, a row a file."""
    readings = {each.file.path: each for each in district.readings}
    ordered = [readings[path] for path in verdicts["file"]]
    named = list(zip(verdicts["school"], verdicts["forms"], strict=True))
    for path, (school, forms) in Scans.of(district, verdicts).files.items():
        named[int(verdicts.index[verdicts["file"] == path][0])] = (school, ",".join(forms))
    texts = {
        "path": [each.file.path for each in ordered],
        "sha256": [each.sha256 for each in ordered],
        "kind": [each.kind.value for each in ordered],
        "modified": [_moment(each.file.arrival) for each in ordered],
        "verdict": verdicts["verdict"].tolist(),
        "school": [school for school, _ in named],
        "forms": [forms for _, forms in named],
    }
    counts = {name: [int(each) for each in verdicts[name]] for name in ("rows_read", "rows_merged")}
    keys = digests(zip(*texts.values(), *(map(str, each) for each in counts.values()), strict=True))
    renew(connection, files, at, [(keys, partial(chosen, {**texts, **counts}))])


def enter_returns(connection: Connection, at: At, district: District) -> None:
    """The forms found, whether they count or not; of a form that fills several sheets of a file, one row."""
    hashes = {each.file.path: each.sha256 for each in district.readings}
    names = ("school", "form", "path", "sha256", "standing", "modified")
    rows = {
        (r.school, r.form.slug, r.file.path, hashes[r.file.path], r.standing.value, _moment(r.file.arrival)): None
        for r in district.returned
    }
    columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())
    renew(connection, returns, at, [(digests(rows), partial(chosen, columns))])


def enter_records(connection: Connection, at: At, district: District) -> None:
    """The merged records of all forms."""
    renew(connection, records, at, (part for of_form in district.records.values() for part in _parts(of_form)))


def enter_confirmations(connection: Connection, at: At, answers: Sequence[Answer]) -> None:
    """The answers by which warnings were confirmed in this run; those given before are there already."""
    told = (replace(each, explanation=MASKED.text[each.explanation]) for each in answers)
    rows = list(dict.fromkeys(tuple(str(getattr(each, name)) for name in _ANSWERED) for each in told))
    keys = digests(rows)
    _, known = open_keys(connection, confirmations, at.period)
    columns = {name: [row[place] for row in rows] for place, name in enumerate(_ANSWERED)}
    new = np.flatnonzero(~np.isin(keys, known))
    if len(new):
        add(connection, confirmations, at, {"key": keys[new].tolist(), **chosen(columns, new)})


def enter_mails(connection: Connection, events: Iterable[Mapping[str, str]]) -> None:
    """The events of an outbox that the ledger does not know yet."""
    known = {tuple(row) for row in connection.execute(select(mails.c.key, mails.c.event, mails.c.at))}
    new = {each: event for event in events if (each := (event["key"], event["event"], event["at"])) not in known}
    rows = [
        {"key": key, "event": what, "at": at, "school": event.get("school", ""), "address": event.get("to", "")}
        | {"reply": event.get("reply", "")}
        for (key, what, at), event in new.items()
    ]
    if rows:
        connection.execute(mails.insert(), rows)


def enter_passwords(connection: Connection, made: Iterable[Mapping[str, str]]) -> None:
    """The passwords made for schools that the ledger does not know yet."""
    named = ("school", "period", "password")
    known = {tuple(row) for row in connection.execute(select(*(passwords.c[name] for name in named)))}
    new = {each: event["at"] for event in made if (each := tuple(event[name] for name in named)) not in known}
    if new:
        rows = [{**dict(zip(named, each, strict=True)), "at": at} for each, at in new.items()]
        connection.execute(passwords.insert(), rows)


def _parts(of_form: Records) -> Iterator[tuple[Keys, Make]]:
    """The records of a form as rows, some at a time, each with its digest, which those that stayed may have."""
    made = np.zeros(len(of_form), dtype=np.int64) if of_form.digests is None else of_form.digests.copy()
    is_new = made == 0
    places = ("form", "school", "file", "sheet", "cell", "fields")
    for first in range(0, len(of_form), ROWS_AT_ONCE):
        at = np.arange(first, min(first + ROWS_AT_ONCE, len(of_form)))
        new = at[is_new[at]]
        columns = _record_columns(of_form, new)
        made[new] = digests(zip(*(columns[name] for name in places), strict=True))
        yield made[at], partial(_columns_of, of_form, at, new, columns)
    of_form.digests = made


def _columns_of(of_form: Records, at: Positions, new: Positions, made: Columns, rows: Positions) -> Columns:
    """The columns of some of the records `at` these positions: those of the `new` ones are made already."""
    wanted = at[rows]
    is_made = bool(np.isin(wanted, new).all())
    columns = chosen(made, np.searchsorted(new, wanted)) if is_made else _record_columns(of_form, wanted)
    return {**columns, "content": digests(zip(columns["school"], columns["fields"], strict=True)).tolist()}


def _record_columns(of_form: Records, at: Positions) -> Columns:
    names = list(of_form.form.by_name)
    return {
        "form": [of_form.form.slug] * len(at),
        "school": of_form.school[at].tolist(),
        "file": of_form.files(at).tolist(),
        "sheet": of_form.sheets(at).tolist(),
        "cell": of_form.cells(of_form.form.record_field, at).tolist(),
        "fields": _as_json(names, [of_form.shown[name][at].tolist() for name in names]),
    }


def _as_json(names: Sequence[str], columns: Sequence[Sequence[str]]) -> list[str]:
    """Each row as a JSON object without its blanks; put together from columns, in a fifth of the time of `dumps`."""
    quoted = json.encoder.encode_basestring
    entries = []
    for name, column in zip(names, columns, strict=True):
        made = {value: f"{quoted(name)}:{quoted(value)}," if value else "" for value in set(column)}  # many come again
        entries.append(map(made.__getitem__, column))
    return ["{" + "".join(row)[:-1] + "}" for row in zip(*entries, strict=True)]


def _moment(seconds: float) -> str:
    return moment_of(seconds).isoformat(timespec="seconds")
