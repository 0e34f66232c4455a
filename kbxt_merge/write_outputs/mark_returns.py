"""The workbooks that go back, marked in processes of their own: one that costs too much costs its own cells only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from kbxt_merge.intake.pool.processes import Pool
from kbxt_merge.intake.pool.worker import Failed
from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Problem
from kbxt_merge.outputs.publish.result_store import ResultStore
from kbxt_merge.outputs.returned.cache import ReturnCache
from kbxt_merge.outputs.returned.marking import Marked, Marker, ToMark
from kbxt_merge.outputs.returned.write import ReturnedWorkbooks
from kbxt_merge.write_outputs.not_made import NotMade

TIMES_A_READING = 2
"""How much longer than reading a file may take to be marked: it is read again, and written."""


@dataclass
class MarkReturns:
    """Marks the workbooks of a district, but for those that are kept of an earlier run.

    What costs too much is tried once more without its cells, as 核查意见 alone; `not_made` is told of it.
    """

    returned: ReturnedWorkbooks
    store: ResultStore
    source: ReadReturn
    jobs: int
    not_made: NotMade
    _marked: dict[int, Marked] = field(default_factory=dict)
    _places: list[int] = field(default_factory=list)
    _troubles: dict[int, Problem] = field(default_factory=dict)

    @cached_property
    def pool(self) -> Pool[ToMark, Marked]:
        """The processes that mark, within the limits of reading, but for the time."""
        limits = self.source.limits
        marker = Marker(self.source.unlocked, self.source.grids)
        return Pool(marker, _lost, self.jobs, _for_marking(limits), failed=failed_marking)

    def begin(self) -> None:
        """Let the pool begin with all that is not kept."""
        self._marked = self._results.known()
        self._places = [at for at in range(len(self.returned.asking)) if at not in self._marked]
        self.pool.begin([self.returned.to_mark(at) for at in self._places])

    def take(self, position: int, marked: Marked) -> None:
        """Take a result of the pool: keep it, or let the pool begin with less."""
        at = self._places[position]
        if not marked.content and at not in self._troubles and marked.trouble is not None:
            self._troubles[at] = marked.trouble
            self._places.append(at)
            self.pool.begin([replace(self.returned.to_mark(at), content=False)])
            return
        self._marked[at] = replace(marked, trouble=self._troubles.get(at, marked.trouble))

    def write(self, out: Path) -> dict[str, Path]:
        """Write all that was marked below OUT, and tell what is missing; by file of the inbox what was written."""
        return self.returned.write(out, self._in_order())

    def _in_order(self) -> Iterator[Marked]:
        for at, reading in enumerate(self.returned.asking):
            marked = self._marked.pop(at)
            self._results.keep(at, marked)
            if marked.trouble is not None:
                missing = self.not_made.without_cells if marked.content else self.not_made.nothing
                missing[reading.file.path] = marked.trouble
            yield marked

    @cached_property
    def _results(self) -> ReturnCache:
        return ReturnCache(self.store, self.returned)


def failed_marking(_: ToMark, failed: Failed) -> Marked:
    """What is left of a workbook over which the program failed."""
    return Marked(b"", own=False, trouble=failed.problem())


def _lost(_: ToMark, problem: Problem) -> Marked:
    return Marked(b"", own=False, trouble=problem)


def _for_marking(limits: Limits) -> Limits:
    return replace(limits, seconds=TIMES_A_READING * limits.seconds)
