"""How much memory a worker holds, where no system confines it: Windows, and macOS, which only says that it does."""

from __future__ import annotations

import os
import sys

NEEDED = sys.platform != "linux"
"""Whether the process that waits for workers must look at what they hold."""

SECONDS = 0.1
"""Between two looks."""


def held_here() -> int:
    """The bytes that this process holds, by the measure that bounds workers: on Linux its address space."""
    if not NEEDED:
        return address_space()
    import psutil

    told = psutil.Process().memory_info()
    return int(getattr(told, "private", told.rss))


def address_space() -> int:
    """The bytes of address space that this process has taken; Linux only."""
    with open("/proc/self/statm", encoding="ascii") as told:
        return int(told.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def swollen(process: int | None, most: int) -> bool:
    """Tell whether the process holds more than so many bytes; one that is gone holds none."""
    import psutil  # only where it is needed is it installed

    try:
        told = psutil.Process(process).memory_info()
    except psutil.Error:
        return False
    return bool(getattr(told, "private", told.rss) > most)
