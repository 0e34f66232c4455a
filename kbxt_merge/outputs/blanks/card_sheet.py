"""The sheet of a card: a label beside its value, one page of A4, and the self-check beside it.

A school copies the sheet for each child: so the steps of the self-check stand on the sheet itself, in hidden columns of
its first row, which holds no label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from kbxt_merge.model.carry_over import Row
from kbxt_merge.model.form import Form
from kbxt_merge.model.returns import address
from kbxt_merge.model.text import Words
from kbxt_merge.outputs.blanks.blank_book import (
    FAULT,
    SOUND_MARK,
    TO_CORRECT,
    BlankBook,
    write_typed,
)
from kbxt_merge.outputs.blanks.card_list import CardList
from kbxt_merge.outputs.blanks.cell_formulas import add_form_date
from kbxt_merge.outputs.blanks.formula import quoted
from kbxt_merge.outputs.blanks.self_check import add_verdicts, all_faults, check_fields
from kbxt_merge.outputs.blanks.validations import Validations
from kbxt_merge.outputs.blanks.workings import Workings
from kbxt_merge.outputs.sheets.card_layout import CardLayout, Slot
from kbxt_merge.outputs.sheets.page import span
from kbxt_merge.outputs.sheets.text_width import TALLEST_ROW

_A4 = 9
_MARGINS = {"left": 0.6, "right": 0.6, "top": 0.6, "bottom": 0.6}  # inches
_FIRST_BAND_ROW = 3
_CHECK_WIDTH = 46.0
_HEADING = "自查："
"""Begins the list of faults, so that none of its lines is taken for a label of the card."""
_NOTHING = Words("自查：还没有填写", "自查: nothing filled in yet")
_ALL_SOUND = Words(f"自查：{SOUND_MARK} 没有发现问题", f"自查: {SOUND_MARK} nothing found")
_SOME = Words(f"自查：{TO_CORRECT.zh}", f"自查: {TO_CORRECT.en}")
_SOME_END = Words(" 处", "")


@dataclass(frozen=True)
class CardSheet:
    """One card on its sheet; rows and columns count from zero."""

    book: BlankBook
    sheet: Worksheet
    form: Form
    record: Row = field(default_factory=dict)
    """What the card says already."""
    inside: Form | None = None
    """The list that is printed below the bands."""

    @cached_property
    def layout(self) -> CardLayout:
        """Where the labels and values stand."""
        return CardLayout(self.form)

    @cached_property
    def places(self) -> Mapping[str, tuple[int, Slot]]:
        """The row and the slot of each field."""
        rows = [row for _, band_rows in self.layout.bands for row in band_rows]
        step = 1 + self.layout.label_rows
        tops = {place: _FIRST_BAND_ROW + step * (place + 1) - 1 for place in range(len(rows))}
        return {slot.field.name: (tops[place], slot) for place, row in enumerate(rows) for slot in row}

    def write(self) -> None:
        """Write the card and its self-check."""
        day_cell = self._write_heading()
        self._write_bands()
        if self._list:
            self._list.write()
        self._set_paper()
        self._write_validations()
        self._write_check(day_cell)

    def _write_heading(self) -> tuple[int, int]:
        """Write attachment, title and unit line; the date's cell is returned."""
        columns = self.layout.columns
        for column, width in enumerate(self.layout.widths):
            self.sheet.set_column(column, column, width)
        span(self.sheet, 0, 0, columns - 1, self.form.attachment, self.book.look("attachment"))
        span(self.sheet, 1, 0, columns - 1, self.book.title(self.form), self.book.look("title"))
        parts = self.book.unit_parts(self.form)
        edges = [round(columns * place / len(parts)) for place in range(len(parts) + 1)]
        for place, part in enumerate(parts):
            look = "date" if place and place == len(parts) - 1 else "unit"
            span(self.sheet, 2, edges[place], edges[place + 1] - 1, part, self.book.look(look))
        for row, height in enumerate((20, 40, 26)):
            self.sheet.set_row(row, height)
        return 2, edges[-2]

    def _write_bands(self) -> None:
        texts = {each.name: self.record.get(each.name, each.hint) for each in self.form.fields}
        above = self.layout.label_rows
        heights = iter(self.layout.heights(texts))
        row = _FIRST_BAND_ROW
        for band, card_rows in self.layout.bands:
            top = row
            for slots in card_rows:
                labels, values = (parts := next(heights))[:above], parts[above:]
                for height in (*labels, min(sum(values), TALLEST_ROW)):
                    self.sheet.set_row(row, height)
                    row += 1
                for slot in slots:
                    self._write_slot(slot, row - 1, texts[slot.field.name])
            if row - top > 1:
                self.sheet.merge_range(top, 0, row - 1, 0, "", self.book.look("band"))
            self.sheet.write_string(top, 0, band.label, self.book.look("band"))

    def _write_slot(self, slot: Slot, row: int, text: str) -> None:
        """Write a label, and its value into this row."""
        above = self.layout.label_rows
        span(
            self.sheet,
            row - above,
            slot.label,
            slot.last if above else slot.label,
            slot.field.header,
            self.book.look("header"),
        )
        look = self._look_of(slot)
        span(self.sheet, row, slot.first, slot.last, "", look)
        write_typed(self.sheet, (row, slot.first), slot.field, text, look)

    @cached_property
    def _list(self) -> CardList | None:
        """The list below the bands."""
        if self.inside is None:
            return None
        return CardList(self.book, self.sheet, self.inside, self._below_bands, self.layout.widths)

    def _look_of(self, slot: Slot) -> Format:
        if slot.field.type == "text" and slot.last > slot.first:
            return self.book.look("long_text")
        return self.book.look_of(slot.field)

    def _set_paper(self) -> None:
        self.sheet.set_portrait()
        self.sheet.set_paper(_A4)
        self.sheet.set_margins(**_MARGINS)
        self.sheet.center_horizontally()
        self.sheet.fit_to_pages(1, 1)
        self.sheet.print_area(0, 0, self._last_row, self.layout.columns - 1)

    @property
    def _below_bands(self) -> int:
        """The first row below the bands."""
        return max(row for row, _ in self.places.values()) + 1

    @property
    def _last_row(self) -> int:
        return self._list.rows[-1] if self._list else self._below_bands - 1

    def _write_validations(self) -> None:
        validations = Validations(self.form, self.book.roster is not None, self.book.language)
        for row, slot in self.places.values():
            options = validations.options(slot.field, address(row, slot.first))
            if options is not None:
                self.sheet.data_validation(row, slot.first, row, slot.first, options)

    def _write_check(self, day_cell: tuple[int, int]) -> None:
        column = self.layout.columns + 1
        self.sheet.set_column(column - 1, column - 1, 2)
        self.sheet.set_column(column, column, _CHECK_WIDTH)
        steps = _CardSteps(self, column + 2, self._list.found(column) if self._list else "")
        verdicts = steps.verdicts(day_cell)
        listed = self._list.write_check(column, column + 2, steps.workings) if self._list else 0
        for place, step in enumerate(steps.workings.steps):
            self.sheet.write_formula(0, column + 2 + place, f"={step}")
        last = column + 1 + max(len(steps.workings.steps), listed)
        self.sheet.set_column(column + 2, last, None, None, {"hidden": True})
        self.sheet.write_formula(
            0, column, steps.count, self.book.look("check_summary"), self._result(_NOTHING.of(self.book.language))
        )
        self.book.colour_summary(self.sheet, column)
        self.sheet.merge_range(1, column, self._below_bands - 1, column, "", self.book.look("check_list"))
        self.sheet.write_formula(1, column, f"={steps.all_faults}", self.book.look("check_list"), self._result(""))
        for name, cell in verdicts.items():
            row, slot = self.places[name]
            faulty = {"type": "formula", "criteria": f"=LEN({cell})>0", "format": self.book.book.add_format(FAULT)}
            self.sheet.conditional_format(row, slot.first, row, slot.last, faulty)

    def _result(self, of_a_blank: str) -> str | int:
        """What a formula of the self-check says of a blank; 0, which programs work out, of a card that is begun."""
        return 0 if self.record else of_a_blank


