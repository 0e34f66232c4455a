"""Comments on the marked cells of a district workbook."""

from __future__ import annotations

from functools import lru_cache

from xlsxwriter.worksheet import Worksheet

from kbxt_merge.model.text import allowed_in_xml
from kbxt_merge.outputs.sheets.styles import BODY_FONT
from kbxt_merge.outputs.sheets.text_width import line_count
from kbxt_merge.outputs.summary.merged import Merged

MOST_COMMENTS = 2_000
"""Comments a sheet: office programs grow slow with more; every cell keeps its colour, and 来源 names every finding."""

_WIDTH = 300  # pixels
_CHARACTERS = 44
_LINE = 17
_AUTHOR = "kbxt"


def comment(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Put a comment on a cell, large enough for its text."""
    look = {"author": _AUTHOR, "x_scale": 1, "width": _WIDTH, "font_name": BODY_FONT, "font_size": 9}
    sheet.write_comment(row, column, allowed_in_xml(text), {**look, "height": _height(text)})


@lru_cache(maxsize=4096)
def _height(text: str) -> int:
    """The height in pixels of a comment; many cells have the same to be said of them."""
    return _LINE * (line_count(text, _CHARACTERS) + 1)


def write_comments(sheet: Worksheet, merged: Merged, first_row: int, start: int, rows: int) -> int:
    """Comment the marked cells of the lines from `start` on, which stand from `first_row` on; how many are marked."""
    columns = {field.name: position for position, field in enumerate(merged.form.fields)}
    here = [each for each in merged.comments if start <= each[0] < start + rows]
    for line, name, text in here[:MOST_COMMENTS]:
        comment(sheet, first_row + line - start, columns[name], text)
    return len(here)
