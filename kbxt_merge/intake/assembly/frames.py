"""A data frame of one form's records → the district that it makes alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from kbxt_merge.intake.assembly.assemble import assemble
from kbxt_merge.model.district import District
from kbxt_merge.model.form import Form
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.period import Period
from kbxt_merge.model.returns import Cell, Kind, Reading, Sheet, SourceFile

SCHOOL = "school"
"""The column that says whose each record is, as records-<form>.csv has it."""


def district_of_frame(frame: pd.DataFrame, form: Form, forms: Forms, period: Period, as_of: dt.date) -> District:
    """Read a frame as if it were the one sheet that came: a record a row, in its order, dated `as_of`.

    Its columns are the form's fields, typed or as texts, and `school` where it has one; others are not looked at.
    """
    names = [name for name in form.by_name if name in frame]
    sheet = Sheet(
        sheet="",
        form=form.slug,
        shape=form.shape,
        rows=list(range(1, len(frame) + 1)),
        columns={name: position for position, name in enumerate(names)},
        cells={name: [_cell(value) for value in frame[name].tolist()] for name in names},
    )
    reading = Reading(SourceFile("", "", 0, 0.0), Kind.UNKNOWN, "", [sheet])
    district = assemble([reading], forms, None, period, as_of, whole=False)
    if SCHOOL in frame and SCHOOL not in form.by_name:
        district.records[form.slug].school = frame[SCHOOL].fillna("").to_numpy(dtype=object)
    return district


def _cell(value: Any) -> Cell:
    """The value as it would be typed; a whole number as text, for a frame keeps every digit of it."""
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    cell: Cell = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return cell
