"""The page of a sheet that counts beside the records: its notes, its columns' widths and the paper it comes on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from kbxt_merge.outputs.sheets.page import span
from kbxt_merge.outputs.sheets.styles import Styles
from kbxt_merge.outputs.sheets.text_width import height_of, line_count

_A4 = 9


@dataclass(frozen=True, slots=True)
class CountsPage:
    """A sheet of so many columns: the first tells whose the counts are, all others are of one width."""

    sheet: Worksheet
    styles: Styles
    columns: int
    first: float
    others: float

    def write_notes(self, row: int, notes: Iterable[str]) -> None:
        """Write sentences over all columns, from this row on."""
        room = self.first + (self.columns - 1) * self.others
        for at, note in enumerate(notes, row):
            span(self.sheet, at, 0, self.columns - 1, note, self.styles.look("note"))
            self.sheet.set_row(at, height_of(line_count(note, room)))

    def set_paper(self, top: int, headers: tuple[int, int]) -> None:
        """Freeze what stands above the row `top`, and print the rows of the headers on every page."""
        self.sheet.set_column(0, 0, self.first)
        self.sheet.set_column(1, self.columns - 1, self.others)
        self.sheet.freeze_panes(top, 1)
        self.sheet.set_landscape()
        self.sheet.set_paper(_A4)
        self.sheet.center_horizontally()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(*headers)