class _CardSteps:
    """The steps of a card's self-check, in hidden cells of its first row."""

    def __init__(self, card: CardSheet, start: int, listed: str) -> None:
        self.card, self.listed = card, listed
        raw = {name: _absolute(row, slot.first) for name, (row, slot) in card.places.items()}
        self.workings = Workings(lambda step: _absolute(0, start + step), card.book.language, raw)
        self.count = ""
        self.all_faults = ""

    def verdicts(self, day_cell: tuple[int, int]) -> Mapping[str, str]:
        """Add all steps; the cells of what is wrong with each field are returned."""
        workings, form = self.workings, self.card.form
        add_form_date(workings, _absolute(*day_cell))
        unhinted = [workings.raw[each.name] for each in form.fields if not each.hint]
        workings.is_record = workings.step(f"({_filled(unhinted)})>0")
        cells = add_verdicts(workings, check_fields(workings, form, None))
        bad = workings.step("+".join(f"(LEN({cell})>0)" for cell in cells.values()))
        listed = all_faults(workings, form, cells, "CHAR(10)")
        self.all_faults = f'IF({bad}=0,"",{quoted(_HEADING)}&CHAR(10)&{listed})'
        if self.listed:
            bad = workings.step(f"{bad}+SUMPRODUCT(--(LEN({self.listed})>1))")
            workings.is_record = workings.step(f"OR({workings.is_record},SUMPRODUCT(--(LEN({self.listed})>0))>0)")
        self.count = self._summary(bad)
        return cells

    def _summary(self, bad: str) -> str:
        language = self.workings.language
        nothing, sound = quoted(_NOTHING.of(language)), quoted(_ALL_SOUND.of(language))
        some = f"{quoted(_SOME.of(language))}&{bad}&{quoted(_SOME_END.of(language))}"
        return f"=IF({self.workings.is_record},IF({bad}=0,{sound},{some}),{nothing})"


def _filled(cells: Sequence[str]) -> str:
    """How many of these cells hold something; an error value is something."""
    return "+".join(f'IF(ISERROR({cell}),1,({cell}&""<>"")*1)' for cell in cells)


def _absolute(row: int, column: int) -> str:
    return f"${xl_col_to_name(column)}${row + 1}"
