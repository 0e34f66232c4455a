"""What many readings have alike, held once: each brings copies of its own out of another process or a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from kbxt_merge.model.returns import Reading, SourceFile

MOST_PARTS = 20_000
"""Parts that are known again; those that hardly come twice would fill any number of them."""

Part = TypeVar("Part")


class SharedParts:
    """The parts met so far, and the files as they were listed."""

    def __init__(self, files: Sequence[SourceFile]) -> None:
        """No part is known yet."""
        self._files = {each.path: each for each in files}
        self._parts: dict[object, Any] = {}

    def share(self, reading: Reading) -> None:
        """Let a reading be of parts that are there already."""
        reading.file = self._files[reading.file.path]
        for sheet in reading.sheets:
            sheet.columns, sheet.card_rows = self._known(sheet.columns), self._known(sheet.card_rows)
            sheet.marks, sheet.missing = self._known(sheet.marks), self._known(sheet.missing)
            sheet.date, sheet.unit_cell = self._known(sheet.date), self._known(sheet.unit_cell)

    def _known(self, part: Part) -> Part:
        key = type(part), tuple(part.items()) if isinstance(part, Mapping) else part
        know = self._parts.setdefault if len(self._parts) < MOST_PARTS else self._parts.get
        known: Part = know(key, part)
        return known
