"""What was typed → what is meant, a column at a time by field type; nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kbxt_merge.intake import dates, typed_values
from kbxt_merge.model.cell_state import CellState
from kbxt_merge.model.form import Field
from kbxt_merge.model.submission import Cell, TypedDate
from kbxt_merge.model.typed_cell import shown

__all__ = ["Column", "read_column", "shown"]


@dataclass(slots=True)
class Column:
    """One field of many records as it was read.

    `values` are nullable and typed by the field: string, Int64, or datetime64[s] (the first day that a date can mean).
    `states` holds a `CellState` a record.  `last_days` stands beside dates: the last day that each can mean, equal to
    the first where the date has a day.
    """

    values: pd.Series[Any]
    states: NDArray[np.uint8]
    last_days: pd.Series[Any] | None = None

    def texts(self) -> pd.Series[Any]:
        """The values as they are written in CSV files and workbooks, dates at their own precision; NA where none."""
        if self.last_days is None:
            return self.values.astype("string")
        texts = self.values.dt.strftime("%Y-%m-%d")
        by_month = self.values != self.last_days
        texts[by_month] = self.values[by_month].dt.strftime("%Y-%m")
        return texts.astype("string")


@dataclass(frozen=True, slots=True)
class _Kind:
    """How cells of one type are read: one by one, or each distinct one once, and into which dtype."""

    read: typed_values.Reader
    dtype: str = "string"
    mostly_distinct: bool = False


_KINDS: Mapping[str, _Kind] = {
    "text": _Kind(typed_values.read_text),
    "person_name": _Kind(typed_values.read_name),
    "id_number": _Kind(typed_values.read_id, mostly_distinct=True),
    "roll_number": _Kind(typed_values.read_roll_number, mostly_distinct=True),
    "phone": _Kind(typed_values.read_phone, mostly_distinct=True),
    "school": _Kind(typed_values.read_school),
    "sequence": _Kind(typed_values.read_sequence, "Int64"),
    "age": _Kind(typed_values.read_age, "Int64"),
    "count": _Kind(typed_values.read_count, "Int64"),
    "date": _Kind(dates.read_date_cell, "date"),
}


def read_column(typed: Sequence[Cell], field: Field, absent: NDArray[np.bool_] | None = None) -> Column:
    """Read the cells of one field; those under `absent` are of sheets that lack the column."""
    kind = _kind_of(field)
    cells = _without_booleans(typed)
    if kind.mostly_distinct:
        column = _column_of([typed_values.read(cell, kind.read) for cell in cells], kind.dtype)
    else:
        column = _read_distinct(cells, kind)
    if absent is not None and absent.any():
        _mark_absent(column, absent)
    return column


def _kind_of(field: Field) -> _Kind:
    if field.vocabulary is None:
        return _KINDS[field.type]
    return _Kind(partial(typed_values.read_word, field.vocabulary))


def _without_booleans(typed: Sequence[Cell]) -> Sequence[Cell]:
    """The cells with TRUE and FALSE as texts: True == 1, and would be taken for it among distinct values."""
    if bool not in set(map(type, typed)):
        return typed
    return [shown(cell) if isinstance(cell, bool) else cell for cell in typed]


def _read_distinct(cells: Sequence[Cell], kind: _Kind) -> Column:
    """Read each distinct cell once; 1 and 1.0 are one, '1' is another."""
    objects = np.empty(len(cells), dtype=object)
    objects[:] = cells
    codes, distinct = pd.factorize(objects)
    results = [typed_values.read(cell, kind.read) for cell in distinct]
    results.append(typed_values.read(None, kind.read))  # a blank's code is -1: the last
    column = _column_of(results, kind.dtype)
    return Column(_take(column.values, codes), column.states[codes], _take_days(column.last_days, codes))


def _take(values: pd.Series[Any], codes: NDArray[np.intp]) -> pd.Series[Any]:
    return values.take(codes).reset_index(drop=True)


def _take_days(days: pd.Series[Any] | None, codes: NDArray[np.intp]) -> pd.Series[Any] | None:
    return None if days is None else _take(days, codes)


def _column_of(results: Sequence[tuple[object, CellState]], dtype: str) -> Column:
    states = np.fromiter((state for _, state in results), dtype=np.uint8, count=len(results))
    values = [value for value, _ in results]
    if dtype == "date":
        return Column(_days(values, "first"), states, _days(values, "last"))
    return Column(pd.Series(values, dtype=dtype), states)


def _days(values: Sequence[object], which: str) -> pd.Series[Any]:
    days = [getattr(value, which) if isinstance(value, TypedDate) else None for value in values]
    return pd.Series(np.array(days, dtype="datetime64[D]").astype("datetime64[s]"))


def _mark_absent(column: Column, absent: NDArray[np.bool_]) -> None:
    column.states[absent] = CellState.ABSENT
    column.values[absent] = None
    if column.last_days is not None:
        column.last_days[absent] = None
