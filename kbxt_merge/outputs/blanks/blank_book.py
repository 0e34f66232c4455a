"""One workbook of blanks while it is being made: what its sheets share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kbxt_merge.model.carry_over import Rows
from kbxt_merge.model.field import Field
from kbxt_merge.model.form import Form
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.own_workbook import MARK_NAME, Mark
from kbxt_merge.model.period import Period
from kbxt_merge.model.school import Roster
from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.blanks.growing_sheet import STRUT_SIZE
from kbxt_merge.outputs.sheets.styles import BODY_FONT, BODY_SIZE, HEADER_FONT, Styles

SCHOOL = "\ue000school\ue001"
CODE = "\ue000code\ue001"
"""Stand in a master for the school's name and code, which are put in for each school."""

FILLED_ROWS, FEW_ROWS = 300, 10
"""How many rows drop-downs and the self-check reach, in lists and in the statistics, where a school fills one row."""

CODE_TYPES = ("id_number", "roll_number", "phone", "date", "code")
"""What is read wrong when it breaks into two lines: it shrinks rather than wraps."""

SOUND_MARK = "✓"
"""What the self-check says of what has no fault."""
TO_CORRECT = Words("要改的有 ", "to correct: ")
"""Stands in the line above the self-check before the number of faulty rows or cells."""
FAULT = {"bg_color": "#FFC7CE", "font_color": "#9C0006"}
SOUND = {"font_color": "#1E7B34"}
"""How conditional formats show a faulty cell and a sound record."""

Named = TypeVar("Named")
"""A field, or one of its cells."""

_NO_DAY, _NO_MONTH = "      年    月    日", "      年    月"
_PARTS = re.compile(r"\s{2,}")
_LOOKS: dict[str, dict[str, Any]] = {
    "code": {"border": 1, "border_color": "#5A6470", "valign": "vcenter", "align": "center", "num_format": "@",
             "shrink": True},
    "strut": {"font_size": STRUT_SIZE},
    "check_header": {"font_name": HEADER_FONT, "bg_color": "#EDF1F5", "valign": "vcenter", "indent": 1},
    "check": {"font_color": "#9C0006", "valign": "vcenter", "indent": 1},
    "check_summary": {"font_name": HEADER_FONT, "font_size": 11, "valign": "vcenter", "indent": 1},
    "check_list": {"font_color": "#9C0006", "valign": "top", "text_wrap": True, "indent": 1},
    "card_hint": {"border": 1, "border_color": "#5A6470", "valign": "vcenter", "text_wrap": True, "num_format": "@"},
    "guide_title": {"font_name": HEADER_FONT, "font_size": 16, "valign": "vcenter"},
    "guide_heading": {"font_name": HEADER_FONT, "font_size": 12, "valign": "vcenter", "font_color": "#1F4E79"},
    "guide_text": {"valign": "top", "text_wrap": True},
    "example": {"border": 1, "border_color": "#B8C0C8", "valign": "vcenter", "text_wrap": True, "align": "center",
                "num_format": "@", "font_color": "#44546A", "italic": True, "bg_color": "#F7F9FB"},
}  # fmt: skip


