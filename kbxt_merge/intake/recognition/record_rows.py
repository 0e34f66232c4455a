"""Which rows under a header are records, and why the others are none: taken or left out, row by row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kbxt_merge.intake.recognition.printed_labels import PrintedLabels
from kbxt_merge.intake.recognition.row_evidence import Row
from kbxt_merge.intake.recognition.row_lookalikes import heads_table
from kbxt_merge.intake.recognition.row_reasons import Reasons
from kbxt_merge.intake.recognition.row_words import closes, is_part, is_printed_number
from kbxt_merge.model.cell import shown
from kbxt_merge.model.field import COUNTED
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.left_out import Reason, RowLeftOut
from kbxt_merge.model.returns import Cell, ErrorValue, Grid, is_blank

_PLAIN = r"(?!.*(?:[计共空零]|报告|无|没有|未|全[部员]|[某例三四五]$|小明$))[\u4e00-\u9fff]"
"""The letters of what can only be a name: no total, nobody and no example is written without one of these."""

_PLAIN_NAMES = {True: re.compile(_PLAIN + "{2,4}"), False: re.compile(_PLAIN + "{2,30}")}
"""What can only be a child's name (True), or a school's."""

_NOTHING = frozenset({None, "/", "／", "-", "—", "无", ""})
_MOST_TEXT = 200
"""Characters of a row left out that are kept: enough to find it again."""


class RecordRows:
    """What is a record below one header."""

    def __init__(self, grid: Grid, form: Form, columns: Mapping[str, int]) -> None:
        """Prepare for rows of this grid whose fields stand in these columns."""
        self._grid, self._form, self._name = grid, form, columns.get(form.record_field)
        self._reasons = Reasons(grid, form, columns)
        self._in_order = sorted(columns.values())
        kinds = {form.by_name[name].type: column for name, column in columns.items()}
        self._sequence = kinds.get("sequence")
        required = (each.name for each in form.fields if each.required and each.type not in ("person_name", "school"))
        witness = form.child_id or next(required, "")
        plain_record = (self._sequence, self._name, columns.get(witness))
        self._plain = tuple(column - grid.left for column in plain_record if column is not None)
        self._printed = PrintedLabels.of(grid, form, columns)
        self._plain_name = _PLAIN_NAMES[form.child_name is not None].fullmatch

    def below(self, position: int) -> tuple[list[int], tuple[RowLeftOut, ...]]:
        """The positions of the records from this one on, and the rows left out; blank rows are neither.

        A row that holds nothing but its printed number is blank.
        """
        rows = self._grid.rows[position:]
        if self._form.shape is Shape.ROWS:
            return self._printed_rows(position, rows)
        taken: list[int] = []
        left_out: list[RowLeftOut] = []
        follows = in_other_table = False
        for at, row in enumerate(rows, position):
            if not in_other_table and self._is_plain_record(row):
                reason = None
            elif self._is_blank(row):
                follows = False
                continue
            else:
                seen = Row(at, row, self._held(row), follows, below=position)
                reason = self._reasons.why_none(seen, in_other_table=in_other_table)
                in_other_table = reason is Reason.BESIDE_TABLE and (in_other_table or heads_table(seen))
                if reason is not None:
                    left_out.append(self._left_out(seen, reason))
            if reason is None:
                taken.append(at)
            follows = reason in (None, Reason.CONTINUED)
        self._take_total(taken, left_out)
        return taken, tuple(left_out)

    def _printed_rows(self, position: int, rows: Sequence[Sequence[Cell]]) -> tuple[list[int], tuple[RowLeftOut, ...]]:
        """The rows that bear a printed label, and those with numbers below another; none where no number stands."""
        taken: list[int] = []
        left_out: list[RowLeftOut] = []
        counted = [at for at, each in self._reasons.fields.items() if each.type in COUNTED and not each.printed]
        for at, row in enumerate(rows, position):
            if all(map(is_blank, row)):
                continue
            seen = Row(at, row, self._held(row), follows=False, below=position)
            said = self._printed.label(at) if self._printed else ""
            if self._printed and self._printed.meant(said):
                taken.append(at)
            elif reason := self._reasons.why_never(seen):
                left_out.append(self._left_out(seen, reason))
            elif seen.held and all(closes(shown(cell)) for cell in seen.held.values()):
                left_out.append(self._left_out(seen, Reason.SIGNATURE))
            elif said and any(column in seen.held for column in counted):
                taken.append(at)
            else:
                left_out.append(self._left_out(seen, Reason.NOTE))
        filled = any(not is_blank(self._cell(at, column)) for at in taken for column in counted)
        return (taken if filled else []), tuple(left_out)

    def _cell(self, at: int, column: int) -> Cell:
        row = self._grid.rows[at]
        offset = column - self._grid.left
        return row[offset] if 0 <= offset < len(row) else None

    def _take_total(self, taken: list[int], left_out: list[RowLeftOut]) -> None:
        """Of a school that counts by its parts (小学部, 初中部), or only sums up, one row is its record: that of the
        whole school, or else the total."""
        name = self._name
        if self._form.shape is not Shape.STATISTICS or name is None:
            return
        rows = {at: self._held(self._grid.rows[at]) for at in taken}
        parts = [at for at, held in rows.items() if is_part(shown(held.get(name)))]
        whole = [at for at in taken if at not in parts and self._counts(rows[at])]
        total = next((each for each in reversed(left_out) if each.reason is Reason.TOTAL), None)
        if len(whole) > 1 or not (parts if whole else total) or (not whole and len(taken) > len(parts) + 1):
            return
        if not whole and total is not None:
            left_out.remove(total)
            whole = [total.row - self._grid.top]
        others = (Row(at, self._grid.rows[at], held, follows=False, below=0) for at, held in rows.items())
        left_out += [self._left_out(each, Reason.PART) for each in others if each.at not in whole]
        left_out.sort(key=lambda each: each.row)
        taken[:] = whole

    def _counts(self, held: Mapping[int, Cell]) -> bool:
        """Whether a row of statistics holds any count."""
        return any(at in held for at, each in self._reasons.fields.items() if each.type in COUNTED)

    def _is_plain_record(self, row: Sequence[Cell]) -> bool:
        """Tell the row that almost every record is: a number, a name, and a value where no note has one."""
        if len(self._plain) < 3:
            return False
        sequence, name, witness = self._plain
        if len(row) <= name or len(row) <= witness or row[witness] in _NOTHING or row[witness] == row[name]:
            return False
        number, called = row[sequence], row[name]
        is_numbered = type(number) is float or (type(number) is str and number.isdigit())
        return is_numbered and type(called) is str and self._plain_name(called) is not None

    def _held(self, row: Sequence[Cell]) -> Mapping[int, Cell]:
        """The row's filled cells in columns of the form, from left to right."""
        left, width = self._grid.left, self._grid.left + len(row)
        return {
            column: cell for column in self._in_order if column < width and not is_blank(cell := row[column - left])
        }

    def _is_blank(self, row: Sequence[Cell]) -> bool:
        """Tell a row that holds nothing, or nothing but the number that the blank prints in it."""
        if row.count(None) == len(row):
            return True
        filled = [at for at, cell in enumerate(row) if cell is not None and not is_blank(cell)]
        if len(filled) != 1 or filled[0] + self._grid.left != self._sequence:
            return not filled
        return is_printed_number(shown(row[filled[0]]))

    def _left_out(self, row: Row, reason: Reason) -> RowLeftOut:
        filled = [at for at, cell in enumerate(row.cells) if not is_blank(cell)]
        text = " ".join(shown(row.cells[at]).strip() for at in filled)[:_MOST_TEXT]
        place = (self._grid.top + row.at, self._grid.left + filled[0])
        errors = tuple(at + self._grid.left for at in filled if isinstance(row.cells[at], ErrorValue))
        alone = set(filled) <= {*(at - self._grid.left for at in errors), (self._sequence or 0) - self._grid.left}
        return RowLeftOut(*place, reason, text, self._reasons.is_doubtful(row, reason), errors if alone else ())
