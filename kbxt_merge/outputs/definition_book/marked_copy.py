"""A copy of the definition workbook in which every faulty cell is red and says why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils.exceptions import InvalidFileException

from kbxt_merge.model.cell import shown
from kbxt_merge.model.returns import Grid, column_letters, is_blank
from kbxt_merge.model.text import Words

MARKED = "{}（有错处）.xlsx"
_FAULTY = PatternFill("solid", fgColor="FFF8CBC6")
_WIDTH, _HEIGHT = 320, 90

Mark = tuple[str, str, Words]
"""Sheet, cell and what is wrong there."""


def write_marked_copy(book: Path, copy: Path, marks: Iterable[Mark], grids: Sequence[Grid] = ()) -> None:
    """Write the copy, of the texts of `grids` where the workbook is no .xlsx.

    Raises OSError, ValueError or KeyError where it can't be read or written.
    """
    told: dict[tuple[str, str], list[str]] = {}
    for sheet, cell, words in marks:
        told.setdefault((sheet, cell), []).append(words.zh)
    made = opened_or_copied(book, grids)
    _mark(made, told)
    made.active = made.sheetnames.index(next(iter(told))[0])
    made.save(copy)


def opened_or_copied(book: Path, grids: Sequence[Grid] = ()) -> Workbook:
    """The workbook to be changed, or one of the texts of `grids`; raises ValueError for what openpyxl does not open."""
    if grids:
        return _copied(grids)
    try:
        return load_workbook(book)
    except InvalidFileException as error:
        raise ValueError(str(error)) from error


def _copied(grids: Sequence[Grid]) -> Workbook:
    """A workbook of the same texts in the same cells; hidden rows and columns stay hidden."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for grid in grids:
        sheet = made.create_sheet(grid.sheet)
        for row, cells in enumerate(grid.rows, grid.top + 1):
            for column, cell in enumerate(cells, grid.left + 1):
                if not is_blank(cell):
                    sheet.cell(row, column).value = shown(cell)
        for column in grid.hidden_columns:
            sheet.column_dimensions[column_letters(column)].hidden = True
    return made


def _mark(made: Workbook, told: Mapping[tuple[str, str], list[str]]) -> None:
    for (sheet, cell), sentences in told.items():
        place = made[sheet][cell]
        if isinstance(place, MergedCell):
            continue
        place.fill = _FAULTY
        place.comment = Comment("\n".join(sentences), "kbxt", width=_WIDTH, height=_HEIGHT)
