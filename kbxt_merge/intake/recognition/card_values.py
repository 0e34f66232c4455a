"""In which cells of a card a label's value stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kbxt_merge.intake.recognition.card_labels import Label, Labels
from kbxt_merge.intake.recognition.headers import text_of
from kbxt_merge.intake.recognition.row_words import heads_column
from kbxt_merge.model.cell import shown
from kbxt_merge.model.returns import Cell, Grid, is_blank
from kbxt_merge.model.text import plain

_IN_PARTS = {
    "date": re.compile(r"[0-9]{1,4}[年月日./-]?|[年月日./-]"),
    "id_number": re.compile(r"[0-9]*[0-9Xx]"),
    "roll_number": re.compile(r"[GJLgjl]?[0-9]*[0-9Xx]"),
    "phone": re.compile(r"[0-9-]+"),
}
"""What the parts look like of values that schools write into several boxes, by the field's type."""

_OWN_LINE = re.compile(r"[^0-9:]{2,8}:|$|[0-9一二三四五六七八九十〇年月日./-]+$|.*章\)$")
"""What stands below a card as a line of its own, or is no text: `填表人：`, a date, a place for the stamp."""


class CardValues:
    """The values of the labels on a grid."""

    def __init__(self, grid: Grid, labels: Labels) -> None:
        """Prepare for the grid and the labels of all cards on it."""
        self._grid, self._above = grid, labels.above
        self._labels: dict[int, list[int]] = {}
        for each in labels.found:
            self._labels.setdefault(each.row, []).append(each.offset)
        self._right = {(top - grid.top, left - grid.left): right + 1 - grid.left for top, left, _, right in grid.merged}

    def place(self, label: Label) -> tuple[int, int]:
        """Where the value stands, or should: positions in the grid."""
        return (label.bottom + 1, label.offset) if self._above else (label.row, label.after)

    def text(self, label: Label, width: int) -> Cell:
        """A text, which may stand in several cells and rows.

        `width` is how many columns the form prints for the value. What stands behind these, or behind the cell that is
        merged over more, belongs to a label that nobody knows. A text goes on below as far as its label does, and in
        rows that hold nothing else.
        """
        first = self._cells(label, self.place(label)[0], width)
        rows = [cells for cells in (first, *self._below(label, width)) if cells]
        if len(rows) == 1 and len(rows[0]) == 1:
            return rows[0][0]
        return "\n".join(" ".join(shown(cell).strip() for cell in cells) for cells in rows) or None

    def value(self, label: Label, width: int, kind: str) -> Cell:
        """A value of one cell; the further ones are parts of it only where they look like those of this type."""
        row, offset = self.place(label)
        cells = self._cells(label, row, width)
        part = _IN_PARTS.get(kind)
        if not cells or part is None or self._above:
            return cells[0] if cells else None
        parts: list[Cell] = []
        for cell in self._grid.rows[row][offset : self._end(row, offset)]:
            if not is_blank(cell):
                if not part.fullmatch(plain(shown(cell))):
                    break
                parts.append(cell)
        return cells[0] if len(parts) < 2 else " ".join(shown(each).strip() for each in parts)

    def _cells(self, label: Label, row: int, width: int) -> list[Cell]:
        """The filled cells of a row in the columns of a value; else the only one that stands before the next label."""
        if row >= len(self._grid.rows):
            return []
        cells, (_, begin) = self._grid.rows[row], self.place(label)
        merged, end = self._right.get((row, begin), 0), self._end(row, begin)
        own = label.after if self._above else max(begin + width, merged)
        filled = _without_pairs([cell for cell in cells[begin : min(own, end)] if not is_blank(cell)])
        if filled or merged or self._above or end == len(cells):
            return filled
        beyond = [cell for cell in cells[own:end] if not is_blank(cell)]
        return beyond if len(beyond) == 1 else []

    def _end(self, row: int, begin: int) -> int:
        """Where the next label stands in a row, or its end."""
        return next((at for at in self._labels.get(row, ()) if at >= begin), len(self._grid.rows[row]))

    def _below(self, label: Label, width: int) -> Iterator[Sequence[Cell]]:
        """The further rows of a text beside its label."""
        if self._above:
            return
        for row in range(label.row + 1, min(label.bottom + 1, len(self._grid.rows))):
            yield self._cells(label, row, width)
        for row in range(label.bottom + 1, len(self._grid.rows)):
            if row in self._labels:
                return
            cells = self._grid.rows[row]
            filled = [at for at, cell in enumerate(cells) if not is_blank(cell)]
            if filled != [label.after] or _OWN_LINE.match(plain(text_of(cells[label.after]))):
                return
            yield [cells[label.after]]


def _without_pairs(cells: list[Cell]) -> list[Cell]:
    """The cells of a text, without labels of the school's own behind it, each with its value: 班主任, 李老师."""
    texts = [text_of(cell) for cell in cells]
    ends = (at for at in range(1, len(cells)) if (len(cells) - at) % 2 == 0 and all(map(heads_column, texts[at::2])))
    return cells[: next(ends, len(cells))]
