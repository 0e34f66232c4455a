"""The lines around a table that say whose it is and of which day, wherever they stand."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kbxt_merge.intake.values.dates import find_date
from kbxt_merge.model.cell import shown
from kbxt_merge.model.form import Form
from kbxt_merge.model.returns import Cell, ErrorValue, Grid, MissingResult, TypedDate, address, is_blank
from kbxt_merge.model.text import plain

_STAMP = r"(?:\((?:盖章|公章|章|签章|加盖公章)\))"
_NAME_ENDS = re.compile(
    rf"{_STAMP}|填表|填报|制表|上报|时间|日期|联系|电话|负责人|审核|[0-9]{{2,4}}(?:年|[./-][0-9])|年月|[,，;；]"
    r"|[〇○零一二三四五六七八九]{4}年"
)
_SCHOOL_ENDS = re.compile(r"(?:学校|学院|小学|中学|[小中]|教学点|幼儿园|校区)$")
_STAMPED = re.compile(rf"(?P<name>.{{2,}}?){_STAMP}[0-9年月日./-]*")
_DATE_LABEL = re.compile(r"时间|日期|[0-9_]\s*年|^年月")
_NO_TEXT = (ErrorValue, MissingResult)
_FILLER = re.compile(r"[_＿\-—]+")


@dataclass(frozen=True, slots=True)
class UnitLines:
    """What the lines above and below a table say; `unit` is None where no line names a school.

    `stamp` is the school that stands before a place for its stamp, without a label.
    """

    unit: str | None = None
    unit_cell: str = ""
    date: TypedDate | None = None
    date_cell: str = ""
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """The filled cells of one row outside the table, as (row, column, text)."""

    cells: tuple[tuple[int, int, str], ...]

    @property
    def text(self) -> str:
        return " ".join(text for _, _, text in self.cells)


def read_unit_lines(grid: Grid, form: Form, rows: Iterable[int]) -> UnitLines:
    """The school and the date in those rows of the grid (positions in `grid.rows`), nearest to the table first."""
    lines = [line for position in rows if (line := _line(grid, position)).cells]
    unit, unit_cell = _first_unit(lines, form.unit_line.labels)
    date, date_cell = _first_date(lines)
    return UnitLines(unit, unit_cell, date, date_cell, _first_stamped(lines))


def is_unit_line(text: str, labels: Sequence[str]) -> bool:
    """Whether a row that begins with this text names the school or the date, and so is no record."""
    compact = plain(text)
    return _label_pattern(labels).match(compact) is not None or bool(_name_without_colon(compact, labels))


def _line(grid: Grid, position: int) -> _Line:
    """The row's cells as people see them: a helper column that is hidden, or a failed formula, says nothing."""
    row, columns = grid.top + position, range(grid.left, grid.left + len(grid.rows[position]))
    return _Line(
        tuple(
            (row, column, _text(cell))
            for column, cell in zip(columns, grid.rows[position], strict=True)
            if not is_blank(cell) and column not in grid.hidden_columns and not isinstance(cell, _NO_TEXT)
        )
    )


def _text(cell: Cell) -> str:
    return cell.date().isoformat() if isinstance(cell, dt.datetime) else shown(cell)


def _label_pattern(labels: Sequence[str]) -> re.Pattern[str]:
    """A label and its colon anywhere in a cell, or a cell that holds nothing but the label."""
    label = rf"(?:{_any_of(labels)}){_STAMP}?"
    return re.compile(rf"{label}:|^{label}$")


def _any_of(labels: Sequence[str]) -> str:
    return "|".join(re.escape(each) for each in sorted(labels, key=len, reverse=True))


def _first_unit(lines: Sequence[_Line], labels: Sequence[str]) -> tuple[str | None, str]:
    """The first school named behind a label, in the label's cell or the next one, with its cell."""
    pattern = _label_pattern(labels)
    for line in lines:
        for position, (row, column, text) in enumerate(line.cells):
            compact = plain(text)
            found = pattern.search(compact)
            name = _name(compact[found.end() :]) if found else _name_without_colon(compact, labels)
            if name:
                return name, address(row, column)
            beside = line.cells[position + 1 : position + 2] if found else ()
            for row_beside, column_beside, text_beside in beside:
                if name := _name(plain(text_beside)):
                    return name, address(row_beside, column_beside)
    return None, ""


def _first_stamped(lines: Sequence[_Line]) -> str:
    """The first school before a place for its stamp, as schools sign below a table; blank where none stands."""
    for line in lines:
        for _, _, text in line.cells:
            found = _STAMPED.fullmatch(plain(text))
            name = found["name"] if found else ""
            if _SCHOOL_ENDS.search(name) and _name(name) == name:
                return name
    return ""


def _name_without_colon(text: str, labels: Sequence[str]) -> str:
    """The name that follows a label at the begin of a cell without a colon, if it ends as a school's does."""
    found = re.match(rf"(?:{_any_of(labels)}){_STAMP}?", text)
    name = _name(text[found.end() :]) if found else ""
    return name if _SCHOOL_ENDS.search(name) and ":" not in name else ""


def _name(text: str) -> str:
    """The school's name in what follows a label: up to the stamp, the date or the next label."""
    rest = re.sub(rf"^{_STAMP}:?", "", text)
    return _FILLER.sub("", _NAME_ENDS.split(rest, maxsplit=1)[0]).strip(":：.。、")


def _first_date(lines: Sequence[_Line]) -> tuple[TypedDate | None, str]:
    """The first date in the lines: those that a label announces before all others."""
    announced = [line for line in lines if _DATE_LABEL.search(line.text)]
    for line in (*announced, *(line for line in lines if line not in announced)):
        date = find_date(line.text)
        if date:
            return date, _cell_of(line)
    return None, ""


def _cell_of(line: _Line) -> str:
    """The cell that holds the line's date, or the first where it is split over several."""
    holder = next((cell for cell in line.cells if find_date(cell[2])), line.cells[0])
    return address(holder[0], holder[1])
