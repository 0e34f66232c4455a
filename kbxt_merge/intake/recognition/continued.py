"""A list that goes on without its header: on the next sheet, or in the next table of a Word file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kbxt_merge.intake.recognition.extract import extract
from kbxt_merge.intake.recognition.recogniser import Recognised
from kbxt_merge.model.cell import shown
from kbxt_merge.model.field import Field
from kbxt_merge.model.form import Form
from kbxt_merge.model.own_workbook import is_own_sheet
from kbxt_merge.model.returns import Cell, Grid, Sheet, is_blank
from kbxt_merge.model.text import compact_value, plain

_CELLS_OF_A_RECORD = 3
_NAME = re.compile(r"[\u3400-\u9fff·]{2,15}")
_ID_NUMBER = re.compile(r"[0-9]{14}[0-9Xx]{1,4}")
_WITNESSES = 2
"""Vocabularies that must know what a row holds in their columns, where no ID number tells that it is a child."""


def more_of_it(grid: Grid, above: Recognised, sheet: Sheet) -> list[Sheet]:
    """The further part of a list that this grid holds without a header; none where most rows are no children's.

    `sheet` is what was read `above` of the list: whose it is and its day hold for all of it.
    """
    header = above.header
    if header is None or above.form.child_name is None or is_own_sheet(grid.sheet):
        return []
    rows = [row for row in grid.rows if sum(not is_blank(cell) for cell in row) >= _CELLS_OF_A_RECORD]
    fitting = sum(_is_child(row, grid.left, above.form, header.columns) for row in rows)
    if not fitting or fitting * 2 < len(rows):
        return []
    none_here = replace(header, first=grid.top - 1, last=grid.top - 1, others=())
    found = extract(grid, replace(above, header=none_here))
    return [replace(each, unit=each.unit or sheet.unit, date=each.date or sheet.date) for each in found]


def _is_child(row: Sequence[Cell], left: int, form: Form, columns: Mapping[str, int]) -> bool:
    """Whether a row holds a name in its column, and an ID number or words of vocabularies in theirs."""
    held = {
        name: plain(shown(row[column - left]))
        for name, column in columns.items()
        if left <= column < left + len(row) and not is_blank(row[column - left])
    }
    if not _NAME.fullmatch(held.get(form.record_field, "")):
        return False
    witnesses = [name for name, text in held.items() if _is_known(form.by_name[name], text)]
    return form.child_id in witnesses or len(witnesses) >= _WITNESSES


def _is_known(field: Field, text: str) -> bool:
    if field.type == "id_number":
        return _ID_NUMBER.fullmatch(text) is not None
    return field.vocabulary is not None and compact_value(text) in field.vocabulary.variants
