"""Separated values (.csv, .tsv, and what web pages export under the name .xls) → one grid of text."""

from __future__ import annotations

import csv
import io
import re
import sys
from typing import Literal

from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.intake.formats.encoding import decoded, separator
from kbxt_merge.intake.formats.text_tables import typed
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Grid, Workbook

KEPT_AS_TEXT = re.compile(r'="([^"]*)"')
"""How exports keep a spreadsheet from reading a long number as a number."""
RARE_LINE_ENDS = re.compile("[\u2028\u2029\x85\v\f]")
"""What ends the lines of a text in which nothing else does; beside the usual ends they stand within cells."""
QUOTING: tuple[Literal[0], Literal[3]] = (csv.QUOTE_MINIMAL, csv.QUOTE_NONE)
SHEET = "CSV"


def read(data: bytes, limits: Limits) -> Workbook:
    """The table as one grid; raises Unreadable when a value would be lost."""
    text = decoded(data)
    if text is None:
        raise Unreadable("file-unreadable", "damaged")
    mark = separator(text) or ","
    rows = _rows(text, mark)
    limits.check_cells(sum(map(len, rows)))
    return Workbook([Grid(SHEET, [[typed(_unwrapped(cell)) for cell in row] for row in rows])])


def _rows(text: str, mark: str) -> list[list[str]]:
    """The rows with quotes as they should be, or, where they do not close, as mere characters."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "\n" not in plain.strip("\n"):
        plain = RARE_LINE_ENDS.sub("\n", plain)
    for quoting in QUOTING:
        try:
            rows = list(_parsed(plain, mark, quoting))
        except csv.Error:
            continue
        if _letters("".join(map("".join, rows)), mark) == _letters(plain, mark):
            return rows
    raise Unreadable("file-unreadable", "damaged")


def _parsed(text: str, mark: str, quoting: Literal[0, 3]) -> list[list[str]]:
    csv.field_size_limit(min(sys.maxsize, 1 << 31))
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, quoting=quoting, strict=True))


def _letters(text: str, mark: str) -> str:
    """What a table's characters are besides its own marks: the same before and after it is taken apart."""
    return text.translate({ord(sign): None for sign in f'{mark}"\n'})


def _unwrapped(cell: str) -> str:
    match = KEPT_AS_TEXT.fullmatch(cell)
    return match[1] if match else cell
