"""How much memory a worker holds, where no system confines it: Windows, and macOS, which only says that it does."""

from __future__ import annotations

import sys

NEEDED = sys.platform != "linux"
"""Whether the process that waits for workers must look at what they hold."""

SECONDS = 0.1
"""Between two looks."""


def swollen(process: int | None, most: int) -> bool:
    """Tell whether the process holds more than so many bytes; one that is gone holds none."""
    import psutil  # only where it is needed is it installed

    try:
        told = psutil.Process(process).memory_info()
    except psutil.Error:
        return False
    return bool(getattr(told, "private", told.rss) > most)
