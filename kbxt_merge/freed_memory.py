"""Memory that is freed goes back to the system: glibc would keep much of it. Elsewhere nothing is done."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any

LARGE = 1 << 17
"""Bytes from which on a piece is worth a mapping of its own."""
_MMAP_THRESHOLD = -3
"""M_MMAP_THRESHOLD of malloc.h."""


def hold_large_apart() -> None:
    """Let large arrays be mappings of their own, which end when they are freed (mallopt(3)).

    Left alone glibc raises its bound with the first that is freed, and the next lie among small pieces.
    """
    if (mallopt := _of_glibc("mallopt")) is not None:
        mallopt(_MMAP_THRESHOLD, LARGE)


def give_back() -> None:
    """Give back what was freed below something that is still held (malloc_trim(3)): of many small pieces most."""
    if (trim := _of_glibc("malloc_trim")) is not None:
        trim(0)


@cache
def _of_glibc(name: str) -> Any:
    """A function of glibc's allocator, None where there is another one."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return getattr(library, name, None) if hasattr(library, "gnu_get_libc_version") else None
