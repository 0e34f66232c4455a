"""The district: what every school returned, and per form one frame of records that know where they came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from kbxt_merge.model.answer import Answer
from kbxt_merge.model.decision import NONE_YET, Decisions
from kbxt_merge.model.earlier import Earlier, Gap
from kbxt_merge.model.field import Conditions
from kbxt_merge.model.form import Form
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.period import Period
from kbxt_merge.model.returned_form import Mark, Returned
from kbxt_merge.model.returns import Reading, column_letters
from kbxt_merge.model.school import Roster

if TYPE_CHECKING:
    from kbxt_merge.model.reference import References

Flags = npt.NDArray[np.bool_]
States = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.signedinteger[Any]]
Texts = npt.NDArray[np.object_]


class TextColumn(Protocol):
    """Cells by position, positions or flags: an array, or what unpacks them where they are asked for."""

    def __len__(self) -> int:
        """The number of rows."""

    def __getitem__(self, at: Any, /) -> Any:
        """The cell at a position, or an array of those at these positions or flags."""

    def __iter__(self) -> Iterator[Any]:
        """The cells one by one."""

    def __array__(self) -> npt.NDArray[Any]:
        """All cells."""

    def tolist(self) -> Any:
        """All cells."""


@dataclass
class Rows:
    """Where the records of a form stood in an earlier merge: how many each return had, one after the other.

    `marks` are None for returns that can't be known again. `digests` are those by which the ledger knows the records.
    """

    marks: Sequence[Mark | None]
    lengths: Sequence[int]
    digests: npt.NDArray[np.int64] | None

    def __len__(self) -> int:
        """The number of records."""
        return sum(self.lengths)


@dataclass
class Records:
    """All records of one form that count, in the order they were read.

    Every column has one row a record. `values` are typed and nullable, a column a field (text: string; counts and ages:
    Int64; dates: datetime64, the first day meant). `states` are `CellState`s (uint8), `typed` the cells as typed,
    `shown` the values as texts for files and screens, never null: normalised, or as typed where not read.
    `last_days` holds, for each date field, the last day meant. `sheet` is the position in `returned`, `row` the row
    on it from zero, `day` the last day of the form's date (without one, of --as-of), `school` the school's name.
    `errors` and `warnings` are per field the cells that bear such a finding; the rules fill them as they run. `same_as`
    has the position of each among the records that the last merge left, -1 for a new one; None where none were left.
    `digests` are those by which the ledger knows them, 0 of one that it was not told of yet; `marks` are of `returned`.
    """

    form: Form
    returned: tuple[Returned, ...]
    values: Mapping[str, pd.Series[Any]]
    states: Mapping[str, States]
    typed: Mapping[str, TextColumn]
    shown: Mapping[str, TextColumn]
    last_days: Mapping[str, npt.NDArray[np.datetime64]]
    sheet: Positions
    row: Positions
    school: Texts
    day: npt.NDArray[np.datetime64]
    errors: dict[str, Flags] = field(default_factory=dict)
    warnings: dict[str, Flags] = field(default_factory=dict)
    same_as: Positions | None = None
    digests: npt.NDArray[np.int64] | None = None
    marks: Sequence[Mark | None] = ()

    def __len__(self) -> int:
        """The number of records."""
        return len(self.row)

    @property
    def lengths(self) -> Sequence[int]:
        """How many records each return has."""
        return [len(each.sheet.rows) for each in self.returned]

    def taken(self, at: Positions) -> Records:
        """The records at these positions, of which no rule has said anything."""
        return Records(
            form=self.form,
            returned=self.returned,
            values={name: self.column_at(name, at) for name in self.values},
            states={name: states[at] for name, states in self.states.items()},
            typed={name: cells[at] for name, cells in self.typed.items()},
            shown={name: texts[at] for name, texts in self.shown.items()},
            last_days={name: days[at] for name, days in self.last_days.items()},
            sheet=self.sheet[at],
            row=self.row[at],
            school=self.school[at],
            day=self.day[at],
        )

    def column_at(self, name: str, at: Positions) -> pd.Series[Any]:
        """The typed values of a field at these positions."""
        return pd.Series(self.values[name].array.take(at))

    def texts(self, name: str) -> Texts:
        """What is shown of a field, as an array; not to be changed."""
        return np.asarray(self.shown[name], dtype=object)

    @property
    def table(self) -> pd.DataFrame:
        """The typed values of all fields."""
        return pd.DataFrame(dict(self.values), copy=False)

    def holding(self, conditions: Conditions) -> Flags:
        """Which records hold, in every one of these fields, one of its values."""
        flags = np.ones(len(self), dtype=bool)
        for name, values in conditions.items():
            flags &= self.values[name].isin(list(values)).to_numpy(dtype=bool)
        return flags

    def bears_error(self, name: str) -> Flags:
        """Which records have an error on this field's own cell, so far."""
        return self.errors.get(name, np.zeros(len(self), dtype=bool))

    @cached_property
    def _columns(self) -> dict[str, Positions]:
        return {
            name: np.array([each.sheet.columns.get(name, -1) for each in self.returned], dtype=np.intp)
            for name in self.form.by_name
        }

    @cached_property
    def _card_rows(self) -> dict[str, Positions]:
        return {
            name: np.array([each.sheet.card_rows.get(name, -1) for each in self.returned], dtype=np.intp)
            for name in self.form.by_name
        }

    def cells(self, name: str, at: Positions) -> Texts:
        """The A1 addresses of a field in the records at these positions; blank where the sheet lacks the field."""
        sheets = self.sheet[at]
        columns = self._columns[name][sheets]
        own = self._card_rows[name][sheets]
        rows = np.where(own >= 0, own, self.row[at])
        letters = {column: column_letters(column) for column in np.unique(columns).tolist() if column >= 0}
        places = zip(columns.tolist(), (rows + 1).tolist(), strict=True)
        return np.array([f"{letters[column]}{row}" if column >= 0 else "" for column, row in places], dtype=object)

    def files(self, at: Positions) -> Texts:
        """The files that the records at these positions came in."""
        return self._files[self.sheet[at]]

    def sheets(self, at: Positions) -> Texts:
        """The sheets that the records at these positions stand on."""
        return self._sheets[self.sheet[at]]

    @cached_property
    def _files(self) -> Texts:
        return np.array([each.file.path for each in self.returned], dtype=object)

    @cached_property
    def _sheets(self) -> Texts:
        return np.array([each.sheet.sheet for each in self.returned], dtype=object)


