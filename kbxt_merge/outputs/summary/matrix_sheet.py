"""The sheets of a form of printed rows: 汇总 is the district's matrix in the official layout, 分校 every school's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kbxt_merge.model.district import District
from kbxt_merge.model.field import Field
from kbxt_merge.model.returns import address
from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.sheets.bulk_sheet import Block, BulkColumn, BulkSheet
from kbxt_merge.outputs.sheets.names import Names
from kbxt_merge.outputs.sheets.page import (
    Lines,
    set_paper,
    span,
    write_header,
    write_heading,
    write_unit_line,
)
from kbxt_merge.outputs.sheets.styles import Styles, look_of_total
from kbxt_merge.outputs.sheets.text_width import LEAST_HEIGHT
from kbxt_merge.outputs.summary.merged import Merged, missing_schools
from kbxt_merge.outputs.summary.rates import rate_of
from kbxt_merge.outputs.summary.table_sheet import look_of, write_legend

_SCHOOL = Words("学校", "school")
_SCHOOL_WIDTH, _WIDTH = 30.0, 12.0


@dataclass(frozen=True)
class MatrixBook:
    """A workbook being made of one form of printed rows."""

    book: Workbook
    styles: Styles
    names: Names
    district: District
    merged: Merged
    language: Language

    def write(self) -> None:
        """Write the sums of all schools, and below them in another sheet what they are the sums of."""
        summary = self.book.add_worksheet(self.names.sheet("汇总"), BulkSheet)
        schools = self.names.sheet("分校")
        self._write_schools(self.book.add_worksheet(schools, BulkSheet))
        self._write_summary(summary, schools)

    @cached_property
    def _columns(self) -> Sequence[Sequence[str | float]]:
        return [self.merged.cells(each) for each in self.merged.form.fields]

    def _write_summary(self, sheet: Worksheet, schools: str) -> None:
        form, styles = self.merged.form, self.styles
        sheet.set_default_row(LEAST_HEIGHT)
        top = write_heading(sheet, styles, form, self.district)
        write_header(sheet, styles, form.fields, top, form.header_rows, form.column_codes)
        first = top + form.header_rows + bool(form.column_codes)
        for row, label in enumerate(form.row_labels, first):
            for column, each in enumerate(form.fields):
                self._write_cell(sheet, (row, column), each, label, schools)
        below = first + len(form.row_labels)
        if form.unit_line.below:
            write_unit_line(sheet, styles, form, self.district, below)
            below += 1
        lines = Lines(sheet, styles, form.fields)
        below = lines.write(lines.write(below, form.notes), missing_schools(self.district, form, self.language))
        set_paper(sheet, form.fields, (top, first - 1), below - 1)

    def _write_cell(self, sheet: Worksheet, place: tuple[int, int], each: Field, label: str, schools: str) -> None:
        """A row's label, the sum of a number over all schools, or what all of them say alike."""
        form, column = self.merged.form, place[1]
        here = np.array([cell == label for cell in self._columns[list(form.by_name).index(form.record)]], dtype=bool)
        own = [cell for cell, flag in zip(self._columns[column], here.tolist(), strict=True) if flag]
        if each.name == form.record:
            sheet.write_string(*place, label, self.styles.look("text"))
        elif each.printed:
            sheet.write_string(*place, each.printed[form.row_labels.index(label)], self.styles.look(look_of(each)))
        elif rate := rate_of(form, each, label):
            sums = {name: self._sum(name, here) for name in (*rate.added, rate.by)}
            formula = rate.formula({name: address(place[0], at) for at, name in enumerate(form.by_name)})
            sheet.write_formula(*place, formula, self.styles.look(look_of_total(each, rate.places)), rate.worth(sums))
        elif each.adds_up:
            total = sum(cell for cell in own if isinstance(cell, int | float))
            letters, labels = xl_col_to_name(column + 1), xl_col_to_name(list(form.by_name).index(form.record) + 1)
            last = max(len(self.merged), 1) + 1
            ranges = (f"'{schools}'!${each}$2:${each}${last}" for each in (labels, letters))
            quoted = label.replace('"', '""')
            formula = f'=SUMIF({next(ranges)},"{quoted}",{next(ranges)})'
            sheet.write_formula(*place, formula, self.styles.look(look_of_total(each)), total)
        else:
            alike = own[0] if own and len(set(own)) == 1 else ""
            sheet.write_string(*place, str(alike), self.styles.look(look_of(each)))

    def _sum(self, name: str, here: npt.NDArray[np.bool_]) -> float:
        cells = self._columns[list(self.merged.form.by_name).index(name)]
        own = (cell for cell, flag in zip(cells, here.tolist(), strict=True) if flag)
        return sum(cell for cell in own if isinstance(cell, int | float))

    def _write_schools(self, sheet: BulkSheet) -> None:
        form = self.merged.form
        sheet.set_default_row(LEAST_HEIGHT)
        headers = [_SCHOOL.of(self.language), *(each.label.of(self.language) for each in form.fields)]
        for column, header in enumerate(headers):
            span(sheet, 0, column, column, header, self.styles.look("screen_header"))
            sheet.set_column(column, column, _WIDTH if column else _SCHOOL_WIDTH)
        columns = [BulkColumn(self.merged.schools, self.styles.look("text"))]
        for each, cells in zip(form.fields, self._columns, strict=True):
            look, severities = look_of(each), self.merged.marks.get(each.name, {})
            marked = {line: self.styles.look(look, severity) for line, severity in severities.items()}
            columns.append(BulkColumn(cells, self.styles.look(look), marked))
        sheet.add_block(Block(1, columns))
        sheet.freeze_panes(1, 1)
        if self.merged.marks:
            write_legend(sheet, self.styles, len(headers) + 1, self.language)
