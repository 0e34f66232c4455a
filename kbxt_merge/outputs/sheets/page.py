"""What is printed round a table: attachment, title, unit line, header, notes, and the paper it comes on."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kbxt_merge.model.district import District
from kbxt_merge.model.form import Field, Form
from kbxt_merge.outputs.sheets.styles import Styles
from kbxt_merge.outputs.sheets.text_width import TALLEST_ROW, balanced, height_of, line_count, text_width

_A4 = 9
_MARGINS = {"left": 0.5, "right": 0.5, "top": 0.6, "bottom": 0.7}  # inches
_LANDSCAPE_WIDTH = 138.0
"""What A4 takes between the margins at full size, in half-width characters of the body font."""


def printed_widths(fields: Sequence[Field]) -> list[float]:
    """The columns' widths in half-width characters: as the form has them, widened to fill a landscape page."""
    factor = max(1.0, _LANDSCAPE_WIDTH / sum(each.width for each in fields))
    return [round(each.width * min(factor, 1.3), 1) for each in fields]


def printed_day(day: dt.date, by_month: bool = False) -> str:
    """The day as forms print it."""
    return f"{day.year} 年 {day.month} 月" + ("" if by_month else f" {day.day} 日")


def unit_line(form: Form, district: District) -> tuple[str, str]:
    """The line of the bureau that stamps the form, and the date at its right: of a form of months its period's."""
    by_month = form.unit_line.by_month
    day = printed_day(district.period.last if by_month and district.period.is_strict else district.as_of, by_month)
    forms = district.forms
    line = form.unit_line.printed.format(school=forms.stamped_by, date=day, city=forms.city, county=forms.county)
    left, *right = re.split(r"\s{2,}", line)
    return left, "  ".join(right)


def span(sheet: Worksheet, row: int, first: int, last: int, text: str, look: Format) -> None:
    """Write a text over several columns of one row; always as text."""
    if first < last:
        sheet.merge_range(row, first, row, last, "", look)
    sheet.write_string(row, first, text, look)


def write_heading(sheet: Worksheet, styles: Styles, form: Form, district: District) -> int:
    """Write attachment, title and (where it stands above) the unit line; the next row is returned."""
    last = len(form.fields) - 1
    span(sheet, 0, 0, last, form.attachment, styles.look("attachment"))
    span(sheet, 1, 0, last, form.titled(district.period), styles.look("title"))
    sheet.set_row(0, 20)
    sheet.set_row(1, 36)
    if form.unit_line.below:
        return 2
    write_unit_line(sheet, styles, form, district, 2)
    return 3


def write_unit_line(sheet: Worksheet, styles: Styles, form: Form, district: District, row: int) -> None:
    """Write the unit's name and stamp at the left, the date at the right."""
    last = len(form.fields) - 1
    left, right = unit_line(form, district)
    share = text_width(left) / max(text_width(left + right), 1)
    middle = _column_at(form.fields, min(max(share, 0.35), 0.7))
    span(sheet, row, 0, middle, left, styles.look("unit"))
    if middle < last:
        span(sheet, row, middle + 1, last, right, styles.look("date"))
    sheet.set_row(row, 24)


def write_header(
    sheet: Worksheet, styles: Styles, fields: Sequence[Field], row: int, rows: int, codes: Sequence[str] = ()
) -> None:
    """Write the header as printed: each upper cell spans its group, and a header without one the rows above it.

    `codes` are written in a row of their own below it.
    """
    look = styles.look("header")
    widths = printed_widths(fields)
    headers = [balanced(field.header, width) for field, width in zip(fields, widths, strict=True)]
    for position, (field, header) in enumerate(zip(fields, headers, strict=True)):
        top, bottom = row + len(field.groups), row + rows - 1
        if top < bottom:
            sheet.merge_range(top, position, bottom, position, "", look)
        sheet.write_string(top, position, header, look)
    for depth in range(rows - 1):
        position = 0
        for path, members in groupby(fields, key=lambda each: each.groups[: depth + 1]):
            size = len(list(members))
            if len(path) > depth:
                span(sheet, row + depth, position, position + size - 1, path[depth], look)
            position += size
    lines = [line_count(header, width + 1) for header, width in zip(headers, widths, strict=True)]
    spare = [max(count - (rows - 1 - len(each.groups)), 1) for each, count in zip(fields, lines, strict=True)]
    for depth in range(rows - 1):
        sheet.set_row(row + depth, height_of(1) + 3)
    sheet.set_row(row + rows - 1, height_of(max(spare if rows > 1 else lines)) + 3)
    for position, code in enumerate(codes):
        sheet.write_string(row + rows, position, code, look)


@dataclass(frozen=True, slots=True)
class Lines:
    """Texts below a table, each in a row of its own."""

    sheet: Worksheet
    styles: Styles
    fields: Sequence[Field]

    def write(self, row: int, texts: Sequence[str], look: str = "note") -> int:
        """Write the texts from this row on; the next row is returned."""
        width = sum(printed_widths(self.fields))
        for offset, text in enumerate(texts):
            span(self.sheet, row + offset, 0, len(self.fields) - 1, text, self.styles.look(look))
            self.sheet.set_row(row + offset, min(height_of(line_count(text, width)), TALLEST_ROW))
        return row + len(texts)


def set_paper(sheet: Worksheet, fields: Sequence[Field], header: tuple[int, int], last_row: int) -> None:
    """A4 landscape, as wide as the page, the header (first row, last row) on every page, page numbers below."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(**_MARGINS)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(*header)
    sheet.print_area(0, 0, last_row, len(fields) - 1)
    sheet.set_footer("&C&10第 &P 页，共 &N 页")
    sheet.freeze_panes(header[1] + 1, 0)
    for position, width in enumerate(printed_widths(fields)):
        sheet.set_column(position, position, width)


def _column_at(fields: Sequence[Field], share: float) -> int:
    """The column in which this share of the table's width lies, but not the last."""
    wanted, reached = share * sum(each.width for each in fields), 0.0
    for position, field in enumerate(fields[:-1]):
        reached += field.width
        if reached >= wanted:
            return position
    return max(len(fields) - 2, 0)
