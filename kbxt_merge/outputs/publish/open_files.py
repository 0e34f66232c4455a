"""Which files in OUT another program holds open: Windows then moves no folder above them, elsewhere it is no matter."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from kbxt_merge.model.text import Words

HOLDS_FOLDERS = sys.platform == "win32"
"""Whether an open file keeps the folders above it in their place."""

OnOpen = Callable[[Words], None]
"""Called with what the operator is to be told of outputs that are open elsewhere."""


def to_close(names: Sequence[str]) -> Words:
    """What the operator is asked to do."""
    return Words(
        f"请先关闭正在 Excel/WPS 等程序中打开的“{'”“'.join(names)}”，关闭后才能换上新结果。",
        f"Close what is open in another program (Excel, WPS), so that the new results can come: {', '.join(names)}.",
    )


def open_elsewhere(out: Path) -> list[str]:
    """The files below OUT that can't be written because another program (Excel, WPS) has them open, with `/`."""
    if not HOLDS_FOLDERS:
        return []
    found = []
    for path in sorted(out.rglob("*")):
        if path.is_file():
            try:
                with path.open("r+b"):
                    pass
            except PermissionError:
                found.append(path.relative_to(out).as_posix())
            except FileNotFoundError:
                continue
    return found
