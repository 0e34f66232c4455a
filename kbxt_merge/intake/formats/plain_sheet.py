"""The values of a sheet that holds nothing but texts and numbers, taken in one pass that accounts for every tag.

Most lists are so, and calamine and a count of what it gives take twice as long.  Where anything is another (a formula,
a day, a text in its cell, a tag that is not known here) there is no answer, and the readers that know it are asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby, pairwise

from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.intake.formats.layout import LaidOut, SheetFacts
from kbxt_merge.intake.formats.sheet_facts_fast import ODD, PREFIX, add_around, hidden_rows, slices
from kbxt_merge.intake.formats.xml_events import ignored, parse
from kbxt_merge.model.cell import column_number
from kbxt_merge.model.returns import Cell

CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]{1,5})")?'
    rb'(?:/>| t="s"><v>([0-9]{1,9})</v></c>|(?: t="n")?><v>(-?[0-9]{1,25}(?:\.[0-9]{1,25})?(?:[eE][-+]?[0-9]{1,2})?)'
    rb"</v></c>)"
)
"""A cell that is empty, or holds a shared text or a number: its address, its format, and what it holds."""
ROW = re.compile(rb'<row r="[1-9][0-9]{0,6}"(?: [A-Za-z0-9:]+="[^"<>&\x80-\xff]*")* ?(/?)>')
"""A row's begin: its slash says that it has no cells."""
TAGS_OF_A_VALUE = 4
SLICE_BYTES = 1 << 16
"""What is taken at a time: more of it would not stay in a processor's own memory."""
TEXT = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]+)</t>(?:<phoneticPr [^<>]*/>)?</si>')
UNKEPT_SPACE = re.compile(r"<t>(?:\s|[^<]*\s</t>)")
UNSURE = (b"\r", b"_x", b"&#")
"""What programs differ on inside a text."""
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
NUMBERS = frozenset(b"%d" % number for number in (*range(5), *range(9, 14), *range(37, 41), 49))
"""The formats built in that show a number as a number, or as text."""
FORMATS = re.compile(rb"<cellXfs[^<>]*>(.*?)</cellXfs>", re.S)
FORMAT = re.compile(rb"<xf ([^<>]*)>")
NUMBER_OF_FORMAT = re.compile(rb'\bnumFmtId="([0-9]+)"')
OWN_FORMAT = re.compile(rb'<numFmt [^<>]*numFmtId="[0-9]{1,2}"')

Plain = tuple[LaidOut, SheetFacts]


@lru_cache(maxsize=64)
def formats_of_numbers(styles: bytes) -> frozenset[bytes]:
    """The numbers of the cell formats in which a number surely is a number, and no day."""
    found = FORMATS.search(styles)
    if found is None or OWN_FORMAT.search(styles):
        return frozenset()
    formats = [NUMBER_OF_FORMAT.search(each) for each in FORMAT.findall(found[1])]
    return frozenset(b"%d" % at for at, each in enumerate(formats) if each and each[1] in NUMBERS)


def plain_texts(strings: bytes) -> list[str] | None:
    """The shared strings, where each is one text and nothing else stands among them."""
    if any(each in strings for each in UNSURE):
        return None
    try:
        xml = strings.decode()
    except UnicodeDecodeError:
        return None
    texts: list[str] = TEXT.findall(xml)
    around = xml.count("<phoneticPr ") + xml.count("<sst ") + xml.count("</sst>") + xml.startswith("<?xml ")
    if xml.count("<") != TAGS_OF_A_VALUE * len(texts) + around:
        return None
    if any(text[0].isspace() or text[-1].isspace() for text in texts) and UNKEPT_SPACE.search(xml):
        return None  # programs differ on white space that is not said to be kept
    return [_unescaped(text) for text in texts] if "&" in xml else texts


def _unescaped(text: str) -> str:
    for entity, sign in ENTITIES:
        text = text.replace(entity, sign)
    return text


