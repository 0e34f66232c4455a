"""The sheet of a list or of the statistics: the official layout to be filled in, and the self-check beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from xlsxwriter.format import Format

from kbxt_merge.model.carry_over import Row
from kbxt_merge.model.field import Field
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.own_workbook import CHECK_HEADER
from kbxt_merge.model.returns import address
from kbxt_merge.outputs.blanks.blank_book import (
    CODE_TYPES,
    FAULT,
    FEW_ROWS,
    FILLED_ROWS,
    SCHOOL,
    SOUND,
    SOUND_MARK,
    BlankBook,
    sums_of,
    write_typed,
)
from kbxt_merge.outputs.blanks.growing_sheet import GrowingSheet
from kbxt_merge.outputs.blanks.option_sheet import OptionSheet
from kbxt_merge.outputs.blanks.table_check import TableCheck, TableSteps
from kbxt_merge.outputs.blanks.validations import Validations
from kbxt_merge.outputs.sheets.page import printed_widths, set_paper, span, unit_sides, write_header, write_sides
from kbxt_merge.outputs.sheets.text_width import TALLEST_ROW, height_of, line_count

_ROW_HEIGHT = 21.0
_SIGNATURES = "填表人：                    审核人：                    负责人（签字）："
_PLACE_TO_SIGN, _TO_SIGN = re.compile(r"([：:])\s+(?![年月日\s])"), 20
_CHECK_WIDTH = 60.0
_SPARE_ROWS = 5


@dataclass(frozen=True)
class TableSheet:
    """One form on its sheet; rows and columns count from zero."""

    book: BlankBook
    sheet: GrowingSheet
    form: Form

    @property
    def width(self) -> int:
        """How many columns the table takes."""
        return len(self.form.fields)

    @cached_property
    def header(self) -> int:
        """The header's first row: below attachment, title and, where the notice prints it above, the unit line."""
        return 2 if self.form.unit_line.below else 3

    @cached_property
    def records(self) -> Sequence[Row]:
        """The records that the table starts with."""
        return self.book.rows.get(self.form.slug, ())

    @property
    def printed(self) -> int:
        """How many numbered rows are printed: a few more than there are records."""
        if labels := self.form.row_labels:
            return len(labels) + len(self.form.sections)
        return max(self.form.printed_rows, len(self.records) + _SPARE_ROWS if self.records else 0)

    @property
    def rows(self) -> int:
        """How many rows drop-downs and the self-check reach: of the statistics a school fills but one."""
        if self.form.shape is Shape.ROWS:
            return self.printed
        return max(FEW_ROWS if self.form.shape is Shape.STATISTICS else FILLED_ROWS, self.printed)

    @property
    def first(self) -> int:
        """The first row to be filled in."""
        return self.header + self.form.header_rows + bool(self.form.column_codes)

    @property
    def below(self) -> int:
        """The first row below the table."""
        return self.first + self.printed

    @property
    def unit_row(self) -> int:
        """The row of the unit line."""
        return self.below if self.form.unit_line.below else 2

    def write(self, options: OptionSheet) -> None:
        """Write the form, and its self-check beside it and on the hidden sheet."""
        form, last = self.form, self.width - 1
        span(self.sheet, 0, 0, last, form.attachment, self.book.look("attachment"))
        span(self.sheet, 1, 0, last, self.book.title(form), self.book.look("title"))
        self.sheet.set_default_row(_ROW_HEIGHT)
        self.sheet.set_row(0, 20)
        self.sheet.set_row(1, 36)
        day_cell = self._write_unit_line()
        write_header(self.sheet, self.book.styles, form.fields, self.header, form.header_rows, form.column_codes)
        self._write_rows()
        end = self._write_tail()
        self._let_rows_grow(end)
        set_paper(self.sheet, form.fields, (self.header, self.first - 1), end - 1)
        self._write_validations(end)
        check = TableSteps(self.book, options, form, self.first - 1, day_cell, self.rows).write()
        self._write_check(check)

    def _write_unit_line(self) -> tuple[int, int]:
        """Write the school's name at the left, the date at the right; the date's cell is returned."""
        sides = unit_sides(self.form, self.book.unit_places(self.form))
        last = self.width - 1
        middle = self._column_at(0.62) if sides[1] else last
        write_sides(self.sheet, self.book.look, self.form.fields, self.unit_row, sides, middle)
        return self.unit_row, min(middle + 1, last)

    def _column_at(self, share: float) -> int:
        """The column at which this share of the table's width is reached, but not the last."""
        widths = printed_widths(self.form.fields)
        reached = [sum(widths[: place + 1]) / sum(widths) for place in range(len(widths) - 1)]
        return next((place for place, each in enumerate(reached) if each >= share), max(len(widths) - 2, 0))

    def _write_rows(self) -> None:
        looks = [self.book.look_of(field) for field in self.form.fields]
        sums = sums_of(self.form) if self.form.shape is Shape.STATISTICS else {}
        place = {field.name: position for position, field in enumerate(self.form.fields)}
        for number, row in enumerate(range(self.first, self.below), 1):
            record = self._record(number)
            self.sheet.set_row(row, self._height_of(record))
            if isinstance(record, str):
                span(self.sheet, row, 0, self.width - 1, record, self.book.look("text"))
                continue
            for column, (field, look) in enumerate(zip(self.form.fields, looks, strict=True)):
                if field.name in record:
                    write_typed(self.sheet, (row, column), field, record[field.name], look)
                elif field.type == "sequence":
                    self.sheet.write_number(row, column, number, look)
                elif field.name in sums:
                    cells = [address(row, place[part]) for part in sums[field.name]]
                    self._write_sum(row, column, cells, look)
                elif self._is_own_school(field, number):
                    self.sheet.write_string(row, column, SCHOOL, look)
                else:
                    self.sheet.write_blank(row, column, None, look)

    def _record(self, number: int) -> Row | str:
        """What stands in a printed row, counted from 1; of a line over some rows its text."""
        if self.form.row_labels:
            return self._printed_lines[number - 1]
        return self.records[number - 1] if number <= len(self.records) else {}

    @cached_property
    def _printed_lines(self) -> Sequence[Row | str]:
        """The printed rows, and the lines over parts of them."""
        form = self.form
        lines: list[Row | str] = []
        for at, label in enumerate(form.row_labels):
            lines += [form.sections[label]] if label in form.sections else []
            beside = {each.name: each.printed[at] for each in form.fields if each.printed and each.printed[at]}
            numbers = {each.name: str(at + 1) for each in form.fields if each.type == "sequence"}
            lines.append({**numbers, **beside, form.record: label})
        return lines

    def _height_of(self, record: Row | str) -> float:
        """The height of a row in points: that of its tallest text; a single row is taller."""
        if isinstance(record, str):
            return _ROW_HEIGHT
        widths = zip(self.form.fields, printed_widths(self.form.fields), strict=True)
        lines = [line_count(record.get(each.name, ""), width) for each, width in widths if each.type not in CODE_TYPES]
        least = 2 * _ROW_HEIGHT if self.form.printed_rows == 1 else _ROW_HEIGHT
        tallest = max(lines, default=1)
        return least if tallest == 1 else max(least, min(height_of(tallest), TALLEST_ROW))

    def _let_rows_grow(self, end: int) -> None:
        """Let the rows to be filled in, and those below what stands under them, fit what is typed."""
        rows = [*range(self.first, self.below), *range(end, self.first + self.rows)]
        self.sheet.growing = frozenset(rows)
        for row in rows:
            self.sheet.write_blank(row, self.width, None, self.book.look("strut"))

    def _write_sum(self, row: int, column: int, cells: list[str], look: Format) -> None:
        missing = ",".join(f'{cell}=""' for cell in cells)
        condition = f"OR({missing})" if len(cells) > 1 else missing
        self.sheet.write_formula(row, column, f'=IF({condition},"",{"+".join(cells)})', look, "")

    def _is_own_school(self, field: Field, number: int) -> bool:
        return self.form.shape is Shape.STATISTICS and field.name == self.form.record_field and number == 1

    def _write_tail(self) -> int:
        """Write the notes and the line for signatures below the table; the next row is returned."""
        row = self.below + (1 if self.form.unit_line.below else 0)
        width = sum(printed_widths(self.form.fields))
        for text in self.form.notes:
            span(self.sheet, row, 0, self.width - 1, text, self.book.look("note"))
            self.sheet.set_row(row, min(height_of(line_count(text, width)), TALLEST_ROW))
            row += 1
        signatures = _PLACE_TO_SIGN.sub(r"\1" + " " * _TO_SIGN, self.form.signatures or _SIGNATURES)
        span(self.sheet, row, 0, self.width - 1, signatures, self.book.look("unit"))
        self.sheet.set_row(row, 26)
        return row + 1

    def _write_validations(self, end: int) -> None:
        """Let the table's rows, and those below what stands under it, accept only what can be."""
        validations = Validations(self.form, self.book.roster is not None, self.book.language)
        last = self.first + self.rows - 1
        for column, field in enumerate(self.form.fields):
            options = validations.options(field, address(self.first, column))
            if options is None:
                continue
            rows = [(self.first, self.below - 1), (end, last)]
            options["other_cells"] = [[top, column, bottom, column] for top, bottom in rows[1:] if top <= bottom]
            self.sheet.data_validation(self.first, column, self.below - 1, column, options)

    def _write_check(self, check: TableCheck) -> None:
        column, last = self.width + 1, self.first + self.rows - 1
        self.sheet.set_column(self.width, self.width, 2)
        self.sheet.set_column(column, column, _CHECK_WIDTH)
        summary, line = self.book.look("check_summary"), self.book.look("check")
        self.sheet.write_formula(0, column, check.count[0], summary, 0 if self.records else check.count[1])
        if check.no_day[0]:
            self.sheet.write_formula(1, column, check.no_day[0], line, check.no_day[1])
        header = self.first - 1 - bool(self.form.column_codes)
        self.sheet.write_string(header, column, CHECK_HEADER, self.book.look("check_header"))
        for row in range(self.first, last + 1):
            is_filled = row < self.first + len(self.records)  # what the self-check says of it, programs work out
            self.sheet.write_formula(row, column, check.row_result, line, 0 if is_filled else "")
        self.book.colour_summary(self.sheet, column)
        add = self.book.book.add_format
        sound = {"type": "cell", "criteria": "==", "value": f'"{SOUND_MARK}"', "format": add(SOUND)}
        self.sheet.conditional_format(self.first, column, last, column, sound)
        for place, field in self._checked(check):
            faulty = {"type": "formula", "criteria": check.is_faulty(field), "format": add(FAULT)}
            self.sheet.conditional_format(self.first, place, last, place, faulty)

    def _checked(self, check: TableCheck) -> Iterator[tuple[int, str]]:
        fields = enumerate(self.form.fields)
        return ((place, field.name) for place, field in fields if field.name in check.places)
