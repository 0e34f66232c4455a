"""What a wrong ID number was meant to be: the sound ones a slip away that fit its row, and those of other forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Set
from itertools import repeat, starmap
from typing import Any

import numpy as np
import pandas as pd

from kbxt_merge.model.cell import CellState
from kbxt_merge.model.child import child_keys, plain_names
from kbxt_merge.model.district import Flags, Positions, Records, Texts
from kbxt_merge.model.id_number import Days, are_sound
from kbxt_merge.model.keys import Keys
from kbxt_merge.model.sound_numbers import sound_numbers
from kbxt_merge.rules.engine.rule import Context, Work, positions, texts
from kbxt_merge.rules.id_numbers.suggestions import Evidence, suggestions

_BETWEEN = "、"


def suggested_ids(context: Context, where: Flags) -> Texts:
    """For each flagged record of an ID rule the numbers to offer, joined by 、; blank where there are none or too many.

    Nothing is repaired from a spreadsheet number that lost digits: too many numbers fit it.
    What else the row says of the child is asked where the number is the child's own.
    """
    at = positions(where & (context.states() != CellState.DAMAGED))
    key = ("regions", context.records.form.slug, context.at)
    home: frozenset[str] = context.work.once(key, lambda: _regions(context.values()))
    numbers = _cells(context.values(), at)
    offered = texts(len(where))
    offered[at] = [
        _BETWEEN.join(suggestions(number, evidence, home)) if number else ""
        for number, evidence in zip(numbers, _evidences(context, at), strict=True)
    ]
    return offered


def _regions(numbers: pd.Series[Any]) -> frozenset[str]:
    """The regions that the sound numbers name."""
    return frozenset(numbers[are_sound(numbers)].str[:6].unique())


def _evidences(context: Context, at: Positions) -> Iterator[Evidence]:
    """Collect what the records at these positions say about their children."""
    records = context.records
    form = records.form
    is_own = context.at == form.child_id
    birth = form.child_birth_date if is_own else None
    columns = (
        _field(records, form.child_sex if is_own else None, at),
        _field(records, form.child_age if is_own else None, at),
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


MOST_OFFERED = 3


def offered_ids(context: Context, where: Flags) -> Texts:
    """For each flagged record what to offer instead of its ID number, joined by 、: another form's number first.

    The number that stands there is sound itself where only its region is unknown, and is never offered.
    """
    slips, at = suggested_ids(context, where), positions(where)
    offered = texts(len(where))
    own = _cells(context.values(), at)
    for position, number, known in zip(at.tolist(), own, numbers_elsewhere(context, at), strict=True):
        elsewhere = sorted(known - {number})
        near = [each for each in slips[position].split(_BETWEEN) if each and each not in elsewhere]
        choice = [*elsewhere, *near]
        offered[position] = _BETWEEN.join(choice) if len(choice) <= MOST_OFFERED else _BETWEEN.join(elsewhere[:1])
    return offered


def numbers_elsewhere(context: Context, at: Positions) -> Iterator[Set[str]]:
    """The sound numbers that the school itself gives, in any form, to each child of the records at these positions."""
    names, (known, numbers) = _names(context.work, context.records)[at], _known_ids(context.work)
    first, end = (np.searchsorted(known, names, side).tolist() for side in ("left", "right"))
    return (set(numbers[own:other].tolist()) for own, other in zip(first, end, strict=True))


def _known_ids(work: Work) -> tuple[Keys, Texts]:
    """School and name of every child, over all forms, that has a sound ID number, sorted, and that number; known before
    any cell is judged."""

    def make() -> tuple[Keys, Texts]:
        known, numbers = [np.zeros(0, dtype=np.int64)], [texts(0)]
        for records in work.district.records.values():
            if records.form.child_id is not None:
                names = _names(work, records)
                at = positions(sound_numbers(records) & (names != 0))
                known.append(names[at])
                numbers.append(records.values[records.form.child_id].to_numpy(dtype=object)[at])
        keys = np.concatenate(known)
        order = np.argsort(keys)
        return keys[order], np.concatenate(numbers)[order]

    made: tuple[Keys, Texts] = work.once(("known ids",), make)
    return made


def _names(work: Work, records: Records) -> Keys:
    """School and name of each record's child as one key; 0 where there is no name."""

    def make() -> Keys:
        return child_keys(plain_names(records), schools=records.school)

    made: Keys = work.once(("names", records.form.slug), make)
    return made