@dataclass
class BlankBook:
    """A workbook of some forms: its formats, what is printed in it, and the records it starts with (`rows`)."""

    book: Workbook
    forms: Forms
    roster: Roster | None
    period: Period | None
    language: Language
    rows: Rows = field(default_factory=dict)
    styles: Styles = field(init=False)
    _own: dict[str, Format] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Prepare the formats."""
        self.styles = Styles(self.book)

    def look(self, name: str) -> Format:
        """A format by its name, of the blanks or of all workbooks."""
        if name not in _LOOKS:
            return self.styles.look(name)
        if name not in self._own:
            self._own[name] = self.book.add_format({"font_name": BODY_FONT, "font_size": BODY_SIZE, **_LOOKS[name]})
        return self._own[name]

    def look_of(self, field: Field) -> Format:
        """The format of a field's cells."""
        if field.type in NUMBER_TYPES:
            return self.look("amount" if field.type == "number" else "number")
        return self.look("code" if field.type in CODE_TYPES else "text")

    def colour_summary(self, sheet: Worksheet, column: int) -> None:
        """Show the line above the self-check in green or red, by whether something is left to correct."""
        for words, look in ((SOUND_MARK, SOUND), (TO_CORRECT.of(self.language), {"font_color": "#C00000"})):
            holds = {"type": "text", "criteria": "containing", "value": words, "format": self.book.add_format(look)}
            sheet.conditional_format(0, column, 0, column, holds)

    def title(self, form: Form) -> str:
        """The form's title; without a period the year and the term are left open."""
        return form.titled(self.period)

    def unit_parts(self, form: Form) -> list[str]:
        """The parts of the line that names the school and the day, the school's name to be put in."""
        places = self.unit_places(form)
        return [part.format_map(places) for part in _PARTS.split(form.unit_line.printed)]

    def unit_places(self, form: Form) -> dict[str, str]:
        """What that line is filled in with: the period, and places for the school's name and the day."""
        day = _NO_MONTH if form.unit_line.by_month else _NO_DAY
        own = {"school": SCHOOL, "city": self.forms.city, "county": self.forms.county, "date": day}
        return {**form.period_words(self.period), **own}


def sheet_name(form: Form) -> str:
    """The name of a form's sheet: 附件1-2."""
    return re.sub(r"[\[\]:*?/\\'\s]", "", form.attachment or form.label.zh)[:31]


def write_marks(book: Workbook, sheets: Sequence[tuple[Form, str]], period: Period | None) -> None:
    """Mark a workbook with its forms in sheet order, their versions, the school's code and the period.

    `sheets` are the forms with the names of their sheets, of which a form of cards may have several.

    A sheet carries its own form's mark besides, which goes with it when it is moved to another workbook.
    """
    forms = list({form.slug: form for form, _ in sheets}.values())
    for name, value in _marks(forms, period).items():
        book.set_custom_property(name, value, "text")
    book.define_name(MARK_NAME, _as_name(_marks(forms, period)))
    for form, name in sheets:
        book.define_name(f"'{name}'!{MARK_NAME}", _as_name(_marks([form], period)))


def _marks(forms: Sequence[Form], period: Period | None) -> Mapping[str, str]:
    return {
        Mark.FORM: ",".join(form.slug for form in forms),
        Mark.VERSION: ",".join(form.version for form in forms),
        Mark.SCHOOL_CODE: CODE,
        Mark.PERIOD: period.label if period else "",
    }


def _as_name(marks: Mapping[str, str]) -> str:
    return '="' + ";".join(f"{name}={value}" for name, value in marks.items()) + '"'


NUMBER_TYPES = ("sequence", "age", "count", "number")
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?")


def write_typed(sheet: Worksheet, cell: tuple[int, int], field: Field, value: str, look: Format) -> None:
    """Write a value into a cell (row, column, from zero): a number as one, all else as text."""
    if field.type in NUMBER_TYPES and _NUMBER.fullmatch(value):
        sheet.write_number(*cell, float(value), look)
    else:
        sheet.write_string(*cell, value, look)


def sums_of(form: Form) -> Mapping[str, tuple[str, ...]]:
    """For each field that is a sum, the fields it is the sum of; none that would lead in a circle."""
    sums: dict[str, tuple[str, ...]] = {}
    for use in form.rules:
        names = () if use.names("less") else use.names("equals")
        if use.slug == "count-sum" and names and use.at not in sums and not is_circle(use.at, names, sums):
            sums[use.at] = names
    return sums


def is_circle(name: Named, parts: Iterable[Named], made_of: Mapping[Named, tuple[Named, ...]]) -> bool:
    """Tell whether a field that is worked out of these parts would be worked out of itself."""
    return any(part == name or is_circle(name, made_of.get(part, ()), made_of) for part in parts)
