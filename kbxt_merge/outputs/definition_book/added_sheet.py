"""A copy of the definition workbook with one sheet more, or without the sheet of a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from kbxt_merge.model.definition_book.form_layout import FIELD_COLUMNS, HEAD_LINES, UNIT_LABELS, UNIT_LINE
from kbxt_merge.model.definition_book.layout import OWN_SHEETS
from kbxt_merge.model.definition_book.tables import COLUMNS, LINES, BookTable, NewSheet, Place
from kbxt_merge.model.returns import Grid
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.definition_book.edited_copy import put
from kbxt_merge.outputs.definition_book.marked_copy import opened_or_copied
from kbxt_merge.outputs.sheets.names import Names

_BOLD, _GROUND = Font(bold=True), PatternFill("solid", fgColor="DCE6F0")
_NO_OTHER_HAS = ("form", "file", "was")
"""What the head of a form says that the head of another must not."""


def write_with_sheet(
    book: Path, copy: Path, new: NewSheet, tables: Sequence[BookTable], grids: Sequence[Grid], language: Language
) -> str:
    """Write the copy and say what its new sheet is called; raises OSError, ValueError or KeyError where it can't be.

    `tables` are those that the workbook has, `grids` its texts where it is no .xlsx.
    """
    made = opened_or_copied(book, grids)
    if new.name not in COLUMNS:
        title = _add_form(made, new, {table.sheet: table for table in tables if table.is_form}, language)
    elif (title := new.name) not in made.sheetnames:
        _lay_out(made.create_sheet(title), language)
    else:
        raise ValueError(title)
    made.save(copy)
    return title


def write_without_sheet(book: Path, copy: Path, name: str, grids: Sequence[Grid]) -> None:
    """Write the copy; raises OSError, ValueError or KeyError where it can't be."""
    made = opened_or_copied(book, grids)
    made.remove(made[name])
    made.save(copy)


def _add_form(made: Workbook, new: NewSheet, forms: Mapping[str, BookTable], language: Language) -> str:
    """Add a form's sheet behind those of the others, with nothing in it, or as another one is."""
    title = Names({each.casefold() for each in (*made.sheetnames, *OWN_SHEETS)}).sheet(new.name)
    behind = max((made.sheetnames.index(each) for each in forms), default=0)
    places: Mapping[str, Place]
    if new.like:
        places = {key: cell.place for key, cell in forms[new.like].lines.items()}
        sheet = _copied(made, new.like, title)
        for key in _NO_OTHER_HAS:
            if key in places:
                put(sheet, places[key], "")
        if "form" in places:
            put(sheet, (places["form"][0], 0), "")  # the number that it had at first
    else:
        sheet = made.create_sheet(title)
        places = _lay_out(sheet, language)
        put(sheet, places["unit_line.printed"], UNIT_LINE)
        put(sheet, places["unit_line.labels"], "、".join(UNIT_LABELS))
    for key, text in {"title": new.name, "label.zh": new.name, "version": "1"}.items():
        if key in places:
            put(sheet, places[key], text)
    made.move_sheet(sheet, behind + 1 - made.sheetnames.index(title))
    return title


def _copied(made: Workbook, name: str, title: str) -> Any:
    source = made[name]
    sheet = made.copy_worksheet(source)
    sheet.title = title
    sheet.freeze_panes = source.freeze_panes
    for each in source.data_validations.dataValidation:  # openpyxl leaves them behind
        sheet.add_data_validation(deepcopy(each))
    return sheet


def _lay_out(sheet: Any, language: Language) -> Mapping[str, Place]:
    """Write labels and headers; the places of the values beside the labels."""
    items = COLUMNS.get(sheet.title, FIELD_COLUMNS)
    lines = LINES.get(sheet.title, () if sheet.title in COLUMNS else HEAD_LINES)
    first = next((at for at, item in enumerate(items) if not item.hidden), 0)
    put(sheet, (0, first), sheet.title)
    for row, item in enumerate(lines, start=2):
        put(sheet, (row, first), item.called.of(language))
        sheet.cell(row + 1, first + 1).font = _BOLD
    header = len(lines) + 3
    for at, item in enumerate(items):
        put(sheet, (header, at), item.called.of(language))
        sheet.cell(header + 1, at + 1).font, sheet.cell(header + 1, at + 1).fill = _BOLD, _GROUND
        looks = sheet.column_dimensions[get_column_letter(at + 1)]
        looks.width, looks.hidden = max(item.width, 12), item.hidden
    return {item.key: (row, first + 1) for row, item in enumerate(lines, start=2)}
