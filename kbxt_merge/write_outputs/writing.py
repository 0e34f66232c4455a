"""The order in which a merge writes: most of it in other processes, while the ledger is written too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any, NoReturn

from kbxt_merge import __version__
from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.intake.pool.processes import Pool, outcomes
from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.log import log_not_made, write_log
from kbxt_merge.model.aims import Aims
from kbxt_merge.model.merge_result import Checked
from kbxt_merge.model.out_folder import (
    BRIEF,
    DATA_FOLDER,
    PROBLEM_LIST,
    REMINDER_LIST,
    REPORT,
    SUMMARY_FOLDER,
    records_file,
)
from kbxt_merge.model.returns import Problem
from kbxt_merge.model.rule import RuleExample, Severity
from kbxt_merge.model.seal import Seal
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.brief.figures import BriefFigures
from kbxt_merge.outputs.brief.write import write_brief
from kbxt_merge.outputs.data.csv_files import write_data
from kbxt_merge.outputs.data.record_files import write_records
from kbxt_merge.outputs.data.reminder_text import owed_facts
from kbxt_merge.outputs.lists.problem_list import write_problems
from kbxt_merge.outputs.lists.reminder_list import write_reminders
from kbxt_merge.outputs.publish.result_store import ResultStore
from kbxt_merge.outputs.report import Reports
from kbxt_merge.outputs.returned.write import ReturnedWorkbooks
from kbxt_merge.outputs.summary.cache import SummaryCache, Written
from kbxt_merge.outputs.summary.difference_list import write_differences
from kbxt_merge.outputs.summary.monthly_flow import write_flow
from kbxt_merge.rules.aims import aims
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.rules.examples import examples
from kbxt_merge.rules.months.monthly_flow import monthly_flow
from kbxt_merge.settings import Settings, shown_settings
from kbxt_merge.write_outputs.mark_returns import MarkReturns
from kbxt_merge.write_outputs.not_made import NotMade
from kbxt_merge.write_outputs.school_reports import SchoolReports, WriteReports


@dataclass
class Writing:
    """What is written of a merge, below `stage`: most of it in copies of this process, while the ledger is written too.

    With `unmasked` the district's report shows whole ID numbers and phones; a school's own never does.
    `final` district workbooks have neither colours nor comments.
    """

    checked: Checked
    stage: Path
    settings: Settings
    unmasked: bool
    final: bool = False
    not_made: NotMade = field(default_factory=NotMade)
    _returned_paths: Mapping[str, Path] = field(default_factory=dict)

    @contextmanager
    def around_ledger(self, store: ResultStore) -> Iterator[None]:
        """Write the workbooks while the block enters the run in the ledger, and once it has, what tells of the changes.

        What the `store` has of earlier runs is written as it was. What one file or school costs too much for is told in
        files.csv and the report.
        """
        checked, language, jobs = self.checked, self.settings.language, self.settings.jobs
        folder = self.stage / SUMMARY_FOLDER
        summaries = SummaryCache(store, checked.district, checked.findings, folder, language, self.final)
        books = Pool(summaries.write_all, _cannot_do_without, jobs if jobs > 1 else 0, None, copies=True)
        marking = MarkReturns(self._returned, store, _source(checked, self.settings), jobs, self.not_made)
        with books, marking.pool:
            books.begin(summaries.shares(max(jobs, 1)))  # all at once: the ledger leaves no time to hand out more
            marking.begin()
            yield
            reports = self._write_reports(store)
            with reports.pool:
                reports.begin(self._asked)
                takes: dict[Pool[Any, Any], Callable[[int, Any], None]] = {
                    books: self._keep(summaries),
                    marking.pool: marking.take,
                    reports.pool: reports.take,
                }
                for pool, position, result in outcomes(*takes):
                    takes[pool](position, result)
        self._returned_paths = marking.write(self.stage)
        checked.verdicts = self.not_made.added_to(checked.verdicts)
        checked.not_made = tuple(self.not_made.lines(language))
        log_not_made(checked, language)
        _ = self._run, self._aims  # for several of the files alike
        longest_first = [BRIEF, *self._record_files, REPORT, DATA_FOLDER, PROBLEM_LIST, REMINDER_LIST]
        for _ in self._copies.over(longest_first):
            pass

    @property
    def _returned(self) -> ReturnedWorkbooks:
        """The workbooks that go back to the schools."""
        checked, seal = self.checked, self.checked.seal or Seal.new()
        district, findings, language = checked.district, checked.findings, self.settings.language
        answered, examples = checked.confirmed, self._examples
        return ReturnedWorkbooks(district, findings, CATALOGUE, seal, language, answered, examples)

    def _write_reports(self, store: ResultStore) -> WriteReports:
        """The reports of the schools that are asked something; all that they tell is known."""
        write = SchoolReports(self._reports, self.stage)
        return WriteReports(write, store, self.settings.jobs, self.settings.limits, self.not_made)

    @staticmethod
    def _keep(summaries: SummaryCache) -> Callable[[int, Sequence[Written]], None]:
        def keep(_: int, written: Sequence[Written]) -> None:
            for each in written:
                summaries.keep(each)

        return keep

    def _write_data(self) -> None:
        district, language = self.checked.district, self.settings.language
        write_data_folder(self.checked, self._run, self.stage / DATA_FOLDER, language, with_records=False)
        flow = monthly_flow(district)
        if flow is not None:
            write_flow(flow, district, self.stage / SUMMARY_FOLDER, language)
        comparison = self.checked.findings.comparison
        if comparison is not None:
            write_differences(comparison, district, self.stage / SUMMARY_FOLDER, language)

    @cached_property
    def _run(self) -> Mapping[str, object]:
        return run_facts(self.checked, self.settings)  # once its ledger is written

    @cached_property
    def _asked(self) -> Sequence[str]:
        """The schools that are asked something."""
        frame = self.checked.findings.frame
        asking = (frame["severity"] != Severity.INFO.value) & (frame["school"] != "")
        return list(map(str, frame.loc[asking, "school"].unique()))

    @property
    def _copies(self) -> Pool[str, None]:
        """Copies of this process, as it is when they begin: each writes what it is named by its file."""
        jobs = self.settings.jobs if self.settings.jobs > 1 else 0
        return Pool(self._write_named, _cannot_do_without, jobs, None, copies=True)

    def _write_named(self, name: str) -> None:
        write: Mapping[str, Callable[[], object]] = {
            **self._record_files,
            BRIEF: self._write_brief,
            REPORT: self._write_report,
            DATA_FOLDER: self._write_data,
            PROBLEM_LIST: self._write_problems,
            REMINDER_LIST: self._write_reminders,
        }
        write[name]()

    @cached_property
    def _record_files(self) -> Mapping[str, Callable[[], Path]]:
        """What writes the records of each form, by the file's name; of those that have most first."""
        checked, folder = self.checked, self.stage / DATA_FOLDER
        by_size = sorted(checked.district.records, key=lambda form: -len(checked.district.records[form]))
        return {
            records_file(form): partial(write_records, checked.district, checked.findings, form, folder)
            for form in by_size
        }

    def _write_problems(self) -> None:
        checked, folder = self.checked, self.stage / SUMMARY_FOLDER
        links = {file: f"../{path.relative_to(self.stage).as_posix()}" for file, path in self._returned_paths.items()}
        write_problems(checked.findings, checked.district, folder, self.settings.language, checked.changes, links)

    def _write_reminders(self) -> None:
        checked = self.checked
        write_reminders(checked.owed, checked.district, self.stage / SUMMARY_FOLDER, self.settings.language)

    def _write_brief(self) -> None:
        """The report for the office above; of forms that say nothing of dropouts there is none."""
        checked, found = self.checked, self._aims
        if found is not None:
            figures = BriefFigures(checked.district, checked.findings, found, checked.overview)
            schemas = self.settings.schemas  # a folder, or a workbook of definitions in one
            own = (schemas if schemas.is_dir() else schemas.parent) / BRIEF if schemas else None
            template = own if own is not None and own.is_file() else None
            write_brief(figures.context(), self.stage / SUMMARY_FOLDER, template)

    @cached_property
    def _aims(self) -> Aims | None:
        return aims(self.checked.district)

    def _write_report(self) -> None:
        told = self.not_made.lines(self.settings.language)
        trend = self.checked.overview.trend if self.checked.overview else ()
        reports = self._reports.for_district(self._aims, trend, unmasked=self.unmasked)
        reports.write(self.stage / REPORT, told)

    @cached_property
    def _examples(self) -> Mapping[str, RuleExample]:
        """The examples of rules: they are of the forms that come with the program, and foreign to any others."""
        if self.settings.schemas is None:
            return examples()
        shipped = load_forms(CATALOGUE)
        return examples() if shipped.by_slug.keys() <= self.checked.district.forms.by_slug.keys() else {}

    @cached_property
    def _reports(self) -> Reports:
        checked, changes = self.checked, self.checked.changes  # once the ledger is written
        known = changes if changes and changes.number > 1 else None
        district, findings, language = checked.district, checked.findings, self.settings.language
        return Reports(
            district,
            findings,
            CATALOGUE,
            checked.verdicts,
            self._run,
            language,
            changes=known,
            examples=self._examples,
        )


