"""A sheet to be filtered and worked off: a title, one frozen header with filters, and as many rows as there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.workbook import Workbook

from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.sheets.bulk_sheet import SHEET_ROWS, Block, BulkColumn, BulkSheet, Cell
from kbxt_merge.outputs.sheets.names import Names
from kbxt_merge.outputs.sheets.page import span
from kbxt_merge.outputs.sheets.styles import Styles
from kbxt_merge.outputs.sheets.text_width import LEAST_HEIGHT, height_of, tall_rows

_FIRST_ROW = 3
ROWS_A_SHEET = SHEET_ROWS - 100


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list: its header, its width in half-width characters, and its style."""

    header: Words
    width: float
    look: str = "text"


@dataclass(frozen=True, slots=True)
class ListSheet:
    """How the lists of one workbook are written."""

    book: Workbook
    styles: Styles
    names: Names
    language: Language

    def write(
        self,
        name: Words,
        title: str,
        notes: str,
        columns: Sequence[ListColumn],
        cells: Sequence[Sequence[Cell]],
        frozen: int = 2,
        printed: int | None = None,
        rows_a_sheet: int = ROWS_A_SHEET,
    ) -> None:
        """Write the rows, given as columns, on as many sheets as they need; with none the header alone.

        The first `frozen` columns stay in sight, and only the first `printed` ones come on paper.
        """
        rows = len(cells[0])
        for start in range(0, max(rows, 1), rows_a_sheet):
            part = [column[start : start + rows_a_sheet] for column in cells]
            self._write_sheet(name.of(self.language), title, notes, columns, part, frozen, printed or len(columns))

    def _write_sheet(
        self,
        name: str,
        title: str,
        notes: str,
        columns: Sequence[ListColumn],
        cells: Sequence[Sequence[Cell]],
        frozen: int,
        printed: int,
    ) -> None:
        look, last = self.styles.look, len(columns) - 1
        sheet = self.book.add_worksheet(self.names.sheet(name), BulkSheet)
        sheet.set_default_row(LEAST_HEIGHT)
        span(sheet, 0, 0, printed - 1, title, look("title"))
        sheet.set_row(0, 36)
        span(sheet, 1, 0, printed - 1, notes, look("note"))
        sheet.set_row(1, 24)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(2, place, column.header.of(self.language), look("screen_header"))
        sheet.set_row(2, height_of(2))
        bulk = [BulkColumn(texts, look(column.look)) for texts, column in zip(cells, columns, strict=True)]
        heights = tall_rows([(texts, column.width) for texts, column in zip(cells, columns, strict=True)])
        sheet.add_block(Block(_FIRST_ROW, bulk, heights))
        sheet.freeze_panes(_FIRST_ROW, frozen)
        sheet.autofilter(2, 0, max(_FIRST_ROW + len(cells[0]) - 1, _FIRST_ROW), last)
        sheet.print_area(0, 0, _FIRST_ROW + len(cells[0]) - 1, printed - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
        sheet.set_footer("&C&10第 &P 页，共 &N 页")
