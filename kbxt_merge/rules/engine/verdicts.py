"""What became of each file, and the account: no row of a return may get lost between reading and merging."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import pandas as pd

from kbxt_merge.model.district import District
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.merge_result import VERDICT_COLUMNS, Account
from kbxt_merge.model.returned_form import Returned, Standing
from kbxt_merge.model.returns import Reading
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.verdict import Verdict

_OF_PROBLEM = {"file-ignored": Verdict.IGNORED, "file-other": Verdict.OTHER, "file-container": Verdict.OTHER}


@dataclass(frozen=True, slots=True)
class FileLine:
    """One row of files.csv."""

    file: str
    verdict: Verdict
    school: str
    forms: str
    rows_read: int
    rows_merged: int
    rows_left_out: int = 0
    reason: str = ""


def verdicts(district: District, findings: Findings) -> pd.DataFrame:
    """One row a file of the inbox, with VERDICT_COLUMNS."""
    frame = findings.frame
    errors = set(frame.loc[frame["severity"] == Severity.ERROR.value, "file"])
    about = frame[(frame["record"] < 0) & (frame["file"] != "")].drop_duplicates("file")
    sentences = findings.wording(district.forms, "zh").sentences(about)
    reasons = dict(zip(about["file"].astype(str), sentences, strict=True))
    returned: dict[str, list[Returned]] = {}
    for each in district.returned:
        returned.setdefault(each.file.path, []).append(each)
    rows = [
        _verdict(reading, returned.get(reading.file.path, []), district, reading.file.path in errors, reasons)
        for reading in district.readings
    ]
    lines = [{**asdict(row), "verdict": row.verdict.value} for row in rows]
    return pd.DataFrame(lines, columns=list(VERDICT_COLUMNS))


def account(district: District, files: pd.DataFrame) -> Account:
    """The balance, each side counted where it stands: what the readers read, what stands in the records, what the
    returns in force left out, and all rows of the returns set aside.
    """
    merged = sum(len(records) for records in district.records.values())
    left_out = sum(len(each.sheet.left_out) for each in district.returned if each.standing is Standing.IN_FORCE)
    superseded = sum(each.sheet.rows_below for each in district.returned if each.standing is not Standing.IN_FORCE)
    copied = int(files.loc[files["verdict"] == Verdict.DUPLICATE, "rows_read"].sum())
    return Account(int(files["rows_read"].sum()), merged, left_out, superseded + copied)


def _verdict(
    reading: Reading, returned: Sequence[Returned], district: District, has_errors: bool, reasons: dict[str, str]
) -> FileLine:
    path = reading.file.path
    read = sum(sheet.rows_below for sheet in reading.sheets)
    forms = ",".join(dict.fromkeys(sheet.form for sheet in reading.sheets))
    schools = "、".join(dict.fromkeys(each.school for each in returned if each.school))
    if path in district.copies:
        return FileLine(path, Verdict.DUPLICATE, "", forms, read, 0, reason=reasons.get(path, ""))
    if district.decisions.aside(reading.sha256) and not returned:
        return FileLine(path, Verdict.OTHER, "", "", 0, 0, reason=reasons.get(path, ""))
    if reading.problem:
        verdict = _OF_PROBLEM.get(reading.problem.slug, Verdict.REJECTED)
        return FileLine(path, verdict, "", "", 0, 0, reason=reasons.get(path, ""))
    if not reading.sheets:
        return FileLine(path, Verdict.REJECTED, "", "", 0, 0, reason=reasons.get(path, ""))
    in_force = [each for each in returned if each.standing is Standing.IN_FORCE]
    merged = sum(len(each.sheet.rows) for each in in_force)
    if not in_force:
        return FileLine(path, Verdict.SUPERSEDED, schools, forms, read, 0, reason=reasons.get(path, ""))
    left_out = sum(len(each.sheet.left_out) for each in in_force)
    verdict = Verdict.MERGED_WITH_ERRORS if has_errors else Verdict.MERGED
    return FileLine(path, verdict, schools, forms, read, merged, left_out)
