"""The sheet 单位: who hands the forms out, which are in force, and how to go on."""

from __future__ import annotations

from kbxt_merge.model.definition_book.layout import BUREAU_FILE, BUREAU_LINES, BUREAU_SHEET
from kbxt_merge.outputs.definition_book.pages import Pages
from kbxt_merge.outputs.definition_book.texts import at_path, words_of

_GUESSED = ("bureau", "city", "county")
_NOTES = (
    "黄色的格子是从空表猜的：看过，改对；“为什么这样猜”一栏说明依据。",
    "加一栏：在表头下面加一行。停用一张表：删去它的工作表，并删去“表间核对”里提到它的行。",
    "填错不要紧：运行任何命令时，错处一次列出，并标在“表格定义（有错处）.xlsx”里。",
)


def write_bureau_page(pages: Pages) -> None:
    """Write it, with a link to the sheet of each form."""
    sheet = pages.book.add_worksheet(BUREAU_SHEET)
    look = pages.looks.of
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 34)
    sheet.set_column(2, 2, 60)
    sheet.write_string(0, 0, "表格定义", look("title"))
    sheet.write_string(1, 0, "一张表一个工作表。改好存盘，命令后加 --schemas 这个文件。", look("about"))
    sheet.set_row(0, 26)
    tree = pages.made.trees.get(BUREAU_FILE)
    returns = at_path(tree, "returns")
    told = {"returns.zh": words_of(returns, "zh"), "returns.en": words_of(returns, "en")}
    for row, item in enumerate(BUREAU_LINES, start=3):
        text = told.get(item.key) if item.key in told else str(at_path(tree, item.key) or "")
        sheet.write_string(row, 0, item.called.of(pages.language), look("label"))
        is_guess = bool(pages.made.guesses) and item.key in _GUESSED
        sheet.write_string(row, 1, text or "", look("guessed" if is_guess else "value"))
        sheet.write_string(row, 2, item.hint.of(pages.language) if item.hint else "", look("about"))
        sheet.set_row(row, 22)
    start = 4 + len(BUREAU_LINES)
    sheet.write_string(start, 0, "在用的表", look("title"))
    sheet.set_row(start, 26)
    for at, (name, rows) in enumerate(pages.of_forms, start=start + 1):
        sheet.write_url(at, 0, f"internal:'{name}'!A1", look("value"), name)
        sheet.write_string(at, 1, rows.form.titled(None), look("about"))
    for at, note in enumerate(_NOTES, start=start + 2 + len(pages.of_forms)):
        sheet.write_string(at, 0, note, look("about"))
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_landscape()
