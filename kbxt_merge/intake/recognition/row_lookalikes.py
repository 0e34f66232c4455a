"""Rows that may look like a child's and never are: column codes, a header, the blank's example, a total of counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kbxt_merge.intake.recognition.headers import header_text
from kbxt_merge.intake.recognition.row_evidence import Evidence, Row
from kbxt_merge.intake.recognition.row_words import is_nobody, is_placeholder, marks_example, said_by
from kbxt_merge.intake.recognition.surnames import has_surname
from kbxt_merge.model.cell import shown
from kbxt_merge.model.left_out import Reason
from kbxt_merge.model.returns import Cell, Grid
from kbxt_merge.model.text import plain

_SERIES = ("甲乙丙丁戊己庚辛壬癸", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_CODE_NUMBER = re.compile(r"[(〔]?([0-9]{1,2})[)〕]?(?:=[0-9+()-]+)?")
_FEWEST_CODES = 3


class Lookalikes:
    """Knows the rows below one header that never are records, however much of a child's they hold."""

    def __init__(self, grid: Grid, evidence: Evidence) -> None:
        """Prepare for rows of this grid."""
        self._grid, self._evidence = grid, evidence
        self._headers = {
            at: {header_text(each.header), *map(header_text, each.also)} for at, each in evidence.fields.items()
        }
        self._every_header = frozenset[str]().union(*self._headers.values())

    def why_never(self, row: Row) -> Reason | None:
        """Why the row is no record, whatever else it holds; None where it may be one."""
        if _is_series(list(row.held.values())):
            return Reason.COLUMN_CODES
        if self._is_header(row):
            return Reason.HEADER
        if self._is_example(row):
            return Reason.EXAMPLE
        if self._evidence.lists_children:
            return None
        called = shown(row.held[self._evidence.name]) if self._evidence.name in row.held else row.lead
        return Reason.TOTAL if said_by(called) is Reason.TOTAL else None

    def _is_header(self, row: Row) -> bool:
        """A header printed again, its second row, or what a cell of the header reaches down to."""
        if self._evidence.has_number(row.held):
            return False
        texts = {at: header_text(cell) for at, cell in row.held.items() if isinstance(cell, str)}
        again = sum(text in self._headers[at] for at, text in texts.items())
        if again >= min(3, len(self._evidence.fields)):
            return True
        if len(texts) >= 2 and len(texts) == len(row.held) and self._every_header.issuperset(texts.values()):
            return True
        if has_surname(row.held.get(self._evidence.name)):
            return False
        here, header, columns = self._grid.top + row.at, self._grid.top + row.below - 1, self._evidence.fields
        return any(top <= header and here <= bottom and left in columns for top, left, bottom, _ in self._grid.merged)

    def _is_example(self, row: Row) -> bool:
        """The blank's example: its child bears the mark, or is nobody and the mark or placeholders stand beside it."""
        name = row.held.get(self._evidence.name)
        called = shown(name) if name is not None else ""
        if called and marks_example(called):
            return True
        beside = [shown(cell) for at, cell in row.held.items() if at != self._evidence.name]
        nobody = not called or is_nobody(called) or is_placeholder(called)
        if any(map(marks_example, beside)):
            return nobody or not self._evidence.lists_children or not self._evidence.is_child(row.held)
        return bool(called) and nobody and any(map(is_placeholder, beside))


def _is_series(cells: Sequence[Cell]) -> bool:
    """Tell column codes: 1 2 3 …, A B C …, 甲 乙 1 2 …, each series from its first on without a gap."""
    if len(cells) < _FEWEST_CODES:
        return False
    series: dict[int, list[int]] = {}
    for cell in cells:
        text = plain(shown(cell))
        found = _CODE_NUMBER.fullmatch(text)
        kind = 2 if found else next((i for i, each in enumerate(_SERIES) if len(text) == 1 and text in each), None)
        if kind is None:
            return False
        series.setdefault(kind, []).append(int(found[1]) if found else _SERIES[kind].index(text) + 1)
    return all(each[0] == 1 and all(b == a + 1 for a, b in pairwise(each)) for each in series.values())
