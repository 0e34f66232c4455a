"""Rich text (.rtf, and what old WPS saves as .doc) → a grid a table, with the lines around it (RTF 1.9.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.intake.formats.rtf_rows import CellEdge, Row, table_of
from kbxt_merge.intake.formats.rtf_text import TEXT_WORDS, TextFlow, Word
from kbxt_merge.intake.formats.text_tables import Block, Line, Table, grids_of, with_tabbed
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Workbook


@dataclass
class _Flow(TextFlow):
    """Lays the text out in lines and in tables, whose rows begin with where their cells end."""

    words: ClassVar[Mapping[str, Word]]
    blocks: list[Block] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    row: Row = field(default_factory=Row)
    merged: set[str] = field(default_factory=set)
    in_table: bool = False

    def paragraph(self, number: int | None) -> None:
        """A paragraph ends, inside a cell or outside of tables."""
        if self.in_table:
            self.show("\n")
        else:
            self.line(self.shown().strip())

    def page(self, number: int | None) -> None:
        """A page ends: what follows belongs to the table after it."""
        if not self.in_table:
            self.line(self.shown().strip())
            self.line("")

    def begin_row(self, number: int | None) -> None:
        """The edges of a row's cells follow."""
        self.row.left, self.row.edges = 0, []
        self.merged.clear()

    def set_left(self, number: int | None) -> None:
        """Where the row begins."""
        self.row.left = number or 0

    def edge(self, number: int | None) -> None:
        """Where a cell ends; what was said of its merging holds for it alone."""
        self.row.edges.append(CellEdge(number or 0, frozenset(self.merged)))
        self.merged.clear()

    def end_cell(self, number: int | None) -> None:
        """A cell's text is complete."""
        if self.looks == {True}:
            self.row.struck.add(len(self.row.texts))
        self.row.texts.append(self.shown().strip("\n"))

    def end_row(self, number: int | None) -> None:
        """A row is complete; the next one has the same edges unless it tells others."""
        if self.row.texts:
            self.rows.append(self.row)
        self.row = Row(self.row.left, list(self.row.edges))
        self.texts.clear()

    def line(self, text: str) -> None:
        """A line outside of tables, which ends the table above it."""
        self.end_table()
        self.blocks.append(Line(text))

    def end_table(self) -> None:
        """No more rows follow."""
        if self.rows:
            self.blocks.append(table_of(self.rows))
            self.rows = []

    def set_table(self, is_in: bool) -> None:
        """Whether the paragraph is one of a cell."""
        self.in_table = is_in


def _merging(word: str) -> Word:
    return lambda flow, _: flow.merged.add(word)


_Flow.words = {
    **TEXT_WORDS,
    "par": _Flow.paragraph,
    "sect": _Flow.page,
    "page": _Flow.page,
    "pard": lambda flow, _: flow.set_table(False),
    "intbl": lambda flow, _: flow.set_table(True),
    "trowd": _Flow.begin_row,
    "trleft": _Flow.set_left,
    "cellx": _Flow.edge,
    "cell": _Flow.end_cell,
    "row": _Flow.end_row,
    **{word: _merging(word) for word in ("clmgf", "clmrg", "clvmgf", "clvmrg")},
}


def read(data: bytes, limits: Limits) -> Workbook:
    """The document's tables as grids, the lines around them included; raises Unreadable when it has none."""
    flow = _Flow()
    flow.follow(data)
    flow.line(flow.shown().strip())
    blocks = with_tabbed(flow.blocks)
    if not any(isinstance(block, Table) for block in blocks):
        raise Unreadable("file-other", "rtf")
    page = map(str.strip, "".join(flow.margins).split("\n"))
    return Workbook(grids_of(blocks, limits, page))