def _cannot_do_without(item: object, problem: Problem) -> NoReturn:
    raise RuntimeError(f"a process that wrote {item} was lost: {problem.facts}")


def write_data_folder(
    checked: Checked, run: Mapping[str, object], folder: Path, language: Language, *, with_records: bool = True
) -> Sequence[Path]:
    """Write the merge as data, and the log of what was decided; `run` is what `run_facts` says of it."""
    district, findings = checked.district, checked.findings
    records = [write_records(district, findings, form, folder) for form in district.records] if with_records else []
    files = write_data(district, findings, checked.verdicts, run, folder, language, checked.changes)
    return [*files, *records, write_log(checked, folder, language)]


def run_facts(checked: Checked, settings: Settings) -> Mapping[str, object]:
    """What run.json and the report say of the run itself."""
    balance = checked.account
    return {
        "version": __version__,
        "made": dt.datetime.now().astimezone().isoformat(timespec="seconds"),
        "inbox": checked.inbox,
        "settings": shown_settings(settings),
        "account": {
            "rows_read": balance.read,
            "rows_merged": balance.merged,
            "rows_left_out": balance.left_out,
            "rows_set_aside": balance.set_aside,
        },
        "owed": owed_facts(checked.owed),
        "timings": {name: round(seconds, 3) for name, seconds in checked.timings.items()},
    }


def _source(checked: Checked, settings: Settings) -> ReadReturn:
    return ReadReturn(checked.district.forms, settings.limits, checked.passwords)
