"""The values of a sheet that holds nothing but texts and numbers, taken in one pass that accounts for every tag.

Most lists are so, and calamine and a count of what it gives take twice as long.  Where anything is another (a formula,
a day, a text in its cell, a tag that is not known here) there is no answer, and the readers that know it are asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress, groupby, pairwise
from operator import add

from kbxt_merge.intake.formats.layout import LaidOut, SheetFacts
from kbxt_merge.intake.formats.plain_texts import PlainTexts, plain_text
from kbxt_merge.intake.formats.sheet_facts_fast import ODD, PREFIX, add_around, hidden_rows, slices
from kbxt_merge.intake.formats.xml_events import has_loose_ampersand, is_whole
from kbxt_merge.model.cell import column_number
from kbxt_merge.model.returns import Cell, ErrorValue

_PLACE = rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]{1,5})")?'
_TEXT = rb' t="s"><v>([0-9]{1,9})</v></c>'
_NUMBER = rb"(-?[0-9]{1,25}(?:\.[0-9]{1,25})?(?:[eE][-+]?[0-9]{1,2})?)</v></c>"
_FORMULA = rb"<f(?: [^<>/]*)?(?:/>|>[^<]+</f>)"
CELL = re.compile(rb'%s(?:/>|%s|(?: t="n")?><v>%s)' % (_PLACE, _TEXT, _NUMBER))
"""A cell that is empty, or holds a shared text or a number: its address, its format, and what it holds."""
CALCULATED = re.compile(
    rb'%s(?:/>|%s|(?: t="n")?><v>%s|(?: t="n")?>%s<v>%s| t="(str|b|e)">%s<v>([^<]*)</v></c>)'
    % (_PLACE, _TEXT, _NUMBER, _FORMULA, _NUMBER, _FORMULA)
)
"""The same, or a cell with a formula and its result: the number, or its kind and how that is written."""
ROW = re.compile(rb'<row r="[1-9][0-9]{0,6}"(?: [A-Za-z0-9:]+="[^"<>&\x80-\xff]*")* ?/?>')
"""A row's begin: a slash at its end says that it has no cells."""
TAGS_OF_A_VALUE = 4
SLICE_BYTES = 1 << 16
"""What is taken at a time: more of it would not stay in a processor's own memory."""
TRUTHS = {b"0": False, b"1": True}
ERRORS = {
    code: ErrorValue(code.decode())
    for code in (b"#NULL!", b"#DIV/0!", b"#VALUE!", b"#REF!", b"#NAME?", b"#NUM!", b"#N/A")
}

Plain = tuple[LaidOut, SheetFacts]


def plain_sheet(xml: bytes, texts: PlainTexts, numbers: frozenset[bytes]) -> Plain | None:
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
        or not is_whole(xml[:start] + b"<sheetData>" + xml[end:])
    ):
        return None
    facts, rows = SheetFacts(), _Rows(texts, numbers)
    if not all(map(rows.take, slices(xml, start + len(b"<sheetData>"), end, SLICE_BYTES))):
        return None
    facts.cells, facts.values, facts.hidden_rows = rows.values + rows.blanks, rows.values, frozenset(rows.hidden)
    if rows.cells:
        facts.widen((min(rows.cells), max(rows.cells)), (0, max(map(len, rows.cells.values()))))
    if rows.reach.rows and rows.reach.columns:
        facts.widen(rows.reach.rows, rows.reach.columns)
    if facts.is_sparse or not add_around(facts, xml[:start], xml[end:]):
        return None
    facts.special = rows.errors
    return rows.laid_out(), facts


