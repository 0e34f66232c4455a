"""The drop-downs of an .xlsx: where they stand and what they offer."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

DropDown = tuple[int, int, int, int, tuple[str, ...]]
"""First row, first column, last row, last column, all counted from 0, and what is offered."""


def drop_downs(data: bytes) -> Mapping[str, list[DropDown]]:
    """By sheet the drop-downs of lists; the cells that a list stands in are looked up."""
    book = load_workbook(BytesIO(data))
    found: dict[str, list[DropDown]] = {}
    for sheet in book.worksheets:
        for each in sheet.data_validations.dataValidation:
            offered = _offered(book, sheet, each.formula1) if each.type == "list" else ()
            for area in each.sqref.ranges if offered else ():
                found.setdefault(sheet.title, []).append(
                    (area.min_row - 1, area.min_col - 1, area.max_row - 1, area.max_col - 1, offered)
                )
    return found


def _offered(book: Any, sheet: Any, formula: str | None) -> tuple[str, ...]:
    text = (formula or "").strip()
    if text.startswith('"'):
        return tuple(part.strip() for part in text.strip('"').split(",") if part.strip())
    name, _, area = text.lstrip("=").rpartition("!")
    page = book[name.strip("'")] if name.strip("'") in book.sheetnames else None if name else sheet
    try:
        left, top, right, bottom = range_boundaries(area.replace("$", ""))
    except (ValueError, TypeError):
        return ()
    if page is None or None in (left, top, right, bottom):
        return ()
    cells = (cell for row in page.iter_rows(top, bottom, left, right, values_only=True) for cell in row)
    return tuple(str(cell).strip() for cell in cells if cell not in (None, ""))
