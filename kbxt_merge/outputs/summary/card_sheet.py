"""One card on one sheet: a label beside its value; on one page of A4, unless it is very long."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from math import ceil

import numpy as np
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from kbxt_merge.model.district import District
from kbxt_merge.model.field import Field
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.sheets.card_layout import TALLEST_CARD, CardLayout, Slot
from kbxt_merge.outputs.sheets.page import printed_day
from kbxt_merge.outputs.sheets.styles import Styles
from kbxt_merge.outputs.sheets.text_width import line_count
from kbxt_merge.outputs.summary.comments import comment
from kbxt_merge.outputs.summary.merged import Merged
from kbxt_merge.outputs.summary.template_sheet import CardTemplates, TemplateSheet, row_heights

_A4 = 9
_MARGINS = {"left": 0.5, "right": 0.5, "top": 0.5, "bottom": 0.5}  # inches
_NO_DAY = "    年    月    日"
_LEGEND_WIDTH = 16.0


class Cards:
    """All cards of the district: what each says, and what was found in it, by line (from zero)."""

    def __init__(self, district: District, merged: Merged, language: Language) -> None:
        """Take each field's texts once for all cards."""
        self.district, self.merged, self.language = district, merged, language
        self.layout = CardLayout(merged.form)
        self.title = merged.form.titled_over(district.period)
        self.texts = {field.name: self._texts(field) for field in merged.form.fields}
        self.comments: dict[int, list[tuple[str, str]]] = {}
        for line, name, text in merged.comments:
            self.comments.setdefault(line, []).append((name, text))

    def unit_line(self, line: int) -> list[str]:
        """The parts of the line under the title, with the card's own date."""
        forms, merged = self.district.forms, self.merged
        typed = merged.records.returned[merged.records.sheet[merged.order[line]]].sheet.date
        day = _NO_DAY if typed is None else printed_day(typed.last, by_month=typed.first != typed.last)
        own = {"city": forms.city, "county": forms.county, "date": day, "school": merged.schools[line]}
        words = {**merged.form.period_words(self.district.period), **own}
        return re.split(r"\s{2,}(?=\S+[：:])", merged.form.unit_line.printed.format_map(words))

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


class CardWriter:
    """Writes cards into one workbook."""

    def __init__(self, book: Workbook, styles: Styles, cards: Cards) -> None:
        """Draw templates when the first card needs them."""
        self.book, self.styles, self.cards = book, styles, cards
        self.templates = CardTemplates(cards.layout, styles, cards.title, cards.language)
        self.draw = cache(self.templates.draw)
        self.slots = [slot for _, rows in cards.layout.bands for row in rows for slot in row]

    def write(self, sheet_name: str, line: int) -> None:
        """Write the card of one line (from zero) onto a new sheet."""
        cards, layout = self.cards, self.cards.layout
        texts = {name: column[line] for name, column in cards.texts.items()}
        heights, unit_line = layout.heights(texts), cards.unit_line(line)
        is_marked = line in cards.comments
        template = self.draw(tuple(map(len, heights)), len(unit_line), is_marked)
        sheet: TemplateSheet = self.book.add_worksheet(sheet_name, TemplateSheet)
        filled = {**self.templates.unit_texts(unit_line), **self._values(texts, line)}
        sheet.fill(template, filled, row_heights(heights))
        self._comment(sheet, line, heights)
        self._set_paper(sheet, template.last_row, ceil(sum(map(sum, heights)) / TALLEST_CARD))

    def _values(self, texts: Mapping[str, str], line: int) -> dict[str, tuple[str, Format]]:
        marks = self.cards.merged.marks
        return {
            slot.field.name: (
                texts[slot.field.name],
                self.styles.look(_look(slot, texts[slot.field.name]), marks.get(slot.field.name, {}).get(line)),
            )
            for slot in self.slots
        }

    def _comment(self, sheet: TemplateSheet, line: int, heights: list[list[float]]) -> None:
        for name, words in self.cards.comments.get(line, ()):
            row, column = self.templates.place_of(name, tuple(map(len, heights)))
            comment(sheet, row, column, words)

    def _set_paper(self, sheet: TemplateSheet, last_row: int, pages: int) -> None:
        layout = self.cards.layout
        for column, width in enumerate(layout.widths):
            sheet.set_column(column, column, width)
        sheet.set_column(layout.columns + 1, layout.columns + 1, _LEGEND_WIDTH)
        sheet.set_portrait()
        sheet.set_paper(_A4)
        sheet.set_margins(**_MARGINS)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, pages)
        sheet.print_area(0, 0, last_row, layout.columns - 1)


def _look(slot: Slot, text: str) -> str:
    """A value alone in its row, and one of several lines, is read from the left; all others are centred."""
    is_long = slot.last > slot.first and line_count(text, slot.room) > 1
    return "long_text" if slot.is_alone or is_long else "text"
