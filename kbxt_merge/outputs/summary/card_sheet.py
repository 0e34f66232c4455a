"""One card on one sheet: a label beside its value, as the province prints it; on one page, unless it is very long."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kbxt_merge.model.district import District
from kbxt_merge.model.form import Field
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.summary.card_layout import LABEL_WIDTH, TALLEST_CARD, CardLayout, Slot
from kbxt_merge.outputs.summary.comments import comment
from kbxt_merge.outputs.summary.merged import Merged
from kbxt_merge.outputs.summary.page import printed_day, span, title_of
from kbxt_merge.outputs.summary.styles import Styles
from kbxt_merge.outputs.summary.table_sheet import write_legend
from kbxt_merge.outputs.summary.text_space import balanced, line_count

_A4 = 9
_MARGINS = {"left": 0.5, "right": 0.5, "top": 0.5, "bottom": 0.5}  # inches
_NO_DAY = "    年    月    日"


class Cards:
    """All cards of the district, ready to be written one by one."""

    def __init__(self, district: District, merged: Merged, language: Language) -> None:
        """Take each field's texts once for all cards."""
        self.district, self.merged, self.language = district, merged, language
        self.layout = CardLayout(merged.form)
        self.title = title_of(merged.form, district.period)
        self.texts = {field.name: self._texts(field) for field in merged.form.fields}
        self.days = [_day_of(merged, position) for position in merged.order.tolist()]
        self.comments: dict[int, list[tuple[str, str]]] = {}
        for line, name, text in merged.comments:
            self.comments.setdefault(line, []).append((name, text))

    def write(self, book: Workbook, styles: Styles, sheet_name: str, line: int) -> None:
        """Write the card of one line (from zero) onto a new sheet."""
        sheet = book.add_worksheet(sheet_name)
        card = _Card(self, sheet, styles, line)
        card.write_heading()
        height = card.write_bands()
        card.set_paper(pages=ceil(height / TALLEST_CARD))

    def _texts(self, field: Field) -> list[str]:
        """What is printed of a field, a text a line: a date as forms print it, all else as it is shown."""
        texts = [str(cell) for cell in self.merged.cells(field)]
        if field.type != "date":
            return texts
        records, order = self.merged.records, self.merged.order
        first = records.values[field.name].to_numpy().astype("datetime64[D]")[order]
        last = np.asarray(records.last_days[field.name], dtype="datetime64[D]")[order]
        return [
            text if day is None else printed_day(day, by_month=day != end).replace(" ", "")
            for text, day, end in zip(texts, first.tolist(), last.tolist(), strict=True)
        ]


def _day_of(merged: Merged, position: int) -> str:
    typed = merged.records.returned[merged.records.sheet[position]].sheet.date
    return _NO_DAY if typed is None else printed_day(typed.last, by_month=typed.first != typed.last)


@dataclass(frozen=True)
class _Card:
    """One card being written."""

    cards: Cards
    sheet: Worksheet
    styles: Styles
    line: int

    def write_heading(self) -> None:
        cards, last = self.cards, self.cards.layout.columns - 1
        forms, form = cards.district.forms, cards.merged.form
        for column, width in enumerate(cards.layout.widths):
            self.sheet.set_column(column, column, width)
        span(self.sheet, 0, 0, last, form.attachment, self.styles.look("attachment"))
        span(self.sheet, 1, 0, last, cards.title, self.styles.look("title"))
        line = form.unit_line.printed.format(
            city=forms.city, county=forms.county, date=cards.days[self.line], school=cards.merged.schools[self.line]
        )
        self._write_unit_line(re.split(r"\s{2,}(?=\S+[：:])", line))
        for row, height in enumerate((20, 40, 26)):
            self.sheet.set_row(row, height)

    def _write_unit_line(self, parts: Sequence[str]) -> None:
        columns = self.cards.layout.columns
        edges = [round(columns * place / len(parts)) for place in range(len(parts) + 1)]
        for place, part in enumerate(parts):
            look = "date" if place and place == len(parts) - 1 else "unit"
            span(self.sheet, 2, edges[place], edges[place + 1] - 1, part, self.styles.look(look))

    def write_bands(self) -> float:
        """Write labels and values; the height that they take, in points, is returned."""
        cards, row = self.cards, 3
        texts = {name: column[self.line] for name, column in cards.texts.items()}
        card_heights = cards.layout.heights(texts)
        heights = iter(card_heights)
        for band, card_rows in cards.layout.bands:
            top = row
            for slots in card_rows:
                parts = next(heights)
                for offset, height in enumerate(parts):
                    self.sheet.set_row(row + offset, height)
                for slot in slots:
                    self._write_slot(slot, row, row + len(parts) - 1, texts[slot.field.name])
                row += len(parts)
            _merge(self.sheet, (top, 0, row - 1, 0), "\n".join(band.label), self.styles.look("band"))
        return sum(map(sum, card_heights))

    def _write_slot(self, slot: Slot, top: int, bottom: int, text: str) -> None:
        name, marks = slot.field.name, self.cards.merged.marks
        header = self.styles.look("header")
        _merge(self.sheet, (top, slot.label, bottom, slot.label), balanced(slot.field.header, LABEL_WIDTH), header)
        is_long = slot.last > slot.first and line_count(text, self.cards.layout.room(slot)) > 1
        look = "long_text" if slot.is_alone or is_long else "text"
        value = self.styles.look(look, marks.get(name, {}).get(self.line))
        _merge(self.sheet, (top, slot.first, bottom, slot.last), text, value)
        for commented, words in self.cards.comments.get(self.line, ()):
            if commented == name:
                comment(self.sheet, top, slot.first, words)

    def set_paper(self, pages: int) -> None:
        layout = self.cards.layout
        self.sheet.set_portrait()
        self.sheet.set_paper(_A4)
        self.sheet.set_margins(**_MARGINS)
        self.sheet.center_horizontally()
        self.sheet.fit_to_pages(1, pages)
        self.sheet.print_area(0, 0, self.sheet.dim_rowmax, layout.columns - 1)
        if self.line in self.cards.comments:
            write_legend(self.sheet, self.styles, layout.columns + 1, self.cards.language)


def _merge(sheet: Worksheet, cells: tuple[int, int, int, int], text: str, look: Format) -> None:
    """Write a text over a rectangle (first row, first column, last row, last column); always as text."""
    top, left, bottom, right = cells
    if (top, left) != (bottom, right):
        sheet.merge_range(top, left, bottom, right, "", look)
    sheet.write_string(top, left, text, look)
