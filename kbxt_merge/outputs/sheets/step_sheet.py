"""A worksheet for formulas that are the same in many rows: written as text, a hundred times as fast as cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

FIRST_ROW = 1
"""Lists and steps begin in the second row (from zero); the first tells what a column is."""

_ROW = "\x00"


@dataclass(frozen=True, slots=True)
class _Block:
    """Cells side by side, as XML with _ROW for the row's number, in these rows."""

    xml: str
    rows: range


class StepSheet(Worksheet):  # type: ignore[misc]  # xlsxwriter has no types
    """A worksheet whose rows go on, behind the cells written one by one, with blocks of formulas.

    xlsxwriter writes each row between `_write_row`, which opens it, and its closing tag: the blocks go there.
    """

    def __init__(self) -> None:
        """Start without a block."""
        super().__init__()
        self.blocks: list[_Block] = []

    def add_steps(self, column: int, formulas: Sequence[str], rows: range) -> None:
        """Put formulas side by side, the same in each of the rows; they must stand right of all that is there."""
        cells = (
            f'<c r="{xl_col_to_name(column + place)}{_ROW}"><f>{escape(formula, quote=False)}</f></c>'
            for place, formula in enumerate(formulas)
        )
        self.blocks.append(_Block("".join(cells), rows))
        self._check_dimensions(rows.stop - 1, column + len(formulas) - 1)

    def _write_rows(self) -> None:
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            self._write_row(row, None)
            for column, cell in sorted(self.table.get(row, {}).items()):
                self._write_cell(row, column, cell)
            for block in self.blocks:
                if row in block.rows:
                    self.fh.write(block.xml.replace(_ROW, str(row + 1)))
            self._xml_end_tag("row")
