"""Rows that may look like a child's and never are: column codes, a header, the blank's example, a total of counts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise

from kbxt_merge.intake.recognition.headers import header_text
from kbxt_merge.intake.recognition.row_evidence import Evidence, Row
from kbxt_merge.intake.recognition.row_words import (
    heads_column,
    is_guidance,
    is_nobody,
    is_placeholder,
    marks_example,
    said_by,
    tells_example,
)
from kbxt_merge.intake.recognition.surnames import has_surname
from kbxt_merge.model.cell import shown
from kbxt_merge.model.left_out import Reason
from kbxt_merge.model.returns import Cell, Grid, is_blank
from kbxt_merge.model.text import plain

_SERIES = (
    tuple("甲乙丙丁戊己庚辛壬癸"),
    tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    (*"一二三四五六七八九十", *(f"十{each}" for each in "一二三四五六七八九")),
    ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"),
)
_CODE_NUMBER = re.compile(r"(?:[第列栏项A]|字段)?[(〔]?([0-9]{1,2})[)〕]?[列栏项]?(?:=[0-9+()-]+)?")
_MEMBERS = frozenset[str]().union(*_SERIES)
_CODES = frozenset({"栏次", "栏号", "列号", "列次", "编号", "代码", "序", "序号"})
"""What may stand before column codes."""

_FEWEST = 3
"""Cells of a row from which on they are a series, or one text spread over the row."""


@lru_cache(maxsize=1024)
def _wordings(*headers: str) -> frozenset[str]:
    """Headers as they are compared."""
    return frozenset(map(header_text, headers))


class Lookalikes:
    """Knows the rows below one header that never are records, however much of a child's they hold."""

    def __init__(self, grid: Grid, evidence: Evidence) -> None:
        """Prepare for rows of this grid."""
        self._grid, self._evidence = grid, evidence

    @cached_property
    def _headers(self) -> Mapping[int, frozenset[str]]:
        """What each column may be headed by."""
        fields = self._evidence.fields.items()
        return {at: _wordings(each.header, *each.also) for at, each in fields}

    @cached_property
    def _every_header(self) -> frozenset[str]:
        return frozenset[str]().union(*self._headers.values())

    def why_never(self, row: Row) -> Reason | None:
        """Why the row is no record, whatever else it holds; None where it may be one."""
        if _is_series(list(row.held.values())):
            return Reason.COLUMN_CODES
        if self._is_header(row) or self._is_guidance(row):
            return Reason.HEADER
        if self._is_example(row):
            return Reason.EXAMPLE
        if self._evidence.lists_children:
            return self._why_spread(row)
        called = shown(row.held[self._evidence.name]) if self._evidence.name in row.held else row.lead
        return Reason.TOTAL if said_by(called) is Reason.TOTAL else None

    def _why_spread(self, row: Row) -> Reason | None:
        """A text that stands in every cell says something of all of them, and is no child's."""
        texts = [plain(shown(cell)) for at, cell in row.held.items() if at != self._evidence.sequence]
        if len(texts) < _FEWEST or len(set(texts)) > 1 or self._evidence.has_number(row.held):
            return None
        return said_by(texts[0]) or Reason.HEADING

    def _is_header(self, row: Row) -> bool:
        """A header printed again, its second row, or what a cell of the header reaches down to."""
        if self._evidence.has_number(row.held):
            return False
        if self.is_printed_again(row):
            return True
        texts = {at: header_text(cell) for at, cell in row.held.items() if isinstance(cell, str)}
        if len(texts) >= 2 and len(texts) == len(row.held) and self._every_header.issuperset(texts.values()):
            return True
        if has_surname(row.held.get(self._evidence.name)):
            return False
        here, header, columns = self._grid.top + row.at, self._grid.top + row.below - 1, self._evidence.fields
        return any(top <= header and here <= bottom and left in columns for top, left, bottom, _ in self._grid.merged)

    def is_printed_again(self, row: Row) -> bool:
        """Tell the list's own header, each word in its column."""
        needed = min(3, len(self._evidence.fields))
        if len(row.held) < needed:
            return False
        again = sum(isinstance(cell, str) and header_text(cell) in self._headers[at] for at, cell in row.held.items())
        return again >= needed

    def _is_guidance(self, row: Row) -> bool:
        """How each column is filled in, as some blanks say it below their header."""
        texts = [cell for cell in row.held.values() if isinstance(cell, str)]
        if len(texts) < _FEWEST or self._evidence.has_number(row.held):
            return False
        return 2 * sum(map(is_guidance, texts)) >= len(row.held)

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
        if not called or not nobody:
            return False
        return any(map(is_placeholder, beside)) or any(map(tells_example, beside))


def heads_table(row: Row) -> bool:
    """Tell the header of another table below a list, such as 班级, 班主任, 电话: nothing but words for columns."""
    filled = [cell for cell in row.cells if not is_blank(cell)]
    return (
        row.at > row.below and len(filled) > 1 and all(isinstance(cell, str) and heads_column(cell) for cell in filled)
    )


def _is_series(cells: Sequence[Cell]) -> bool:
    """Tell column codes: 1 2 3 …, A B C …, 甲 乙 1 2 …, each series from its begin on without a gap."""
    if len(cells) < _FEWEST:
        return False
    numbers, letters = list[int](), list[str]()
    for at, text in enumerate(plain(shown(cell)).upper() for cell in cells):
        if found := _CODE_NUMBER.fullmatch(text):
            numbers.append(int(found[1]))
        elif text in _MEMBERS:
            letters.append(text)
        elif at or text not in _CODES:
            return False  # as the second cell of almost every child's row
    if len(numbers) + len(letters) < _FEWEST:
        return False
    runs = [numbers] if numbers else []
    while letters:
        series = next((each for each in _SERIES if letters[0] == each[0]), ())
        run = [series.index(text) + 1 for text in letters if text in series]
        if not run:
            return False
        runs.append(run)
        letters = [text for text in letters if text not in series]
    return all(each[0] <= 1 and all(b == a + 1 for a, b in pairwise(each)) for each in runs)
