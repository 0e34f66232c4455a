"""How long each stage takes."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

_LOG = logging.getLogger(__name__)
"""Below that of the package, which tells a terminal what it hears."""


@contextmanager
def timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    """Add the seconds that the block takes to those of its stage."""
    begun = time.perf_counter()
    yield
    spent = time.perf_counter() - begun
    timings[stage] = timings.get(stage, 0.0) + spent
    _LOG.info("%s %.2f s", stage, spent)
