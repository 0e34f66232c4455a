"""The parts of a work that is large, done at once by copies of this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from kbxt_merge.intake.pool.processes import Pool, in_order
from kbxt_merge.model.at_once import AtOnce

T = TypeVar("T")


@dataclass(frozen=True)
class InCopies(AtOnce):
    """Lets so many copies of this process, as it is then, work at once.

    It does itself what is a single part, what copies were lost over, and all where none can be made.
    """

    jobs: int

    def __call__(self, function: Callable[[int], T], parts: int) -> Iterator[T]:
        """What the function gives for each part, in their order."""
        jobs = self.jobs if min(self.jobs, parts) > 1 else 0
        pool = Pool(function, lambda part, _: function(part), jobs, None, copies=True)
        return in_order(pool.over(range(parts)))
