"""Each school's own report, written by whoever has the district: a copy of this process, or one that is sent it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kbxt_merge.intake.pool.processes import Pool
from kbxt_merge.intake.pool.worker import Failed
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.out_folder import REPORT, RETURN_FOLDER, school_folder
from kbxt_merge.model.returns import Problem
from kbxt_merge.outputs.publish.result_store import ResultStore
from kbxt_merge.outputs.report import Reports
from kbxt_merge.outputs.report.cache import ReportCache
from kbxt_merge.write_outputs.not_made import NotMade


@dataclass(frozen=True)
class SchoolReports:
    """Writes the reports of schools below `stage`."""

    reports: Reports
    stage: Path

    def __call__(self, school: str) -> None:
        """Write one school's report into its folder."""
        self.reports.write_school(school, self.path(school))

    def path(self, school: str) -> Path:
        """Where a school's report goes; its folder is there."""
        folder = self.stage / RETURN_FOLDER / school_folder(school)
        folder.mkdir(parents=True, exist_ok=True)
        return folder / REPORT

    def __getstate__(self) -> dict[str, object]:
        """Travel without what no school's report tells of."""
        return {"reports": self.reports.for_schools(), "stage": self.stage}


@dataclass
class WriteReports:
    """Writes the reports of schools, but for those that are kept of an earlier run.

    One report may cost as much as reading a file: a school whose report costs more has none, and `not_made` is told.
    """

    write: SchoolReports
    store: ResultStore
    jobs: int
    limits: Limits
    not_made: NotMade
    _anew: Sequence[str] = field(default=(), init=False)

    @cached_property
    def pool(self) -> Pool[str, Problem | None]:
        """Copies of this process, or where none can be made, processes that are sent what is needed."""
        return Pool(self.write, _lost, self.jobs, self.limits, copies=True, failed=_failed, can_be_sent=True)

    def begin(self, schools: Sequence[str]) -> None:
        """Write what is kept, and let the pool begin with all else."""
        self.write.reports.prepare()
        self._anew = [each for each in schools if not self._cache.write(each, self.write.path(each))]
        self.pool.begin(self._anew)

    def take(self, position: int, problem: Problem | None) -> None:
        """Take what became of a report: keep it, or tell that there is none."""
        school = self._anew[position]
        if problem is None:
            self._cache.keep(school, self.write.path(school))
        else:
            self.not_made.reports[school] = problem

    @cached_property
    def _cache(self) -> ReportCache:
        return ReportCache(self.store, self.write.reports)


def _lost(_: str, problem: Problem) -> Problem:
    return problem


def _failed(_: str, failed: Failed) -> Problem:
    return failed.problem()
