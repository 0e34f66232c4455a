"""The sheet 填表说明: how to fill the forms in, what each column takes, and an example."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from xlsxwriter.worksheet import Worksheet

from kbxt_merge.model.form import Field, Form
from kbxt_merge.outputs.blanks.blank_book import BlankBook
from kbxt_merge.outputs.blanks.examples import example_row
from kbxt_merge.outputs.blanks.guide_words import HOW_TO_FILL, SAYINGS, what_to_type
from kbxt_merge.outputs.summary.page import span
from kbxt_merge.outputs.summary.text_space import height_of, line_count

NAME = "填表说明"
_A4 = 9
_COLUMNS = 10
_WIDTH = 13.0
_EXAMPLE = "示例"
"""Stands in the place of an example's number: such a row is never read as a record."""


@dataclass
class GuideSheet:
    """The sheet, and the next row that is free."""

    book: BlankBook
    sheet: Worksheet
    row: int = field(default=0)

    def write(self, forms: Sequence[Form]) -> None:
        """Write the guide of these forms."""
        self.sheet.set_column(0, 0, 8)
        self.sheet.set_column(1, _COLUMNS - 1, _WIDTH)
        self._line(SAYINGS["title"].of(self.book.language), "guide_title", 30)
        for sentence in HOW_TO_FILL:
            self._line(sentence.of(self.book.language), "guide_text")
        for form in forms:
            self._write_form(form)
        self.sheet.set_landscape()
        self.sheet.set_paper(_A4)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.print_area(0, 0, self.row - 1, _COLUMNS - 1)
        self.sheet.hide_gridlines(2)

    def _write_form(self, form: Form) -> None:
        say = {key: words.of(self.book.language) for key, words in SAYINGS.items()}
        self.row += 1
        self._line(f"{form.attachment}　{form.label.of(self.book.language)}", "guide_heading", 24)
        self._write_columns(say["field"], say["required"], say["what"], "screen_header")
        for each in form.fields:
            if each.type != "sequence":
                required = say["yes"] if each.required else ""
                label = each.label.of(self.book.language)
                self._write_columns(label, required, what_to_type(each, self.book.language), "text", "long_text")
        self._line(say["example"], "guide_text", 22)
        self._write_example(form)

    def _write_columns(self, label: str, required: str, what: str, look: str, wide_look: str = "") -> None:
        """Write one line of a form's columns: its label over three cells, whether it is required, what to type."""
        span(self.sheet, self.row, 0, 2, label, self.book.look(look))
        self.sheet.write_string(self.row, 3, required, self.book.look(look))
        span(self.sheet, self.row, 4, _COLUMNS - 1, what, self.book.look(wide_look or look))
        self.sheet.set_row(self.row, height_of(line_count(what, _WIDTH * (_COLUMNS - 4))))
        self.row += 1

    def _write_example(self, form: Form) -> None:
        """Write the example below its headers, so many columns at a time as the sheet is wide."""
        example = example_row(form, self.book.period, self.book.roster)
        fields = [each for each in form.fields if each.type != "sequence"]
        number = next((each.header for each in form.fields if each.type == "sequence"), "")
        for start in range(0, len(fields), _COLUMNS - 1):
            part = fields[start : start + _COLUMNS - 1]
            self._write_cells([number, *map(self._header, part)], "screen_header")
            self._write_cells([_EXAMPLE, *(example[each.name] for each in part)], "example")

    def _header(self, each: Field) -> str:
        return each.label.of(self.book.language)

    def _write_cells(self, texts: Sequence[str], look: str) -> None:
        for column, text in enumerate(texts):
            self.sheet.write_string(self.row, column, text, self.book.look(look))
        self.sheet.set_row(self.row, height_of(max(line_count(text, _WIDTH - 1) for text in texts)))
        self.row += 1

    def _line(self, text: str, look: str, height: float | None = None) -> None:
        span(self.sheet, self.row, 0, _COLUMNS - 1, text, self.book.look(look))
        self.sheet.set_row(self.row, height or height_of(line_count(text, _WIDTH * _COLUMNS)))
        self.row += 1
