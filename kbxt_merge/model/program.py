"""Which program made a kept result: another edition of the code that made it makes it anew."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from kbxt_merge import __version__

_PACKAGE = Path(__file__).parents[1]
_CODE = (".py", ".pyc")

State = tuple[str, int, int]
"""A file, its size in bytes, and when it was changed, in nanoseconds."""


@cache
def code_of(*rooms: str) -> tuple[str, tuple[State, ...]]:
    """The version, and the files of the code in these rooms, as they were when this process first asked.

    A frozen build has no such files: what is asked then is the build.
    """
    named = [path for room in rooms for path in sorted((_PACKAGE / room).rglob("*")) if path.suffix in _CODE]
    kept = [path for path in named if path.parent.name != "__pycache__"] or [_build()]
    return __version__, tuple(_state(path) for path in kept)


def _build() -> Path:
    """The one file in which the whole program lies: an archive that is imported from, or what was started."""
    archive = getattr(__spec__.loader, "archive", None) if __spec__ is not None else None
    return Path(archive or sys.executable)


def _state(path: Path) -> State:
    told = path.stat()
    name = path.relative_to(_PACKAGE).as_posix() if path.is_relative_to(_PACKAGE) else path.name
    return name, told.st_size, told.st_mtime_ns