@dataclass
class District:
    """Everything that came back in one period.

    `readings` has one entry a file of the inbox, in path order; `returned` one a form found, set aside or not.
    `copies` leads from a file to the identical one that is read in its stead. `records` has every form, in its order.
    `whole` is false where only some workbooks are looked at: then nobody can be said not to have returned.
    `earlier` is what the ledger knows of the periods before, None where it knows none. `answers` are those that came on
    the sheets 核查意见. `references` is what was read of the bureau's registers, None where it has none.
    `decisions` are the bureau's own.
    """

    forms: Forms
    roster: Roster | None
    period: Period
    as_of: dt.date
    readings: list[Reading]
    returned: list[Returned]
    copies: dict[str, str]
    records: dict[str, Records]
    whole: bool = True
    earlier: Earlier | None = None
    answers: Sequence[Answer] = ()
    references: References | None = None
    decisions: Decisions = NONE_YET

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What of the last period can't be compared with this one."""
        return self.earlier.gaps if self.earlier is not None else ()

    @cached_property
    def schools(self) -> list[str]:
        """The schools in roster order, then those outside the roster in the order of their names."""
        listed = [each.name for each in self.roster.schools] if self.roster else []
        known = set(listed)
        named = {each.school for each in self.returned if each.school}
        for records in self.records.values():
            named.update(filter(None, records.school.tolist()))
        return listed + sorted(named - known)
