"""The sheet 比对 of a form's district workbook: how its children and each register agree, by school."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kbxt_merge.model.comparison import COMPARED, Comparison, Outcome
from kbxt_merge.model.district import District
from kbxt_merge.model.form import Form
from kbxt_merge.model.register import Register
from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.sheets.names import Names
from kbxt_merge.outputs.sheets.page import span
from kbxt_merge.outputs.sheets.styles import Styles
from kbxt_merge.outputs.sheets.text_width import LEAST_HEIGHT, height_of, tall_rows
from kbxt_merge.outputs.summary.counts_page import CountsPage

SHEET = "比对"
_TITLE = Words("{title}·与比对库核对情况", "{title}: held against the registers")
_SCHOOL, _TOTAL = Words("学校", "school"), Words("合计", "total")
_NO_SCHOOL = Words("（比对库未注明学校）", "(no school named)")
_COMPARED = Words("核对", "compared")
_NOTES = (
    Words(
        "注：核对 = 一致 + 不一致 + 报了、不在册；按人计，一人一次。", "compared = agree + differ + not on it; persons."
    ),
    Words(
        "未能核对：身份证号码有误、该生的表还有要改的地方，或比对库不全；改正后自动核对。",
        "Not checked: a wrong number, returns that are to be corrected first, or a register that is not whole.",
    ),
    Words("逐人的差异见《比对清单》。", "Each difference stands in 比对清单.xlsx."),
)
_WIDTHS = (30.0, 9.5)
_FIRST_ROW = 3


def has_comparison(form: Form, comparison: Comparison | None, registers: Sequence[Register]) -> bool:
    """Tell whether a form's workbook has the sheet: a register says who must stand in the form."""
    asked = any(must.form == form.slug for each in registers for must in each.must_return)
    return comparison is not None and asked and form.slug in set(comparison.counts["form"])


def write_comparison(
    book: Workbook,
    styles: Styles,
    names: Names,
    district: District,
    form: Form,
    comparison: Comparison,
    language: Language,
) -> None:
    """Write the sheet: a row a school, and for each register a column an outcome."""
    known = set(comparison.counts.loc[comparison.counts["form"] == form.slug, "register"])
    registers = [each for each in district.forms.registers if each.slug in known]
    tables = [comparison.of(each.slug, form.slug) for each in registers]
    told = set().union(*(table.index for table in tables))
    schools = [name for name in [*district.schools, *sorted(told - {*district.schools, ""}), ""] if name in told]
    page = _Page(book.add_worksheet(names.sheet(SHEET)), styles, schools, language)
    page.write(_TITLE.of(language).format(title=form.titled_over(district.period)), registers, tables)
    page.write_notes([*(note.of(language) for note in _NOTES), *_troubles(district, form, language)])


def _troubles(district: District, form: Form, language: Language) -> list[str]:
    """The registers of this form that could not be used."""
    read = district.references
    concerned = {each.slug for each in district.forms.registers if form.slug in each.forms}
    files = [each for each in read.files if each.register in concerned and each.trouble] if read else []
    return [f"{each.path}：{each.why(language)}" for each in files]


@dataclass
class _Page:
    """One sheet being written."""

    sheet: Worksheet
    styles: Styles
    schools: Sequence[str]
    language: Language
    width: int = 1

    def write(self, title: str, registers: Sequence[Register], tables: Sequence[pd.DataFrame]) -> None:
        """The table: the schools down, the registers across, sums at the foot."""
        size = 1 + len(Outcome)
        self.width = 1 + size * len(registers)
        self.sheet.set_default_row(LEAST_HEIGHT)
        span(self.sheet, 0, 0, self.width - 1, title, self.styles.look("title"))
        self.sheet.set_row(0, height_of(2) + 14)
        header = self.styles.look("screen_header")
        self.sheet.merge_range(1, 0, 2, 0, _SCHOOL.of(self.language), header)
        self.sheet.set_row(2, height_of(2))
        for row, school in enumerate(self.schools, _FIRST_ROW):
            self.sheet.write_string(row, 0, school or _NO_SCHOOL.of(self.language), self.styles.look("text"))
        for row, height in tall_rows([(self.schools, _WIDTHS[0])]).items():
            self.sheet.set_row(_FIRST_ROW + row, height)
        self.sheet.write_string(self._foot, 0, _TOTAL.of(self.language), self.styles.look("total_text"))
        for at, (register, table) in enumerate(zip(registers, tables, strict=True)):
            self._write_register(1 + at * size, register, table)
        self._set_paper()

    @property
    def _page(self) -> CountsPage:
        return CountsPage(self.sheet, self.styles, self.width, *_WIDTHS)

    @property
    def _foot(self) -> int:
        return _FIRST_ROW + len(self.schools)

    def _write_register(self, left: int, register: Register, table: pd.DataFrame) -> None:
        header, look = self.styles.look("screen_header"), self.styles.look("tally")
        span(self.sheet, 1, left, left + len(Outcome), register.label.of(self.language), header)
        columns = [_COMPARED, *(each.words for each in Outcome)]
        for offset, words in enumerate(columns):
            self.sheet.write_string(2, left + offset, words.of(self.language), header)
        rows = table.to_dict(orient="index")
        for row, school in enumerate(self.schools, _FIRST_ROW):
            counts = [int(rows[school][each.value]) if school in rows else 0 for each in Outcome]
            first, last = xl_rowcol_to_cell(row, left + 1), xl_rowcol_to_cell(row, left + len(COMPARED))
            self.sheet.write_formula(row, left, f"=SUM({first}:{last})", look, sum(counts[: len(COMPARED)]))
            for offset, count in enumerate(counts, 1):
                self.sheet.write_number(row, left + offset, count, look)
        sums = [int(table[each.value].sum()) for each in Outcome]
        for offset, total in enumerate([sum(sums[: len(COMPARED)]), *sums]):
            first = xl_rowcol_to_cell(_FIRST_ROW, left + offset)
            last = xl_rowcol_to_cell(max(self._foot - 1, _FIRST_ROW), left + offset)
            formula = f"=SUM({first}:{last})" if self.schools else "=0"
            self.sheet.write_formula(self._foot, left + offset, formula, self.styles.look("total"), total)

    def write_notes(self, notes: Sequence[str]) -> None:
        """Write sentences below the table."""
        self._page.write_notes(self._foot + 1, notes)

    def _set_paper(self) -> None:
        self._page.set_paper(_FIRST_ROW, (1, 2))
