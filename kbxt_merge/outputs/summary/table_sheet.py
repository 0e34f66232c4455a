"""The sheet 汇总 of a list or of the statistics: the district's rows in the official layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kbxt_merge.model.district import District
from kbxt_merge.model.field import Field
from kbxt_merge.model.form import Shape
from kbxt_merge.model.returns import address
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.sheets.bulk_sheet import Block, BulkColumn, BulkSheet
from kbxt_merge.outputs.sheets.names import Names
from kbxt_merge.outputs.sheets.page import (
    Lines,
    printed_widths,
    set_paper,
    write_header,
    write_heading,
    write_unit_line,
)
from kbxt_merge.outputs.sheets.styles import Styles, look_of_total
from kbxt_merge.outputs.sheets.text_width import LEAST_HEIGHT, even, tall_rows
from kbxt_merge.outputs.summary.comments import write_comments
from kbxt_merge.outputs.summary.merged import Merged, missing_schools
from kbxt_merge.outputs.summary.rates import rate_of

_TOTAL = "合计"
LEGEND = Words("有色单元格见批注（此处不打印）", "see the comments of coloured cells (not printed)")


@dataclass(frozen=True)
class TableBook:
    """A workbook being made of one form, and what its table holds."""

    book: Workbook
    styles: Styles
    names: Names
    district: District
    merged: Merged
    language: Language

    def write(self, rows_a_sheet: int) -> None:
        """Write as many sheets as the rows need."""
        columns = [self.merged.cells(field) for field in self.merged.form.fields]
        starts = range(0, max(len(self.merged), 1), rows_a_sheet)
        for start in starts:
            name = self.names.sheet("汇总")
            sheet = self.book.add_worksheet(name, BulkSheet)
            part = _Part(self, sheet, start, [cells[start : start + rows_a_sheet] for cells in columns])
            part.write(is_last=start == starts[-1])


@dataclass(frozen=True)
class _Part:
    """One sheet of the table: its rows from `start` on."""

    table: TableBook
    sheet: BulkSheet
    start: int
    columns: Sequence[Sequence[str | float]]

    @property
    def rows(self) -> int:
        return len(self.columns[0])

    def write(self, is_last: bool) -> None:
        table, form, styles = self.table, self.table.merged.form, self.table.styles
        self.sheet.set_default_row(LEAST_HEIGHT)
        top = write_heading(self.sheet, styles, form, table.district)
        write_header(self.sheet, styles, form.fields, top, form.header_rows, form.column_codes)
        first = top + form.header_rows + bool(form.column_codes)
        self._write_rows(first)
        below = first + self.rows
        if is_last:
            below = self._write_tail(below)
        set_paper(self.sheet, form.fields, (top, first - 1), below - 1)
        marked = write_comments(self.sheet, table.merged, first, self.start, self.rows)
        if marked:
            write_legend(self.sheet, styles, len(form.fields) + 1, table.language)

    def _write_rows(self, first: int) -> None:
        form, styles = self.table.merged.form, self.table.styles
        marks = self.table.merged.marks
        columns = []
        for field, cells in zip(form.fields, self.columns, strict=True):
            look = look_of(field)
            here = {
                line - self.start: severity
                for line, severity in marks.get(field.name, {}).items()
                if self.start <= line < self.start + self.rows
            }
            coloured = {severity: styles.look(look, severity) for severity in dict.fromkeys(here.values())}
            marked = {line: coloured[severity] for line, severity in here.items()}
            columns.append(BulkColumn(cells, styles.look(look), marked))
        heights = even(tall_rows(list(zip(self.columns, printed_widths(form.fields), strict=True))), self.rows)
        self.sheet.add_block(Block(first, columns, heights))

    def _write_tail(self, row: int) -> int:
        """Write what stands below the last row: the total, the unit line, notes, schools that returned nothing."""
        table, form = self.table, self.table.merged.form
        lines = Lines(self.sheet, table.styles, form.fields)
        if form.shape is Shape.STATISTICS:
            self._write_total(row)
            row += 1
        if form.unit_line.below:
            write_unit_line(self.sheet, table.styles, form, table.district, row)
            row += 1
        row = lines.write(row, form.notes)
        if form.shape is Shape.STATISTICS:
            told = [*table.merged.repeated_told(table.language), *missing_schools(table.district, form, table.language)]
            row = lines.write(row, told)
        return row

    def _write_total(self, row: int) -> None:
        form, styles = self.table.merged.form, self.table.styles
        for position, (field, cells) in enumerate(zip(form.fields, self.columns, strict=True)):
            if rate := rate_of(form, field):
                sums = {name: self._total_of(name) for name in (*rate.added, rate.by)}
                formula = rate.formula({name: address(row, at) for at, name in enumerate(form.by_name)})
                self.sheet.write_formula(
                    row, position, formula, styles.look(look_of_total(field, rate.places)), rate.worth(sums)
                )
            elif field.adds_up:
                total = sum(cell for cell in cells if isinstance(cell, int | float))
                formula = _sum_above(position, row, self.rows)
                self.sheet.write_formula(row, position, formula, styles.look(look_of_total(field)), total)
            else:
                text = _TOTAL if field.name == form.record_field else ""
                self.sheet.write_string(row, position, text, styles.look("total_text"))
        self.sheet.set_row(row, LEAST_HEIGHT)

    def _total_of(self, name: str) -> float:
        cells = self.columns[list(self.table.merged.form.by_name).index(name)]
        return sum(cell for cell in cells if isinstance(cell, int | float))


def look_of(field: Field) -> str:
    """The name of the look that a field's cells have."""
    if field.type == "number":
        return "amount"
    if field.type in ("sequence", "age", "count"):
        return "number"
    if field.type in ("id_number", "roll_number", "code"):
        return "code"
    return "long_text" if field.type == "text" else "text"


def write_legend(sheet: Worksheet, styles: Styles, column: int, language: Language) -> None:
    """Say what the colours mean, right of what is printed."""
    sheet.set_column(column, column, 16)
    sheet.write_string(0, column, LEGEND.of(language), styles.look("hint"))
    for row, severity in enumerate((Severity.ERROR, Severity.WARNING), 1):
        sheet.write_string(row, column, severity.words.of(language), styles.look("legend", severity))


def _sum_above(column: int, row: int, rows: int) -> str:
    letter = xl_col_to_name(column)
    return f"=SUM({letter}{row - rows + 1}:{letter}{row})" if rows else "=0"
