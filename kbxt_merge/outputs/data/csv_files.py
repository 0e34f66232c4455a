"""The merge as data: findings, files and the run, for whoever goes on from here with a program.

ID numbers and phones are masked in `findings.csv`, which is passed around.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from kbxt_merge.model.district import District
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.merge_result import VERDICT_COLUMNS
from kbxt_merge.model.out_folder import FILES_FILE, FINDINGS_FILE, ROWS_LEFT_OUT_FILE, RUN_FILE
from kbxt_merge.model.round import Changes
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.data.finding_columns import FINDING_FILE_COLUMNS, finding_columns
from kbxt_merge.outputs.data.rows_left_out import rows_left_out
from kbxt_merge.outputs.data.write_csv import of_owner, write_csv


def write_data(
    district: District,
    findings: Findings,
    verdicts: pd.DataFrame,
    run: Mapping[str, object],
    folder: Path,
    language: Language = "zh",
    changes: Changes | None = None,
) -> list[Path]:
    """Write `findings.csv`, `files.csv`, `rows-left-out.csv` and `run.json` into a folder.

    What is made anew is readable by its owner only. `verdicts` has VERDICT_COLUMNS, one row a file of the inbox. `run`
    says what only the run knows (version, settings, timings); what the district and the findings know is added to it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shown = finding_columns(findings, district.forms, language, changes)
    written = [
        write_csv(folder / FINDINGS_FILE, FINDING_FILE_COLUMNS, [(shown[name] for name in FINDING_FILE_COLUMNS)]),
        write_csv(folder / FILES_FILE, VERDICT_COLUMNS, [(verdicts[name].tolist() for name in VERDICT_COLUMNS)]),
        _write_frame(folder / ROWS_LEFT_OUT_FILE, rows_left_out(district)),
    ]
    written.append(folder / RUN_FILE)
    facts = {
        **_facts(district, findings, verdicts),
        "off": _off(district.forms, language),
        "gaps": _gaps(district, language),
        **run,
    }
    if district.references is not None:
        facts["registers"] = _registers(district, language)
    with open(written[-1], "w", encoding="utf-8", opener=of_owner) as stream:
        stream.write(json.dumps(facts, ensure_ascii=False, indent=2, default=str) + "\n")
    return written


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
    return write_csv(path, tuple(map(str, frame)), [(frame[name].tolist() for name in frame)])
