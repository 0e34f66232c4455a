"""Why a row below a header is no record: what it holds decides, and only where no child stands, what it says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from kbxt_merge.intake.recognition.row_evidence import Evidence, Row, is_name, names_number
from kbxt_merge.intake.recognition.row_lookalikes import Lookalikes, heads_table
from kbxt_merge.intake.recognition.row_words import (
    closes,
    is_date,
    is_filler,
    is_heading,
    is_nobody,
    is_office,
    said_by,
)
from kbxt_merge.intake.recognition.surnames import has_surname
from kbxt_merge.intake.recognition.unit_line import is_unit_line
from kbxt_merge.model.cell import shown
from kbxt_merge.model.field import Field
from kbxt_merge.model.form import Form
from kbxt_merge.model.left_out import Reason
from kbxt_merge.model.returns import Cell, ErrorValue, Grid, MissingResult, is_blank
from kbxt_merge.model.text import plain

_SCHOOL = re.compile(r".{2,}(?:学校|小学|中学|教学点)")
_LABEL_OF_A_CHILD = re.compile(r"(?:学生|儿童|姓名)")
_FEW = 2
"""Answers to what the form requires that make a row without a name a child's all the same."""

_UNSURE = frozenset((Reason.NOTE, Reason.SIGNATURE, Reason.UNIT_LINE, Reason.PREFILLED))
"""Reasons for which a row that fills most columns might still be a child's."""

_OF_SIGNING = frozenset({"text", "person_name", "date", "phone", "school"})
"""Types of fields in which a name, a day or a school below a list may be the child's."""

_FREE = frozenset({"text", "person_name", "phone"})
"""Types of fields for which the row below a child's is used when its own is too short."""


