"""A roster's file with some cells changed: everything else in it stays as it was."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kbxt_merge.errors import RosterError
from kbxt_merge.intake.assembly.roster import RosterTable
from kbxt_merge.intake.formats.encoding import decoded, separator

Line = Mapping[str, str]

_LOST = (
    "xl/drawings/drawing",
    "xl/charts/",
    "xl/media/",
    "xl/ctrlProps/",
    "xl/activeX/",
    "xl/slicers/",
    "xl/embeddings/",
)
"""Parts of a workbook that would not survive being written anew."""
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that is another: its row (from zero), its column's key, its text."""

    row: int
    column: str
    text: str


def write_new(path: Path, headers: Line, new: Sequence[Line]) -> None:
    """A roster of these schools."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "学校名册"
    for place, (key, header) in enumerate(headers.items(), 1):
        sheet.cell(1, place, header).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = 26 if key in ("name", "email") else 14
        for row, line in enumerate(new, 2):
            _set(sheet.cell(row, place), line.get(key, ""))
    sheet.freeze_panes = "A2"
    book.save(path)


def write_workbook(
    path: Path, table: RosterTable, headers: Line, changes: Sequence[Change], new: Sequence[Line], gone: Sequence[int]
) -> None:
    """Change the workbook; raises RosterError for one of which something would be lost."""
    book = _opened(path)
    sheet = book[table.sheet]
    columns = {key: place + 1 for key, place in table.columns.items()}
    for key in _wanting(table, changes, new):
        columns[key] = max(sheet.max_column, *columns.values()) + 1
        head = sheet.cell(table.header + 1, columns[key], headers[key])
        head._style = copy(sheet.cell(table.header + 1, columns["name"])._style)
    for each in changes:
        _apart(sheet, each.row + 1, columns[each.column])
        _set(sheet.cell(each.row + 1, columns[each.column]), each.text)
    last = table.rows[-1].row + 1
    row = last + 1
    for line in new:
        row = row if _is_empty(sheet, row) else sheet.max_row + 1
        for key, place in columns.items():
            cell = sheet.cell(row, place)
            cell._style = copy(sheet.cell(last, place)._style)
            _set(cell, line.get(key, ""))
        row += 1
    _take_out(sheet, gone, columns.values())
    book.save(path)


def write_csv(
    path: Path, table: RosterTable, headers: Line, changes: Sequence[Change], new: Sequence[Line], gone: Sequence[int]
) -> None:
    """Change the table; encoding, separator and ends of lines stay."""
    data = path.read_bytes()
    text = decoded(data)
    assert text is not None  # it was read as the roster
    mark, end = separator(text) or ",", "\r\n" if "\r\n" in text else "\n"
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=mark))
    columns = dict(table.columns)
    for key in _wanting(table, changes, new):
        columns[key] = max(map(len, rows))
        _put(rows[table.header], columns[key], headers[key])
    for each in changes:
        _put(rows[each.row], columns[each.column], each.text)
    added: list[list[str]] = [[] for _ in new]
    for row, line in zip(added, new, strict=True):
        for key, place in columns.items():
            _put(row, place, line.get(key, ""))
    at = table.rows[-1].row + 1
    rows[at:at] = added
    for number in reversed(gone):
        del rows[number]
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=mark, lineterminator=end).writerows(rows)
    path.write_bytes(_encoded(made.getvalue(), data))


def _wanting(table: RosterTable, changes: Sequence[Change], new: Sequence[Line]) -> list[str]:
    """The columns that the file has none of and that something is to stand in."""
    filled = [each.column for each in changes if each.text]
    filled += [key for line in new for key, text in line.items() if text]
    return [key for key in dict.fromkeys(filled) if key not in table.columns]


def _opened(path: Path) -> Any:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(path) as parts:
            lost = [name for name in parts.namelist() if name.startswith(_LOST)]
        if lost:
            raise RosterError(
                "学校名册里有图片、图形或图表，在这里改会丢失：请用 Excel 或 WPS 改",
                "the roster holds pictures or shapes, which would be lost; edit it in Excel",
            )
        return load_workbook(path, rich_text=True)
    except (ValueError, KeyError, zipfile.BadZipFile) as fault:
        raise RosterError(
            "学校名册有密码或有损坏，在这里改不了：请用 Excel 或 WPS 改",
            "the roster is locked or damaged, and can't be edited here; edit it in Excel",
        ) from fault


def _set(cell: Any, text: str) -> None:
    """A text, whatever it looks like: a telephone is no number, and nothing that is typed here is a formula."""
    cell.value = text or None
    if text:
        cell.data_type = "s"


def _apart(sheet: Any, row: int, column: int) -> None:
    """A cell that several schools share becomes one a school, before one of them changes."""
    for area in list(sheet.merged_cells.ranges):
        if area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col:
            first = sheet.cell(area.min_row, area.min_col)
            sheet.unmerge_cells(str(area))
            for cells in sheet.iter_rows(area.min_row, area.max_row, area.min_col, area.max_col):
                for cell in cells:
                    cell.value, cell._style = first.value, copy(first._style)


def _is_empty(sheet: Any, row: int) -> bool:
    return all(cell.value is None for cell in sheet[row]) and not any(
        area.min_row <= row <= area.max_row for area in sheet.merged_cells.ranges
    )


def _take_out(sheet: Any, gone: Sequence[int], columns: Collection[int]) -> None:
    """The rows, from below; where something else counts on its place, what is the school's is emptied instead."""
    for row in sorted((number + 1 for number in gone), reverse=True):
        if _can_move_up(sheet, row):
            sheet.delete_rows(row)
        else:
            for place in columns:
                _apart(sheet, row, place)
                sheet.cell(row, place).value = None


def _can_move_up(sheet: Any, row: int) -> bool:
    """Whether the rows below may move: openpyxl takes along no merged cells or formulas, nor what watches cells."""
    below = any(area.max_row >= row for area in sheet.merged_cells.ranges)
    watched = bool(sheet.data_validations.dataValidation or len(sheet.conditional_formatting) or sheet.tables)
    formulas = any(cell.data_type == "f" for each in sheet.parent.worksheets for line in each for cell in line)
    heights = any(number >= row and each.height for number, each in sheet.row_dimensions.items())
    return not (below or watched or formulas or heights or sheet.auto_filter.ref or sheet.print_area)


def _put(row: list[str], place: int, text: str) -> None:
    row.extend([""] * (place + 1 - len(row)))
    row[place] = text


def _encoded(text: str, before: bytes) -> bytes:
    """The text as the file was encoded before."""
    for mark, encoding in _MARKS.items():
        if before.startswith(mark):
            return text.encode(encoding)
    for encoding in _ENCODINGS:
        try:
            if decoded(before) == before.decode(encoding):
                return text.encode(encoding)
        except UnicodeError:
            continue
    return text.encode("utf-8-sig")
