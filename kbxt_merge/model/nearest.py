"""The valid name nearest to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable

_NEAR_ENOUGH = 60.0
"""Likeness in per cent (rapidfuzz's normalised edit distance) from which a suggestion helps more than it misleads."""


def nearest(name: str, names: Iterable[str], near_enough: float = _NEAR_ENOUGH) -> str | None:
    """The one of `names` most like `name`, or None where none is near enough to suggest.

    >>> nearest("requierd", ["required", "remark"])
    'required'
    """
    from rapidfuzz import fuzz, process  # imported when something is mistyped: no command pays for it otherwise

    found = process.extractOne(name, sorted(names), scorer=fuzz.ratio, score_cutoff=near_enough)
    return str(found[0]) if found else None
