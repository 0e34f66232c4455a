"""By what a workbook that this tool handed out is known when it comes back: its marks, sheets and a column."""

from __future__ import annotations

from enum import StrEnum

from kbxt_merge.model.text import plain

MARKS_BEGIN = "kbxt_"
"""How the name of every mark begins: custom properties of a workbook, and the one name that a sheet carries."""

MARK_NAME = f"{MARKS_BEGIN}mark"
"""The name defined in a workbook, and on each form's sheet, that holds its marks as `name=value;name=value`."""


class Mark(StrEnum):
    """What a blank says of itself: its forms and their versions (each joined by commas), school code and period, and
    whether it starts with records that were carried over.
    """

    FORM = f"{MARKS_BEGIN}form"
    VERSION = f"{MARKS_BEGIN}version"
    SCHOOL_CODE = f"{MARKS_BEGIN}school_code"
    PERIOD = f"{MARKS_BEGIN}period"
    CARRIED = f"{MARKS_BEGIN}carried"


GUIDE_SHEET = "填表说明"
OPTION_SHEET = "选项"
OWN_SHEETS = frozenset({GUIDE_SHEET, OPTION_SHEET})
"""Sheets of a blank that are never a form, and are not read."""

CHECK_HEADER = "自查"
"""The header of the column in which a blank judges its rows; whoever reads a returned sheet leaves it alone."""


def is_own_sheet(name: str) -> bool:
    """Tell by the name on its tab a sheet of a blank that is never a form."""
    return plain(name) in OWN_SHEETS


def is_option_sheet(name: str, *, hidden: bool) -> bool:
    """Tell the sheet of lists and steps as it was handed out, into which nobody types."""
    return hidden and plain(name) == OPTION_SHEET
