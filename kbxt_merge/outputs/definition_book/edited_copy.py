"""A copy of the definition workbook with cells changed and rows moved, as they were edited on a page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy as copied
from pathlib import Path
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.styles import PatternFill

from kbxt_merge.model.definition_book.tables import Place, TableEdit
from kbxt_merge.model.returns import Grid
from kbxt_merge.model.text import allowed_in_xml
from kbxt_merge.outputs.definition_book.looks import GUESSED
from kbxt_merge.outputs.definition_book.marked_copy import opened_or_copied


def write_edited_copy(book: Path, copy: Path, edit: TableEdit, grids: Sequence[Grid] = ()) -> None:
    """Write the copy, of the texts of `grids` where the workbook is no .xlsx.

    A cell that was changed is no guess any more. Raises OSError, ValueError or KeyError where it can't be written.
    """
    made = opened_or_copied(book, grids)
    sheet = made[edit.sheet]
    for place, text in edit.lines.items():
        put(sheet, place, text)
    if [source for source, _ in edit.rows] != list(edit.before):
        _move(sheet, edit)
    for target, (_, changed) in zip(_targets(edit), edit.rows, strict=False):
        for column, text in changed.items():
            put(sheet, (target, column), text)
    made.save(copy)


def guessed_cells(book: Path) -> Mapping[str, Collection[Place]]:
    """The cells that stand yellow, by sheet: what was guessed of a blank and not looked at yet."""
    return {
        sheet.title: {
            (cell.row - 1, cell.column - 1)
            for row in sheet.iter_rows()
            for cell in row
            if not isinstance(cell, MergedCell) and str(cell.fill.fgColor.rgb)[2:] == GUESSED.removeprefix("#")
        }
        for sheet in opened_or_copied(book).worksheets
    }


def _targets(edit: TableEdit) -> Iterator[int]:
    """The rows in which rows stand from now on: where some stood before, then below these."""
    yield from edit.before
    last = edit.before[-1] if edit.before else edit.header
    yield from range(last + 1, last + 1 + len(edit.rows))


def _move(sheet: Any, edit: TableEdit) -> None:
    """Put the rows in their new order, each with its looks; what is left over of the old ones is emptied."""
    columns = range(sheet.max_column)
    kept = {row: [_taken(sheet, (row, column)) for column in columns] for row in edit.before}
    heights = {row: sheet.row_dimensions[row + 1].height for row in edit.before}
    for target, (source, _) in zip(_targets(edit), edit.rows, strict=False):
        for column, (value, style) in enumerate(kept[source] if source is not None else [("", None) for _ in columns]):
            put(sheet, (target, column), value, style)
        sheet.row_dimensions[target + 1].height = heights.get(source) if source is not None else None
    for target in edit.before[len(edit.rows) :]:
        for column in columns:
            put(sheet, (target, column), "")


def _taken(sheet: Any, place: Place) -> tuple[Any, Any]:
    cell = _cell(sheet, place)
    return cell.value, copied(cell._style)


def put(sheet: Any, place: Place, value: Any, style: Any = None) -> None:
    """Write a cell; without its own look it gets back the one of a cell that nobody guessed."""
    cell = _cell(sheet, place)
    if isinstance(cell, MergedCell):
        return
    if style is not None:
        cell._style = style
    elif str(cell.fill.fgColor.rgb)[2:] == GUESSED.removeprefix("#"):
        cell.fill = PatternFill()
    cell.value = allowed_in_xml(value) or None if isinstance(value, str) else value
    if isinstance(value, str) and value.startswith("="):
        cell.data_type = "s"  # a text, whatever a program would make of it


def _cell(sheet: Any, place: Place) -> Any:
    return sheet.cell(place[0] + 1, place[1] + 1)
