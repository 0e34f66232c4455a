"""A sheet of the definition workbook as texts: lines of labels with values, and rows below a header."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kbxt_merge.intake.definitions.yaml_nodes import CellMark
from kbxt_merge.model.definition_book.layout import Item
from kbxt_merge.model.returns import Cell, Grid, address
from kbxt_merge.model.text import plain


@dataclass(frozen=True, slots=True)
class Told:
    """What a cell says, and where."""

    text: str
    mark: CellMark


Row = Mapping[str, Told]
"""The filled cells of a row by the keys of their columns."""


@dataclass(frozen=True, slots=True)
class SheetTexts:
    """The texts of one sheet; `position` is its place among the sheets."""

    grid: Grid
    position: int

    @property
    def name(self) -> str:
        """What its tab says."""
        return self.grid.sheet

    def mark(self, row: int, column: int) -> CellMark:
        """The place of a cell, counted from 0 as the sheet counts."""
        return CellMark(self.name, address(row, column), row, self.position)

    @property
    def rows(self) -> Iterator[tuple[int, Mapping[int, str]]]:
        """Every row with the texts of its filled cells by their columns."""
        for offset, row in enumerate(self.grid.rows):
            texts = {self.grid.left + at: text_of(cell) for at, cell in enumerate(row)}
            yield self.grid.top + offset, {at: text for at, text in texts.items() if text.strip()}

    def header_row(self, items: Sequence[Item]) -> int | None:
        """The row that holds most of these columns' headers, at least two of them; None where there is none."""
        wanted = {plain(name) for each in items for name in (each.called.zh, each.called.en)}
        counts = [(len(wanted & set(map(plain, texts.values()))), -row) for row, texts in self.rows]
        best, row = max(counts, default=(0, 0))
        return -row if best >= min(2, len(items)) else None

    def place_of(self, key: str, items: Sequence[Item]) -> int | None:
        """The column of the item with this key; None where the header does not have it."""
        header = self.header_row(items)
        called = {plain(name) for each in items if each.key == key for name in (each.called.zh, each.called.en)}
        texts = next((texts for row, texts in self.rows if row == header), {})
        return next((at for at, text in texts.items() if plain(text) in called), None)

    def below(self, items: Sequence[Item]) -> list[Row]:
        """The rows below the header."""
        header = self.header_row(items)
        if header is None:
            return []
        by_text = {plain(name): each.key for each in items for name in (each.called.zh, each.called.en)}
        columns: dict[int, str] = {}
        found: list[Row] = []
        for row, texts in self.rows:
            if row == header:
                columns = {at: by_text[plain(text)] for at, text in texts.items() if plain(text) in by_text}
            elif row > header:
                told = {columns[at]: Told(text, self.mark(row, at)) for at, text in texts.items() if at in columns}
                found += [told] if told else []
        return found

    def labelled(self, items: Sequence[Item], last: int | None = None) -> Row:
        """The values right of these labels, down to a row; a value that is another label is none."""
        by_text = {plain(name): each.key for each in items for name in (each.called.zh, each.called.en)}
        hints = {hint for each in items if each.hint for hint in (each.hint.zh, each.hint.en)}
        found: dict[str, Told] = {}
        for row, texts in self.rows:
            if last is not None and row >= last:
                break
            places = sorted(texts)
            for at, place in enumerate(places):
                key = by_text.get(plain(texts[place]))
                value = next((each for each in places[at + 1 :] if texts[each] not in hints), None)
                if key and key not in found and value is not None and plain(texts[value]) not in by_text:
                    found[key] = Told(texts[value], self.mark(row, value))
        return found


def text_of(cell: Cell) -> str:
    """A cell as the YAML would have it: no decimals on whole numbers, days as 2021-03-01."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return cell.replace("\r\n", "\n").replace("\r", "\n") if isinstance(cell, str) else str(cell)
