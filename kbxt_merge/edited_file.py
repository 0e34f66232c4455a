"""A file of the bureau's own, edited: written beside it, read back, put in its place; what it was before is kept."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kbxt_merge.errors import KbxtError


@contextmanager
def edited(path: Path, beside: Path, old: Path, error: type[KbxtError]) -> Iterator[None]:
    """Let the block write `beside` and look at it; then it takes the place of `path`, of which `old` gets a copy.

    What the disk refuses is raised as `error`. Whatever the block raises leaves `path` as it was.
    """
    try:
        yield
        if path.exists():
            old.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy2(path, old_name(path, old))
        os.replace(beside, path)
    except OSError as fault:
        raise error(
            f"无法写入 {path}（{fault.strerror}）：请关闭正在编辑它的程序",
            f"{path} can't be written ({fault.strerror}): close the program in which it is open",
        ) from fault
    finally:
        beside.unlink(missing_ok=True)


def old_name(path: Path, folder: Path) -> Path:
    """Where a file is kept among those that held before: under the moment's name, which is no other's."""
    return free(folder / f"{path.stem} {dt.datetime.now():%Y-%m-%d %H%M%S}{path.suffix}")


def free(target: Path) -> Path:
    """The place, or one beside it with a number, where nothing lies yet."""
    found, number = target, 1
    while found.exists():
        number += 1
        found = target.with_name(f"{target.stem}（{number}）{target.suffix}")
    return found
