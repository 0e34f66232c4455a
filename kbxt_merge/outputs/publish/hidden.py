"""What stands beside an output folder is no clerk's affair: a dot hides it, and on Windows an attribute."""

from __future__ import annotations

import sys
from pathlib import Path

_HIDDEN = 0x2  # FILE_ATTRIBUTE_HIDDEN


def hide(path: Path) -> None:
    """Let the folder or file be shown no more."""
    set_hidden(path, True)


def show(path: Path) -> None:
    """Let it be shown again: an attribute goes with whatever is renamed."""
    set_hidden(path, False)


if sys.platform == "win32":
    import ctypes

    def set_hidden(path: Path, hidden: bool) -> None:
        """Set the attribute; where that can't be, nothing is hidden."""
        kernel = ctypes.windll.kernel32
        before = kernel.GetFileAttributesW(str(path))
        if before != -1:
            kernel.SetFileAttributesW(str(path), before | _HIDDEN if hidden else before & ~_HIDDEN)

else:

    def set_hidden(path: Path, hidden: bool) -> None:
        """Do nothing: a dot hides it already."""
