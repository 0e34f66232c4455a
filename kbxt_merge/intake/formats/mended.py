"""A workbook of one sheet that every reader takes: what of another's cells is sound, and nothing besides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from xml.sax.saxutils import escape

from kbxt_merge.intake.formats.careful_sheet import TEXT, Content, Place
from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.intake.formats.xml_events import Attributes, ignored, in_spite_of_slips, parse_own, without_alternatives
from kbxt_merge.intake.formats.zip_stored import stored
from kbxt_merge.model.returns import column_letters

SHEET = "s"
"""The name on the tab."""
PLAIN, DAY, DURATION = 0, 14, 46
"""Formats that every spreadsheet has built in."""
_FIRST_OF_ONES_OWN, _MOST_FORMATS = 164, 70_000
_NO_LETTERS_OF_IT = re.compile(r'"[^"]*"?|\\.|_.|\[(?!(?:h+|m+|s+)\])[^\]]*\]?', re.I)
_COUNTS_ON = re.compile(r"\[(?:h+|m+|s+)\]", re.I)
_OF_A_DAY = re.compile(r"[ymdhs]|年|月|日", re.I)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
    f'"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType='
    f'"{_KIND}.sheet.main+xml"/><Override PartName="/xl/sheet.xml" ContentType="{_KIND}.worksheet+xml"/><Override '
    f'PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/><Override PartName="/xl/sharedStrings.xml" '
    f'ContentType="{_KIND}.sharedStrings+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="b" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="s" '
    f'Type="{_OFFICE}/worksheet" Target="sheet.xml"/><Relationship Id="f" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    f'<Relationship Id="t" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
}
_WORKBOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="{{}}"/>'
    f'<sheets><sheet name="{SHEET}" sheetId="1" r:id="s"/></sheets></workbook>'
)
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts><font/></fonts><fills><fill><patternFill/></fill></fills><borders><border/>'
    "</borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs>{}</cellXfs></styleSheet>"
)
_FORMAT = '<xf numFmtId="{}" fontId="0" fillId="0" borderId="0" xfId="0"/>'


def mended(cells: Mapping[Place, Content], formats: Sequence[int], from_1904: bool) -> bytes:
    """The workbook; `formats` are as `number_formats` gives them, and its days count from 1904 if said."""
    texts: dict[str, int] = {}
    rows = "".join(_rows(cells, texts, len(formats)))
    strings = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    parts = _PARTS | {
        "xl/workbook.xml": _WORKBOOK.format(int(from_1904)),
        "xl/styles.xml": _STYLES.format("".join(map(_FORMAT.format, formats or (PLAIN,)))),
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{strings}</sst>',
        "xl/sheet.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>',
    }
    return stored({name: part.encode("utf-8", "replace") for name, part in parts.items()})


def _rows(cells: Mapping[Place, Content], texts: dict[str, int], formats: int) -> Iterator[str]:
    letters = [column_letters(column) for column in range(max((at for _, at in cells), default=-1) + 1)]
    for row, places in groupby(sorted(cells), lambda place: place[0]):
        yield f'<row r="{row + 1}">'
        for place in places:
            kind, text, style = cells[place]
            value = texts.setdefault(text, len(texts)) if kind == TEXT else text
            format_of = style if style < formats else 0
            yield f'<c r="{letters[place[1]]}{row + 1}" s="{format_of}" t="{kind}"><v>{value}</v></c>'
        yield "</row>"


def shared_texts(xml: bytes) -> list[str]:
    """The workbook's shared strings, without their looks and phonetic readings; raises Unreadable."""

    def read(part: bytes) -> list[str]:
        strings = _Strings()
        parse_own(without_alternatives(part), strings.start, strings.end, strings.text, ignored)
        return strings.texts

    return in_spite_of_slips(xml, read)


@dataclass(slots=True)
class _Strings:
    texts: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    inside: bool = False
    phonetic: bool = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "si":
            self.pieces = []
        elif name == "rPh":
            self.phonetic = True
        elif name == "t":
            self.inside = not self.phonetic

    def end(self, name: str) -> None:
        if name == "t":
            self.inside = False
        elif name == "rPh":
            self.phonetic = False
        elif name == "si":
            self.texts.append("".join(self.pieces))

    def text(self, text: str) -> None:
        if self.inside:
            self.pieces.append(text)


def number_formats(styles: bytes) -> list[int]:
    """For each of the cells' formats one built in that shows a number as the same kind of thing: a number, a day, or a
    duration; as far as the styles are sound."""
    found = _Formats()
    with suppress(Unreadable):
        parse_own(without_alternatives(styles), found.start, found.end, ignored, ignored)
    return [found.codes.get(number, number if number < _FIRST_OF_ONES_OWN else PLAIN) for number in found.numbers]


@dataclass(slots=True)
class _Formats:
    codes: dict[int, int] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    in_cells: bool = False

    def start(self, name: str, attributes: Attributes) -> None:
        given = attributes.get("numFmtId", "").strip()
        number = int(given) if given.isdecimal() and len(given) < 10 else PLAIN
        if name == "numFmt":
            self.codes[number] = _kind_of(attributes.get("formatCode", ""))
        elif name == "cellXfs":
            self.in_cells = True
        elif name == "xf" and self.in_cells and len(self.numbers) < _MOST_FORMATS:
            self.numbers.append(number)

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self.in_cells = False


def _kind_of(code: str) -> int:
    bare = _NO_LETTERS_OF_IT.sub("", code.partition(";")[0])
    if _COUNTS_ON.search(bare):
        return DURATION
    return DAY if _OF_A_DAY.search(bare) and "general" not in bare.lower() else PLAIN
