"""A file as it looks by itself, before the district is judged."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FirstLook:
    """How many rows of a file were taken, and how much is wrong in them whatever other files say."""

    file: str
    rows: int
    errors: int
    warnings: int
