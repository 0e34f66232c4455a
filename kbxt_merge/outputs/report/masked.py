"""What the pages of a run show of texts and cells: each distinct one is masked once, however many pages it is on."""

from __future__ import annotations

from kbxt_merge.model.privacy import Once, Privacy
from kbxt_merge.model.text import LONGEST_CELL, shortened


class Shown:
    """What is shown of running text, of names, and of cells by the type of their field."""

    def __init__(self, privacy: Privacy) -> None:
        """Show no more than `privacy` lets."""
        self.text = privacy.text
        self.names = privacy.words
        self.value = privacy.value
        self._cells: dict[str, Once] = {}

    def cell(self, field_type: str) -> Once:
        """Cells of fields of this type, not longer than a line or two."""
        if field_type not in self._cells:
            value = self.value(field_type)
            self._cells[field_type] = Once(lambda text: shortened(value[text], LONGEST_CELL))
        return self._cells[field_type]
