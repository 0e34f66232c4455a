"""Findings across runs: which are new, still open, back again, confirmed or fixed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection, select

from kbxt_merge.ledger.row_versions import At, Keys, add, chosen, close
from kbxt_merge.ledger.tables import findings, runs
from kbxt_merge.model.district import District
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.fingerprints import identify
from kbxt_merge.model.privacy import MASKED
from kbxt_merge.model.round import Changes, Fixed, Life
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Language, Words

CONFIRMED = "confirmed"
"""What stands for the severity of a warning that was confirmed."""

_SAME = ["rule", "form", "school", "field"]
"""What a finding keeps, whatever happens to its child's row."""
_IDENTITY = [*_SAME, "child_id", "child_name", "place"]
_WHERE = ["file", "sheet", "cell"]
_SAYS: tuple[Language, Language] = ("zh", "en")
_NOBODY = np.int64(-1)


def tracked(district: District, found: Findings, confirmed: Collection[int]) -> pd.DataFrame:
    """The findings that live, with _IDENTITY, `severity`, _WHERE and _SAYS, under their labels: errors, warnings,
    confirmed warnings.

    A child is known by its ID number and by school and name. A finding on a record without either, or on a file, is
    known by its place; one on a form or a field as a whole by school, form, field and what its value names.
    """
    frame = found.frame
    is_confirmed = frame.index.isin(list(confirmed))
    lives = frame[(frame["severity"] != Severity.INFO.value) | is_confirmed]
    children = identify(lives.drop_duplicates(["form", "record"]).assign(value=""), district.records)
    keys = lives[["form", "record"]].assign(label=lives.index)
    known = keys.merge(keys.loc[children.index, ["form", "record"]].join(children), on=["form", "record"], how="left")
    known = known.set_index("label")[["child_id", "child_name"]].reindex(lives.index)
    has_child = lives["form"].map({slug: form.child_name is not None for slug, form in district.forms.by_slug.items()})
    on_record = (lives["record"] >= 0) & has_child.eq(True) & (known["child_id"] == "") & (known["child_name"] == "")
    named = lives["value"].where((lives["record"] < 0) & (lives["field"] != ""), "").map(MASKED.text)
    on_file = (lives["record"] < 0) & (lives["field"] == "")
    place = lives["file"] + "\n" + lives["sheet"] + "\n" + lives["cell"]
    severity = lives["severity"].mask(pd.Series(is_confirmed, frame.index)[lives.index], CONFIRMED)
    says = {each: found.sentences(district.forms, each).reindex(lives.index) for each in _SAYS}
    is_placed = place.where(on_record | on_file, named)
    return lives[[*_SAME, *_WHERE]].join(known).assign(place=is_placed, severity=severity, **says)


def enter(connection: Connection, at: At, now: pd.DataFrame, before: int | None, number: int) -> Changes:
    """Enter what `tracked` gave as this run's findings, and tell what changed.

    `before` is the period before, whose open findings the first round of this one is seen against.
    """
    first_round = number == 1
    last = _open(connection, before if first_round and before is not None else at.period)
    partner = _partners(now, last)
    fresh = partner < 0
    since = np.where(fresh, at.run, last["since"].to_numpy(dtype=np.int64)[partner] if len(last) else at.run)
    back = _back(connection, now, fresh, at) if not first_round else np.zeros(len(now), dtype=bool)
    gone = last.iloc[[] if first_round else np.setdiff1d(np.arange(len(last)), partner)]
    _write(connection, at, now, since, last, partner, is_new=first_round)
    return _changes(connection, number, now, since, fresh, back, gone)


def retold(connection: Connection, at: At, now: pd.DataFrame, number: int) -> Changes:
    """What the run `at` changed, told once more for the same findings."""
    last = _open(connection, at.period)
    partner = _partners(now, last)
    since = last["since"].to_numpy(dtype=np.int64)[partner]
    fresh = since == at.run
    closed = _read(connection, findings.c.period == at.period, findings.c.closed == at.run)
    renewed = _read(connection, findings.c.period == at.period, findings.c.opened == at.run, findings.c.since < at.run)
    gone = closed.iloc[np.setdiff1d(np.arange(len(closed)), _partners(renewed, closed))]
    back = _back(connection, now, fresh, at) if number > 1 else np.zeros(len(now), dtype=bool)
    return _changes(connection, number, now, since, fresh, back, gone)


