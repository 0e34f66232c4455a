"""The sheet 统计: how many records each school has, by category and type, with totals as formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook

from kbxt_merge.model.bearer import Bearer
from kbxt_merge.model.district import District
from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.sheets.bulk_sheet import Block, BulkColumn, BulkSheet, Cell, Formula
from kbxt_merge.outputs.sheets.names import Names
from kbxt_merge.outputs.sheets.page import span
from kbxt_merge.outputs.sheets.styles import Styles
from kbxt_merge.outputs.sheets.text_width import LEAST_HEIGHT, height_of, line_count, tall_rows
from kbxt_merge.outputs.summary.dimensions import Dimension, dimensions_of, nested
from kbxt_merge.outputs.summary.merged import Merged, missing_schools, returned_schools

_SCHOOL = Words("学校", "school")
_TOTAL = Words("合计", "total")
_NO_SCHOOL = Words("（未注明学校）", "(no school named)")
_ROW_TOTAL = {True: Words("人数合计", "all persons"), False: Words("合计条数", "all records")}
"""By whether the records are of persons."""
_TITLE = Words("{title}·分校统计", "{title}: counts by school")
_WIDTHS = (30.0, 11.0, 15.0)  # the school, the row's total, a count
_FIRST_ROW = 3
_Counts = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Group:
    """Columns under one upper header: a total, if they are summed, and a column a value.

    `counts` has one row a school and one column a value.
    """

    header: str
    values: Sequence[str]
    counts: _Counts
    summed: bool


def write_counts(
    book: Workbook, styles: Styles, names: Names, district: District, merged: Merged, language: Language
) -> None:
    """Write the sheet, if the form has anything to count by."""
    dimensions = dimensions_of(district.forms, merged.records, language)
    if not dimensions:
        return
    with_returns = returned_schools(district, merged.form)
    schools = [name for name in [*district.schools, ""] if name in with_returns]
    groups = list(_groups(dimensions, merged.records.school.astype(str), schools))
    row_total = _ROW_TOTAL[merged.form.bearer is not Bearer.THING].of(language)
    sheet = book.add_worksheet(names.sheet("统计"), BulkSheet)
    table = _Table(sheet, styles, schools, groups, row_total, nested(dimensions), language)
    table.write(_TITLE.of(language).format(title=merged.form.titled_over(district.period)))
    table.write_below([*merged.repeated_told(language), *missing_schools(district, merged.form, language)])


def _groups(dimensions: Sequence[Dimension], school: npt.NDArray[np.str_], schools: Sequence[str]) -> Iterator[Group]:
    places = {name: place for place, name in enumerate(schools)}
    rows = np.array([places[name] for name in school], dtype=np.intp)
    if nested(dimensions):
        inner, outer = sorted(dimensions, key=lambda each: len(each.values), reverse=True)
        for value, header in enumerate(outer.values):
            here = outer.codes == value
            yield Group(
                header, inner.values, _count(rows[here], inner.codes[here], len(schools), len(inner.values)), True
            )
        return
    for each in dimensions:
        yield Group(each.label, each.values, _count(rows, each.codes, len(schools), len(each.values)), False)


def _count(rows: npt.NDArray[np.intp], codes: npt.NDArray[np.intp], height: int, width: int) -> _Counts:
    return np.bincount(rows * width + codes, minlength=height * width).reshape(height, width)


@dataclass(frozen=True)
class _Table:
    """One table of counts: the schools down, the groups across, sums at the right and at the foot."""

    sheet: BulkSheet
    styles: Styles
    schools: Sequence[str]
    groups: Sequence[Group]
    row_total: str
    nested: bool
    language: Language

    @property
    def foot(self) -> int:
        """The row of the totals."""
        return _FIRST_ROW + len(self.schools)

    @property
    def width(self) -> int:
        return 2 + sum(len(each.values) + each.summed for each in self.groups)

    def write(self, title: str) -> None:
        self.sheet.set_default_row(LEAST_HEIGHT)
        span(self.sheet, 0, 0, self.width - 1, title, self.styles.look("title"))
        self.sheet.set_row(0, 36)
        self._write_header()
        schools = [school or _NO_SCHOOL.of(self.language) for school in self.schools]
        columns = [BulkColumn(schools, self.styles.look("text")), self._row_totals()]
        for group in self.groups:
            columns += self._columns(group, len(columns))
        heights = {**dict.fromkeys(range(len(schools)), LEAST_HEIGHT), **tall_rows([(schools, _WIDTHS[0])])}
        self.sheet.add_block(Block(_FIRST_ROW, columns, heights))
        self.sheet.write_string(self.foot, 0, _TOTAL.of(self.language), self.styles.look("total_text"))
        self._set_paper()

    def write_below(self, texts: Sequence[str]) -> None:
        """Write sentences below the table."""
        room = _WIDTHS[0] + _WIDTHS[1] + (self.width - 2) * _WIDTHS[2]
        for row, text in enumerate(texts, self.foot + 1):
            span(self.sheet, row, 0, self.width - 1, text, self.styles.look("note"))
            self.sheet.set_row(row, height_of(line_count(text, room)))

    def _write_header(self) -> None:
        look = self.styles.look("screen_header")
        for column, text in ((0, _SCHOOL.of(self.language)), (1, self.row_total)):
            self.sheet.merge_range(1, column, 2, column, text, look)
        column = 2
        for group in self.groups:
            headers = [_TOTAL.of(self.language)] * group.summed + list(group.values)
            span(self.sheet, 1, column, column + len(headers) - 1, group.header, look)
            for offset, header in enumerate(headers):
                self.sheet.write_string(2, column + offset, header, look)
            column += len(headers)
        tallest = max(line_count(value, _WIDTHS[2]) for group in self.groups for value in group.values)
        self.sheet.set_row(2, height_of(tallest))

    def _columns(self, group: Group, column: int) -> Iterator[BulkColumn]:
        """A group's counts, from this column on; their totals are written below."""
        first, look = column + group.summed, self.styles.look("number")
        if group.summed:
            sums = group.counts.sum(axis=1).tolist()
            yield BulkColumn(self._formulas(partial(_sum_across, first, self._last(group, first)), sums), look)
            self._write_column_total(column, sum(sums))
        for place, counts in enumerate(group.counts.T.tolist(), first):
            yield BulkColumn(counts, look)
            self._write_column_total(place, sum(counts))

    def _last(self, group: Group, first: int) -> int:
        return first + len(group.values) - 1

    def _row_totals(self) -> BulkColumn:
        """Sum what makes up the whole: the groups where they are nested, else the values of the first group."""
        whole = self.groups if self.nested else self.groups[:1]
        counts: list[int] = np.hstack([each.counts for each in whole]).sum(axis=1).tolist()
        sizes = [len(each.values) + each.summed for each in whole]
        parts = [2 + sum(sizes[:place]) for place in range(len(whole))]
        across = partial(_plus, parts) if self.nested else partial(_sum_across, 2, self._last(whole[0], 2))
        self._write_column_total(1, sum(counts))
        return BulkColumn(self._formulas(across, counts), self.styles.look("total"))

    @staticmethod
    def _formulas(across: Callable[[int], str], worths: Sequence[int]) -> list[Cell]:
        """What is worked out across each row."""
        return [Formula(across(row), worth) for row, worth in enumerate(worths, _FIRST_ROW)]

    def _write_column_total(self, column: int, count: int) -> None:
        formula = _sum(_FIRST_ROW, column, self.foot - 1, column) if self.schools else "0"
        self.sheet.write_formula(self.foot, column, f"={formula}", self.styles.look("total"), count)

    def _set_paper(self) -> None:
        self.sheet.set_column(0, 0, _WIDTHS[0])
        self.sheet.set_column(1, 1, _WIDTHS[1])
        self.sheet.set_column(2, max(self.width - 1, 2), _WIDTHS[2])
        self.sheet.freeze_panes(_FIRST_ROW, 1)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.center_horizontally()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(1, 2)


def _sum_across(first: int, last: int, row: int) -> str:
    return _sum(row, first, row, last)


def _sum(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    return f"SUM({xl_rowcol_to_cell(first_row, first_column)}:{xl_rowcol_to_cell(last_row, last_column)})"


def _plus(columns: Sequence[int], row: int) -> str:
    return "+".join(xl_rowcol_to_cell(row, column) for column in columns)
