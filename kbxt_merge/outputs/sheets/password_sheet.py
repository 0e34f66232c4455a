"""口令单: the passwords that were made for schools, for the clerk to tell by telephone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.sheets.workbook import open_book

_HEADERS = (Words("学校", "School"), Words("学期或月份", "Period"), Words("口令", "Password"))
_WIDTHS = (36, 14, 16)


def write_passwords(rows: Iterable[tuple[str, str, str]], path: Path, language: Language) -> None:
    """Write a row for each school, period and password, into a file that only its owner reads; raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}")
    new.touch(mode=0o600)
    with open_book(new, dt.date.today(), rows=0) as book:
        sheet = book.add_worksheet(Words("口令单", "passwords").of(language))
        head = book.add_format({"bold": True})
        for column, (header, width) in enumerate(zip(_HEADERS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, header.of(language), head)
        for position, row in enumerate(rows, 1):
            for column, text in enumerate(row):
                sheet.write_string(position, column, text)
        sheet.freeze_panes(1, 0)
    new.replace(path)
