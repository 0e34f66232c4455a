"""What tells one state of the program from another: what an earlier one wrote may have been made otherwise."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def program_files() -> tuple[tuple[str, int, int], ...]:
    """The files of the program with their sizes and times, as they were when this process first asked."""
    package = Path(__file__).parents[1]
    statuses = ((path, path.stat()) for path in sorted(package.rglob("*.py")))
    return tuple((path.relative_to(package).as_posix(), each.st_size, each.st_mtime_ns) for path, each in statuses)
