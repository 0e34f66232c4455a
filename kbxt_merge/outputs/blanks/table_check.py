"""The self-check of a list or of the statistics: its steps stand on the hidden sheet, row by row.

Ages and dates are judged by the form's own date, as it is typed in the unit line, and by today while none is typed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name, xl_range_abs

from kbxt_merge.model.form import Form
from kbxt_merge.model.own_workbook import OPTION_SHEET
from kbxt_merge.model.returns import address
from kbxt_merge.model.text import Words
from kbxt_merge.outputs.blanks import names
from kbxt_merge.outputs.blanks.blank_book import SOUND_MARK, TO_CORRECT, BlankBook, sheet_name
from kbxt_merge.outputs.blanks.cell_formulas import add_form_date
from kbxt_merge.outputs.blanks.formula import quoted, when
from kbxt_merge.outputs.blanks.guide_texts import dated_by
from kbxt_merge.outputs.blanks.option_sheet import OptionSheet
from kbxt_merge.outputs.blanks.record_steps import record_step, result_step
from kbxt_merge.outputs.blanks.self_check import add_verdicts, check_fields
from kbxt_merge.outputs.blanks.workings import FORM_DAY_WORDS, TODAY_WORDS, Workings
from kbxt_merge.outputs.sheets.step_sheet import ROW

_NOTHING = Words("自查：还没有填写", "自查: nothing filled in yet")
_ROWS = Words("自查：已填 ", "自查: rows filled in: ")
_ALL_SOUND = Words(f" 行，{SOUND_MARK} 没有发现问题", f", {SOUND_MARK} nothing found")
_SOME = Words(f" 行，{TO_CORRECT.zh}", f", {TO_CORRECT.en}")
_SOME_END = Words(" 行", "")
_NO_DAY = Words("自查：{called}还没有填", "自查: the form has no date yet")
_AS_OF_TODAY = Words("，{what}暂按今天计算", "; {what} are judged as of today")


@dataclass(frozen=True, slots=True)
class TableCheck:
    """What the form's own sheet needs of its self-check.

    `anchor` is the last header cell, under which row one stands; `line` and `steps` are defined names, `places` leads
    from a field to the column in `steps` that says what is wrong with its cell (from one). `no_day` is blank where the
    form has no date.
    """

    anchor: str
    line: str
    steps: str
    places: dict[str, int]
    rows: int
    count: tuple[str, str]
    no_day: tuple[str, str]

    @property
    def row_result(self) -> str:
        """The formula, the same in every row, that shows what is wrong with it."""
        number = f"ROW()-ROW({self.anchor})"
        return f'=IF({number}>{self.rows},"",INDEX({self.line},{number}))'

    def is_faulty(self, field: str) -> str:
        """The condition, the same in every row, that this field's cell has a fault."""
        return f"=LEN(INDEX({self.steps},ROW()-ROW({self.anchor}),{self.places[field]}))>0"


@dataclass(frozen=True)
class TableSteps:
    """Writes the steps of one form's self-check; `header_row` (the last one) and `day_cell` count from zero."""

    book: BlankBook
    options: OptionSheet
    form: Form
    header_row: int
    day_cell: tuple[int, int]
    rows: int

    def write(self) -> TableCheck:
        """Write them to the hidden sheet, in its next free rows."""
        form, anchor = self.form, f"$A${self.header_row + 1}"
        top = self.options.take_rows(self.rows)
        rows = range(top, top + self.rows)
        day = self._write_day(top)
        start = self.options.column + len(day.steps)
        workings = Workings(_slots(start), self.book.language, first_day=day.first_day, day=day.day)
        workings.day_words = FORM_DAY_WORDS if form.is_dated else TODAY_WORDS
        self._add_raw(workings, workings.step(f"ROW()+ROW({self._named('anchor', anchor)})-{top}"))
        workings.is_record = record_step(workings, form)
        verdicts = add_verdicts(workings, check_fields(workings, form, lambda step: _all_rows(step, rows)))
        result = _column_of(result_step(workings, form, verdicts))
        self.options.sheet.add_steps(start, workings.steps, rows)
        line, steps = names.of_form("line", form), names.of_form("steps", form)
        self.options.name_block(line, (rows[0], result, rows[-1], result))
        self.options.name_block(steps, (rows[0], start, rows[-1], start + len(workings.steps) - 1))
        places = {name: _column_of(cell) - start + 1 for name, cell in verdicts.items()}
        day_is_known = f"{OPTION_SHEET}!{day.is_record}"
        return TableCheck(anchor, line, steps, places, self.rows, self._count(line), self._no_day(day_is_known))

    def _on_sheet(self, cells: str) -> str:
        return f"'{sheet_name(self.form)}'!{cells}"

    def _named(self, kind: str, cells: str) -> str:
        """A name for cells of the form's own sheet: formulas that many rows share may only reach these by one."""
        name = names.of_form(kind, self.form)
        self.book.book.define_name(name, f"={self._on_sheet(cells)}")
        return name

    def _add_raw(self, workings: Workings, number: str) -> None:
        """The steps that fetch each field's cell by whole columns, so that rows may be inserted, deleted and sorted."""
        raw = {}
        for position, field in enumerate(self.form.fields):
            letters = xl_col_to_name(position)
            cell = f"INDEX({self._named(f'column_{letters}', f'${letters}:${letters}')},{number})"
            raw[field.name] = workings.step(f'IF({cell}="","",{cell})')
        workings.raw = raw

    def _write_day(self, row: int) -> Workings:
        """The steps of the form's date, once: `day` refers to it, `is_record` to whether it is known."""
        start = self.options.column
        workings = Workings(lambda step: f"${xl_col_to_name(start + step)}${row + 1}", self.book.language)
        workings.is_record = add_form_date(workings, self._on_sheet(address(*self.day_cell)))
        self.options.sheet.add_steps(start, workings.steps, range(row, row + 1))
        return workings

    def _count(self, line: str) -> tuple[str, str]:
        """The formula of the line at the top, and its result in a blank."""

        def say(words: Words) -> str:
            return quoted(words.of(self.book.language))

        rows, bad = f"SUMPRODUCT(--(LEN({line})>0))", f"SUMPRODUCT(--(LEN({line})>1))"
        some = f"{say(_ROWS)}&{rows}&{say(_SOME)}&{bad}&{say(_SOME_END)}"
        sound = f"{say(_ROWS)}&{rows}&{say(_ALL_SOUND)}"
        formula = when((f"{rows}=0", say(_NOTHING)), (f"{bad}=0", sound), otherwise=some)
        return f"={formula}", _NOTHING.of(self.book.language)

    def _no_day(self, day_is_known: str) -> tuple[str, str]:
        if not self.form.is_dated:
            return "", ""
        language, what = self.book.language, dated_by([self.form])
        called = "填表的年月" if self.form.unit_line.by_month else "填表的年月日"
        words = _NO_DAY.of(language).format(called=called)
        words += _AS_OF_TODAY.of(language).format(what=what.of(language)) if what else ""
        return f'=IF({day_is_known},"",{quoted(words)})', words


def _slots(start: int) -> Callable[[int], str]:
    """A step's cell in the row that refers to it."""
    return lambda step: f"${xl_col_to_name(start + step)}{ROW}"


def _all_rows(step: str, rows: range) -> str:
    """From a step's cell to its column over all rows."""
    column = _column_of(step)
    cells: str = xl_range_abs(rows[0], column, rows[-1], column)
    return cells


def _column_of(step: str) -> int:
    column: int = xl_cell_to_rowcol(step.replace(ROW, "1"))[1]
    return column
