"""The records as data, a `records-<form>.csv` a form: numbers are whole there, and the files stay in the bureau."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from kbxt_merge.model.compact.records import parts_of
from kbxt_merge.model.district import District, Positions, Records, Texts
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.out_folder import records_file
from kbxt_merge.model.returns import column_letters
from kbxt_merge.model.rule import Severity
from kbxt_merge.outputs.data.write_csv import write_csv

SOURCE_COLUMNS = ("school", "file", "sheet", "cell", "errors", "warnings")


def write_records(district: District, findings: Findings, form: str, folder: Path) -> Path:
    """Write the records of a form into a folder, as a file that, made anew, its owner alone can read."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fields = tuple(district.forms.by_slug[form].by_name)
    parts = _record_parts(district.records.get(form), fields, findings.frame)
    return write_csv(folder / records_file(form), (*fields, *SOURCE_COLUMNS), parts)


def records_table(records: Records, findings: Findings) -> pd.DataFrame:
    """The rows of a form's records-<form>.csv; a field may bear the name of one of SOURCE_COLUMNS."""
    fields = tuple(records.form.by_name)
    counted = _counted(records, findings.frame)
    columns = pd.DataFrame(dict(enumerate(_record_columns(records, fields, counted, np.arange(len(records))))))
    return columns.set_axis([*fields, *SOURCE_COLUMNS], axis="columns")


def record_addresses(records: Records, at: Positions) -> Texts:
    """The A1 address that stands for each of the records at these positions: its name's cell (statistics: its
    school's), also where that is blank.

    Where the sheet lacks that column, the first of the form's columns in the record's row.
    """
    found = records.cells(records.form.record_field, at)
    for i in np.flatnonzero(found == ""):
        columns = records.returned[records.sheet[at[i]]].sheet.columns.values()
        found[i] = f"{column_letters(min(columns, default=0))}{records.row[at[i]] + 1}"
    return found


def findings_per_record(records: Records, frame: pd.DataFrame, severity: Severity) -> Positions:
    """Count the findings of this severity that each record bears."""
    here = (frame["form"] == records.form.slug) & (frame["severity"] == severity) & (frame["record"] >= 0)
    return np.bincount(frame.loc[here, "record"].to_numpy(dtype=np.intp), minlength=len(records))


def _counted(records: Records, frame: pd.DataFrame) -> Sequence[Positions]:
    """How many errors and how many warnings each record bears."""
    return [findings_per_record(records, frame, each) for each in (Severity.ERROR, Severity.WARNING)]


def _record_parts(
    records: Records | None, fields: tuple[str, ...], frame: pd.DataFrame
) -> Iterator[Sequence[Sequence[object]]]:
    """The columns of a form's records, some records at a time where they are many."""
    if records is None or not len(records):
        return
    counted = _counted(records, frame)
    for at in parts_of(np.arange(len(records))):
        yield _record_columns(records, fields, counted, at)


def _record_columns(
    records: Records, fields: tuple[str, ...], counted: Sequence[Positions], at: Positions
) -> list[list[object]]:
    """The columns of the records at these positions: the form's fields, then SOURCE_COLUMNS."""
    return [
        *(records.shown[name][at].tolist() for name in fields),
        records.school[at].tolist(),
        records.files(at).tolist(),
        records.sheets(at).tolist(),
        record_addresses(records, at).tolist(),
        *(each[at].tolist() for each in counted),
    ]
