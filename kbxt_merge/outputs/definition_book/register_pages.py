"""The sheets 比对库 and 比对库核对: the bureau's own registers a row a column, and what each is asked."""

from __future__ import annotations

from collections.abc import Mapping

from kbxt_merge.model.definition_book.layout import REGISTER_FILE, REGISTER_RULE_SHEET, REGISTER_SHEET
from kbxt_merge.model.definition_book.register_layout import (
    REGISTER_COLUMNS,
    REGISTER_RULE_COLUMNS,
)
from kbxt_merge.outputs.definition_book.pages import Pages
from kbxt_merge.outputs.definition_book.register_rows import RegisterRows

_RARE = [item.key for item in REGISTER_COLUMNS if item.rare]


def write_registers(pages: Pages) -> None:
    """Write both sheets, without a row where the bureau has no register of its own: a clerk may add one."""
    tree = pages.made.trees.get(REGISTER_FILE)
    labels = {rows.form.slug: rows.label for _, rows in pages.of_forms}
    rows = RegisterRows(tree if isinstance(tree, Mapping) else {}, pages.made.types, labels, pages.made.fields)
    _write_columns(pages, rows)
    _write_rules(pages, rows)


def _write_columns(pages: Pages, rows: RegisterRows) -> None:
    told = list(rows.columns())
    about = "局里自己的名册（学籍、残联……），一行一栏；没有的不必写。随程序带的几种一直有效，同名的以这里为准。"
    pages.list_of(REGISTER_SHEET, REGISTER_COLUMNS, ("比对库", about), told, "register", _RARE)


def _write_rules(pages: Pages, rows: RegisterRows) -> None:
    told = list(rows.rules())
    about = "一行是一句话：哪种比对库、核对什么、哪张表；姓名、证件号码的出入自动核对，不必写。"
    pages.list_of(REGISTER_RULE_SHEET, REGISTER_RULE_COLUMNS, ("比对库核对", about), told, "asked")
