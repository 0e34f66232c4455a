"""What a merge writes: the data, the district workbooks, the report, and what goes back to the schools."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from kbxt_merge import __version__
from kbxt_merge.intake.read_return import ReadReturn
from kbxt_merge.model.return_folder import RETURN_FOLDER, school_folder
from kbxt_merge.model.rule_card import Severity
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.data_files import write_data
from kbxt_merge.outputs.kept import Kept
from kbxt_merge.outputs.monthly_flow import write_flow
from kbxt_merge.outputs.report import Reports
from kbxt_merge.outputs.returned.kept_marks import Mark, keeping
from kbxt_merge.outputs.returned.marking import ToMark
from kbxt_merge.outputs.returned_workbooks import ReturnedWorkbooks
from kbxt_merge.outputs.summary_workbooks import write_summaries
from kbxt_merge.pipeline import Checked
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.rules.flow import monthly_flow
from kbxt_merge.settings import Settings, shown_settings

REPORT = "核查报告.html"
FEW_FILES = 100
"""Fewer files than this are marked in this process: others would take longer to start."""


def write(checked: Checked, stage: Path, settings: Settings, kept: Kept, *, unmasked: bool) -> None:
    """Write all outputs below `stage`; what is `kept` of earlier runs is not marked again.

    With `unmasked` the district's report shows whole ID numbers and phones; a school's own never does.
    """
    district, language = checked.district, settings.language
    returned = _returned(checked, settings)
    with ProcessPoolExecutor(settings.jobs, mp_context=get_context("spawn")) as pool:
        marking = returned.mark(keeping(kept, partial(_mark_all, pool=pool, jobs=settings.jobs)))
        run = _run(checked, settings)
        write_data(district, checked.findings, checked.verdicts, run, stage / "data", language)
        write_summaries(district, checked.findings, stage / "汇总", language)
        flow = monthly_flow(district)
        if flow is not None:
            write_flow(flow, district, stage / "汇总", language)
        _write_reports(checked, run, stage, language, unmasked=unmasked)
        returned.write(stage, marking)


def _returned(checked: Checked, settings: Settings) -> ReturnedWorkbooks:
    """The workbooks that go back to the schools, to be marked while all else is written."""
    source = ReadReturn(checked.district.forms, settings.limits, settings.passwords)
    return ReturnedWorkbooks(
        checked.district,
        checked.findings,
        CATALOGUE,
        source.unlocked,
        source.grids,
        settings.language,
        checked.confirmed,
    )


def _write_reports(
    checked: Checked, run: Mapping[str, object], stage: Path, language: Language, *, unmasked: bool
) -> None:
    """The district's report, and of each school that is asked something its own."""
    changes = checked.changes if checked.changes and checked.changes.number > 1 else None
    reports = Reports(checked.district, checked.findings, CATALOGUE, checked.verdicts, run, language, changes=changes)
    replace(reports, unmasked=unmasked).write(stage / REPORT)
    frame = checked.findings.frame
    asked = frame.loc[(frame["severity"] != Severity.INFO.value) & (frame["school"] != ""), "school"].unique()
    for school in asked:
        folder = stage / RETURN_FOLDER / school_folder(school)
        folder.mkdir(parents=True, exist_ok=True)
        reports.write_school(school, folder / REPORT)


def _mark_all(mark: Mark, work: Sequence[ToMark], pool: Executor, jobs: int) -> Iterable[bytes | None]:
    """Mark these workbooks, in processes of their own where there are many."""
    if len(work) < FEW_FILES or jobs < 2:
        return map(mark, work)
    return pool.map(mark, work, chunksize=8)


def _run(checked: Checked, settings: Settings) -> Mapping[str, object]:
    """What run.json and the report say of the run itself."""
    balance = checked.account
    return {
        "version": __version__,
        "made": dt.datetime.now().astimezone().isoformat(timespec="seconds"),
        "settings": shown_settings(settings),
        "account": {
            "rows_read": balance.read,
            "rows_merged": balance.merged,
            "rows_set_aside": balance.set_aside,
        },
        "timings": {name: round(seconds, 3) for name, seconds in checked.timings.items()},
    }
