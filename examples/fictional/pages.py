"""A page: cells at their addresses, merged ranges, and where the table stands; what is written into a workbook."""

from __future__ import annotations

from dataclasses import dataclass, field

from fictional.cells import Cell

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, counted from zero, all inclusive."""


@dataclass(slots=True)
class Page:
    """One sheet, ready to be written."""

    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    styles: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def put(self, row: int, column: int, value: Cell, style: str = "") -> None:
        """Sets one cell."""
        self.cells[row, column] = value
        if style:
            self.styles[row, column] = style

    def span(self, area: Area, value: Cell, style: str = "") -> None:
        """Sets the first cell of an area and merges it, where it is more than one cell."""
        top, left, bottom, right = area
        self.put(top, left, value, style)
        if (top, left) != (bottom, right):
            self.merged.append(area)
