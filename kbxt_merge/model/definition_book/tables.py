"""The definition workbook as it is edited on a page: its sheets as lines and rows, and what was changed in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kbxt_merge.model.definition_book.form_layout import FIELD_COLUMNS, FOLDED_FROM, HEAD_LINES
from kbxt_merge.model.definition_book.layout import (
    BUREAU_LINES,
    BUREAU_SHEET,
    HEADER_COLUMNS,
    HEADER_SHEET,
    OTHER_COLUMNS,
    OTHER_SHEET,
    REGISTER_RULE_SHEET,
    REGISTER_SHEET,
    RELATION_COLUMNS,
    RELATION_SHEET,
    RULE_COLUMNS,
    RULE_SHEET,
    WORD_COLUMNS,
    WORD_SETTING_COLUMNS,
    WORD_SETTING_SHEET,
    WORD_SHEET,
    Item,
)
from kbxt_merge.model.definition_book.register_layout import REGISTER_COLUMNS, REGISTER_RULE_COLUMNS
from kbxt_merge.model.returns import address

LINES: Mapping[str, Sequence[Item]] = {BUREAU_SHEET: BUREAU_LINES}
"""By a sheet's name its labels with one value each; a sheet of no name of our own is a form's."""
COLUMNS: Mapping[str, Sequence[Item]] = {
    BUREAU_SHEET: (),
    WORD_SHEET: WORD_COLUMNS,
    WORD_SETTING_SHEET: WORD_SETTING_COLUMNS,
    RULE_SHEET: RULE_COLUMNS,
    HEADER_SHEET: HEADER_COLUMNS,
    RELATION_SHEET: RELATION_COLUMNS,
    REGISTER_SHEET: REGISTER_COLUMNS,
    REGISTER_RULE_SHEET: REGISTER_RULE_COLUMNS,
    OTHER_SHEET: OTHER_COLUMNS,
}

Place = tuple[int, int]
"""Row and column of a cell, counted from 0."""


@dataclass(frozen=True, slots=True)
class TableCell:
    """What a cell says, where it stands, and whether it was guessed from a blank."""

    text: str
    place: Place
    is_guess: bool = False

    @property
    def address(self) -> str:
        """The cell as a sentence about it names it."""
        return address(*self.place)


@dataclass(frozen=True, slots=True)
class BookTable:
    """A sheet: the values beside its labels, and the rows below its header, each by the keys of their items.

    `columns` are those that the sheet has, by their places; `offered` are the choices of those that have some.
    """

    sheet: str
    header: int
    lines: Mapping[str, TableCell]
    columns: Mapping[str, int]
    rows: Mapping[int, Mapping[str, TableCell]]
    offered: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def is_form(self) -> bool:
        """Whether it defines a form."""
        return self.sheet not in COLUMNS

    @property
    def tells_why(self) -> bool:
        """Whether something of it was guessed, and says why."""
        return any(cell.text for row in self.rows.values() for key, cell in row.items() if key == "why")

    @property
    def line_items(self) -> list[Item]:
        """The lines that the sheet has."""
        return [item for item in LINES.get(self.sheet, HEAD_LINES) if item.key in self.lines]

    def column_items(self, *, rare: bool) -> list[Item]:
        """The columns that are shown: without the rare ones only those of them that say something."""
        every = COLUMNS.get(self.sheet, FIELD_COLUMNS)
        used = {key for row in self.rows.values() for key, cell in row.items() if cell.text}
        usual = every[: FOLDED_FROM if self.is_form else len(every)]
        return [
            item
            for item in every
            if item.key in self.columns
            and not item.hidden
            and item.key != "why"
            and (rare or item in usual or item.key in used)
        ]


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A sheet to be added: one of our own by its name, or that of a form, which is like another's or has nothing yet.

    A form is called by `name`; `like` is the sheet of the other one.
    """

    name: str
    like: str = ""


@dataclass(frozen=True, slots=True)
class TableEdit:
    """What becomes of a sheet: the new texts of values beside labels, and its rows in their new order.

    `before` are the rows as they stand below the `header`; of the new order each is one of these, or None for one that
    is added, with its new texts by their columns.
    """

    sheet: str
    lines: Mapping[Place, str]
    header: int
    before: Sequence[int]
    rows: Sequence[tuple[int | None, Mapping[int, str]]]

    @property
    def changes_nothing(self) -> bool:
        """Whether all stays as it is."""
        as_before = [source for source, _ in self.rows] == list(self.before)
        return as_before and not self.lines and not any(texts for _, texts in self.rows)

    @property
    def longest(self) -> int:
        """The characters of the longest of its new texts."""
        texts = (*self.lines.values(), *(text for _, row in self.rows for text in row.values()))
        return max(map(len, texts), default=0)
