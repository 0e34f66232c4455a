"""The list that is printed inside a card: its header and numbered rows, and the self-check of each row beside it.

The steps stand on the card's own sheet, as the card's do: a school copies the sheet for each card.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from kbxt_merge.model.field import Field
from kbxt_merge.model.form import Form, RuleUse
from kbxt_merge.model.own_workbook import CHECK_HEADER
from kbxt_merge.model.returns import address
from kbxt_merge.outputs.blanks.blank_book import FAULT, SOUND, SOUND_MARK, BlankBook
from kbxt_merge.outputs.blanks.record_steps import record_step, result_step
from kbxt_merge.outputs.blanks.self_check import add_verdicts, check_fields
from kbxt_merge.outputs.blanks.validations import Validations
from kbxt_merge.outputs.blanks.workings import Workings
from kbxt_merge.outputs.sheets.page import span
from kbxt_merge.outputs.sheets.step_sheet import ROW

_HEIGHT = 21.0


@dataclass(frozen=True)
class CardList:
    """Such a list on its card's sheet: below the row `top`, over the card's columns, which are of these `widths`."""

    book: BlankBook
    sheet: Worksheet
    inside: Form
    top: int
    widths: Sequence[float]

    @cached_property
    def form(self) -> Form:
        """The list as it is printed: without the field that says whose it is, and the rules that speak of that."""
        kept = {each.name for each in self.inside.printed_fields}
        own = (use for use in self.inside.rules if use.at in kept and not self._speaks_of_card(use))
        return replace(self.inside, fields=self.inside.printed_fields, rules=tuple(own), inside="")

    def _speaks_of_card(self, use: RuleUse) -> bool:
        return self.inside.card_field in (*use.where, *(name for role in use.roles for name in use.names(role)))

    @property
    def header(self) -> int:
        """The row of the header."""
        return self.top + 2

    @property
    def rows(self) -> range:
        """The rows to be filled in."""
        return range(self.header + 1, self.header + 1 + self.inside.printed_rows)

    @cached_property
    def spans(self) -> Sequence[tuple[int, int]]:
        """The first and the last column of each field: as wide beside the others as it wants to be."""
        fields, edge = self.form.fields, len(self.widths) - 1
        wanted = list(accumulate(each.width for each in fields))
        ends = list(accumulate(self.widths))
        spans: list[tuple[int, int]] = []
        for place, reached in enumerate(wanted):
            first = spans[-1][1] + 1 if spans else 0
            share = reached / wanted[-1] * ends[-1]
            nearest = min(range(len(ends)), key=lambda at: abs(ends[at] - share))
            spans.append((first, max(first, min(nearest, edge - (len(fields) - 1 - place)))))
        return [*spans[:-1], (spans[-1][0], max(spans[-1][0], edge))]

    def write(self) -> None:
        """Write the list's title, header and numbered rows."""
        fields, edge = self.form.fields, len(self.widths) - 1
        span(self.sheet, self.top + 1, 0, edge, self.form.title, self.book.look("unit"))
        validations = Validations(self.form, self.book.roster is not None, self.book.language)
        for (place, last), each in zip(self.spans, fields, strict=True):
            span(self.sheet, self.header, place, last, each.header, self.book.look("header"))
            look = self.book.look_of(each)
            for number, row in enumerate(self.rows, 1):
                span(self.sheet, row, place, last, "", look)
                if each.type == "sequence":
                    self.sheet.write_number(row, place, number, look)
            options = validations.options(each, address(self.rows[0], place))
            if options is not None:
                self.sheet.data_validation(self.rows[0], place, self.rows[-1], place, options)
        for row in (self.top + 1, self.header, *self.rows):
            self.sheet.set_row(row, _HEIGHT)

    def write_check(self, column: int, start: int, day: Workings) -> int:
        """Write in a column what is wrong with each row, its steps from another; how many these are is returned.

        `day` are the workings of the card, which know its date.
        """
        rows = self.rows
        workings = Workings(lambda step: f"${xl_col_to_name(start + step)}{ROW}", self.book.language)
        workings.first_day, workings.day = day.first_day, day.day
        typed = {each.name: f"${xl_col_to_name(place)}{ROW}" for (place, _), each in self._placed}
        workings.raw = {name: workings.step(f'IF({cell}="","",{cell})') for name, cell in typed.items()}
        workings.is_record = record_step(workings, self.form)
        verdicts = add_verdicts(workings, check_fields(workings, self.form, self._all_rows))
        result = result_step(workings, self.form, verdicts)
        self.sheet.write_string(self.header, column, CHECK_HEADER, self.book.look("check_header"))
        for row in rows:
            for place, step in enumerate(workings.steps):
                self.sheet.write_formula(row, start + place, f"={step.replace(ROW, str(row + 1))}")
            self.sheet.write_formula(row, column, f"={result.replace(ROW, str(row + 1))}", self.book.look("check"), "")
        self._colour(column, verdicts)
        return len(workings.steps)

    @property
    def _placed(self) -> Iterator[tuple[tuple[int, int], Field]]:
        return zip(self.spans, self.form.fields, strict=True)

    def found(self, column: int) -> str:
        """The cells that say what is wrong with each row."""
        letters = xl_col_to_name(column)
        return f"${letters}${self.rows[0] + 1}:${letters}${self.rows[-1] + 1}"

    def _all_rows(self, step: str) -> str:
        letters = step.replace(ROW, "").strip("$")
        return f"${letters}${self.rows[0] + 1}:${letters}${self.rows[-1] + 1}"

    def _colour(self, column: int, verdicts: dict[str, str]) -> None:
        first, last = self.rows[0], self.rows[-1]
        add = self.book.book.add_format
        sound = {"type": "cell", "criteria": "==", "value": f'"{SOUND_MARK}"', "format": add(SOUND)}
        self.sheet.conditional_format(first, column, last, column, sound)
        for (place, end), each in self._placed:
            if each.name in verdicts:
                criteria = f"=LEN({verdicts[each.name].replace(ROW, str(first + 1))})>0"
                faulty = {"type": "formula", "criteria": criteria, "format": add(FAULT)}
                self.sheet.conditional_format(first, place, last, end, faulty)
