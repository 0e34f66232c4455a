"""The merge as data: findings, files, records and the run, for whoever goes on from here with a program.

ID numbers and phones are masked in `findings.csv`, which is passed around; `records-*.csv` are the data, and stay in
the bureau.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from kbxt_merge.model.compact.records import parts_of
from kbxt_merge.model.district import District, Positions, Records, Texts
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.merge_result import VERDICT_COLUMNS
from kbxt_merge.model.out_folder import FILES_FILE, FINDINGS_FILE, ROWS_LEFT_OUT_FILE, RUN_FILE, records_file
from kbxt_merge.model.returns import column_letters
from kbxt_merge.model.round import Changes
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.data.finding_columns import FINDING_FILE_COLUMNS, finding_columns
from kbxt_merge.outputs.data.no_formula import no_formulas
from kbxt_merge.outputs.data.rows_left_out import rows_left_out

SOURCE_COLUMNS = ("school", "file", "sheet", "cell", "errors", "warnings")

_of_owner = partial(os.open, mode=0o600)


def write_data(
    district: District,
    findings: Findings,
    verdicts: pd.DataFrame,
    run: Mapping[str, object],
    folder: Path,
    language: Language = "zh",
    changes: Changes | None = None,
) -> list[Path]:
    """Write `findings.csv`, `files.csv`, `rows-left-out.csv`, a `records-<form>.csv` for every form in force and
    `run.json` into a folder.

    What is made anew is readable by its owner only. `verdicts` has VERDICT_COLUMNS, one row a file of the inbox. `run`
    says what only the run knows (version, settings, timings); what the district and the findings know is added to it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shown = finding_columns(findings, district.forms, language, changes)
    written = [
        _write_csv(folder / FINDINGS_FILE, FINDING_FILE_COLUMNS, [(shown[name] for name in FINDING_FILE_COLUMNS)]),
        _write_csv(folder / FILES_FILE, VERDICT_COLUMNS, [(verdicts[name].tolist() for name in VERDICT_COLUMNS)]),
        _write_frame(folder / ROWS_LEFT_OUT_FILE, rows_left_out(district)),
    ]
    for form in district.forms.forms:
        fields = tuple(form.by_name)
        parts = _record_parts(district.records.get(form.slug), fields, findings.frame)
        written.append(_write_csv(folder / records_file(form.slug), (*fields, *SOURCE_COLUMNS), parts))
    written.append(folder / RUN_FILE)
    facts = {
        **_facts(district, findings, verdicts),
        "off": _off(district.forms, language),
        "gaps": _gaps(district, language),
        **run,
    }
    if district.references is not None:
        facts["registers"] = _registers(district, language)
    with open(written[-1], "w", encoding="utf-8", opener=_of_owner) as stream:
        stream.write(json.dumps(facts, ensure_ascii=False, indent=2, default=str) + "\n")
    return written


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


def _facts(district: District, findings: Findings, verdicts: pd.DataFrame) -> dict[str, object]:
    period = district.period
    return {
        "period": {"label": period.label, "first": period.first, "last": period.last},
        "as_of": district.as_of,
        "bureau": district.forms.bureau,
        "places": [district.forms.city, district.forms.county],
        "returns": {"zh": district.forms.returns.zh, "en": district.forms.returns.en},
        "forms": {slug: form.called for slug, form in district.forms.by_slug.items()},
        "not_owed": {slug: list(form.not_owed) for slug, form in district.forms.by_slug.items() if form.not_owed},
        "counts": {
            "files": len(verdicts),
            "verdicts": {str(name): int(count) for name, count in verdicts["verdict"].value_counts().items()},
            "rows_read": int(verdicts["rows_read"].sum()),
            "rows_merged": int(verdicts["rows_merged"].sum()),
            "rows_left_out": int(verdicts["rows_left_out"].sum()),
            "records": {slug: len(records) for slug, records in district.records.items()},
            "findings": {severity.value: findings.count(severity) for severity in Severity},
        },
        "not_checked": findings.skipped.to_dict(orient="records"),
    }


def _registers(district: District, language: Language) -> list[dict[str, object]]:
    """Every file of the registers' folder, and why it was not held against."""
    read = district.references
    return [
        {
            "file": each.path,
            "register": each.register,
            "rows": each.rows,
            "dated": each.dated,
            "missing": each.missing,
            "trouble": each.trouble.value if each.trouble else "",
            "why": each.why(language),
        }
        for each in (read.files if read else ())
    ]


def _off(forms: Forms, language: Language) -> list[dict[str, object]]:
    """What was not done for want of a relation between forms, and why."""
    return [
        {"feature": each.feature.value, "missing": each.missing, "why": each.why(language)}
        for each in forms.relations.off
    ]


def _gaps(district: District, language: Language) -> list[dict[str, str]]:
    """What of the last period could not be compared with this one, and why."""
    return [{"what": each.what.of(language), "why": each.why.of(language)} for each in district.gaps]


def _write_frame(path: Path, frame: pd.DataFrame) -> Path:
    return _write_csv(path, tuple(map(str, frame)), [(frame[name].tolist() for name in frame)])


def _write_csv(path: Path, header: tuple[str, ...], parts: Iterable[Iterable[Sequence[object]]]) -> Path:
    with open(path, "w", encoding="utf-8-sig", newline="", opener=_of_owner) as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        for columns in parts:
            writer.writerows(zip(*map(no_formulas, columns), strict=True))
    return path
