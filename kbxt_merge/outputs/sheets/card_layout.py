"""Where each label and value of a card stands on its sheet, worked out once from the form's bands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from kbxt_merge.model.field import Field
from kbxt_merge.model.form import Band, Form
from kbxt_merge.outputs.sheets.text_width import TALLEST_ROW, height_of, line_count

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
    """A field's place: the column of its label, the first and the last column of its value; `is_alone` in its row.

    `room` is the width of its value in half-width characters, `lines` how many lines its label takes.
    """

    field: Field
    label: int
    first: int
    last: int
    is_alone: bool
    room: float
    lines: int


@dataclass(frozen=True)
class CardLayout:
    """The bands of a form as rows of slots; column 0 holds the bands' labels."""

    form: Form

    @cached_property
    def columns(self) -> int:
        """How many columns the card takes."""
        return 1 + max(sum(1 + size for _, size in row) for band in self.form.bands for row in band.rows)

    @property
    def label_rows(self) -> int:
        """How many sheet rows of a card row hold its labels alone: one where these stand above their values."""
        return int(self.form.labels_above)

    @cached_property
    def bands(self) -> list[tuple[Band, list[list[Slot]]]]:
        """Each band with the slots of its rows; the last value of a row reaches to the card's edge."""
        return [(band, [self._slots(row) for row in band.rows]) for band in self.form.bands]

    @cached_property
    def widths(self) -> list[float]:
        """The columns' widths in half-width characters: a column that only ever holds values is wider."""
        labels = {column for band in self.form.bands for row in band.rows for column in _label_columns(row)}
        values = [LABEL_WIDTH if column in labels else VALUE_WIDTH for column in range(1, self.columns)]
        return [BAND_WIDTH, *values]

    def heights(self, texts: Mapping[str, str]) -> list[list[float]]:
        """The heights in points of each card row, for these values: of its labels' own row, and of its values'.

        Values too tall for a sheet's row take several. The room that the page has left goes to the last row of each
        band, where the long texts stand.
        """
        rows = [row for _, rows in self.bands for row in rows]
        labels = [[height_of(max(slot.lines for slot in row))] * self.label_rows for row in rows]
        needed = [max(_LEAST_HEIGHT, height_of(_lines_of(row, texts, self.label_rows))) for row in rows]
        left = max(0.0, _PAGE_HEIGHT - sum(needed) - sum(map(sum, labels)))
        for end in accumulate(len(rows) for _, rows in self.bands):
            needed[end - 1] += left / len(self.bands)
        return [[*label, *_split(height)] for label, height in zip(labels, needed, strict=True)]

    def _slots(self, row: tuple[tuple[str, int], ...]) -> list[Slot]:
        labels = _label_columns(row)
        lasts = [*(label - 1 for label in labels[1:]), self.columns - 1]
        return [
            self._slot(name, label, last, len(row) == 1)
            for (name, _), label, last in zip(row, labels, lasts, strict=True)
        ]

    def _slot(self, name: str, label: int, last: int, is_alone: bool) -> Slot:
        field, first = self.form.by_name[name], label + 1 - self.label_rows
        room = sum(self.widths[first : last + 1])
        return Slot(
            field,
            label,
            first,
            last,
            is_alone,
            room,
            line_count(field.header, room if self.label_rows else self.widths[label]),
        )


def _label_columns(row: tuple[tuple[str, int], ...]) -> list[int]:
    return list(accumulate((1 + size for _, size in row[:-1]), initial=1))


def _lines_of(row: list[Slot], texts: Mapping[str, str], label_rows: int) -> int:
    """The lines that a row's values take, and the labels beside them."""
    beside = 0 if label_rows else max(slot.lines for slot in row)
    return max(beside, *(line_count(texts[slot.field.name], slot.room) for slot in row))


def _split(height: float) -> list[float]:
    parts = int(-(-height // TALLEST_ROW))
    return [round(height / parts, 1)] * parts
