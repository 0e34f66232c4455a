"""What stays open to be read again: each process opens its own, for a handle that two share has one place for both."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

Asked = ParamSpec("Asked")
Opened = TypeVar("Opened")


def kept_open(most: int) -> Callable[[Callable[Asked, Opened]], Callable[Asked, Opened]]:
    """Keep what a function opened for the last `most` arguments; a copy of this process begins with none of it."""

    def keeping(opening: Callable[Asked, Opened]) -> Callable[Asked, Opened]:
        kept = lru_cache(maxsize=most)(opening)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=kept.cache_clear)
        return cast(Callable[Asked, Opened], kept)

    return keeping
