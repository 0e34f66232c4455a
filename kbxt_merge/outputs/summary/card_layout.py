"""Where each label and value of a card stands on its sheet, worked out once from the form's bands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kbxt_merge.model.form import Band, Field, Form
from kbxt_merge.outputs.summary.text_space import TALLEST_ROW, height_of, line_count

BAND_WIDTH = 4.0
LABEL_WIDTH = 10.2
VALUE_WIDTH = 12.6
"""Widths of the columns in half-width characters; together they fill A4 portrait."""

TALLEST_CARD = 950.0
"""Points that still make one page of A4, in smaller print; a taller card takes several."""

_LEAST_HEIGHT = 34.0
_PAGE_HEIGHT = 690.0
"""Points that A4 portrait leaves for the bands below the heading."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A field's place: the column of its label, the first and the last column of its value; `is_alone` in its row."""

    field: Field
    label: int
    first: int
    last: int
    is_alone: bool


@dataclass(frozen=True)
class CardLayout:
    """The bands of a form as rows of slots; column 0 holds the bands' labels."""

    form: Form

    @cached_property
    def columns(self) -> int:
        """How many columns the card takes."""
        return 1 + max(sum(1 + size for _, size in row) for band in self.form.bands for row in band.rows)

    @cached_property
    def bands(self) -> list[tuple[Band, list[list[Slot]]]]:
        """Each band with the slots of its rows; the last value of a row reaches to the card's edge."""
        return [(band, [self._slots(row) for row in band.rows]) for band in self.form.bands]

    @cached_property
    def widths(self) -> list[float]:
        """The columns' widths in half-width characters: a column that only ever holds values is wider."""
        labels = {slot.label for _, rows in self.bands for row in rows for slot in row}
        values = [LABEL_WIDTH if column in labels else VALUE_WIDTH for column in range(1, self.columns)]
        return [BAND_WIDTH, *values]

    def room(self, slot: Slot) -> float:
        """The width of a slot's value in half-width characters."""
        return sum(self.widths[slot.first : slot.last + 1])

    def heights(self, texts: Mapping[str, str]) -> list[list[float]]:
        """The heights in points of each card row, for these values; one too tall for a sheet's row is several.

        The room that the page has left goes to the last row of each band, where the long texts stand.
        """
        rows = [row for _, band_rows in self.bands for row in band_rows]
        needed = [max(_LEAST_HEIGHT, *(self._slot_height(slot, texts) for slot in row)) for row in rows]
        left = max(0.0, _PAGE_HEIGHT - sum(needed))
        ends: list[int] = []
        for _, band_rows in self.bands:
            ends.append((ends[-1] if ends else -1) + len(band_rows))
        for end in ends:
            needed[end] += left / len(ends)
        return [_split(height) for height in needed]

    def _slots(self, row: tuple[tuple[str, int], ...]) -> list[Slot]:
        slots, column = [], 1
        for position, (name, size) in enumerate(row):
            last = self.columns - 1 if position == len(row) - 1 else column + size
            slots.append(Slot(self.form.by_name[name], column, column + 1, last, len(row) == 1))
            column += 1 + size
        return slots

    def _slot_height(self, slot: Slot, texts: Mapping[str, str]) -> float:
        label = line_count(slot.field.header, self.widths[slot.label])
        return height_of(max(label, line_count(texts[slot.field.name], self.room(slot))))


def _split(height: float) -> list[float]:
    parts = int(-(-height // TALLEST_ROW))
    return [round(height / parts, 1)] * parts
