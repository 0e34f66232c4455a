"""District → one workbook a form under 汇总/, in the official layout, ready to print and stamp."""

from __future__ import annotations

from pathlib import Path

from kbxt_merge.model.comparison import Comparison
from kbxt_merge.model.district import District
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.out_folder import safe_name
from kbxt_merge.model.text import Language, plain
from kbxt_merge.outputs.sheets.bulk_sheet import SHEET_ROWS
from kbxt_merge.outputs.sheets.names import Names
from kbxt_merge.outputs.sheets.styles import Styles
from kbxt_merge.outputs.sheets.workbook import open_book
from kbxt_merge.outputs.summary.card_books import write_card_books
from kbxt_merge.outputs.summary.comparison_sheet import has_comparison, write_comparison
from kbxt_merge.outputs.summary.count_sheet import write_counts
from kbxt_merge.outputs.summary.matrix_sheet import MatrixBook
from kbxt_merge.outputs.summary.merged import Merged
from kbxt_merge.outputs.summary.source_sheet import write_sources
from kbxt_merge.outputs.summary.table_sheet import TableBook

ROWS_A_SHEET = SHEET_ROWS - 100
"""Rows of records on one sheet; the rest is left for heading and notes."""


def write_summaries(
    district: District,
    findings: Findings,
    folder: Path,
    language: Language = "zh",
    rows_a_sheet: int = ROWS_A_SHEET,
) -> list[Path]:
    """Write a workbook for every form in force into a folder, also where nothing came; the paths are returned."""
    written = (write_summary(district, findings, form, folder, language, rows_a_sheet) for form in district.forms.forms)
    return [path for paths in written for path in paths]


def write_summary(
    district: District,
    findings: Findings,
    form: Form,
    folder: Path,
    language: Language,
    rows_a_sheet: int = ROWS_A_SHEET,
    *,
    final: bool = False,
) -> list[Path]:
    """Write a form's workbook into a folder; the paths are returned.

    A `final` one has neither colours nor comments. Cards are written into one workbook, or where there are many into
    one a school beside their index.
    """
    folder.mkdir(parents=True, exist_ok=True)
    merged = Merged.of(district, findings, form, language, final)
    path = folder / f"{workbook_name(form, district)}.xlsx"
    if form.shape is Shape.CARD:
        return write_card_books(path, district, merged, language)
    return [_write_table_book(path, district, merged, findings.comparison, language, rows_a_sheet)]


def workbook_name(form: Form, district: District) -> str:
    """The name of a form's workbook: its attachment and its title, without spaces within."""
    return safe_name(f"{plain(form.attachment)} {plain(form.titled_over(district.period))}".strip())


def _write_table_book(
    path: Path,
    district: District,
    merged: Merged,
    comparison: Comparison | None,
    language: Language,
    rows_a_sheet: int,
) -> Path:
    with open_book(path, district.as_of, len(merged)) as book:
        styles, names = Styles(book), Names()
        if merged.form.shape is Shape.ROWS:
            MatrixBook(book, styles, names, district, merged, language).write()
            write_sources(book, styles, names, merged, language, rows_a_sheet)
            return path
        TableBook(book, styles, names, district, merged, language).write(rows_a_sheet)
        write_sources(book, styles, names, merged, language, rows_a_sheet)
        write_counts(book, styles, names, district, merged, language)
        if comparison is not None and has_comparison(merged.form, comparison, district.forms.registers):
            write_comparison(book, styles, names, district, merged.form, comparison, language)
    return path
