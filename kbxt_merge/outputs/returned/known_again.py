"""What was made of a part's bytes, known again by them: many workbooks of one blank have the same small parts."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

_Asked = ParamSpec("_Asked")
_Made = TypeVar("_Made")

SMALL_PART = 1 << 16
"""Bytes of a part that is remembered."""
_PARTS = 256


def known_again(make: Callable[Concatenate[bytes, _Asked], _Made]) -> Callable[Concatenate[bytes, _Asked], _Made]:
    """Ask a function once for the same bytes, and whatever else it is given, where these are few."""
    once = lru_cache(maxsize=_PARTS)(make)

    @wraps(make)
    def asked(content: bytes, /, *args: _Asked.args, **named: _Asked.kwargs) -> _Made:
        return once(content, *args, **named) if len(content) <= SMALL_PART else make(content, *args, **named)  # type: ignore[arg-type]

    return asked