def _changes(
    connection: Connection,
    number: int,
    now: pd.DataFrame,
    since: npt.NDArray[np.int64],
    fresh: npt.NDArray[np.bool_],
    back: npt.NDArray[np.bool_],
    gone: pd.DataFrame,
) -> Changes:
    life = np.where(fresh, np.where(back, Life.BACK.value, Life.NEW.value), Life.STILL.value)
    life = np.where((now["severity"] == CONFIRMED).to_numpy(), Life.CONFIRMED.value, life)
    days = {row.id: row.made[:10] for row in connection.execute(select(runs.c.id, runs.c.made))}
    lives = pd.DataFrame({"life": life, "first_seen": [days[each] for each in since.tolist()]}, now.index, dtype=object)
    words = map(Words, gone["zh"], gone["en"])
    fixed = map(Fixed, *(gone[name] for name in ("school", "form", "rule", "severity", *_WHERE)), words)
    return Changes(number, lives, list(fixed))


def _back(connection: Connection, now: pd.DataFrame, fresh: npt.NDArray[np.bool_], at: At) -> npt.NDArray[np.bool_]:
    """Which of the findings that the run saw first were there before, and were gone in between."""
    back = np.zeros(len(now), dtype=bool)
    if fresh.any():
        closed = _read(connection, findings.c.period == at.period, findings.c.closed < at.run)
        back[fresh] = _partners(now[fresh], closed) >= 0
    return back


def _write(
    connection: Connection,
    at: At,
    now: pd.DataFrame,
    since: npt.NDArray[np.int64],
    last: pd.DataFrame,
    partner: npt.NDArray[np.intp],
    *,
    is_new: bool,
) -> None:
    """Close the spells of what is gone, or stands elsewhere or says something else now, and open those of all that has
    none.
    """
    named = [*_IDENTITY, "severity", *_WHERE, *_SAYS]
    columns = {name: now[name].tolist() for name in named} | {"since": since.tolist()}
    stays = np.zeros(len(now), dtype=bool)
    if not is_new and len(last):
        then = last.iloc[partner]
        same = [then[name].to_numpy() == now[name].to_numpy() for name in ("severity", *_WHERE, "zh")]
        # what another edition of the program only words otherwise is no change
        same[-1] |= ~then["opened"].isin(_of_this_edition(connection, at)).to_numpy()
        stays = (partner >= 0) & np.logical_and.reduce(same)
        close(connection, findings, at, np.delete(last["id"].to_numpy(dtype=np.int64), partner[stays]))
    if not stays.all():
        add(connection, findings, at, chosen(columns, np.flatnonzero(~stays)))


def _of_this_edition(connection: Connection, at: At) -> Sequence[int]:
    """The runs of the very edition of the program that is at work now."""
    version = select(runs.c.version).where(runs.c.id == at.run).scalar_subquery()
    return list(connection.scalars(select(runs.c.id).where(runs.c.version == version)))


def _open(connection: Connection, period: int) -> pd.DataFrame:
    return _read(connection, findings.c.period == period, findings.c.closed.is_(None))


def _read(connection: Connection, *conditions: Any) -> pd.DataFrame:
    names = ["id", *_IDENTITY, "severity", "since", "opened", *_WHERE, *_SAYS]
    rows = connection.execute(select(*(findings.c[name] for name in names)).where(*conditions)).all()
    return pd.DataFrame([tuple(row) for row in rows], columns=names)


def _partners(now: pd.DataFrame, then: pd.DataFrame) -> npt.NDArray[np.intp]:
    """For each finding the position of the same one then, or -1: by ID number first, what is left by name or place."""
    partner = np.full(len(now), -1, dtype=np.intp)
    with_id = [np.flatnonzero(each["child_id"] != "") for each in (now, then)]
    _pair(partner, now, then, with_id[0], with_id[1], [*_SAME, "child_id"])
    left = np.flatnonzero(partner < 0), np.setdiff1d(np.arange(len(then)), partner)
    _pair(partner, now, then, *left, [*_SAME, "child_name", "place"])
    return partner


def _pair(
    partner: npt.NDArray[np.intp],
    now: pd.DataFrame,
    then: pd.DataFrame,
    mine: npt.NDArray[np.intp],
    theirs: npt.NDArray[np.intp],
    columns: Sequence[str],
) -> None:
    """Enter into `partner` which of mine are like which of theirs in these columns."""
    known = pd.Index(_keys(then.iloc[theirs], columns))
    found = known.get_indexer(pd.Index(_keys(now.iloc[mine], columns)))
    partner[mine[found >= 0]] = theirs[found[found >= 0]]


def _keys(frame: pd.DataFrame, columns: Sequence[str]) -> Keys:
    """A digest of each row's columns and of how many rows alike stand before it: no two are equal."""
    alike = pd.util.hash_pandas_object(frame[list(columns)].astype(object), index=False)
    count = alike.groupby(alike, sort=False).cumcount()
    return pd.util.hash_pandas_object(pd.DataFrame({"a": alike, "n": count}), index=False).to_numpy()  # type: ignore[return-value]
