"""A blank's grid as a page: which text covers which cells, and the rows that are headings, header, body and notes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from kbxt_merge.model.own_workbook import CHECK_HEADER
from kbxt_merge.model.returns import ErrorValue, Grid, MissingResult


@dataclass(frozen=True, slots=True)
class Box:
    """A text on the page and the cells that it covers, all counted from the grid's own first cell."""

    text: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def width(self) -> int:
        """How many columns it covers."""
        return self.right - self.left + 1


_OF_OWN_CHECK = re.compile(rf"\s*{CHECK_HEADER}\s*(?:[:：]|$)")
"""What the self-check of our own blanks says; 自查内容 is a header of others."""

Choices = tuple[int, int, int, int, tuple[str, ...]]
"""First row, first column, last row, last column of a drop-down, and what it offers."""


@dataclass
class Page:
    """One sheet of a blank; `choices` are its drop-downs."""

    grid: Grid
    choices: Sequence[Choices] = field(default_factory=tuple)

    @cached_property
    def texts(self) -> Sequence[Mapping[int, str]]:
        """Of each row the filled cells by their columns."""
        return [{at: _text(cell) for at, cell in enumerate(row) if _text(cell).strip()} for row in self.grid.rows]

    @cached_property
    def _merged(self) -> Mapping[tuple[int, int], tuple[int, int]]:
        top, left = self.grid.top, self.grid.left
        return {(r0 - top, c0 - left): (r1 - top, c1 - left) for r0, c0, r1, c1 in self.grid.merged}

    @cached_property
    def rows(self) -> Sequence[Sequence[Box]]:
        """The boxes that begin in each row."""
        return [[self.box(row, at) for at in sorted(texts)] for row, texts in enumerate(self.texts)]

    def box(self, row: int, column: int) -> Box:
        """The box that begins at a cell."""
        bottom, right = self._merged.get((row, column), (row, column))
        return Box(self.texts[row].get(column, "").strip(), row, column, bottom, right)

    def text_at(self, row: int, column: int) -> str:
        """What a cell says, or what is merged over it."""
        top, left = self._owners.get((row, column), (row, column))
        return self.texts[top].get(left, "").strip()

    @cached_property
    def _owners(self) -> Mapping[tuple[int, int], tuple[int, int]]:
        """By each merged cell the first one of its area."""
        areas = self._merged.items()
        return {
            (row, column): first
            for first, (bottom, right) in areas
            for row in range(first[0], bottom + 1)
            for column in range(first[1], right + 1)
        }

    def is_merged(self, row: int) -> bool:
        """Whether a row without a text has cells of its own: some of them are merged."""
        return any(top == row for top, _ in self._merged)

    def without(self, box: Box) -> Page:
        """The page with nothing in the columns of a box, beside what the box is a label of."""
        rows = [list(row) for row in self.grid.rows]
        for row in rows[box.top : box.bottom + 1]:
            row[box.left : box.right + 1] = [None] * len(row[box.left : box.right + 1])
        return Page(replace(self.grid, rows=rows), self.choices)

    @cached_property
    def width(self) -> int:
        """How many columns the page has, those without a text included."""
        texts = max((each.right + 1 for row in self.rows for each in row), default=0)
        return max(texts, *(len(row) for row in self.grid.rows)) if self.grid.rows else texts

    @cached_property
    def _covered(self) -> Sequence[Collection[int]]:
        """Of each row the columns that texts cover, those of boxes from above included."""
        covered: list[set[int]] = [set() for _ in self.rows]
        for box in (each for line in self.rows for each in line):
            for columns in covered[box.top : box.bottom + 1]:
                columns.update(range(box.left, box.right + 1))
        return covered

    def right_of(self, box: Box) -> tuple[bool, int]:
        """Whether the place right of a box is empty, and how many columns it spans."""
        at = box.right + 1
        if at >= self.width and (box.top, at) not in self._merged:
            return False, 0
        if at in self._covered[box.top]:
            return False, 0
        _, right = self._merged.get((box.top, at), (box.top, at))
        return True, right - at + 1

    def offered_down_to(self, columns: Collection[int]) -> int:
        """The row behind the last one that has a drop-down in one of these columns; 0 where none has."""
        own = [
            last
            for _, left, last, right, _ in self.choices
            if any(left <= at + self.grid.left <= right for at in columns)
        ]
        return max(own) + 1 - self.grid.top if own else 0

    def offered(self, column: int, row: int, until: int | None = None) -> tuple[str, ...]:
        """What a drop-down offers in a column, in a row or below it, down to `until`."""
        at = column + self.grid.left
        first = row + self.grid.top
        last = None if until is None else until + self.grid.top
        return next(
            (
                texts
                for r0, c0, r1, c1, texts in self.choices
                if c0 <= at <= c1 and r1 >= first and (last is None or r0 <= last)
            ),
            (),
        )


def _text(cell: object) -> str:
    if isinstance(cell, ErrorValue | MissingResult):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = "" if cell is None else str(cell)
    return "" if _OF_OWN_CHECK.match(text) else text