class Reasons:
    """Judges the rows below one header."""

    def __init__(self, grid: Grid, form: Form, columns: Mapping[str, int]) -> None:
        """Prepare for rows of this grid whose fields stand in these columns."""
        self._grid, self._form = grid, form
        self._notes = _printed_notes(form.notes)
        self._evidence = evidence = Evidence(form, columns)
        self._lookalikes = Lookalikes(grid, evidence)
        self._fields, self._name, self._number = evidence.fields, evidence.name, evidence.number
        self._sequence, self._lists_children = evidence.sequence, evidence.lists_children

    def why_none(self, row: Row, *, in_other_table: bool = False) -> Reason | None:
        """Why a row that holds something is no record; None where it is one.

        `in_other_table` says that it stands below the header of another table, where only a complete child is one.
        """
        if not row.held or (row.held.keys() == {self._sequence} and self._evidence.is_numbered(row.held)):
            return Reason.BESIDE_TABLE
        said = [cell for at, cell in row.held.items() if at != self._sequence]
        if said and self._name not in row.held and all(isinstance(cell, ErrorValue) for cell in said):
            return Reason.PREFILLED
        if self._lists_children and heads_table(row) and not self._lookalikes.is_printed_again(row):
            return Reason.BESIDE_TABLE
        never = self._lookalikes.why_never(row)
        if never or self._evidence.is_child(row.held):
            return never
        if in_other_table:
            return Reason.BESIDE_TABLE
        judges = (
            self._why_said,
            self._why_closing,
            self._why_signed,
            self._why_alone,
            self._why_lacking,
            self._why_unlike,
        )
        return next((reason for judge in judges if (reason := judge(row))), None)

    @property
    def fields(self) -> Mapping[int, Field]:
        """The form's fields by their columns."""
        return self._fields

    def why_never(self, row: Row) -> Reason | None:
        """Why a row is none of a school's own, whatever it holds: a header, column codes, an example."""
        return self._lookalikes.why_never(row)

    def is_doubtful(self, row: Row, reason: Reason) -> bool:
        """Tell a row left out that holds something like a child's datum: a number, a numbered name, most columns."""
        number = any(map(names_number, row.cells)) or self._evidence.has_number(row.held)
        if reason is Reason.EXAMPLE:
            return number and self._name in row.held and not is_nobody(shown(row.held[self._name]))
        if number or not self._lists_children or reason not in _UNSURE or _is_spread_date(row):
            return number
        may_be_named = self._evidence.is_numbered(row.held) and is_name(row.held.get(self._name))
        filled = sum(at != self._sequence and not _is_of_signing(cell) for at, cell in row.held.items())
        columns = sum(at != self._sequence for at in self._fields)
        return 2 * filled > columns or (reason is Reason.NOTE and may_be_named)

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
        if said is Reason.ZERO_RETURN or (said is Reason.NOTE and self._is_named(row)):
            return None
        if said is None and self._sequence in row.held and is_office(shown(row.held[self._sequence])):
            return Reason.SIGNATURE
        own = (row.held[at] for at in (self._name, self._number) if at in row.held)
        if said is not Reason.TOTAL and any(isinstance(cell, str) and said_by(cell) is Reason.TOTAL for cell in own):
            return Reason.TOTAL
        return said

    def _is_named(self, row: Row) -> bool:
        """A name stands where it should, whatever stands before it."""
        name = row.held.get(self._name)
        return name is not None and name is not row.lead and has_surname(name) and not self._evidence.is_word(name)

    def _says_nobody(self, row: Row) -> bool:
        """`1, 零报告`, or `1, 无, 无, /`: where the child should stand nobody does, and nothing else says anything."""
        if not self._lists_children:
            return said_by(row.lead) is Reason.ZERO_RETURN and len(row.held) == 1
        others = (at for at in row.held if at != self._sequence)
        where = self._name if self._name in row.held else next(others, self._sequence)
        if not _says_nothing(row.held[where]):
            return False
        rest = ((at, cell) for at, cell in row.held.items() if at not in (where, self._sequence))
        may_stand = self._evidence.is_chosen if where == self._name else self._is_school
        return all(_says_nothing(cell) or may_stand(at) for at, cell in rest)

    def _is_school(self, at: int) -> bool:
        return self._fields[at].type == "school"

    def _why_closing(self, row: Row) -> Reason | None:
        """A line of those that close a sheet, in whatever column it stands: signatures, a stamp, the date."""
        if _is_spread_date(row):
            return Reason.SIGNATURE
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

    def _why_signed(self, row: Row) -> Reason | None:
        """Who signs below the list without saying as what, `李明 | 王强`: names and days in columns of other things."""
        others = {at: cell for at, cell in row.held.items() if at != self._name}
        if not others or self._evidence.is_numbered(row.held) or not has_surname(row.held.get(self._name)):
            return None
        signing = all(self._fields[at].type not in _OF_SIGNING and _may_sign(cell) for at, cell in others.items())
        return Reason.SIGNATURE if signing and self._is_last(row) else None

    def _is_last(self, row: Row) -> bool:
        """No row below holds as much as a child's does."""
        return all(sum(not is_blank(cell) for cell in each) <= _FEW for each in self._grid.rows[row.at + 1 :])

    def _why_alone(self, row: Row) -> Reason | None:
        """A text alone in its row: a heading over children, a sentence, a word in the column of numbers."""
        (at, cell), *more = row.held.items()
        if more:
            return self._why_word(row)
        text = plain(shown(cell))
        leads = at in (self._sequence, self._name, min(self._fields))
        if leads and isinstance(cell, str) and is_heading(cell) and (self._lists_children or at != self._name):
            return Reason.HEADING
        wide = any(
            top == self._grid.top + row.at and right - left >= 2 and left == at
            for top, left, _, right in self._grid.merged
        )
        spread = wide and len(text) > 4 and at != self._name
        return Reason.NOTE if at == self._sequence or spread else None

    def _why_word(self, row: Row) -> Reason | None:
        """A word of a vocabulary where names stand, and its count: a little table of sums below the list."""
        name = row.held.get(self._name)
        if not self._lists_children or not self._evidence.is_word(name):
            return None
        counts = any(shown(cell).isdecimal() for at, cell in row.held.items() if at != self._sequence)
        return Reason.TOTAL if counts else Reason.NOTE

    def _why_lacking(self, row: Row) -> Reason | None:
        """A row without name and number: the rest of the child above, or what was filled in beforehand."""
        if not self._lists_children or self._name in row.held:
            return None
        own = [at for at in row.held if at != self._sequence]
        is_free = self._sequence not in row.held and all(self._fields[at].type in _FREE for at in own)
        if self._number in row.held:
            return Reason.PREFILLED if self._is_filled_down(row, own) else None
        if row.follows and (is_free or self._is_below_name(row)):
            return Reason.CONTINUED
        filled_in = own and all(self._evidence.is_chosen(at) and isinstance(row.held[at], str) for at in own)
        return Reason.PREFILLED if filled_in or (own and self._is_filled_down(row, own)) else None

    def _is_filled_down(self, row: Row, columns: Sequence[int]) -> bool:
        """The same stands, without a child, in the row above or below."""
        left, lacking = self._grid.left, {self._name, self._number}.difference(columns)
        beside = [self._grid.rows[at] for at in (row.at - 1, row.at + 1) if row.below <= at < len(self._grid.rows)]
        return any(
            all(at - left < len(each) and each[at - left] == row.held[at] for at in columns)
            and all(is_blank(each[at - left]) for at in lacking if 0 <= at - left < len(each))
            for each in beside
        )

    def _why_unlike(self, row: Row) -> Reason | None:
        """A row in which nothing is a child's, but a remark in a row that is numbered."""
        name = row.held.get(self._name)
        own = (name, row.held.get(self._number))
        if has_surname(name) or any(isinstance(cell, ErrorValue | MissingResult) for cell in own):
            return None
        is_foreign = is_name(name) and plain(shown(name)).isascii()  # no note is a number and a name in Latin letters
        if (name is None or is_foreign) and self._evidence.is_numbered(row.held):
            return None
        if isinstance(name, str) and _LABEL_OF_A_CHILD.match(plain(name)):
            return None
        return None if self._evidence.answers(row.held) >= _FEW or not self._lists_children else Reason.NOTE

    def _is_below_name(self, row: Row) -> bool:
        """The cell of the name above reaches down to this row."""
        here = self._grid.top + row.at
        return any(left == self._name and top < here <= bottom for top, left, bottom, _ in self._grid.merged)


@lru_cache(maxsize=64)
def _printed_notes(notes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text for text in map(plain, notes) if len(text) > 5)


def _says_nothing(cell: Cell) -> bool:
    return is_filler(shown(cell)) or said_by(shown(cell)) is Reason.ZERO_RETURN


def _is_of_signing(cell: Cell) -> bool:
    """Tell who signs, or when, from what is somebody's datum."""
    return closes(shown(cell)) or is_office(shown(cell))


def _may_sign(cell: Cell) -> bool:
    return has_surname(cell) or _is_of_signing(cell)


def _is_spread_date(row: Row) -> bool:
    """Tell a date whose year, month and day stand in cells of their own."""
    return len(row.held) > _FEW and is_date("".join(map(shown, row.held.values())))
