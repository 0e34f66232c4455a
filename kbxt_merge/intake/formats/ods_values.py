"""What a cell of an OpenDocument spreadsheet holds, from its attributes and its paragraphs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from kbxt_merge.intake.formats.text_tables import finite, typed
from kbxt_merge.intake.formats.xml_events import Attributes
from kbxt_merge.model.china_time import in_china
from kbxt_merge.model.returns import Cell, ErrorValue, MissingResult

DURATION = re.compile(r"(-?)P(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:\.[0-9]+)?)S)?)?")
LAYOUT = re.compile(r"[ \t\r]*\n[ \t\r\n]*")
"""A break in the XML's lines, which is no part of the text; spaces beside each other are kept, as LibreOffice does."""
# stand-ins for those signs until white space has been folded: characters that XML cannot hold
SIGNS = {"s": "\x01", "tab": "\x02", "line-break": "\x03"}
SHOWN = str.maketrans({"\x01": " ", "\x02": "\t", "\x03": "\n"})
MOST_SPACES = 1024


@dataclass(slots=True)
class CellText:
    """The paragraphs of a cell, as they come."""

    paragraphs: list[str] = field(default_factory=list)
    inside: bool = False
    signed: bool = False

    def sign(self, name: str, attributes: Attributes) -> None:
        """A paragraph begins, or a sign that stands for spaces, a tab or a line break."""
        if name == "p":
            self.paragraphs.append("")
            self.inside = True
        elif name in SIGNS:
            self.signed = True
            times = attributes.get("text:c", "1")
            self.text(SIGNS[name] * (min(int(times[:9]), MOST_SPACES) if times.isdecimal() else 1))

    def text(self, text: str) -> None:
        """Characters; outside of a paragraph they are layout."""
        if self.inside:
            self.paragraphs[-1] += text

    def end_paragraph(self) -> None:
        """The paragraph is complete."""
        self.inside = False

    def shown(self) -> str:
        """The text as the cell shows it, a line a paragraph."""
        if len(self.paragraphs) == 1 and not self.signed and "\n" not in self.paragraphs[0]:
            return self.paragraphs[0]
        lines = (LAYOUT.sub("\n", paragraph).strip("\n").replace("\n", " ") for paragraph in self.paragraphs)
        return "\n".join(lines).translate(SHOWN)


_TELLING = frozenset({"office:value-type", "calcext:value-type", "office:string-value", "table:formula"})
"""The attributes without which a cell that has no paragraph holds nothing."""


def value_of(attributes: Attributes, text: CellText) -> Cell:
    """The cell's value; what does not fit its type stays as it is shown."""
    if not text.paragraphs and _TELLING.isdisjoint(attributes):
        return None  # most cells of a blank: a format, and a drop-down
    shown = text.shown()
    if attributes.get("calcext:value-type") == "error":
        return ErrorValue(shown)
    kind = attributes.get("office:value-type", "")
    formula = attributes.get("table:formula", "")
    if formula and not kind and not text.paragraphs:
        return MissingResult(formula)
    attribute, convert = TYPES.get(kind, ("office:string-value", None))
    written = attributes.get(attribute, "")
    if convert is None:
        content = shown or written
        return typed(content) if formula else content or None
    try:
        return convert(written)
    except (ValueError, OverflowError):  # the latter where a length of time is longer than the calendar
        return shown or written or None


def _date(written: str) -> Cell:
    if "T" not in written:
        return dt.date.fromisoformat(written)
    moment = in_china(dt.datetime.fromisoformat(written))
    return moment.date() if moment.time() == dt.time() else moment


def _time(written: str) -> Cell:
    match = DURATION.fullmatch(written)
    if match is None:
        raise ValueError(written)
    sign, days, hours, minutes, seconds = match.groups()
    length = dt.timedelta(
        days=int(days or 0), hours=int(hours or 0), minutes=int(minutes or 0), seconds=float(seconds or 0)
    )
    if sign or length >= dt.timedelta(days=1):
        return -length if sign else length
    return (dt.datetime.min + length).time()


def _truth(written: str) -> Cell:
    return written == "true"


TYPES: dict[str, tuple[str, Callable[[str], Cell]]] = {
    "float": ("office:value", finite),
    "percentage": ("office:value", finite),
    "currency": ("office:value", finite),
    "date": ("office:date-value", _date),
    "time": ("office:time-value", _time),
    "boolean": ("office:boolean-value", _truth),
}
"""Each type with the attribute that holds its value, and how that is read."""