def plain_sheet(xml: bytes, texts: Sequence[str], numbers: frozenset[bytes]) -> Plain | None:
    """The sheet's rows and facts; None where anything in it is not plain.

    `numbers` are the formats in which a number is one.
    """
    start, end = xml.find(b"<sheetData>"), xml.find(b"</sheetData>")
    around = xml[:start] + xml[end:]
    if (
        not 0 <= start < end
        or PREFIX.match(xml)
        or not xml.rstrip().endswith(b"</worksheet>")
        or any(sign in around for _, sign in ODD)
        or not _is_whole(xml[:start] + b"<sheetData>" + xml[end:])
    ):
        return None
    facts, rows = SheetFacts(), _Rows(texts, numbers | {b""})
    if not all(map(rows.take, slices(xml, start + len(b"<sheetData>"), end, SLICE_BYTES))):
        return None
    facts.cells, facts.values, facts.hidden_rows = rows.values + rows.blanks, rows.values, frozenset(rows.hidden)
    if rows.cells:
        facts.widen((min(rows.cells), max(rows.cells)), (0, max(map(len, rows.cells.values()))))
    if facts.is_sparse or not add_around(facts, xml[:start], xml[end:]):
        return None
    return rows.laid_out(), facts


def _is_whole(xml: bytes) -> bool:
    """Whether what stands around the cells is sound XML."""
    try:
        parse(xml, lambda name, attributes: None, ignored, ignored)
    except Unreadable:
        return False
    return True


@dataclass(slots=True)
class _Rows:
    """The rows of a sheet so far: the cells of those that hold a value, from column A up to the last value.

    `numbers` are the formats of numbers, none among them.
    """

    texts: Sequence[str]
    numbers: frozenset[bytes]
    cells: dict[int, list[Cell]] = field(default_factory=dict)
    values: int = 0
    blanks: int = 0
    hidden: set[int] = field(default_factory=set)
    last: int = 0
    columns: dict[tuple[bytes, ...], list[int]] = field(default_factory=dict)

    def take(self, xml: bytes) -> bool:
        """Take whole rows; False where anything in them is not plain: another tag, a format or a text that is not
        there, a cell or a row out of order."""
        found, begins, ends = CELL.findall(xml), ROW.findall(xml), xml.count(b"</row>")
        letters, rows, formats, texts, numbers = zip(*found, strict=True) if found else ((),) * 5
        if not self.numbers.issuperset(own for own, number in zip(formats, numbers, strict=True) if number):
            return False
        try:
            values: list[Cell] = [
                self.texts[int(text)] if text else float(number) if number else None
                for text, number in zip(texts, numbers, strict=True)
            ]
        except IndexError:
            return False
        blanks = values.count(None)
        self.blanks += blanks
        self.values += len(values) - blanks
        tags = len(begins) + ends + blanks + TAGS_OF_A_VALUE * (len(values) - blanks)
        if xml.count(b"<") != tags or xml.count(b"><") != tags - (len(values) - blanks) - 1:
            return False  # another tag, or something between the tags
        if len(begins) - begins.count(b"/") != ends:
            return False
        self.hidden |= hidden_rows(xml)
        return self._put(letters, rows, values)

    def _put(self, letters: Sequence[bytes], rows: Sequence[bytes], values: Sequence[Cell]) -> bool:
        """Put the values where they stand; False where one does not stand behind the one before."""
        end = 0
        for number, group in groupby(rows):
            begin, end = end, end + len(list(group))
            columns = self._columns(tuple(letters[begin:end]))
            if not columns or int(number) <= self.last:
                return False
            self.last = int(number)
            row = list(values[begin:end])
            while row and row[-1] is None:
                row.pop()
            if row:
                self.cells[self.last - 1] = row if columns[-1] == len(columns) - 1 else _at_places(row, columns)
        return True

    def _columns(self, letters: tuple[bytes, ...]) -> list[int]:
        """The columns of these letters; none where one does not stand behind the one before."""
        if letters not in self.columns:  # most rows of a list have the same
            columns = [column_number(each.decode()) for each in letters]
            is_ordered = all(before < after for before, after in pairwise(columns))
            self.columns[letters] = columns if is_ordered else []
        return self.columns[letters]

    def laid_out(self) -> LaidOut:
        """The rows from the first to the last that holds a value, each from the first column that does to the last."""
        if not self.cells:
            return LaidOut([])
        rows = self.cells.values()
        width, top, bottom = max(map(len, rows)), min(self.cells), max(self.cells)
        left = 0
        while all(row[left : left + 1] in ([None], []) for row in rows):
            left += 1
        for row in rows:
            row += [None] * (width - len(row))
            del row[:left]
        return LaidOut([self.cells.get(at) or [None] * (width - left) for at in range(top, bottom + 1)], top, left)


def _at_places(cells: Sequence[Cell], columns: Sequence[int]) -> list[Cell]:
    """Cells that leave columns out, each in its own."""
    row: list[Cell] = []
    for column, cell in zip(columns, cells, strict=False):
        row += [None] * (column - len(row))
        row.append(cell)
    return row
