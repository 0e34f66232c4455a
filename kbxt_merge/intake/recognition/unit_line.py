"""The lines around a table that say whose it is and of which day, wherever they stand."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from kbxt_merge.intake.recognition.form_date import date_in_line, date_in_title, is_numbered
from kbxt_merge.intake.recognition.unit_name import (
    STAMP,
    ends_as_school,
    has_label,
    laid_out,
    name_in,
    named_behind_label,
)
from kbxt_merge.model.cell import shown
from kbxt_merge.model.form import Form
from kbxt_merge.model.returns import Cell, ErrorValue, Grid, MissingResult, TypedDate, address, is_blank
from kbxt_merge.model.text import plain

_STAMPED = re.compile(rf"(?P<name>.{{2,}}?){STAMP}[0-9年月日./-]*")
_HEADING = re.compile(
    r"(?:附件[0-9.-]*:?)?[^:：。,，]{2,60}(?:表|台账|名单|名册|统计|汇总|情况|材料|档案|资料)[^:：。,，]{0,30}|附件[0-9.-]*[^:：。,，]{3,30}"
)
_ALONE = re.compile(r"[(\-—]*(?P<name>[^():：。,，、]{3,30})\)?")
_DATE_BEHIND = re.compile(
    r"(?:[0-9]{2,4}|[二2][〇○零0一二三四五六七八九]{3})[年./-][0-9一二三四五六七八九十年月日号./-]*$"
)
_MOST_CELLS, _LONGEST = 300, 1_000
"""Filled cells of a line, and characters of each, in which a school and a date are looked for: no form prints more."""
_NO_TEXT = (ErrorValue, MissingResult)


@dataclass(frozen=True, slots=True)
class UnitLines:
    """What the lines above and below a table say; `unit` is None where no line names a school.

    `stamp` is the school that stands before a place for its stamp, without a label. `headings` are the titles, and
    schools' names that stand alone: the sheet may be theirs.
    """

    unit: str | None = None
    unit_cell: str = ""
    date: TypedDate | None = None
    date_cell: str = ""
    stamp: str = ""
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """The filled cells of one row outside the table, as (address, text); what stands beside all cells has none."""

    cells: tuple[tuple[str, str], ...]

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.cells]


def read_unit_lines(grid: Grid, form: Form, rows: Iterable[int]) -> UnitLines:
    """The school and the date in those rows of the grid (positions in `grid.rows`), nearest to the table first.

    What stands beside the cells (the page's header, a text box) comes last.
    """
    filled = (position for position in rows if grid.rows[position].count(None) < len(grid.rows[position]))
    lines = [line for position in filled if (line := _line(grid, position)).cells]
    lines += [_Line((("", text),)) for text in grid.beside]
    labels = form.unit_line.labels
    unit, unit_cell = _first_unit(lines, labels)
    date, date_cell = _first_date(lines, labels)
    return UnitLines(unit, unit_cell, date, date_cell, _first_stamped(lines), tuple(_headings(lines)))


def named_in_row(grid: Grid, form: Form, position: int) -> str:
    """The school that this row of the grid names behind a label; blank where it names none."""
    return _first_unit([_line(grid, position)], form.unit_line.labels)[0] or ""


def is_unit_line(text: str, labels: Sequence[str]) -> bool:
    """Whether a row that begins with this text names the school or the date, and so is no record."""
    compact = plain(text)
    return has_label(compact, labels) or bool(named_behind_label(compact, labels)[1])


def _line(grid: Grid, position: int) -> _Line:
    """The row's cells as people see them: a helper column that is hidden, or a failed formula, says nothing."""
    row = grid.top + position
    shown = (
        (address(row, column), _text(cell)[:_LONGEST])
        for column, cell in enumerate(grid.rows[position], grid.left)
        if not is_blank(cell) and column not in grid.hidden_columns and not isinstance(cell, _NO_TEXT)
    )
    return _Line(tuple(islice(shown, _MOST_CELLS)))


def _text(cell: Cell) -> str:
    return cell.date().isoformat() if isinstance(cell, dt.datetime) else shown(cell)


def _first_unit(lines: Sequence[_Line], labels: Sequence[str]) -> tuple[str | None, str]:
    """The first school named behind a label, in the label's cell or the next one, with its cell."""
    for line in lines:
        for position, (place, text) in enumerate(line.cells):
            labelled, name = named_behind_label(laid_out(text), labels)
            if name:
                return name, place
            beside = line.cells[position + 1 : position + 2] if labelled else ()
            for place_beside, text_beside in beside:
                if name := name_in(laid_out(text_beside)):
                    return name, place_beside
    return None, ""


def _first_stamped(lines: Sequence[_Line]) -> str:
    """The first school before a place for its stamp, as schools sign below a table; blank where none stands."""
    for text in (plain(text) for line in lines for text in line.texts):
        found = _STAMPED.fullmatch(text)
        name = found["name"] if found else ""
        if ends_as_school(name) and name_in(name) == name:
            return name
    return ""


def _first_date(lines: Sequence[_Line], labels: Sequence[str]) -> tuple[TypedDate | None, str]:
    """The first date in the lines, with its cell; a month in a title only where no line has one."""
    for line in lines:
        if not is_numbered(line.texts):
            continue
        labelled = any(any(named_behind_label(laid_out(text), labels)) for text in line.texts)
        found = date_in_line(line.texts, labelled=labelled)
        if found:
            return found[0], line.cells[found[1]][0]
    of_titles = ((date_in_title(text), place) for line in lines for place, text in line.cells)
    return next(((date, place) for date, place in of_titles if date), (None, ""))


def _headings(lines: Sequence[_Line]) -> Iterator[str]:
    """The titles, and what stands alone and ends as a school's name."""
    for text in (plain(text) for line in lines for text in line.texts):
        alone = _ALONE.fullmatch(_DATE_BEHIND.sub("", text))
        if _HEADING.fullmatch(text):
            yield text
        elif alone and ends_as_school(alone["name"]):
            yield alone["name"]
