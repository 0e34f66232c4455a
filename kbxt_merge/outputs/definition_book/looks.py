"""How the definition workbook looks: its formats, and rows of cells below a header."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kbxt_merge.model.definition_book.layout import Item
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.sheets.styles import BODY_FONT, HEADER_FONT
from kbxt_merge.outputs.sheets.text_width import line_count

GUESSED = "#FFF3B8"
"""The ground of a cell that was guessed from a blank."""

_LINE = "#B9C2CC"
_BOX = {"border": 1, "border_color": _LINE, "valign": "vcenter", "text_wrap": True, "num_format": "@"}
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"font_name": HEADER_FONT, "font_size": 15, "valign": "vcenter", "font_color": "#1B3A57"},
    "about": {"font_size": 10, "valign": "vcenter", "font_color": "#5A6470"},
    "label": {**_BOX, "bg_color": "#EDF1F5", "align": "right", "font_name": HEADER_FONT, "font_size": 10, "indent": 1},
    "value": {**_BOX, "align": "left", "indent": 1},
    "header": {**_BOX, "font_name": HEADER_FONT, "align": "center", "bg_color": "#DCE6F0", "font_size": 10},
    "rare_header": {**_BOX, "font_name": HEADER_FONT, "align": "center", "bg_color": "#EEF0F2", "font_size": 10},
    "hint": {"font_size": 8.5, "align": "center", "valign": "bottom", "text_wrap": True, "font_color": "#7B8590"},
    "cell": {**_BOX, "align": "left"},
    "short": {**_BOX, "align": "center"},
    "strong": {**_BOX, "align": "left", "bold": True},
    "why": {**_BOX, "align": "left", "font_size": 9, "font_color": "#6B5B1E"},
    "guessed": {**_BOX, "align": "left", "bg_color": GUESSED},
    "hidden": {"font_color": "#9AA3AD", "num_format": "@"},
}
_MOST_LINES = 6
_ROWS_TO_ADD = 40
"""Rows below the last one that have borders and drop-downs, for what the clerk adds."""


class Looks:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        """Make formats in this workbook, when they are asked for."""
        self._add = book.add_format
        self.of = cache(self._make)

    def _make(self, name: str) -> Format:
        return self._add({"font_name": BODY_FONT, "font_size": 10.5, **_LOOKS[name]})


class TableSheet:
    """A sheet of rows below one header; columns that are hidden keep what the clerk must not touch."""

    def __init__(self, sheet: Worksheet, looks: Looks, items: Sequence[Item], language: Language) -> None:
        """Lay the columns out."""
        self.sheet, self.items, self._looks, self._language = sheet, items, looks, language
        self._folded: set[int] = set()
        self.columns = {item.key: at for at, item in enumerate(items)}
        for at, item in enumerate(items):
            sheet.set_column(at, at, item.width, None, {"hidden": True} if item.hidden else {})

    def heading(self, title: str, about: str) -> None:
        """What the sheet is, and in a line what to do on it."""
        first = next(at for at, item in enumerate(self.items) if not item.hidden)
        self.sheet.write_string(0, first, title, self._looks.of("title"))
        self.sheet.write_string(1, first, about, self._looks.of("about"))
        self.sheet.set_row(0, 26)

    def header(self, row: int) -> None:
        """Write hints and headers; the header stands at this row."""
        tallest = 0
        for at, item in enumerate(self.items):
            if item.hint:
                hint = item.hint.of(self._language)
                self.sheet.write_string(row - 1, at, hint, self._looks.of("hint"))
                tallest = max(tallest, line_count(hint, item.width * 1.1))
            look = "rare_header" if item.rare else "header"
            self.sheet.write_string(row, at, item.called.of(self._language), self._looks.of(look))
        if tallest:
            self.sheet.set_row(row - 1, 12 * tallest + 3)
        self.sheet.set_row(row, 30)
        self.sheet.repeat_rows(row)

    def row(self, row: int, told: Mapping[str, str], looks: Mapping[str, str]) -> None:
        """Write a row of texts; `looks` name formats other than the usual."""
        tallest = 1
        for at, item in enumerate(self.items):
            text = told.get(item.key, "")
            look = self._looks.of("hidden" if item.hidden else looks.get(item.key, "cell"))
            self.sheet.write_string(row, at, text, look) if text else self.sheet.write_blank(row, at, None, look)
            if text and not item.hidden:
                tallest = max(tallest, line_count(text, item.width))
        self.sheet.set_row(row, 15.0 * min(tallest, _MOST_LINES) + 4)

    def offer(self, key: str, first: int, last: int, source: str | Sequence[str], hint: str = "") -> None:
        """Drop-downs in a column; what is not among them may be typed all the same."""
        options: dict[str, Any] = {"validate": "list", "source": source, "ignore_blank": True, "show_error": False}
        if hint:
            options |= {"input_title": "", "input_message": hint}
        column = self.columns[key]
        self.sheet.data_validation(first, column, last + _ROWS_TO_ADD, column, options)

    def fold(self, keys: Collection[str], used: Collection[str]) -> None:
        """Fold away the columns among these that hold nothing: a click on + opens them."""
        for at, item in enumerate(self.items):
            if item.key in keys and item.key not in used:
                self.sheet.set_column(at, at, item.width, None, {"level": 1, "hidden": True})
                self._folded.add(at)

    def paper(self, row: int, last: int) -> None:
        """A4 landscape, as wide as the page."""
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(0.4, 0.4, 0.5, 0.5)
        shown = [at for at in range(len(self.items)) if at not in self._folded]
        self.sheet.print_area(0, 0, last, max(shown))
        self.sheet.freeze_panes(row + 1, 0)
        self.sheet.hide_gridlines(2)
