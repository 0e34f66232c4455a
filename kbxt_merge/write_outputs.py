"""What a merge writes: the data, the district workbooks, the report, and what goes back to the schools."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from kbxt_merge import __version__
from kbxt_merge.fork_pool import ForkPool, fork_pool
from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.log import write_log
from kbxt_merge.model.merge_result import Checked
from kbxt_merge.model.out_folder import DATA_FOLDER, REPORT, RETURN_FOLDER, SUMMARY_FOLDER, school_folder
from kbxt_merge.model.round import Changes
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.data.csv_files import write_data
from kbxt_merge.outputs.publish.result_store import Kept
from kbxt_merge.outputs.report import Reports, compile_templates
from kbxt_merge.outputs.returned.cache import KeptReturns
from kbxt_merge.outputs.returned.write import ReturnedWorkbooks
from kbxt_merge.outputs.summary.cache import KeptSummaries
from kbxt_merge.outputs.summary.monthly_flow import write_flow
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.rules.months.monthly_flow import monthly_flow
from kbxt_merge.settings import Settings, shown_settings


@dataclass
class Writing:
    """What is written of a merge, below `stage`: most of it in copies of this process, while the ledger is written too.

    With `unmasked` the district's report shows whole ID numbers and phones; a school's own never does.
    """

    checked: Checked
    stage: Path
    settings: Settings
    unmasked: bool

    @contextmanager
    def around_ledger(self, kept: Kept) -> Iterator[None]:
        """Write the workbooks while the block enters the run in the ledger, and once it has, what tells of the changes.

        What is `kept` of earlier runs is written as it was.
        """
        checked, language = self.checked, self.settings.language
        summaries = KeptSummaries(kept, checked.district, checked.findings, self.stage / SUMMARY_FOLDER, language)
        returned = _returned(checked, self.settings)
        returned.prepare()
        works = (summaries.write, returned.marked, self._write_report, self._write_school_reports)
        with fork_pool(works, self.settings.jobs, ready=compile_templates) as copies:
            books = [copies.begin(summaries.write, slug) for slug in checked.district.forms.by_slug]
            marking = KeptReturns(kept, returned).contents(partial(copies.begin, returned.marked))
            yield
            reports = self._begin_reports(copies)
            self._write_data()
            returned.write(self.stage, marking)
            for each in books:
                summaries.keep(each.result())
            for report in reports:
                report.result()

    def _begin_reports(self, copies: ForkPool) -> Sequence[Future[None]]:
        told = Told(self._run, self.checked.changes)
        parts = [(told, some) for some in _shared(self._asked(), self.settings.jobs or 1)]
        schools = [copies.begin(self._write_school_reports, part) for part in parts]
        return [copies.begin(self._write_report, told), *schools]

    def _write_data(self) -> None:
        district, language = self.checked.district, self.settings.language
        write_data_folder(self.checked, self._run, self.stage / DATA_FOLDER, language)
        flow = monthly_flow(district)
        if flow is not None:
            write_flow(flow, district, self.stage / SUMMARY_FOLDER, language)

    @cached_property
    def _run(self) -> Mapping[str, object]:
        return run_facts(self.checked, self.settings)  # once its ledger is written

    def _asked(self) -> Sequence[str]:
        """The schools that are asked something."""
        frame = self.checked.findings.frame
        asking = (frame["severity"] != Severity.INFO.value) & (frame["school"] != "")
        return list(map(str, frame.loc[asking, "school"].unique()))

    def _write_report(self, told: Told) -> None:
        replace(self._reports(told), unmasked=self.unmasked).write(self.stage / REPORT)

    def _write_school_reports(self, part: tuple[Told, Sequence[str]]) -> None:
        told, schools = part
        reports = self._reports(told)
        for school in schools:
            folder = self.stage / RETURN_FOLDER / school_folder(school)
            folder.mkdir(parents=True, exist_ok=True)
            reports.write_school(school, folder / REPORT)

    def _reports(self, told: Told) -> Reports:
        checked, language = self.checked, self.settings.language
        changes = told.changes if told.changes and told.changes.number > 1 else None
        return Reports(
            checked.district, checked.findings, CATALOGUE, checked.verdicts, told.run, language, changes=changes
        )


def write_data_folder(checked: Checked, run: Mapping[str, object], folder: Path, language: Language) -> Sequence[Path]:
    """Write the merge as data, and the log of what was decided; `run` is what `run_facts` says of it."""
    files = write_data(checked.district, checked.findings, checked.verdicts, run, folder, language)
    return [*files, write_log(checked, folder, language)]


def run_facts(checked: Checked, settings: Settings) -> Mapping[str, object]:
    """Gather what run.json and the report say of the run itself."""
    balance = checked.account
    return {
        "version": __version__,
        "made": dt.datetime.now().astimezone().isoformat(timespec="seconds"),
        "settings": shown_settings(settings),
        "account": {
            "rows_read": balance.read,
            "rows_merged": balance.merged,
            "rows_left_out": balance.left_out,
            "rows_set_aside": balance.set_aside,
        },
        "timings": {name: round(seconds, 3) for name, seconds in checked.timings.items()},
    }


@dataclass(frozen=True, slots=True)
class Told:
    """What copies of this process are told of its run, for they were made before the ledger was written."""

    run: Mapping[str, object]
    changes: Changes | None


def _shared(schools: Sequence[str], jobs: int) -> Iterator[Sequence[str]]:
    """As many parts as there are jobs, without those that would be empty."""
    size = -(-len(schools) // jobs)
    return (schools[first : first + size] for first in range(0, len(schools), max(size, 1)))


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
