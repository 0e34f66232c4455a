"""The workbooks of a district marked and written, as a merge does it, but in this process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from kbxt_merge.model.returns import Grid, SourceFile
from kbxt_merge.model.seal import Seal
from kbxt_merge.outputs.returned.marking import Marker
from kbxt_merge.outputs.returned.write import ReturnedWorkbooks

SEAL = Seal(bytes(range(32)))
"""What a ledger would keep."""


def write_returned(
    returned: ReturnedWorkbooks,
    folder: Path,
    content: Callable[[SourceFile], bytes],
    grids: Callable[[SourceFile], Sequence[Grid]],
) -> list[Path]:
    """Write 退回/<school>/<file name> below `folder` for every workbook with findings, and return the files written."""
    marker = Marker(lambda file, _: content(file), lambda file, _: grids(file))
    return list(returned.write(folder, (marker(returned.to_mark(at)) for at in range(len(returned.asking)))).values())
