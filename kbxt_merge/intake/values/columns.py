"""What was typed → what is meant, a column at a time by field type; nowhere else."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kbxt_merge.intake.values import cells, dates
from kbxt_merge.intake.values.nothing import Nothing
from kbxt_merge.intake.values.words import WordReader
from kbxt_merge.model.cell import CellState, shown
from kbxt_merge.model.field import COUNTED, TOLD_WHAT, Field
from kbxt_merge.model.returns import Cell, TypedDate

__all__ = ["Column", "read_column", "shown"]


@dataclass(slots=True)
class Column:
    """One field of many records as it was read; every part has one row a record.

    `values` are nullable and typed by the field: string, Int64, or datetime64[s] (the first day that a date can mean).
    `texts` is how files and screens show them: a date at its own precision, as typed where it could not be read, and
    blank where nothing is.  `states` holds `CellState`s.  `last_days` stands beside dates: the last day that each can
    mean, equal to the first where the date has a day.
    """

    values: pd.Series[Any]
    texts: NDArray[np.object_]
    states: NDArray[np.uint8]
    last_days: NDArray[np.datetime64] | None = None

    def share(self, typed: NDArray[np.object_]) -> None:
        """Let the texts be the cells themselves where they are the same, as in most columns of most lists."""
        if np.array_equal(self.texts, typed):
            self.texts = typed


@dataclass(frozen=True, slots=True)
class _Kind:
    """How cells of one type are read: one by one, or each distinct one once, and into which dtype."""

    read: cells.Reader
    dtype: str = "string"
    mostly_distinct: bool = False
    longest: int = cells.LONGEST


_KINDS: Mapping[str, _Kind] = {
    "text": _Kind(cells.read_text, longest=sys.maxsize),
    "person_name": _Kind(cells.read_name),
    "id_number": _Kind(cells.read_id, mostly_distinct=True),
    "roll_number": _Kind(cells.read_roll_number, mostly_distinct=True),
    "phone": _Kind(cells.read_phone, mostly_distinct=True),
    "school": _Kind(cells.read_school),
    "sequence": _Kind(cells.read_sequence, "Int64"),
    "age": _Kind(cells.read_age, "Int64"),
    "count": _Kind(cells.read_count, "Int64"),
    "date": _Kind(dates.read_date_cell, "date"),
}


_BLANK: cells.Reading = None, CellState.BLANK
_NONE: cells.Reading = 0, CellState.NORMALISED


def read_column(
    typed: Sequence[Cell],
    field: Field,
    absent: NDArray[np.bool_] | None = None,
    repeated: NDArray[np.bool_] | None = None,
) -> Column:
    """Read the cells of one field.

    Those under `absent` are of sheets that lack the column; those under `repeated` stand for a ditto.
    """
    if not len(typed):
        return _nothing("string" if field.vocabulary else (_made_for(field) or _KINDS[field.type]).dtype)
    kind = _kind_of(field)
    plain = _comparable(typed)
    column = _read_each(plain, kind) if kind.mostly_distinct else _read_distinct(plain, kind)
    if repeated is not None:
        column.states[repeated & (column.states == CellState.AS_TYPED)] = CellState.NORMALISED
    if absent is not None and absent.any():
        _mark_absent(column, absent)
    return column


def _kind_of(field: Field) -> _Kind:
    nothing = Nothing(field)
    if field.vocabulary is not None:
        return _Kind(partial(cells.read_word, WordReader(field.vocabulary), nothing))
    kind = _made_for(field) or _KINDS[field.type]
    if field.type == "sequence" or (field.required and field.type in TOLD_WHAT):
        return kind
    meant = _NONE if field.required and field.type in COUNTED else _BLANK
    return replace(kind, read=cells.or_nothing(kind.read, nothing, meant))


def _made_for(field: Field) -> _Kind | None:
    """How to read the types of which each field says more: a number's unit, what a code looks like."""
    if field.type == "number":
        return _Kind(partial(cells.read_number, field.unit), "Float64")
    if field.type == "code":
        return _Kind(partial(cells.read_code, field.code is not None and field.code.keeps_case), mostly_distinct=True)
    return None


def _comparable(typed: Sequence[Cell]) -> Sequence[Cell]:
    """The cells, as texts those that are not told apart among distinct values: True == 1, and a number that is none
    counts as nothing there."""
    types = set(map(type, typed))
    if bool in types or (float in types and any(cell != cell for cell in typed)):
        return [shown(cell) if isinstance(cell, bool) or cell != cell else cell for cell in typed]
    return typed


def _read_distinct(typed: Sequence[Cell], kind: _Kind) -> Column:
    """Read each distinct cell once; 1 and 1.0 are one, '1' is another."""
    codes, distinct = pd.factorize(_objects(typed))
    column = _read_each([*distinct, None], kind)  # a blank's code is -1: the last
    return Column(
        column.values.take(codes).reset_index(drop=True),
        column.texts[codes],
        column.states[codes],
        None if column.last_days is None else column.last_days[codes],
    )


def _read_each(typed: Sequence[Cell], kind: _Kind) -> Column:
    values: list[object] = []
    texts: list[str] = []
    states = bytearray()
    for cell in typed:  # no list of pairs: the garbage collector would take longer over it than the reading
        value, state = cells.read(cell, kind.read, kind.longest)
        values.append(value)
        texts.append(value if type(value) is str else _text(cell, value, state))
        states.append(state)
    return _column(values, texts, states, kind.dtype)


@cache
def _nothing(dtype: str) -> Column:
    """The column of a form that nobody returned: made anew, these took most of the time of checking one workbook."""
    return _column([], [], bytearray(), dtype)


def _column(values: Sequence[object], texts: Sequence[str], states: bytearray, dtype: str) -> Column:
    as_shown, as_states = _objects(texts), np.array(states, dtype=np.uint8)
    if dtype == "date":
        first_days = pd.Series(_days(values, "first").astype("datetime64[s]"))
        return Column(first_days, as_shown, as_states, _days(values, "last"))
    return Column(pd.Series(values, dtype=dtype), as_shown, as_states)


def _text(cell: Cell, value: object, state: CellState) -> str:
    if isinstance(value, TypedDate):
        return dates.iso(value)
    if value is not None:
        return shown(value) if isinstance(value, float) else str(value)
    return "" if state == CellState.BLANK else shown(cell)


def _days(values: Sequence[object], which: str) -> NDArray[np.datetime64]:
    return np.array([getattr(each, which, None) for each in values], dtype="datetime64[D]")


def _objects(items: Sequence[object]) -> NDArray[np.object_]:
    """The items in an array of one dimension, whatever they are."""
    objects = np.empty(len(items), dtype=object)
    objects[:] = items
    return objects


def _mark_absent(column: Column, absent: NDArray[np.bool_]) -> None:
    column.states[absent] = CellState.ABSENT
    column.texts[absent] = ""
    column.values[absent] = None
    if column.last_days is not None:
        column.last_days[absent] = np.datetime64("NaT", "D")
