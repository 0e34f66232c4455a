"""The sheet 来源: for each row of 汇总 the place it came from, and what was found in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from xlsxwriter.workbook import Workbook

from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.sheets.bulk_sheet import SHEET_ROWS, Block, BulkColumn, BulkSheet
from kbxt_merge.outputs.sheets.names import Names
from kbxt_merge.outputs.sheets.styles import Styles
from kbxt_merge.outputs.sheets.text_width import LEAST_HEIGHT, tall_rows
from kbxt_merge.outputs.summary.merged import Merged

_COLUMNS = (
    (Words("序号", "No."), 7, "number"),
    (Words("学校", "school"), 26, "text"),
    (Words("文件", "file"), 36, "long_text"),
    (Words("工作表", "sheet"), 16, "text"),
    (Words("单元格", "cell"), 9, "text"),
    (Severity.ERROR.words, 10, "tally"),
    (Severity.WARNING.words, 10, "tally"),
    (Words("发现的问题", "findings"), 70, "long_text"),
)


def write_sources(
    book: Workbook, styles: Styles, names: Names, merged: Merged, language: Language, rows_a_sheet: int = SHEET_ROWS - 1
) -> None:
    """Write as many sheets as the rows need."""
    columns = _columns(merged)
    for start in range(0, max(len(merged), 1), rows_a_sheet):
        sheet = book.add_worksheet(names.sheet("来源"), BulkSheet)
        _write_part(sheet, styles, [cells[start : start + rows_a_sheet] for cells in columns], language)


def _columns(merged: Merged) -> list[Sequence[str | float]]:
    records, order = merged.records, merged.order
    cells = records.cells(merged.form.record_field, np.arange(len(records)))
    return [
        range(1, len(merged) + 1),
        merged.schools,
        records.files(order).tolist(),
        records.sheets(order).tolist(),
        cells[order].tolist(),
        merged.counts(Severity.ERROR),
        merged.counts(Severity.WARNING),
        merged.texts(),
    ]


def _write_part(sheet: BulkSheet, styles: Styles, columns: Sequence[Sequence[str | float]], language: Language) -> None:
    sheet.set_default_row(LEAST_HEIGHT)
    for position, (words, width, _) in enumerate(_COLUMNS):
        sheet.set_column(position, position, width)
        sheet.write_string(0, position, words.of(language), styles.look("screen_header"))
    looks = [styles.look(look) for _, _, look in _COLUMNS]
    heights = tall_rows([(cells, width) for cells, (_, width, _) in zip(columns, _COLUMNS, strict=True)])
    bulk = [BulkColumn(cells, look) for cells, look in zip(columns, looks, strict=True)]
    sheet.add_block(Block(1, bulk, heights))
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(columns[0]), 1), len(_COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
