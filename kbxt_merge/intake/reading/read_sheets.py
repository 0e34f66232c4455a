"""What stands on a workbook's sheets: its forms and its answers; imports all of recognition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from kbxt_merge.intake.recognition.answers import is_opinion_sheet, read_opinions
from kbxt_merge.intake.recognition.continued import more_of_it
from kbxt_merge.intake.recognition.extract import extract
from kbxt_merge.intake.recognition.recogniser import Recognised, Recogniser
from kbxt_merge.intake.recognition.split_tables import tables
from kbxt_merge.model.answer import Answer
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.own_workbook import is_own_sheet
from kbxt_merge.model.returns import Grid, Sheet, Workbook, is_blank

_COLUMNS = 1 << 14


@dataclass
class Found:
    """What stands on the sheets of a workbook, and the names of those with a table or a text that nobody knows.

    `answered`: one of them is ours, with room for answers, whether any was written or not.
    """

    sheets: list[Sheet] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    answered: bool = False
    strange: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


@dataclass
class ReadSheets:
    """Finds the forms in force on the sheets of a workbook; prepares for them once."""

    forms: Forms

    @cached_property
    def _recogniser(self) -> Recogniser:
        return Recogniser(self.forms)

    def __call__(self, workbook: Workbook, path: str) -> Found:
        """All that the sheets of the workbook at this path of the inbox hold."""
        found, lists = Found(), list[Recognised]()
        for grid in map(_within_columns, workbook.grids):
            if is_opinion_sheet(grid):
                found.answered = True
                found.answers += read_opinions(grid, path)
                continue
            read = self._sheets(grid, lists, found.sheets)
            found.sheets += [replace(sheet, marks=workbook.marks) for sheet in read]
            if not read and not is_own_sheet(grid.sheet) and (width := _widest_row(grid)):
                (found.strange if width > 1 else found.texts).append(grid.sheet)
        return found

    def _sheets(self, grid: Grid, lists: list[Recognised], read: Sequence[Sheet]) -> list[Sheet]:
        """What a grid holds: its own forms, noted in `lists`, or more of the last one of them, the last one read."""
        found = tables(grid, self._recogniser)
        lists += [form for _, form in found]
        if not found and lists:
            return more_of_it(grid, lists[-1], read[-1])
        return _with_lines_above([sheet for part, form in found for sheet in extract(part, form)])


def _with_lines_above(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The forms of one grid, a further one below another under the line of its unit, where it has none itself."""
    told: list[Sheet] = []
    for each in sheets:
        above = told[-1] if told else None
        if above and above.form != each.form and above.unit and not (each.unit or each.block or each.stamp):
            each = replace(each, unit=above.unit, unit_cell=above.unit_cell, date=each.date or above.date)
        told.append(each)
    return told


def _within_columns(grid: Grid) -> Grid:
    """The grid without cells behind the last column that a spreadsheet has: an export may write all in one row."""
    if max(map(len, grid.rows), default=0) <= _COLUMNS:
        return grid
    return replace(grid, rows=[row[:_COLUMNS] for row in grid.rows])


def _widest_row(grid: Grid) -> int:
    """The most filled cells in one row: a table has two and more, a page of text one."""
    return max((sum(not is_blank(cell) for cell in row) for row in grid.rows), default=0)
