"""The sheet of a form: a head of what it is, then a row a field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kbxt_merge.model.definition_book.form_layout import FIELD_COLUMNS, FOLDED_FROM, HEAD_BY_KEY, INSIDE, SUM_COLUMNS
from kbxt_merge.model.definition_book.offers import offers_of_form, words_offered
from kbxt_merge.model.field import COUNTED
from kbxt_merge.outputs.definition_book.form_rows import FormRows
from kbxt_merge.outputs.definition_book.looks import TableSheet
from kbxt_merge.outputs.definition_book.pages import Pages

_HEAD = (
    ("title", "shape"),
    ("label.zh", "bearer"),
    ("form", "attachment"),
    ("unit_line.printed", "unit_line.labels"),
    ("unit_line.below", "unit_line.by_month"),
    ("notes", "rows"),
    ("version", "printed_rows"),
    ("label.en", "was"),
    ("file", INSIDE),
    ("sections", "not_owed"),
    ("labels_above", "signatures"),
)
"""The lines of a form's head, two things a line at most."""
_LEFT, _RIGHT = (4, 6), (9, 12)
"""First and last column of the values at the left and at the right; their labels stand before them."""


def write_form_page(pages: Pages, name: str, rows: FormRows) -> None:
    """Write the sheet of one form."""
    about = "上面说这张表，下面一行一栏。不常用的收在右边，点列标上方的 + 展开。"
    table = pages.table(name, FIELD_COLUMNS, rows.form.titled(None), about)
    for at, pair in enumerate(_HEAD, start=2):
        _write_head(pages, table, rows.head(), at, pair)
    _write_fields(pages, table, rows, len(_HEAD) + 4)


def _write_head(pages: Pages, table: TableSheet, head: Mapping[str, str], at: int, pair: Sequence[str]) -> None:
    sheet, look = table.sheet, pages.looks.of
    for key, (first, last), label in zip(pair, (_LEFT, _RIGHT), (2, 7), strict=False):
        item = HEAD_BY_KEY[key]
        if label + 1 < first:
            sheet.merge_range(at, label, at, first - 1, "", look("label"))
        sheet.write_string(at, label, item.called.of(pages.language), look("label"))
        sheet.merge_range(at, first, at, last, "", look("value"))
        sheet.write_string(at, first, head[key], look("value"))
        if item.choices:
            offered = {"validate": "list", "source": words_offered(item), "show_error": False}
            sheet.data_validation(at, first, at, first, offered)
        elif item.hint:
            shown = {"validate": "any", "input_title": "", "input_message": item.hint.of(pages.language)}
            sheet.data_validation(at, first, at, first, shown)
        if key == "form":
            sheet.write_string(at, 0, head[key], look("hidden"))
    tallest = max(head[key].count("\n") + 1 for key in pair)
    sheet.set_row(at, max(20, 15 * min(tallest, 8) + 4))


def _write_fields(pages: Pages, table: TableSheet, rows: FormRows, header: int) -> None:
    table.header(header)
    guesses = pages.made.guesses.get(f"{rows.file}{INSIDE if rows.card else ''}", ())
    at, used = header, {"why"} if guesses else set()
    used |= set(SUM_COLUMNS) if any(each.type in COUNTED for each in rows.form.fields) else set()
    for at, told in enumerate(rows.fields(), start=header + 1):
        used |= {key for key, text in told.items() if text}
        guess = guesses[at - header - 1] if at - header - 1 < len(guesses) else None
        looks = {"header": "strong", "why": "why", "type": "short"}
        if guess:
            looks |= dict.fromkeys(guess.guessed, "guessed")
        table.row(at, {**told, **({"why": guess.why} if guess else {})}, looks)
    pages.offer(table, offers_of_form(), header + 1, at)
    table.fold([item.key for item in FIELD_COLUMNS[FOLDED_FROM:]], used)
    table.paper(header, at)
