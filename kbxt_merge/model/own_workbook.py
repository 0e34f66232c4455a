"""By what a workbook that this tool handed out is known when it comes back: its marks, sheets and a column."""

from __future__ import annotations

from enum import StrEnum

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
"""Sheets of a blank that are never a form."""

CHECK_HEADER = "自查"
"""The header of the column in which a blank judges its rows; whoever reads a returned sheet leaves it alone."""
