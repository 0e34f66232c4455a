"""A worksheet for formulas that are the same in many rows: written as text, a hundred times as fast as cell by cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

FIRST_ROW = 1
"""Lists and steps begin in the second row (from zero); the first tells what a column is."""

ROW = "\x00"
"""Stands in a formula for the number of its own row."""

_NOT_SHARED = re.compile("[{!]")
"""What Excel forbids in a formula that many cells share: constant arrays, and cells of another sheet."""


@dataclass(frozen=True, slots=True)
class _Block:
    """Cells side by side, as XML with ROW for the row's number: in the first of these rows, and in the others."""

    first: str
    others: str
    rows: range


class StepSheet(Worksheet):  # type: ignore[misc]  # xlsxwriter has no types
    """A worksheet whose rows go on, behind the cells written one by one, with blocks of formulas.

    xlsxwriter writes each row between `_write_row`, which opens it, and its closing tag: the blocks go there.
    """

    def __init__(self) -> None:
        """Start without a block."""
        super().__init__()
        self.blocks: list[_Block] = []
        self.shared = 0

    def add_steps(self, column: int, formulas: Sequence[str], rows: range) -> None:
        """Put formulas side by side, the same in each of the rows; they must stand right of all that is there.

        A formula is written once, and its other rows refer to that wherever Excel lets them share it.
        """
        cells = [self._cells(xl_col_to_name(column + place), formula, rows) for place, formula in enumerate(formulas)]
        self.blocks.append(_Block("".join(first for first, _ in cells), "".join(other for _, other in cells), rows))
        self._check_dimensions(rows.stop - 1, column + len(formulas) - 1)

    def _cells(self, letters: str, formula: str, rows: range) -> tuple[str, str]:
        """The cell with a formula in the first row, and in the others."""
        text = escape(formula, quote=False)
        if len(rows) == 1 or _NOT_SHARED.search(formula):
            whole = f'<c r="{letters}{ROW}"><f>{text}</f></c>'
            return whole, whole
        number, self.shared = self.shared, self.shared + 1
        all_rows = f"{letters}{rows.start + 1}:{letters}{rows.stop}"
        return (
            f'<c r="{letters}{ROW}"><f t="shared" ref="{all_rows}" si="{number}">{text}</f></c>',
            f'<c r="{letters}{ROW}"><f t="shared" si="{number}"/></c>',
        )

    def _write_rows(self) -> None:
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            self._write_row(row, None)
            for column, cell in sorted(self.table.get(row, {}).items()):
                self._write_cell(row, column, cell)
            for block in self.blocks:
                if row in block.rows:
                    cells = block.first if row == block.rows.start else block.others
                    self.fh.write(cells.replace(ROW, str(row + 1)))
            self._xml_end_tag("row")
