"""Which register a sheet holds, and where its columns stand: by headers, wherever on the sheet these are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kbxt_merge.intake.recognition.headers import HeaderCell, group_text, header_cells, header_text
from kbxt_merge.model.register import ID, NAME, Register
from kbxt_merge.model.returns import Grid, is_blank
from kbxt_merge.model.text import plain

DEPTH = 300
"""Rows from the top of a sheet in which a header is looked for."""

_NAMED = 2
"""A word that names the register counts as much as so many columns of its own."""


@dataclass(frozen=True, slots=True)
class FoundHeader:
    """The register of a sheet, the last row of its header by its place among the rows, and the place of each column in
    a row; `titles` are the texts above it."""

    register: Register
    row: int
    columns: Mapping[str, int]
    titles: tuple[str, ...] = ()

    @property
    def lacks(self) -> str:
        """The column without which nothing can be held against it; blank where it has both."""
        return next((name for name in (ID, NAME) if name not in self.columns), "")


@dataclass(frozen=True)
class Headers:
    """The headers of the registers in force; `others` are words that make a header another person's."""

    registers: tuple[Register, ...]
    others: tuple[str, ...] = ()

    def find(self, grid: Grid, names: Sequence[str]) -> FoundHeader | None:
        """The header among a sheet's first rows; `names` are those of its file and itself.

        A row with name, ID number and what tells the register apart is taken before one that lacks one of them. Where
        two registers fit alike, none is found.
        """
        found: list[tuple[tuple[int, int, int], int, FoundHeader]] = []
        for position, row in enumerate(grid.rows):
            if sum(1 for cell in row if isinstance(cell, str) and cell.strip()) < 2:
                continue
            titles = tuple(_texts(grid.rows[:position]))
            for height in (1, 2) if position + 1 < len(grid.rows) else (1,):
                found += self._fitting(grid, position, height, titles, names)
            if any(not each.lacks for _, _, each in found):
                break
        best = max((score for score, _, _ in found), default=None)
        fitting = {each.register.slug: each for score, _, each in reversed(found) if score == best}
        return next(iter(fitting.values())) if len(fitting) == 1 else None

    def _fitting(
        self, grid: Grid, position: int, height: int, titles: tuple[str, ...], names: Sequence[str]
    ) -> Iterator[tuple[tuple[int, int, int], int, FoundHeader]]:
        cells = header_cells(grid, position, height)
        for register in self.registers:
            columns = self._columns(register, cells, grid.left)
            has = len({NAME, ID} & columns.keys())
            own = len(columns.keys() & set(register.marks))
            called = any(word in plain(text) for text in (*names, *titles) for word in register.called)
            if has and (own or called) and len(columns) > 1:
                score = has, own + _NAMED * called, len(columns)
                yield score, position, FoundHeader(register, position + height - 1, columns, titles)

    def _columns(self, register: Register, cells: Sequence[HeaderCell], left: int) -> dict[str, int]:
        words = self._words[register.slug]
        columns: dict[str, int] = {}
        for cell in cells:
            name = words.get(header_text(cell.text))
            if name is not None and not self._is_anothers(cell.group):
                columns.setdefault(name, cell.column - left)
        return columns

    def _is_anothers(self, group: str) -> bool:
        text = group_text(group)
        return any(word in text for word in self._others)

    @cached_property
    def _others(self) -> Collection[str]:
        return tuple(map(header_text, self.others))

    @cached_property
    def _words(self) -> Mapping[str, Mapping[str, str]]:
        """By register what a header may read, and the column that it means; a header of its own goes before others."""
        words: dict[str, dict[str, str]] = {}
        for register in self.registers:
            own = {header_text(each.header): each.name for each in register.columns}
            also = {header_text(word): each.name for each in reversed(register.columns) for word in each.also}
            words[register.slug] = {**also, **own}
        return words


def _texts(rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """The texts of title lines: rows with hardly anything in them."""
    for row in rows:
        filled = [cell for cell in row if isinstance(cell, str) and not is_blank(cell)]
        if len(filled) <= _MOST_OF_A_TITLE:
            yield from filled


_MOST_OF_A_TITLE = 4
