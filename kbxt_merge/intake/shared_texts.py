"""Equal texts of many readings as one object: most cells of a district say one of a few hundred words."""

from __future__ import annotations

from kbxt_merge.model.returns import Cell, Reading

MOST_TEXTS = 20_000
"""Texts that are known again; names and numbers, which hardly come twice, would fill any number of them."""

SAMPLE = 1000
"""Cells that tell of a longer column whether its texts come again."""


class SharedTexts:
    """The texts met so far; each reading that comes from another process brings copies of its own."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._texts: dict[str, str] = {}

    def share(self, reading: Reading) -> None:
        """Let the cells of a reading be texts that are there already."""
        for sheet in reading.sheets:
            for name, cells in sheet.cells.items():
                sheet.cells[name] = self._shared(cells)

    def _shared(self, cells: list[Cell]) -> list[Cell]:
        if len(set(cells[:SAMPLE])) > SAMPLE // 2:
            return cells
        know = self._texts.setdefault if len(self._texts) < MOST_TEXTS else self._texts.get
        return [know(cell, cell) if type(cell) is str else cell for cell in cells]
