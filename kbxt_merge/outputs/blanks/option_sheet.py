"""The hidden sheet 选项: the lists behind drop-downs, what the self-check reads by, and its steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase

from xlsxwriter.utility import xl_range_abs
from xlsxwriter.workbook import Workbook

from kbxt_merge.model.field import NOTHING, Vocabulary
from kbxt_merge.model.form import Form
from kbxt_merge.model.own_workbook import OPTION_SHEET
from kbxt_merge.model.school import Roster
from kbxt_merge.outputs.blanks import names
from kbxt_merge.outputs.blanks.cell_formulas import CHECK_WEIGHTS
from kbxt_merge.outputs.sheets.step_sheet import FIRST_ROW, StepSheet

_NOT_IN_PERSONS_NAMES = '0123456789?*#@&%$!~^+=_<>|\\/:;,()[]{}"、。，；：？！（）'

NOTHING_BESIDE = ("无", "零", "0", "/", "-", "--", "—", "——")
"""What may stand beside the words that report nobody."""


@dataclass
class OptionSheet:
    """The sheet, the column right of its lists, and the next row for the steps of a form.

    The steps of several forms stand one below the other: a row short enough for a zip's memory costs next to nothing.
    """

    book: Workbook
    sheet: StepSheet
    column: int = field(default=0)
    row: int = field(default=FIRST_ROW)

    @classmethod
    def on(cls, book: Workbook) -> OptionSheet:
        """Add the hidden sheet to a workbook."""
        sheet = book.add_worksheet(OPTION_SHEET, StepSheet)
        sheet.very_hidden()
        return cls(book, sheet)

    def write_lists(self, vocabularies: Iterable[Vocabulary], roster: Roster | None) -> None:
        """Write the choices of every vocabulary, what is read as them, characters, and the roster's schools."""
        for vocabulary in vocabularies:
            self._add(names.choices(vocabulary), vocabulary.values)
            self._add(names.typed(vocabulary), list(vocabulary.variants))
            self._add(names.read(vocabulary), list(vocabulary.variants.values()))
        self._add(names.LETTERS, ascii_uppercase)
        self._add(names.SYMBOLS, _NOT_IN_PERSONS_NAMES)
        self._add(names.NOTHING, NOTHING)
        self._add(names.BESIDE, NOTHING_BESIDE)
        self._add_numbers(names.WEIGHTS, CHECK_WEIGHTS)
        self._add_numbers(names.numbers(names.LARGEST_COUNT), range(1, names.LARGEST_COUNT + 1))
        for count in range(1, names.LARGEST_COUNT):
            self.name_block(names.numbers(count), (FIRST_ROW, self.column - 1, FIRST_ROW + count - 1, self.column - 1))
        if roster is not None:
            self._add(names.SCHOOLS, [school.name for school in roster.schools])

    def take_rows(self, count: int) -> int:
        """Take so many rows for the steps of a form; the first of them is returned."""
        self.row += count
        return self.row - count

    def name_block(self, name: str, cells: tuple[int, int, int, int]) -> None:
        """Give a block (first row, first column, last row, last column) a name to refer to from other sheets."""
        self.book.define_name(name, f"={OPTION_SHEET}!{xl_range_abs(*cells)}")

    def _add(self, name: str, values: Sequence[str]) -> None:
        for row, value in enumerate(values, FIRST_ROW):
            self.sheet.write_string(row, self.column, value)
        self._end_column(name, values)

    def _add_numbers(self, name: str, values: Sequence[int]) -> None:
        for row, value in enumerate(values, FIRST_ROW):
            self.sheet.write_number(row, self.column, value)
        self._end_column(name, values)

    def _end_column(self, name: str, values: Sequence[object]) -> None:
        self.sheet.write_string(0, self.column, name)
        self.name_block(name, (FIRST_ROW, self.column, FIRST_ROW + max(len(values), 1) - 1, self.column))
        self.column += 1


def vocabularies_in(forms: Iterable[Form]) -> list[Vocabulary]:
    """The vocabularies that these forms use, each once."""
    used = {
        each.vocabulary.name: each.vocabulary for form in forms for each in form.fields if each.vocabulary is not None
    }
    return list(used.values())
