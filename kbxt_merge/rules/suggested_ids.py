"""What may be offered beside a wrong ID number: the sound ones a slip away that agree with the rest of its row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import repeat, starmap
from typing import Any

import pandas as pd

from kbxt_merge.model.cell import CellState
from kbxt_merge.model.district import Flags, Positions, Records, Texts
from kbxt_merge.rules.id_number import Days, is_valid
from kbxt_merge.rules.id_suggestions import Evidence, suggestions
from kbxt_merge.rules.rule import Look, positions, texts

_BETWEEN = "、"


def suggested_ids(look: Look, where: Flags) -> Texts:
    """For each flagged record of an ID rule the numbers to offer, joined by 、; blank where there are none or too many.

    Nothing is repaired from a spreadsheet number that lost digits: too many numbers fit it.
    The fields that speak of the child are those that the form's own rules hold against this ID number.
    """
    at = positions(where & (look.states() != CellState.DAMAGED))
    home: frozenset[str] = look.work.once(("regions", look.records.form.slug, look.at), lambda: _regions(look.values()))
    numbers = _cells(look.values(), at)
    offered = texts(len(where))
    offered[at] = [
        _BETWEEN.join(suggestions(number, evidence, home)) if number else ""
        for number, evidence in zip(numbers, _evidences(look, at), strict=True)
    ]
    return offered


def _regions(numbers: pd.Series[Any]) -> frozenset[str]:
    """The regions that the sound numbers name."""
    return frozenset(numbers[is_valid(numbers)].str[:6].unique())


def _evidences(look: Look, at: Positions) -> Iterator[Evidence]:
    """What the records at these positions say about their children."""
    records = look.records
    beside = {use.slug: use.at for use in records.form.rules if use.roles.get("id") == look.at}
    birth = beside.get("birthdate-id-mismatch")
    columns = (
        _field(records, beside.get("sex-id-mismatch"), at),
        _field(records, beside.get("age-id-mismatch"), at),
        _days(records.values[birth].to_numpy()[at]) if birth else repeat(None, len(at)),
        _days(records.last_days[birth][at]) if birth else repeat(None, len(at)),
        _days(records.day[at]),
    )
    return starmap(Evidence, zip(*columns, strict=True))


def _field(records: Records, name: str | None, at: Positions) -> Iterable[Any]:
    return _cells(records.values[name], at) if name else repeat(None, len(at))


def _cells(values: pd.Series[Any], at: Positions) -> list[Any]:
    """The values at these positions, None where there is none."""
    chosen = values.iloc[at]
    return [value if filled else None for value, filled in zip(chosen.tolist(), chosen.notna().tolist(), strict=True)]


def _days(days: Days) -> list[dt.date | None]:
    return list(days.astype("datetime64[D]").astype(object))
