"""A new folder in the place of an old one: in one step where the system can, else in two that a next run can mend."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from pathlib import Path

_HERE = -100  # AT_FDCWD: relative paths start at the working folder
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2), Linux 3.15
_CANNOT = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}
"""What renameat2 answers where the file system (some network ones) or the kernel can't exchange."""


def swap(new: Path, old: Path) -> Path:
    """Put `new` in the place of `old`; where the old one went is returned.

    With an exchange there is no moment without `old`, and the old one is where `new` was. Without, it is set aside
    first (`aside`): a kill between leaves no `old`, and whoever comes next puts it back.
    """
    if exchange(new, old):
        return new
    set_aside = aside(new)
    os.rename(old, set_aside)
    os.rename(new, old)
    return set_aside


def aside(new: Path) -> Path:
    """Where the old folder waits while it and a new one change places in two steps."""
    return new.with_name(new.name.replace(".tmp-", ".old-", 1))


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
