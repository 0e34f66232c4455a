"""What a merge writes: the data, the district workbooks, the report, and what goes back to the schools."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from kbxt_merge import __version__
from kbxt_merge.beside import beside
from kbxt_merge.intake.read_return import ReadReturn
from kbxt_merge.model.return_folder import RETURN_FOLDER, school_folder
from kbxt_merge.model.rule_card import Severity
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.data_files import write_data
from kbxt_merge.outputs.kept import Kept
from kbxt_merge.outputs.kept_returns import KeptReturns
from kbxt_merge.outputs.kept_summaries import KeptSummaries
from kbxt_merge.outputs.monthly_flow import write_flow
from kbxt_merge.outputs.report import Reports
from kbxt_merge.outputs.returned_workbooks import ReturnedWorkbooks
from kbxt_merge.pipeline import Checked
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.rules.flow import monthly_flow
from kbxt_merge.settings import Settings, shown_settings

REPORT = "核查报告.html"
SUMMARIES = "汇总"


@contextmanager
def workbooks_beside(checked: Checked, stage: Path, settings: Settings, kept: Kept) -> Iterator[None]:
    """Write the district workbooks, and those that go back to the schools, while the block runs.

    What is `kept` of earlier runs is written as it was.
    """
    summaries = KeptSummaries(kept, checked.district, checked.findings, stage / SUMMARIES, settings.language)
    returned = _returned(checked, settings)
    with beside((summaries.make, returned.marked), settings.jobs) as others:
        made = [others.begin(summaries.make, slug) for slug in summaries.restore()]
        marking = KeptReturns(kept, returned).contents(partial(others.begin, returned.marked))
        yield
        returned.write(stage, marking)
        for each in made:
            summaries.keep(each.result())


def write(checked: Checked, stage: Path, settings: Settings, *, unmasked: bool) -> None:
    """Write all other outputs below `stage`.

    With `unmasked` the district's report shows whole ID numbers and phones; a school's own never does.
    """
    district, language = checked.district, settings.language
    run = _run(checked, settings)
    write_data(district, checked.findings, checked.verdicts, run, stage / "data", language)
    flow = monthly_flow(district)
    if flow is not None:
        write_flow(flow, district, stage / SUMMARIES, language)
    _write_reports(checked, run, stage, language, unmasked=unmasked)


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
