"""学生辍学情况统计表: how last month's number of dropouts became this month's, by school stage and by school."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kbxt_merge.model.district import District
from kbxt_merge.model.flow import Flow, Measure
from kbxt_merge.model.out_folder import safe_name
from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.sheets.page import printed_day, span
from kbxt_merge.outputs.sheets.styles import Styles
from kbxt_merge.outputs.sheets.workbook import open_book
from kbxt_merge.outputs.summary.counts_page import CountsPage

_TITLE = "{county}{year}年{month}月学生辍学情况统计表"
_UNIT = "填报单位：{bureau}（盖章）"
_DATE = "时间：{day}"
_SHEETS = (
    (Words("分学段", "by stage"), Words("学段", "Stage")),
    (Words("分学校", "by school"), Words("学校", "School")),
)
_ALL, _OF_WHICH = Words("合计", "all"), Words("其中：{category}", "of which {category}")
_TOTAL, _NO_NAME = Words("合计", "Total"), Words("未注明", "not stated")
_FIRST_ROW = 5
_WIDTHS = (20, 8.5)
_NOTES = (
    Words(
        "注：本月末 = 上月末 + 本月新增 − 本月劝返复学 − 其他核减（销号）。",
        "End of this month = end of last month + new - brought back - struck off otherwise.",
    ),
    Words(
        "在各行之间转学的学生，在转出行计“其他核减（销号）”，在转入行计“本月新增”。",
        "A child that moved from one row to another is struck off there and new here.",
    ),
)
_CARRIED = Words(
    "本月未报名单、沿用上月人数的学校（{count} 所）：",
    "Schools whose list did not come, counted as last month ({count}): ",
)
_CHANGED = Words(
    "有 {count} 名学生的人员类别与上月不同，“其中”各栏因此可能差相应人数（见核查报告）。",
    "{count} children have another category than last month; the subtotals may differ by as many (see the report).",
)


def write_flow(flow: Flow, district: District, folder: Path, language: Language = "zh") -> Path:
    """Write the flow's workbook into a folder; its path is returned."""
    folder.mkdir(parents=True, exist_ok=True)
    title = _TITLE.format(county=district.forms.county, year=flow.period.year, month=flow.period.month)
    path = folder / f"{safe_name(title)}.xlsx"
    with open_book(path, district.as_of, len(flow.schools)) as book:
        styles = Styles(book)
        for (name, header), rows in zip(_SHEETS, (flow.stages, flow.schools), strict=True):
            page = _Page(book, book.add_worksheet(name.of(language)), styles, flow, rows, language)
            page.write(title, header.of(language), district)
    return path


@dataclass
class _Page:
    """One sheet: a row a stage or school, and for each measure a column for all children and one a category."""

    book: Workbook
    sheet: Worksheet
    styles: Styles
    flow: Flow
    rows: pd.DataFrame
    language: Language

    @property
    def width(self) -> int:
        return 1 + self.rows.shape[1]

    def write(self, title: str, header: str, district: District) -> None:
        span(self.sheet, 0, 0, self.width - 1, title, self.styles.look("title"))
        self.sheet.set_row(0, 36)
        middle = self.width // 2
        unit, day = _UNIT.format(bureau=district.forms.stamped_by), _DATE.format(day=printed_day(district.as_of))
        span(self.sheet, 1, 0, middle, unit, self.styles.look("unit"))
        span(self.sheet, 1, middle + 1, self.width - 1, day, self.styles.look("date"))
        self._write_header(header)
        for row, (name, counts) in enumerate(
            zip(self.rows.index, self.rows.to_numpy().tolist(), strict=True), _FIRST_ROW
        ):
            self.sheet.write_string(row, 0, str(name) or _NO_NAME.of(self.language), self.styles.look("text"))
            self._write_counts(row, counts)
        self._write_total()
        self._write_notes()
        self._set_paper()

    def _write_header(self, first: str) -> None:
        look, categories = self.styles.look("header"), self.flow.categories
        self.sheet.merge_range(2, 0, 4, 0, first, look)
        size = 1 + len(categories)
        for place, measure in enumerate(Measure):
            left = 1 + place * size
            span(self.sheet, 2, left, left + size - 1, measure.words.of(self.language), look)
            self.sheet.merge_range(3, left, 4, left, _ALL.of(self.language), look)
            for offset, category in enumerate(categories, 1):
                text = _OF_WHICH.of(self.language).format(category=category)
                self.sheet.merge_range(3, left + offset, 4, left + offset, text, look)
        self.sheet.set_row(3, 30)
        self.sheet.set_row(4, 30)

    def _write_counts(self, row: int, counts: Sequence[int]) -> None:
        """Write a row's counts; the number of all children at the month's end is a formula, so that it can be seen."""
        look, size = self.styles.look("number"), 1 + len(self.flow.categories)
        *before, closing = [place * size for place in range(len(Measure))]
        for place, count in enumerate(counts):
            if place != closing:
                self.sheet.write_number(row, 1 + place, count, look)
        cells = [xl_rowcol_to_cell(row, 1 + place) for place in before]
        formula = f"={cells[0]}+{cells[1]}-{cells[2]}-{cells[3]}"
        self.sheet.write_formula(row, 1 + closing, formula, look, counts[closing])

    def _write_total(self) -> None:
        foot = _FIRST_ROW + len(self.rows)
        self.sheet.write_string(foot, 0, _TOTAL.of(self.language), self.styles.look("total_text"))
        for column, count in enumerate(self.rows.sum().tolist(), 1):
            letter = xl_col_to_name(column)
            formula = f"=SUM({letter}{_FIRST_ROW + 1}:{letter}{foot})" if len(self.rows) else "=0"
            self.sheet.write_formula(foot, column, formula, self.styles.look("total"), count)

    def _write_notes(self) -> None:
        notes = [each.of(self.language) for each in _NOTES]
        if self.flow.carried:
            notes.append(_CARRIED.of(self.language).format(count=len(self.flow.carried)) + "、".join(self.flow.carried))
        if self.flow.changed:
            notes.append(_CHANGED.of(self.language).format(count=self.flow.changed))
        self._page.write_notes(_FIRST_ROW + len(self.rows) + 1, notes)

    def _set_paper(self) -> None:
        self._page.set_paper(_FIRST_ROW, (2, 4))

    @property
    def _page(self) -> CountsPage:
        return CountsPage(self.sheet, self.styles, self.width, *_WIDTHS)
