"""Lays a list or the statistics out as a page: title, unit line, header, records, what stands below."""

from __future__ import annotations

from fictional.cells import Cell, address
from fictional.official import LISTS, Column, ListForm
from fictional.pages import Page
from fictional.returns import Layout, Sheet

WIDTHS = {"name": 9, "id_number": 21, "roll_school": 22, "address": 34, "phone": 14, "former_school": 22, "school": 22}


def header_text(column: Column, style: str) -> str:
    """A header as schools copy it: as printed, or without the hint, or with other brackets, breaks and spaces."""
    text, hint = column.header, column.hint
    if style == "spaced" and len(text) == 2:
        text = f"{text[0]}  {text[1]}"
    if style == "broken" and len(text) > 3:
        text = f"{text[: len(text) // 2]}\n{text[len(text) // 2 :]}"
    joins = {"printed": f"{text}\n{hint}", "inline": text + hint, "full-width": f"{text}（{hint.strip('()（）')}）"}
    return joins.get(style, text) if hint else text


class ListPage:
    """Lays out one sheet, from the top down."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.layout: Layout = sheet.layout
        self.form: ListForm = LISTS[sheet.form]
        self.page = Page(sheet.name, hidden=sheet.hidden == "sheet")
        self.row = self.layout.lead_rows
        self.left = self.layout.lead_columns
        order = self.layout.order or tuple(column.name for column in self.form.columns)
        self.columns = [self.form.column(name) for name in order if name not in sheet.dropped]
        extra = (self.layout.empty_column != "") + (sheet.unexpected is not None)
        self.right = self.left + len(self.columns) + extra - 1

    def laid_out(self) -> Page:
        """The whole page."""
        below = self.form.unit_below if self.layout.unit_below is None else self.layout.unit_below
        if self.layout.attachment:
            self.line(self.layout.attachment, merge=False)
        self.line(self.layout.title or self.form.title, "title")
        if not below:
            self.unit_line()
        self.header()
        self.body()
        self.total_row()
        if below:
            self.unit_line()
        for note in self.form.notes if self.layout.notes else ():
            self.line(note, merge=False)
        if self.layout.signature:
            self.line("填表人：赖晓青        审核人：谢松林        负责人：钟石泉")
        if self.layout.ghost:
            self.page.put(self.row + 4000, self.right + 60, None, "body")
        return self.page

    def line(self, text: Cell, style: str = "line", merge: bool = True) -> None:
        """One line across the table."""
        self.page.span((self.row, self.left, self.row, self.right if merge else self.left), text, style)
        self.row += 1

    def unit_line(self) -> None:
        """Whose sheet it is and of which day, in the way the layout asks for."""
        unit, date, label = self.sheet.unit, self.sheet.fill_date, self.form.unit_label
        day = f"{self.form.date_label}：" if self.form.date_label else ""
        ways: dict[str, list[Cell]] = {
            "line": [f"{label}：{unit}（盖章）            {day or '时间：'}{date}"],
            "stamp-first": [f"{label}（盖章）：{unit}            {day}{date}"],
            "two-cells": [f"{label}：{unit}（盖章）", f"{day}{date}"],
            "four-cells": [f"{label}：", unit, day or "时间：", date],
        }
        cells = ways[self.layout.unit if date or self.layout.unit == "four-cells" else "line"]
        if not date:
            cells = [f"{label}：{unit}（盖章）            时间：    年  月  日"]
        if len(cells) == 1:
            self.line(cells[0])
            return
        for column, cell in zip(self._spread(len(cells)), cells, strict=True):
            self.page.put(self.row, column, cell, "date" if not isinstance(cell, str) else "line")
        self.row += 1

    def _spread(self, count: int) -> list[int]:
        """Columns for the cells of a split unit line: labels stand left of their values."""
        last = self.right - 1
        return [self.left, last] if count == 2 else [self.left, self.left + 1, last, last + 1]

    def header(self) -> None:
        """One header row, or two where columns stand in groups."""
        two = any(column.group for column in self.columns)
        for offset, column in enumerate(self.columns):
            at = self.left + offset
            text = header_text(column, self.layout.header)
            self.page.widths[at] = WIDTHS.get(column.name, 11)
            if column.group:
                self.page.put(self.row + 1, at, text, "header")
            else:
                self.page.span((self.row, at, self.row + two, at), text, "header")
            self.sheet.headers[column.name] = address(self.row + bool(column.group), at)
        self._groups()
        extra = [self.layout.empty_column] if self.layout.empty_column else []
        extra += [self.sheet.unexpected[0]] if self.sheet.unexpected else []
        for offset, text in enumerate(extra):
            at = self.left + len(self.columns) + offset
            self.page.span((self.row, at, self.row + two, at), text, "header")
            self.sheet.headers[text] = address(self.row, at)
        self.row += 1 + two

    def _groups(self) -> None:
        """The upper header cells, each over its group."""
        start = 0
        for end in range(1, len(self.columns) + 1):
            if (
                end == len(self.columns)
                or self.columns[end].group != self.columns[start].group
                or not self.columns[end].group
            ):
                if group := self.columns[start].group:
                    self.page.span((self.row, self.left + start, self.row, self.left + end - 1), group, "header")
                start = end

    def body(self) -> None:
        """The records, blank rows between them, and the numbered rows nobody filled."""
        number = 0
        for number, record in enumerate(self.sheet.records, 1):
            self.row += (number - 1) in self.layout.gaps
            for offset, column in enumerate(self.columns):
                at = self.left + offset
                value = record.typed.get("seq", number) if column.name == "seq" else record.typed.get(column.name)
                self.page.put(self.row, at, value, "body")
                self.sheet.places[id(record), column.name] = address(self.row, at)
                self._hide(column, number, at)
            if self.sheet.unexpected:
                self.page.put(self.row, self.right, self.sheet.unexpected[1][number - 1], "body")
            self.row += 1
        for empty in range(self.layout.numbered_rows if self.sheet.form != "1-1" else 0):
            self._empty_row(number + empty + 1)

    def _hide(self, column: Column, number: int, at: int) -> None:
        """Hides the last record's row, or a column that holds something, where the sheet asks for it."""
        if self.sheet.hidden == "row" and number == len(self.sheet.records):
            self.page.hidden_rows.add(self.row)
        if self.sheet.hidden == "column" and column.name in ("roll_school", "class_name", "address"):
            self.page.hidden_columns.add(at)

    def _empty_row(self, number: int) -> None:
        for offset, column in enumerate(self.columns):
            self.page.put(self.row, self.left + offset, number if column.name == "seq" else None, "body")
        self.row += 1

    def total_row(self) -> None:
        """A 合计 row: the number of rows, or the counts once more."""
        if not (self.layout.total_row and self.sheet.records):
            return
        for offset, column in enumerate(self.columns):
            at = self.left + offset
            if offset == 0:
                self.page.put(self.row, at, self.layout.total_row, "body")
            elif self.form.form == "1-1":
                again = self.sheet.records[0].typed.get(column.name)
                self.page.put(self.row, at, again if column.required else None, "body")
            else:
                self.page.put(self.row, at, f"{len(self.sheet.records)}人" if offset == 1 else None, "body")
        self.row += 1
