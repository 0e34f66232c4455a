"""How the district workbooks look: fonts, colours, and the formats made of them, each once a workbook."""

from __future__ import annotations

from functools import cache
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from kbxt_merge.model.field import Field
from kbxt_merge.model.rule import Severity

TITLE_FONT = "方正小标宋简体"  # the font of official titles; where it is missing, office programs take 宋体
HEADER_FONT = "黑体"
BODY_FONT = "宋体"
BODY_SIZE = 10.5
"""五号, in points: a Chinese character takes exactly two of the units that column widths are counted in."""

SEVERITY_COLOURS = {Severity.ERROR: "#F8CBC6", Severity.WARNING: "#FFE9B0", Severity.INFO: "#E3EEF9"}
_HEADER_COLOUR = "#EDF1F5"
_LINE_COLOUR = "#5A6470"

_BOXED = {"border": 1, "border_color": _LINE_COLOUR, "valign": "vcenter", "text_wrap": True}
_TEXT = {"num_format": "@"}  # what is typed over it stays text as well

_MOST_PLACES = 6
"""As a definition may ask for."""

_LOOKS: dict[str, dict[str, Any]] = {
    "attachment": {"font_name": HEADER_FONT, "font_size": 12, "valign": "vcenter"},
    "title": {"font_name": TITLE_FONT, "font_size": 18, "align": "center", "valign": "vcenter", "text_wrap": True},
    "unit": {"font_size": 11, "valign": "vcenter"},
    "date": {"font_size": 11, "valign": "vcenter", "align": "right"},
    "unit_lines": {"font_size": 11, "valign": "vcenter", "text_wrap": True},
    "date_lines": {"font_size": 11, "valign": "vcenter", "align": "right", "text_wrap": True},
    "note": {"font_size": 10, "valign": "vcenter", "text_wrap": True},
    "hint": {"font_size": 10, "valign": "vcenter", "font_color": "#6B7280"},
    "header": {**_BOXED, "font_name": HEADER_FONT, "align": "center"},
    "screen_header": {**_BOXED, "font_name": HEADER_FONT, "align": "center", "bg_color": _HEADER_COLOUR},
    "text": {**_BOXED, **_TEXT, "align": "center"},
    "code": {**_BOXED, **_TEXT, "align": "center", "text_wrap": False, "shrink": True},  # one number, one line
    "long_text": {**_BOXED, **_TEXT, "align": "left", "indent": 1},
    "number": {**_BOXED, "align": "center", "num_format": "0"},
    "amount": {**_BOXED, "align": "center", "num_format": "General"},
    "tally": {**_BOXED, "align": "center", "num_format": "0;-0;"},
    "total": {**_BOXED, "align": "center", "num_format": "0", "bold": True},
    "total_amount": {**_BOXED, "align": "center", "num_format": "General", "bold": True},
    **{
        f"total_{places}": {**_BOXED, "align": "center", "num_format": f"{0:.{places}f}", "bold": True}
        for places in range(_MOST_PLACES + 1)
    },
    "total_text": {**_BOXED, **_TEXT, "align": "center", "bold": True},
    "link": {**_BOXED, **_TEXT, "align": "center", "font_color": "#1F5FA8", "underline": 1},
    "band": {**_BOXED, "font_name": HEADER_FONT, "align": "center"},
    "legend": {"font_size": 10, "align": "center", "valign": "vcenter", "border": 1, "border_color": _LINE_COLOUR},
}


def look_of_total(field: Field, places: int | None = None) -> str:
    """The name of the look of a total, or of a rate of totals: a number keeps the decimals that it has, or must have.

    `places` are those of a rate.
    """
    places = field.places if places is None else places
    if places is not None:
        return f"total_{places}"
    return "total_amount" if field.type == "number" else "total"


class Styles:
    """The formats of one workbook."""

    def __init__(self, book: Workbook) -> None:
        """Make formats in this workbook, when they are asked for."""
        self._add = book.add_format
        self.look = cache(self._make)

    def _make(self, name: str, severity: Severity | None = None) -> Format:
        """The format of that name, in the colour of a finding's severity."""
        look = {"font_name": BODY_FONT, "font_size": BODY_SIZE, **_LOOKS[name]}
        if severity is not None:
            look["bg_color"] = SEVERITY_COLOURS[severity]
        return self._add(look)
