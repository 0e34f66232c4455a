"""Why a row below a header is no record: what it holds decides, and only where no child stands, what it says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from kbxt_merge.intake.recognition.headers import header_text
from kbxt_merge.intake.recognition.row_evidence import Evidence, Held, is_name, is_whole_number
from kbxt_merge.intake.recognition.row_words import (
    closes,
    is_filler,
    is_heading,
    is_nobody,
    is_placeholder,
    marks_example,
    said_by,
)
from kbxt_merge.intake.recognition.unit_line import is_unit_line
from kbxt_merge.model.cell import shown
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.left_out import Reason
from kbxt_merge.model.returns import Cell, Grid, is_blank
from kbxt_merge.model.text import plain

_SERIES = ("甲乙丙丁戊己庚辛壬癸", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_CODE_NUMBER = re.compile(r"[(〔]?([0-9]{1,2})[)〕]?(?:=[0-9+()-]+)?")
_FEWEST_CODES = 3
_NOWHERE = -1
"""The column of a field that the sheet lacks."""

_SCHOOL = re.compile(r".{2,}(?:学校|小学|中学|教学点)")
_LABEL_OF_A_CHILD = re.compile(r"(?:学生|儿童|姓名)")
_LONGEST_NAME = 8
"""Characters of a text alone in its row where names stand; a longer one is a sentence."""

_FREE = frozenset({"text", "person_name", "phone"})
"""Types of fields for which the row below a child's is used when its own is too short."""

_CHOSEN = frozenset({"school"})
"""Types of fields that are filled down beforehand, as are those that choose from a vocabulary."""


@dataclass(frozen=True)
class Row:
    """A row that holds something: its position in the grid, its cells, and those in the form's columns.

    `follows` says that the row right above is a record or a part of one; `below` is the first position below it all.
    """

    at: int
    cells: Sequence[Cell]
    held: Held
    follows: bool
    below: int

    @cached_property
    def lead(self) -> str:
        """The first text of the row, wherever it stands."""
        return next((cell for cell in self.cells if isinstance(cell, str) and not is_blank(cell)), "")


