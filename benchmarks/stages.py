"""Where the main process of a merge spends its time, by room of the house."""

from __future__ import annotations

import pstats
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

MOST = 25
DEEPEST = 0.97
"""Functions that take more of the whole than this only call the others."""


def profile(command: Sequence[str]) -> str:
    """The functions of ours with the most time in and below them, as a Markdown table; `command` is python -c … ."""
    with tempfile.TemporaryDirectory() as folder:
        kept, program = Path(folder, "profile"), Path(folder, "program.py")
        program.write_text(command[2], encoding="utf-8")
        told = (sys.executable, "-m", "cProfile", "-o", str(kept), str(program), *command[3:])
        subprocess.run(told, stdout=subprocess.DEVNULL, check=True)
        stats = pstats.Stats(str(kept))
    whole: float = stats.total_tt  # type: ignore[attr-defined]
    found = [
        (below, own, calls, f"{_room(place[0])} {place[2]}")
        for place, (_, calls, own, below, _) in stats.stats.items()  # type: ignore[attr-defined]
        if "kbxt_merge" in place[0] and below < DEEPEST * whole
    ]
    lines = [
        f"| {below / whole:.0%} | {below:.2f} | {own:.2f} | {calls:,} | {name} |"
        for below, own, calls, name in sorted(found, reverse=True)[:MOST]
    ]
    return "\n".join(
        ["| share | s with what it calls | s itself | calls | function |", "|--:|--:|--:|--:|---|", *lines]
    )


def _room(path: str) -> str:
    return path.partition("kbxt_merge/")[2].removesuffix(".py")
