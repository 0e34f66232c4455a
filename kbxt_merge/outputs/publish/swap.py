"""A new folder in the place of an old one: in one step where the system can, else in two that a next run can mend."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
import time
from pathlib import Path

PATIENCE = 5.0
"""Seconds for which a rename that is refused is tried again: a virus scanner or an indexer looks at what is new."""
_POLL = 0.1

_HERE = -100  # AT_FDCWD: relative paths start at the working folder
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2), Linux 3.15
_CANNOT = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}
"""What renameat2 answers where the file system (some network ones) or the kernel can't exchange."""

LAST_GOOD = ".kbxt-last-good"
"""Stands in an old folder while a copy of it is made in its place: should that be broken off, the copy is half."""


def swap(new: Path, old: Path, patience: float = PATIENCE) -> Path:
    """Put `new` in the place of `old`; where the old one went is returned.

    With an exchange there is no moment without `old`, and the old one is where `new` was. Without, it is set aside
    first (`aside`): a kill between leaves no `old`, and whoever comes next puts it back. Where the second step is
    refused for so many seconds the old one goes back to its place, and the refusal is raised.
    """
    if exchange(new, old):
        return new
    set_aside = aside(new)
    rename(old, set_aside, patience)
    try:
        rename(new, old, patience)
    except OSError:
        _put_back(set_aside, old, patience)
        raise
    return set_aside


def rename(source: Path, target: Path, patience: float = PATIENCE) -> None:
    """Rename, and try again while another program keeps the system from it."""
    until = time.monotonic() + patience
    while True:
        try:
            return os.rename(source, target)
        except PermissionError:
            if time.monotonic() >= until:
                raise
        time.sleep(_POLL)


def _put_back(set_aside: Path, old: Path, patience: float) -> None:
    """Let the old folder stand where it stood: itself, or where even that is refused a copy."""
    try:
        rename(set_aside, old, patience)
    except OSError:
        (set_aside / LAST_GOOD).touch()
        shutil.copytree(set_aside, old, symlinks=True, ignore=shutil.ignore_patterns(LAST_GOOD), dirs_exist_ok=True)
        (set_aside / LAST_GOOD).unlink()
        shutil.rmtree(set_aside, ignore_errors=True)


def aside(new: Path) -> Path:
    """Where the old folder waits while it and a new one change places in two steps."""
    return of_kind(new, "tmp" if kind_of(new) == "old" else "old")


def of_kind(beside: Path, kind: str) -> Path:
    """The folder of the same run that is of another kind: tmp, old or done."""
    name, _, run = beside.name.rpartition(".")
    return beside.with_name(f"{name}.{kind}-{run.partition('-')[2]}")


def kind_of(beside: Path) -> str:
    """What a folder beside the output folder is."""
    return beside.name.rpartition(".")[2].partition("-")[0]


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system can't."""
    if sys.platform != "linux":
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    if renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(other))
