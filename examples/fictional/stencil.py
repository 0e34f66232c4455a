"""A workbook made once by xlsxwriter, and filled with other rows as often as needed, without making it again."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from itertools import count

from fictional.cells import Cell

_ROW = re.compile(r"<row .*?</row>")
_CELL = re.compile(r'<c r="([A-Z]+)\d+"( s="\d+")?')
_PLACE = re.compile(r'r="([A-Z]*)(\d+)"')
_STRING = re.compile(r"<si>.*?</si>", re.DOTALL)  # a header may be broken into lines
_SHEET, _STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


class Stencil:
    """A workbook of one sheet, with one sample row to be replaced by many.

    `unit` is the text of the sample that stands for the school's name.
    """

    def __init__(self, workbook: bytes, sample_row: int, unit: str) -> None:
        with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.unit = unit
        sheet = self.parts.pop(_SHEET).decode()
        self.strings = _STRING.findall(self.parts.pop(_STRINGS).decode())
        rows = _ROW.findall(sheet)
        at = next(i for i, row in enumerate(rows) if row.startswith(f'<row r="{sample_row + 1}"'))
        self.first = sample_row + 1
        self.cells = [(letters, style) for letters, style in _CELL.findall(rows[at])]
        self.below = rows[at + 1 :]
        start, end = sheet.index(rows[0]), sheet.index("</sheetData>")
        self.head = re.sub(r"<dimension .*?/>", "", sheet[:start]) + "".join(rows[:at])
        self.tail = sheet[end:]

    def filled(self, unit: str, rows: Iterable[Sequence[Cell]]) -> bytes:
        """The workbook with these rows, each as wide as the sample; a blank cell is None."""
        strings = [string.replace(self.unit, unit) for string in self.strings]
        filled = [self.head]
        number = self.first
        for number, row in enumerate(rows, self.first):
            filled.append(self._row(number, row, strings))
        shift = number - self.first
        filled += [_PLACE.sub(lambda place: f'r="{place[1]}{int(place[2]) + shift}"', row) for row in self.below]
        parts = {_SHEET: "".join([*filled, self.tail]).encode(), _STRINGS: _shared(strings)}
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, content in (*self.parts.items(), *parts.items()):
                archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        return buffer.getvalue()

    def _row(self, number: int, row: Sequence[Cell], strings: list[str]) -> str:
        """One row; its texts go to the end of the shared strings."""
        cells = []
        index = count(len(strings))
        for (letters, style), value in zip(self.cells, row, strict=True):
            if isinstance(value, str):
                cells.append(f'<c r="{letters}{number}"{style} t="s"><v>{next(index)}</v></c>')
                strings.append(f"<si><t>{value}</t></si>")
            elif value is None:
                cells.append(f'<c r="{letters}{number}"{style}/>')
            else:
                cells.append(f'<c r="{letters}{number}"{style}><v>{value}</v></c>')
        return f'<row r="{number}">{"".join(cells)}</row>'


def _shared(strings: list[str]) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns="http://schemas.openxmlformats.org'
    return f'{head}/spreadsheetml/2006/main" uniqueCount="{len(strings)}">{"".join(strings)}</sst>'.encode()
