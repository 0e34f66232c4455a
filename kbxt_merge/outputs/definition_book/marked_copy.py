"""A copy of the definition workbook in which every faulty cell is red and says why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils.exceptions import InvalidFileException

from kbxt_merge.model.text import Words

MARKED = "{}（有错处）.xlsx"
_FAULTY = PatternFill("solid", fgColor="FFF8CBC6")
_WIDTH, _HEIGHT = 320, 90

Mark = tuple[str, str, Words]
"""Sheet, cell and what is wrong there."""


def write_marked_copy(book: Path, copy: Path, marks: Iterable[Mark]) -> None:
    """Write the copy; raises OSError, ValueError or KeyError where the workbook is no .xlsx or can't be written."""
    told: dict[tuple[str, str], list[str]] = {}
    for sheet, cell, words in marks:
        told.setdefault((sheet, cell), []).append(words.zh)
    try:
        made = load_workbook(book)
    except InvalidFileException as error:
        raise ValueError(str(error)) from error
    _mark(made, told)
    made.active = made.sheetnames.index(next(iter(told))[0])
    made.save(copy)


def _mark(made: object, told: Mapping[tuple[str, str], list[str]]) -> None:
    for (sheet, cell), sentences in told.items():
        place = made[sheet][cell]  # type: ignore[index]
        if isinstance(place, MergedCell):
            continue
        place.fill = _FAULTY
        place.comment = Comment("\n".join(sentences), "kbxt", width=_WIDTH, height=_HEIGHT)