@dataclass(slots=True)
class _Rows:
    """The rows of a sheet so far: the cells of those that hold a value, from column A up to the last value.

    `numbers` are the formats of numbers, none among them; `reach` goes over cells that show nothing, but are written
    as a text or an error.
    """

    texts: PlainTexts
    numbers: frozenset[bytes]
    cells: dict[int, list[Cell]] = field(default_factory=dict)
    values: int = 0
    blanks: int = 0
    hidden: set[int] = field(default_factory=set)
    errors: dict[tuple[int, int], Cell] = field(default_factory=dict)
    reach: SheetFacts = field(default_factory=SheetFacts)
    last: int = 0
    columns: dict[tuple[bytes, ...], list[int]] = field(default_factory=dict)

    def take(self, xml: bytes) -> bool:
        """Take whole rows; False where anything in them is not plain: another tag, a format or a text that is not
        there, a cell or a row out of order."""
        formulas = xml.count(b"<f")
        found, begins = (CALCULATED if formulas else CELL).findall(xml), ROW.findall(xml)
        letters, rows, formats, texts, numbers, *results = zip(*found, strict=True) if found else ((),) * 5
        if results:
            counted, kinds, told = results
            numbers = tuple(map(add, numbers, counted))
            if sum(map(bool, counted)) + sum(map(bool, kinds)) != formulas or has_loose_ampersand(xml):
                return False
        if not self.numbers.issuperset(compress(formats, numbers)):
            return False
        try:
            shared = self.texts.at(texts)
            values: list[Cell] = [
                shared[text] if text else float(number) if number else None
                for text, number in zip(texts, numbers, strict=True)
            ]
            for at in (at for at, kind in enumerate(kinds) if kind) if results else ():
                values[at] = self._result(kinds[at], told[at], rows[at], letters[at])
        except LookupError:
            return False
        filled = len(values) - values.count(None)
        self.blanks += len(values) - filled
        self.values += filled
        row_tags, ends = b"".join(begins), xml.count(b"</row>")
        within, empty = (xml.count(b"</f>"), xml.count(b"<v></v>")) if formulas else (0, 0)
        tags = len(begins) + ends + len(values) + (TAGS_OF_A_VALUE - 1) * filled + formulas + within
        if xml.count(b"<") != tags or xml.count(b"><") != tags - (filled - empty) - within - 1:
            return False  # another tag, or something between the tags
        if len(begins) - row_tags.count(b"/>") != ends or not xml.startswith(b"<"):
            return False
        self.hidden |= hidden_rows(row_tags)
        if "" in values:
            self._reach_over([at for at, value in enumerate(values) if value == ""], letters, rows, values)
        return self._put(letters, rows, values)

    def _result(self, kind: bytes, told: bytes, row: bytes, letters: bytes) -> Cell:
        """What a formula gave, of an error an empty text; a LookupError where that is not plain."""
        if kind == b"e":
            self.errors[int(row) - 1, column_number(letters.decode())] = ERRORS[told]
            return ""
        if kind == b"b":
            return TRUTHS[told]
        if (text := plain_text(told)) is None:
            raise LookupError
        return text

    def _reach_over(
        self, nothing: Sequence[int], letters: Sequence[bytes], rows: Sequence[bytes], values: list[Cell]
    ) -> None:
        """Take empty texts for what they show, nothing, at places that the sheet reaches to."""
        columns = [column_number(each.decode()) for each in {letters[at] for at in nothing}]
        self.reach.widen((int(rows[nothing[0]]) - 1, int(rows[nothing[-1]]) - 1), (min(columns), max(columns)))
        self.values -= len(nothing)
        self.blanks += len(nothing)
        for at in nothing:
            values[at] = None

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
        rows = self.cells.values()
        width, top, bottom, left = (
            max(map(len, rows), default=0),
            min(self.cells, default=0),
            max(self.cells, default=-1),
            0,
        )
        while rows and all(row[left : left + 1] in ([None], []) for row in rows):
            left += 1
        if self.reach.rows and self.reach.columns:
            top = min(top, self.reach.rows[0]) if rows else self.reach.rows[0]
            left = min(left, self.reach.columns[0]) if rows else self.reach.columns[0]
            width = max(width, self.reach.columns[1] + 1)
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
