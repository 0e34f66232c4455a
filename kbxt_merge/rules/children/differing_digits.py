"""Which digits of a number to look at, where another one is known that must not be told."""

from __future__ import annotations

from collections.abc import Sequence

from kbxt_merge.model.text import Words

_MOST = 8
"""More places than these are no slip: the whole number is to be looked at."""


def digits_to_look_at(typed: str, known: str) -> Words:
    """The places, counted from one, at which what was typed is not the number that is known.

    >>> digits_to_look_at("360721200708094056", "360721200708094065").zh
    '第 17、18 位不同'
    >>> digits_to_look_at("36072120070809406", "360721200708094056").zh
    '第 17 位处少一位'
    """
    if len(typed) == len(known):
        places = [at for at, (a, b) in enumerate(zip(typed, known, strict=True), 1) if a != b]
        return _differing(places) if 0 < len(places) <= _MOST else _ALL
    if len(typed) == len(known) - 1 and (at := _left_out(typed, known)):
        return Words(f"第 {at} 位处少一位", f"a character is missing at place {at}")
    if len(typed) == len(known) + 1 and (at := _left_out(known, typed)):
        return Words(f"第 {at} 位多余", f"the character at place {at} is one too many")
    return _ALL


DIFFERENT = Words("不同，请整个核对", "look at all of it")
_ALL = Words("多位不同，请整个核对", "many characters differ: look at all of it")


def _differing(places: Sequence[int]) -> Words:
    told = "、".join(map(str, places))
    return Words(f"第 {told} 位不同", f"characters {told.replace('、', ', ')} differ")


def _left_out(short: str, long: str) -> int:
    """The place in the longer text whose character the shorter one lacks, from one; 0 where more differs."""
    at = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return at + 1 if long[:at] + long[at + 1 :] == short else 0
