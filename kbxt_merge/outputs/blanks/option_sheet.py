"""The hidden sheet 选项: the lists behind drop-downs, what the self-check reads by, and its steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook

from kbxt_merge.model.form import Form, Vocabulary
from kbxt_merge.model.school import Roster
from kbxt_merge.outputs.blanks.step_sheet import FIRST_ROW, StepSheet

NAME = "选项"


@dataclass
class OptionSheet:
    """The sheet, and the next column that is free."""

    book: Workbook
    sheet: StepSheet
    column: int = field(default=0)

    @classmethod
    def on(cls, book: Workbook) -> OptionSheet:
        """Add the hidden sheet to a workbook."""
        sheet = book.add_worksheet(NAME, StepSheet)
        sheet.very_hidden()
        return cls(book, sheet)

    def write_lists(self, vocabularies: Iterable[Vocabulary], roster: Roster | None) -> None:
        """Write the choices of every vocabulary, what is read as them, and the roster's schools."""
        for vocabulary in vocabularies:
            self._add(f"kbxt_{vocabulary.name}", vocabulary.values)
            self._add(f"kbxt_{vocabulary.name}_typed", list(vocabulary.variants))
            self._add(f"kbxt_{vocabulary.name}_read", list(vocabulary.variants.values()))
        if roster is not None:
            self._add("kbxt_schools", [school.name for school in roster.schools])

    def name_block(self, name: str, first: int, last: int, rows: int) -> None:
        """Give the columns from `first` to `last` a name, so that drop-downs and formats may refer to them."""
        cells = f"${xl_col_to_name(first)}${FIRST_ROW + 1}:${xl_col_to_name(last)}${FIRST_ROW + rows}"
        self.book.define_name(name, f"={NAME}!{cells}")

    def write_steps(self, steps: Sequence[str], rows: int) -> None:
        """Write the formulas of a self-check side by side, the same in each of so many rows."""
        self.sheet.add_steps(self.column, steps, rows)
        self.column += len(steps)

    def _add(self, name: str, values: Sequence[str]) -> None:
        self.sheet.write_string(0, self.column, name)
        for row, value in enumerate(values, FIRST_ROW):
            self.sheet.write_string(row, self.column, value)
        self.name_block(name, self.column, self.column, max(len(values), 1))
        self.column += 1


def vocabularies_in(forms: Iterable[Form]) -> list[Vocabulary]:
    """The vocabularies that these forms use, each once."""
    used = {
        each.vocabulary.name: each.vocabulary for form in forms for each in form.fields if each.vocabulary is not None
    }
    return list(used.values())
