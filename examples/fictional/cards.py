"""Lays a card (form 5) out as a page: a label left of each value, in two bands."""

from __future__ import annotations

import datetime as dt

from fictional.cells import Cell, address
from fictional.official import CARD_BANDS, CARD_TITLE, PRINTED_HINTS, Label
from fictional.pages import Page
from fictional.returns import Sheet


class CardPage:
    """Lays out one child's card.

    The card as printed has nine columns: the band, then four pairs of label and value. `card_widths` says how
    many columns of the sheet each takes; a birth date in cells of its own needs six for the first value.
    """

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.record = sheet.records[0]
        self.page = Page(sheet.name, hidden=sheet.hidden == "sheet")
        widths = list(sheet.layout.card_widths)
        if sheet.layout.split_birth_date:
            widths[2] = 6
        self.starts = [sheet.layout.lead_columns]
        for width in widths:
            self.starts.append(self.starts[-1] + width)
        self.row = sheet.layout.lead_rows

    def laid_out(self) -> Page:
        """The whole page."""
        if self.sheet.layout.attachment:
            self._put(0, 1, self.sheet.layout.attachment, "line")
            self.row += 1
        self._put(0, 9, self.sheet.layout.title or CARD_TITLE, "title")
        self.row += 1
        self._city_line()
        for band, rows in CARD_BANDS:
            first = self.row
            for row in rows:
                self._row(row)
                self.row += 1
            self.page.span((first, self.starts[0], self.row - 1, self.starts[1] - 1), band, "header")
        return self.page

    def _put(self, column: int, span: int, value: Cell, style: str) -> None:
        self.page.span((self.row, self.starts[column], self.row, self.starts[column + span] - 1), value, style)

    def _city_line(self) -> None:
        date = self.sheet.fill_date if self.sheet.fill_date else "    年  月  日"
        if self.sheet.layout.unit == "four-cells":
            parts = ["设区市：", "赣州市", "县(市、区)：", "赣县区", "填表日期：", date]
            for column, part in enumerate(parts):
                self._put(column, 1, part, "line" if isinstance(part, str) else "date")
        else:
            self._put(0, 9, f"设区市：赣州市     县(市、区)：赣县区     填表日期：{date}", "line")
        self.row += 1

    def _row(self, labels: tuple[Label, ...]) -> None:
        column = 1
        for label in labels:
            if label.name not in self.sheet.dropped:
                self._field(column, label)
            column += 1 + label.span

    def _field(self, column: int, label: Label) -> None:
        text = label.text
        if self.sheet.layout.header == "spaced" and len(text) == 2:
            text = f"{text[0]}  {text[1]}"
        if self.sheet.layout.header == "broken" and len(text) > 4:
            text = f"{text[:3]}\n{text[3:]}"
        self._put(column, 1, text, "header")
        value = self.record.typed.get(label.name)
        if value is None and self.sheet.layout.hints_left:
            value = PRINTED_HINTS.get(label.name)
        self.sheet.places[id(self.record), label.name] = address(self.row, self.starts[column + 1])
        if label.name == "birth_date" and self.sheet.layout.split_birth_date and isinstance(value, dt.date):
            parts: tuple[Cell, ...] = (value.year, "年", value.month, "月", value.day, "日")
            for offset, part in enumerate(parts):
                self.page.put(self.row, self.starts[column + 1] + offset, part, "body")
        else:
            self._put(column + 1, label.span, value, "body")
