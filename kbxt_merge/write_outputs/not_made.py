"""What could not be made for the schools, told where the bureau looks: in files.csv and in its report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd

from kbxt_merge.model.returns import Problem
from kbxt_merge.model.text import Language, Words
from kbxt_merge.rules.checks.reasons import reason

_WITHOUT_CELLS = Words("退回的文件只有“核查意见”，没有原表：{}", "only its findings go back, without its tables: {}")
_NOTHING = Words("没有做成退回的文件：{}", "nothing could be made to go back: {}")
_NO_REPORT = Words("没有做成该校的核查报告：{}", "the school's report could not be made: {}")


@dataclass
class NotMade:
    """The files that go back without their cells or not at all, the schools without a report, and why."""

    without_cells: dict[str, Problem] = field(default_factory=dict)
    nothing: dict[str, Problem] = field(default_factory=dict)
    reports: dict[str, Problem] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything could not be made."""
        return bool(self.without_cells or self.nothing or self.reports)

    def lines(self, language: Language) -> list[tuple[str, str]]:
        """Each file and school, and what could not be made of it."""
        of_files = ((file, self._of_file(file, language)) for file in self.without_cells | self.nothing)
        of_schools = ((school, self._of_school(school, language)) for school in self.reports)
        return [(name, told) for some in (of_files, of_schools) for name, each in some for told in each]

    def added_to(self, verdicts: pd.DataFrame) -> pd.DataFrame:
        """The rows of files.csv, with the reasons of those files, and of all files of those schools."""
        if not self:
            return verdicts
        columns = zip(verdicts["file"], verdicts["school"], verdicts["reason"], strict=True)
        told = (
            [before, *self._of_file(file, "zh"), *self._of_school(school, "zh")] for file, school, before in columns
        )
        return verdicts.assign(reason=["；".join(filter(None, each)) for each in told])

    def _of_file(self, file: str, language: Language) -> Iterator[str]:
        if file in self.nothing:
            yield _told(_NOTHING, self.nothing[file], language)
        elif file in self.without_cells:
            yield _told(_WITHOUT_CELLS, self.without_cells[file], language)

    def _of_school(self, school: str, language: Language) -> Iterator[str]:
        if school in self.reports:
            yield _told(_NO_REPORT, self.reports[school], language)


def _told(words: Words, problem: Problem, language: Language) -> str:
    return words.of(language).format(reason(problem).of(language))
