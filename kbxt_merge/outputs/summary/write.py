"""District → one workbook a form under 汇总/, in the official layout, ready to print and stamp."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from kbxt_merge.model.district import District, Records
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.out_folder import safe_name
from kbxt_merge.model.text import Language, plain
from kbxt_merge.outputs.sheets.bulk_sheet import SHEET_ROWS
from kbxt_merge.outputs.sheets.names import Names
from kbxt_merge.outputs.sheets.styles import Styles
from kbxt_merge.outputs.sheets.workbook import open_book
from kbxt_merge.outputs.summary.card_books import CardBooks, are_many
from kbxt_merge.outputs.summary.comparison_sheet import has_comparison, write_comparison
from kbxt_merge.outputs.summary.count_sheet import write_counts
from kbxt_merge.outputs.summary.matrix_sheet import MatrixBook
from kbxt_merge.outputs.summary.merged import Merged
from kbxt_merge.outputs.summary.source_sheet import write_sources
from kbxt_merge.outputs.summary.table_sheet import TableBook

ROWS_A_SHEET = SHEET_ROWS - 100
"""Rows of records on one sheet; the rest is left for heading and notes."""
_LINES_OF_A_CARD = 50
"""A card takes as long as so many lines of a list."""


@dataclass(frozen=True)
class SummaryBooks:
    """The workbooks of one form below a folder: its table, or the index of its cards, and those of the schools' cards.

    A `final` one has neither colours nor comments. Cards stand in the workbook of their index, or where there are many
    in one a school beside it.
    """

    district: District
    findings: Findings
    form: Form
    language: Language = "zh"
    rows_a_sheet: int = ROWS_A_SHEET
    final: bool = False

    @property
    def records(self) -> Records:
        """The form's records."""
        return self.district.records[self.form.slug]

    @cached_property
    def merged(self) -> Merged:
        """The form's rows as they are printed, with what was found in them."""
        return Merged.of(self.district, self.findings, self.form, self.language, self.final)

    @cached_property
    def names(self) -> Sequence[str]:
        """The workbooks' paths below the folder."""
        first = f"{workbook_name(self.form, self.district)}.xlsx"
        is_parted = self.form.shape is Shape.CARD and are_many(len(self.records))
        return [first, *(self._cards.of_schools if is_parted else ())]

    def is_first(self, name: str) -> bool:
        """Whether this is the workbook of the table or the index; any other holds cards of one school."""
        return name == self.names[0]

    def lines(self, name: str) -> Sequence[int]:
        """The lines of `merged` whose cards stand in the workbook of a school."""
        return self._cards.of_schools[name]

    def cost(self, name: str) -> int:
        """What a workbook takes, against a line of a list."""
        if not self.is_first(name):
            return _LINES_OF_A_CARD * len(self.lines(name))
        has_cards = self.form.shape is Shape.CARD and len(self.names) == 1
        return len(self.records) * (_LINES_OF_A_CARD if has_cards else 1)

    def write(self, name: str, folder: Path) -> Path:
        """Write the workbook of this name."""
        path = folder / PurePosixPath(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not self.is_first(name):
            self._cards.write_school(name, path)
        elif self.form.shape is Shape.CARD:
            self._cards.write_index(path)
        else:
            self._write_table(path)
        return path

    @cached_property
    def _cards(self) -> CardBooks:
        return CardBooks(self.district, self.merged, self.language)

    def _write_table(self, path: Path) -> None:
        district, merged, language = self.district, self.merged, self.language
        with open_book(path, district.as_of, len(merged)) as book:
            styles, names = Styles(book), Names()
            if self.form.shape is Shape.ROWS:
                MatrixBook(book, styles, names, district, merged, language).write()
                write_sources(book, styles, names, merged, language, self.rows_a_sheet)
                return
            TableBook(book, styles, names, district, merged, language).write(self.rows_a_sheet)
            write_sources(book, styles, names, merged, language, self.rows_a_sheet)
            write_counts(book, styles, names, district, merged, language)
            compared = self.findings.comparison
            if compared is not None and has_comparison(self.form, compared, district.forms.registers):
                write_comparison(book, styles, names, district, self.form, compared, language)


def workbook_name(form: Form, district: District) -> str:
    """The name of a form's workbook: its attachment and its title, without spaces within."""
    return safe_name(f"{plain(form.attachment)} {plain(form.titled_over(district.period))}".strip())


def write_summaries(
    district: District,
    findings: Findings,
    folder: Path,
    language: Language = "zh",
    rows_a_sheet: int = ROWS_A_SHEET,
) -> list[Path]:
    """Write the workbooks of every form in force into a folder, also where nothing came; the paths are returned."""
    books = [SummaryBooks(district, findings, form, language, rows_a_sheet) for form in district.forms.forms]
    return [each.write(name, folder) for each in books for name in each.names]
