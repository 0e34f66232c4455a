"""One function for the parts of a work that is large: one after the other, or several at once by whoever can."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

T = TypeVar("T")


class AtOnce(Protocol):
    """Lets a function be called for each part; what it gives may travel between processes, it itself never does."""

    def __call__(self, function: Callable[[int], T], parts: int) -> Iterable[T]:
        """What the function gives for the number of each part, from 0, in their order."""


def in_turn(function: Callable[[int], T], parts: int) -> Iterable[T]:
    """Call the function for one part after the other, each when it is asked for."""
    return map(function, range(parts))
