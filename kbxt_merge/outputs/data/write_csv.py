"""One file of data."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from kbxt_merge.outputs.data.no_formula import no_formulas

of_owner = partial(os.open, mode=0o600)
"""Opens a file that, made anew, its owner alone can read."""


def write_csv(path: Path, header: tuple[str, ...], parts: Iterable[Iterable[Sequence[object]]]) -> Path:
    """Write columns below a header, some rows at a time; nothing in them is taken for a formula."""
    with open(path, "w", encoding="utf-8-sig", newline="", opener=of_owner) as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        for columns in parts:
            writer.writerows(zip(*map(no_formulas, columns), strict=True))
    return path
