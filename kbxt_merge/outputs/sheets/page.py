"""What is printed round a table: attachment, title, unit line, header, notes, and the paper it comes on."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kbxt_merge.model.district import District
from kbxt_merge.model.field import Field
from kbxt_merge.model.form import Form
from kbxt_merge.outputs.sheets.styles import Styles
from kbxt_merge.outputs.sheets.text_width import TALLEST_ROW, balanced, height_of, line_count, text_width

_A4 = 9
_MARGINS = {"left": 0.5, "right": 0.5, "top": 0.6, "bottom": 0.7}  # inches
_GAP, _BETWEEN = re.compile(r"\s{2,}"), "  "
_USUAL_PARTS, _UNIT_HEIGHT = 2, 24.0
Look = Callable[[str], Format]
Sides = tuple[Sequence[str], Sequence[str]]

_LANDSCAPE_WIDTH = 138.0
"""What A4 takes between the margins at full size, in half-width characters of the body font."""


def printed_widths(fields: Sequence[Field]) -> list[float]:
    """The columns' widths in half-width characters: as the form has them, widened to fill a landscape page."""
    factor = max(1.0, _LANDSCAPE_WIDTH / sum(each.width for each in fields))
    return [round(each.width * min(factor, 1.3), 1) for each in fields]


def printed_day(day: dt.date, by_month: bool = False) -> str:
    """The day as forms print it."""
    return f"{day.year} 年 {day.month} 月" + ("" if by_month else f" {day.day} 日")


_DAY_OR_PERIOD = re.compile(r"\{(?:date|year|term|month|quarter)\}")


def unit_sides(form: Form, places: Mapping[str, str]) -> Sides:
    """What stands at the left and at the right of the line that names the unit, part by part: at the right the day, or
    without one all behind the first gap; `places` are filled in.
    """
    first, *others = _GAP.split(form.unit_line.printed)
    right = [part for part in others if _DAY_OR_PERIOD.search(part)] or others
    left = [first, *(part for part in others if part not in right)]
    return [part.format_map(places) for part in left], [part.format_map(places) for part in right]


def write_sides(sheet: Worksheet, look: Look, fields: Sequence[Field], row: int, sides: Sides, middle: int) -> None:
    """Write both sides, the right one behind this column; of more than two parts, those that have no room beside each
    other stand one below the other."""
    last, widths, lines = len(fields) - 1, printed_widths(fields), 1
    for parts, first, end, name in ((sides[0], 0, middle, "unit"), (sides[1], middle + 1, last, "date")):
        text, room = _BETWEEN.join(parts), sum(widths[first : end + 1])
        if first > end or not text:
            continue
        is_long = sum(map(len, sides)) > _USUAL_PARTS and line_count(text, room) > 1
        text = "\n".join(parts) if is_long else text
        lines = max(lines, line_count(text, room) if is_long else 1)
        span(sheet, row, first, end, text, look(f"{name}_lines" if is_long else name))
    sheet.set_row(row, _UNIT_HEIGHT if lines == 1 else height_of(lines))


def span(sheet: Worksheet, row: int, first: int, last: int, text: str, look: Format) -> None:
    """Write a text over several columns of one row; always as text."""
    if first < last:
        sheet.merge_range(row, first, row, last, "", look)
    sheet.write_string(row, first, text, look)


def write_heading(sheet: Worksheet, styles: Styles, form: Form, district: District) -> int:
    """Write attachment, title and (where it stands above) the unit line; the next row is returned."""
    last = len(form.fields) - 1
    span(sheet, 0, 0, last, form.attachment, styles.look("attachment"))
    span(sheet, 1, 0, last, form.titled_over(district.period), styles.look("title"))
    sheet.set_row(0, 20)
    sheet.set_row(1, 36)
    if form.unit_line.below:
        return 2
    write_unit_line(sheet, styles, form, district, 2)
    return 3


def write_unit_line(sheet: Worksheet, styles: Styles, form: Form, district: District, row: int) -> None:
    """Write the bureau that stamps the form at the left, the date at the right: of a form of months its period's."""
    by_month, forms = form.unit_line.by_month, district.forms
    day = printed_day(district.period.last if by_month and district.period.is_strict else district.as_of, by_month)
    places = {"school": forms.stamped_by, "date": day, "city": forms.city, "county": forms.county}
    sides = unit_sides(form, {**form.period_words(district.period), **places})
    left, right = (text_width(_BETWEEN.join(parts)) for parts in sides)
    middle = _column_at(form.fields, min(max(left / max(left + right, 1), 0.35), 0.7))
    write_sides(sheet, styles.look, form.fields, row, sides, middle)


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
