"""How many records an inbox may hold as a whole: all of them stand in the memory of one process."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field

from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Problem, Reading

WHOLE_RECORDS = "whole-records"
"""What is told of a file whose records would be too many."""


@dataclass
class WholeInbox:
    """Counts the records of an inbox as its files come in; past the limit the largest files are given up.

    Which ones does not depend on the order in which they came: the smaller a file is, the longer it stays, and of two
    alike the first by path.
    """

    limits: Limits
    _records: int = field(default=0, init=False)
    _sizes: list[tuple[int, str]] = field(default_factory=list, init=False)
    _readings: dict[str, Reading] = field(default_factory=dict, init=False)

    def add(self, reading: Reading) -> None:
        """Count a file's records; whichever file is now one too many loses its sheets, and says why."""
        count = sum(len(sheet.rows) for sheet in reading.sheets)
        if not count:
            return
        insort(self._sizes, (count, reading.file.path))
        self._readings[reading.file.path] = reading
        self._records += count
        while self._records > self.limits.inbox_records:
            given_up, path = self._sizes.pop()
            self._records -= given_up
            _give_up(self._readings.pop(path), given_up, self.limits.inbox_records)


def _give_up(reading: Reading, count: int, limit: int) -> None:
    reading.sheets, reading.answers = [], []
    facts = {"what": WHOLE_RECORDS, "found": str(count), "limit": str(limit)}
    reading.problem = Problem("file-unsafe", facts)


def is_given_up(reading: Reading) -> bool:
    """Tell whether a file was read well, but is one too many for the inbox."""
    return reading.problem is not None and reading.problem.facts.get("what") == WHOLE_RECORDS
