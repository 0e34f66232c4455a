"""How long each stage takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kbxt_merge.log import LOG

if TYPE_CHECKING:
    pass


@contextmanager
def timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    """Add the seconds that the block takes to those of its stage."""
    begun = time.perf_counter()
    yield
    spent = time.perf_counter() - begun
    timings[stage] = timings.get(stage, 0.0) + spent
    LOG.info("%s %.2f s", stage, spent)
