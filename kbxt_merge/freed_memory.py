"""Memory that was freed, given back to the system."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Give back what was freed: glibc keeps it where something lies above that is still held (malloc_trim(3)).

    Of hundreds of thousands of small pieces that is most of it. Elsewhere nothing is done.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other libraries than glibc have none
        if trim is not None:
            trim(0)
