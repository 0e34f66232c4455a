"""The records of a form, some of them as the last merge left them: a sheet that is the same is not made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import accumulate
from typing import Any

import numpy as np
import pandas as pd

from kbxt_merge.freed_memory import give_back, hold_large_apart
from kbxt_merge.model.at_once import AtOnce, in_turn
from kbxt_merge.model.compact.records import CompactRecords, are_many, compacted, one_of, runs_of
from kbxt_merge.model.district import Positions, Records, Rows, TextColumn, Texts
from kbxt_merge.model.form import Shape
from kbxt_merge.model.packed_cells import PackedCells, let_go_of_cells, let_go_of_unpacked
from kbxt_merge.model.returned_form import Mark, Returned
from kbxt_merge.model.returns import Reading

Make = Callable[[Sequence[Returned]], Records]


class Marks:
    """By what each return is known again: a sheet that is not as it was read, for some rows of it count no more, by
    nothing. Nor is one whose rows name schools, where no roster but the other sheets tell which schools there are."""

    def __init__(self, readings: Iterable[Reading], *, has_roster: bool) -> None:
        """Index the sheets as they were read."""
        self._has_roster = has_roster
        self._places = {
            id(sheet): (reading.sha256, place) for reading in readings for place, sheet in enumerate(reading.sheets)
        }

    def of(self, returned: Returned) -> Mark | None:
        """The mark of a return."""
        read = self._places.get(id(returned.sheet))
        names_schools = returned.form.shape is Shape.STATISTICS or returned.sheet.row_schools
        if read is None or (names_schools and not self._has_roster):
            return None
        return Mark(returned.file.path, *read, returned.school, returned.named_by, returned.day)


def joined(
    returned: Sequence[Returned],
    marks: Sequence[Mark | None],
    before: Records | Rows | None,
    make: Make,
    at_once: AtOnce = in_turn,
) -> Records:
    """The records of these returns: those of sheets that stood `before` as they are, for the others what `make` makes,
    of very many the parts `at_once`.

    A record's place among those before stands in `same_as`. Of `Rows` all are made, and only told to be the same.
    """
    make = partial(_in_parts, make, at_once)
    places = _places(marks, before.marks) if before is not None else ()
    if before is None or not any(place >= 0 for place in places):
        records = make(returned)
        records.marks = marks
        return records
    at = _source([len(each.sheet.rows) for each in returned], places, before.lengths)
    if isinstance(before, Rows):
        records = make(returned)
    else:
        made = make([each for each, place in zip(returned, places, strict=True) if place < 0])
        records = _together(before, made, at, returned)
        if are_many(len(records)):
            records = compacted(records)
    records.marks = marks
    records.same_as = np.where(at < len(before), at, -1)
    if before.digests is not None:
        records.digests = np.append(before.digests, np.zeros(len(at), np.int64))[at]
    return records


def _in_parts(make: Make, at_once: AtOnce, returned: Sequence[Returned]) -> Records:
    """The records of these returns; of very many some are made at a time, and all held in little room."""
    lengths = [len(each.sheet.rows) for each in returned]
    if not are_many(sum(lengths)):
        return make(returned)
    hold_large_apart()
    runs = list(runs_of(returned, lengths))

    def made(at: int) -> CompactRecords:
        return replace(compacted(make(runs[at])), returned=())  # they would travel from one process to another

    parts = []
    for run, part in zip(runs, at_once(made, len(runs)), strict=True):
        _let_go(run)
        parts.append(replace(part, form=run[0].form, returned=tuple(run)))
    records = one_of(parts)
    give_back()
    return records


def _let_go(returned: Sequence[Returned]) -> None:
    """Let these returns' sheets let go of the cells of which records were made."""
    for each in returned:
        # of what is no list, of rows that name schools, and of a sheet that is not as it was read somebody asks again
        as_read = isinstance(each.sheet.cells, PackedCells)
        if as_read and each.form.shape is Shape.LIST and not each.sheet.row_schools:
            let_go_of_cells(each.sheet)
    let_go_of_unpacked()
    give_back()


def _together(before: Records, made: Records, at: Positions, returned: Sequence[Returned]) -> Records:
    """The records that lie `at` these places in both, one below the other."""
    both = (before, made)
    lengths = [len(each.sheet.rows) for each in returned]
    return Records(
        form=before.form,
        returned=tuple(returned),
        values={name: _values([each.values[name] for each in both], at) for name in before.values},
        states={name: np.concatenate([each.states[name] for each in both])[at] for name in before.states},
        typed={name: _cells([each.typed[name] for each in both], at) for name in before.typed},
        shown={name: _cells([each.shown[name] for each in both], at) for name in before.shown},
        last_days={name: np.concatenate([each.last_days[name] for each in both])[at] for name in before.last_days},
        sheet=np.repeat(np.arange(len(returned), dtype=np.intp), lengths),
        row=np.concatenate([each.row for each in both])[at],
        school=np.concatenate([each.school for each in both])[at],
        day=np.concatenate([each.day for each in both])[at],
    )


def _places(marks: Sequence[Mark | None], before: Sequence[Mark | None]) -> Sequence[int]:
    """For each return its place among those before, -1 where it was not there or was another's or of another day."""
    known = {mark: place for place, mark in enumerate(before) if mark is not None}
    return [-1 if mark is None else known.get(mark, -1) for mark in marks]


def _source(lengths: Sequence[int], places: Sequence[int], before: Sequence[int]) -> Positions:
    """Where each record lies in those before and the new ones, one below the other."""
    starts = list(accumulate(before, initial=0))
    first, runs = starts[-1], [np.empty(0, dtype=np.intp)]
    for length, place in zip(lengths, places, strict=True):
        if place < 0:
            runs.append(np.arange(first, first + length, dtype=np.intp))
            first += length
        else:
            runs.append(np.arange(starts[place], starts[place] + length, dtype=np.intp))
    return np.concatenate(runs)


def _cells(columns: Sequence[TextColumn], at: Positions) -> Texts:
    """Columns one below the other, and of them these rows."""
    together: Texts = np.concatenate([np.asarray(each, dtype=object) for each in columns])[at]
    return together


def _values(columns: Sequence[pd.Series[Any]], at: Positions) -> pd.Series[Any]:
    """Columns of one dtype, one below the other, and of them these rows."""
    return pd.Series(pd.concat(columns, ignore_index=True).array.take(at))