class Reasons:
    """Judges the rows below one header."""

    def __init__(self, grid: Grid, form: Form, columns: Mapping[str, int]) -> None:
        """Prepare for rows of this grid whose fields stand in these columns."""
        self._grid, self._form = grid, form
        self._fields = {columns[each.name]: each for each in form.fields if each.name in columns}
        self._name = columns.get(form.record_field, _NOWHERE)
        self._number = columns.get(form.child_id or "", _NOWHERE)
        self._sequence = next((at for at, each in self._fields.items() if each.type == "sequence"), _NOWHERE)
        self._headers = {
            at: {header_text(each.header), *map(header_text, each.also)} for at, each in self._fields.items()
        }
        self._every_header = frozenset[str]().union(*self._headers.values())
        self._notes = [text for text in map(plain, form.notes) if len(text) > 5]
        self._evidence = Evidence(form, columns)
        self._lists_children = form.shape is Shape.LIST

    def why_none(self, row: Row) -> Reason | None:
        """Why a row that holds something is no record; None where it is one."""
        if not row.held:
            return Reason.BESIDE_TABLE
        never = self._why_never(row)
        if never or self._evidence.is_child(row.held):
            return never
        judges = (self._why_said, self._why_closing, self._why_alone, self._why_lacking)
        return next((reason for judge in judges if (reason := judge(row))), None)

    def is_doubtful(self, row: Row, reason: Reason) -> bool:
        """Tell a row left out that holds something like a child's datum: a number, or most columns filled."""
        number = any(map(is_whole_number, row.cells)) or self._evidence.has_number(row.held)
        if reason is Reason.EXAMPLE:
            return number and not any(is_nobody(shown(cell)) for cell in row.cells if not is_blank(cell))
        wide = reason in (Reason.NOTE, Reason.SIGNATURE, Reason.UNIT_LINE, Reason.PREFILLED)
        return number or (wide and self._lists_children and 2 * len(row.held) > len(self._fields))

    def _why_never(self, row: Row) -> Reason | None:
        """What may look like a child and is none: column codes, a header, an example, a school's or county's total."""
        if _is_series(list(row.held.values())):
            return Reason.COLUMN_CODES
        if self._is_header(row):
            return Reason.HEADER
        if self._is_example(row):
            return Reason.EXAMPLE
        if self._lists_children:
            return None
        called = shown(row.held.get(self._name)) if self._name in row.held else row.lead
        return Reason.TOTAL if said_by(called) is Reason.TOTAL else None

    def _is_header(self, row: Row) -> bool:
        """A header printed again, its second row, or what a cell of the header reaches down to."""
        if self._evidence.has_number(row.held):
            return False
        texts = {at: header_text(cell) for at, cell in row.held.items() if isinstance(cell, str)}
        again = sum(text in self._headers[at] for at, text in texts.items())
        if again >= min(3, len(self._fields)):
            return True
        if len(texts) >= 2 and len(texts) == len(row.held) and self._every_header.issuperset(texts.values()):
            return True
        sheet_row, header = self._grid.top + row.at, self._grid.top + row.below - 1
        return any(
            top <= header and bottom >= sheet_row and left in self._fields for top, left, bottom, _ in self._grid.merged
        )

    def _is_example(self, row: Row) -> bool:
        """The blank's example: its child bears the mark, or is nobody and the mark or placeholders stand beside it."""
        name = row.held.get(self._name)
        called = shown(name) if name is not None else ""
        if called and marks_example(called):
            return True
        beside = [shown(cell) for at, cell in row.held.items() if at != self._name]
        nobody = not called or is_nobody(called) or is_placeholder(called)
        if any(map(marks_example, beside)):
            return nobody or not self._lists_children or not self._evidence.is_child(row.held)
        return bool(called) and nobody and any(map(is_placeholder, beside))

    def _why_said(self, row: Row) -> Reason | None:
        """What the row says in its first text, where the child should stand, or in all that it holds."""
        if self._says_nobody(row):
            return Reason.ZERO_RETURN
        if is_unit_line(row.lead, self._form.unit_line.labels):
            return Reason.UNIT_LINE
        if any(
            note.startswith(plain(row.lead)) or plain(row.lead).startswith(note)
            for note in self._notes
            if len(row.lead) > 5
        ):
            return Reason.NOTE
        said = said_by(row.lead) if row.lead else None
        if said in (Reason.NOTE, Reason.ZERO_RETURN) and self._is_named(row):
            return None
        own = (row.held[at] for at in (self._name, self._number) if at in row.held)
        if said is not Reason.TOTAL and any(isinstance(cell, str) and said_by(cell) is Reason.TOTAL for cell in own):
            return Reason.TOTAL
        return said

    def _is_named(self, row: Row) -> bool:
        """A name stands where it should, whatever stands before it."""
        name = row.held.get(self._name)
        return name is not None and name is not row.lead and is_name(name) and not self._evidence.is_word(name)

    def _says_nobody(self, row: Row) -> bool:
        """`1, 零报告`, or `1, 无, 无, /`: where the child should stand nobody does, and nothing else says anything."""
        if not self._lists_children:
            return said_by(row.lead) is Reason.ZERO_RETURN and len(row.held) == 1
        where = self._name if self._name in row.held else next(iter(row.held))
        if not _says_nothing(row.held[where]):
            return False
        rest = ((at, cell) for at, cell in row.held.items() if at not in (where, self._sequence))
        return all(_says_nothing(cell) or self._is_chosen(at) for at, cell in rest)

    def _why_closing(self, row: Row) -> Reason | None:
        """A line of those that close a sheet, in whatever column it stands: signatures, a stamp, the date."""
        if self._sequence not in row.held and all(
            self._fields[at].type != "date" and closes(shown(cell)) for at, cell in row.held.items()
        ):
            return Reason.SIGNATURE
        first = plain(shown(next(iter(row.held.values()))))
        if not self._lists_children or len(row.held) > 1 or not _SCHOOL.fullmatch(first):
            return None
        below = (each for each in self._grid.rows[row.at + 1 :] if any(not is_blank(cell) for cell in each))
        texts = [shown(cell) for cell in next(below, ()) if not is_blank(cell)]
        return Reason.SIGNATURE if texts and all(map(closes, texts)) else None

    def _why_alone(self, row: Row) -> Reason | None:
        """A text alone in its row: a heading over children, a sentence, a word in the column of numbers."""
        (at, cell), *more = row.held.items()
        if more:
            return self._why_word(row)
        text = plain(shown(cell))
        if isinstance(cell, str) and is_heading(cell) and (self._lists_children or at != self._name):
            return Reason.HEADING
        wide = any(
            top == self._grid.top + row.at and right - left >= 2 and left == at
            for top, left, _, right in self._grid.merged
        )
        is_sentence = at == self._name and len(text) > _LONGEST_NAME and not is_name(cell) and self._lists_children
        is_label = bool(_LABEL_OF_A_CHILD.match(text))
        spread = wide and len(text) > 4 and at != self._name
        return Reason.NOTE if at == self._sequence or spread or (is_sentence and not is_label) else None

    def _why_word(self, row: Row) -> Reason | None:
        """A word of a vocabulary where names stand, and its count: a little table of sums below the list."""
        name = row.held.get(self._name)
        if not self._lists_children or not self._evidence.is_word(name):
            return None
        return Reason.TOTAL if any(isinstance(cell, int | float) for cell in row.held.values()) else Reason.NOTE

    def _why_lacking(self, row: Row) -> Reason | None:
        """A row without name and number: the rest of the child above, or what was filled in beforehand."""
        if not self._lists_children or any(at in row.held for at in (self._name, self._number)):
            return None
        own = [at for at in row.held if at != self._sequence]
        is_free = self._sequence not in row.held and all(self._fields[at].type in _FREE for at in own)
        if row.follows and (is_free or self._is_below_name(row)):
            return Reason.CONTINUED
        filled_in = own and all(self._is_chosen(at) and isinstance(row.held[at], str) for at in own)
        return Reason.PREFILLED if filled_in else None

    def _is_below_name(self, row: Row) -> bool:
        """The cell of the name above reaches down to this row."""
        here = self._grid.top + row.at
        return any(left == self._name and top < here <= bottom for top, left, bottom, _ in self._grid.merged)

    def _is_chosen(self, at: int) -> bool:
        field = self._fields[at]
        return at != self._name and (field.vocabulary is not None or field.type in _CHOSEN)


def _says_nothing(cell: Cell) -> bool:
    return is_filler(shown(cell)) or said_by(shown(cell)) is Reason.ZERO_RETURN


def _is_series(cells: Sequence[Cell]) -> bool:
    """Tell column codes: 1 2 3 …, A B C …, 甲 乙 1 2 …, each series from its first on without a gap."""
    if len(cells) < _FEWEST_CODES:
        return False
    series: dict[int, list[int]] = {}
    for cell in cells:
        text = plain(shown(cell))
        found = _CODE_NUMBER.fullmatch(text)
        kind = 2 if found else next((i for i, each in enumerate(_SERIES) if len(text) == 1 and text in each), None)
        if kind is None:
            return False
        series.setdefault(kind, []).append(int(found[1]) if found else _SERIES[kind].index(text) + 1)
    return all(each[0] == 1 and all(b == a + 1 for a, b in pairwise(each)) for each in series.values())
