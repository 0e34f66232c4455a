"""Grid + form → sheets: the records as typed, each with its row, each field with its column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kbxt_merge.intake.recognition.cards import extract_cards
from kbxt_merge.intake.recognition.headers import Header, header_text
from kbxt_merge.intake.recognition.merged_cells import spread
from kbxt_merge.intake.recognition.recogniser import Recognised
from kbxt_merge.intake.recognition.record_rows import RecordRows
from kbxt_merge.intake.recognition.unit_line import UnitLines, read_unit_lines
from kbxt_merge.model.form import Form
from kbxt_merge.model.own_workbook import CHECK_HEADER
from kbxt_merge.model.returns import Cell, Grid, Sheet, column_letters, is_blank

ONE_EACH = frozenset({"sequence", "id_number", "roll_number", "count"})
"""Types of fields of which each record has its own, as it has its name: merging their cells says nothing of others."""


def extract(grid: Grid, found: Recognised) -> list[Sheet]:
    """The sheet that a list or a statistics form makes, or one a card."""
    if found.header is None:
        return extract_cards(grid, found)
    return [_extract_table(grid, found, found.header)]


def _extract_table(grid: Grid, found: Recognised, header: Header) -> Sheet:
    form, columns = found.form, dict(header.columns)
    below = header.last + 1 - grid.top
    judge = RecordRows(grid, form, columns)
    positions = [i for i in range(below, len(grid.rows)) if judge.is_record(i, grid.rows[i])]
    lines = _lines_around(grid, form, header, positions, below)
    return Sheet(
        sheet=grid.sheet,
        form=form.slug,
        shape=form.shape.value,
        rows=[grid.top + i for i in positions],
        columns=columns,
        cells=_cells(grid, form, columns, positions),
        unit=lines.unit,
        unit_cell=lines.unit_cell,
        stamp=lines.stamp,
        title=found.title,
        date=lines.date,
        date_cell=lines.date_cell,
        missing=tuple(each.name for each in form.fields if each.name not in columns),
        unexpected=_unexpected(grid, header, positions),
        hidden=_hidden(grid, columns, positions),
        score=found.score,
        header_row=header.last,
    )


def _cells(grid: Grid, form: Form, columns: Mapping[str, int], positions: Sequence[int]) -> dict[str, list[Cell]]:
    """The cells of each field; one that is merged over the rows of several records is what each of them holds."""
    cells = {name: _column(grid, positions, column) for name, column in columns.items()}
    shared = {
        columns[name]: column
        for name, column in cells.items()
        if name != form.record_field and form.by_name[name].type not in ONE_EACH
    }
    spread(grid, [grid.top + i for i in positions], shared)
    return cells


def _column(grid: Grid, positions: Sequence[int], column: int) -> list[Cell]:
    offset, rows = column - grid.left, grid.rows
    try:
        return [rows[i][offset] for i in positions]
    except IndexError:  # rows may differ in length
        return [rows[i][offset] if offset < len(rows[i]) else None for i in positions]


def _lines_around(grid: Grid, form: Form, header: Header, positions: Sequence[int], below: int) -> UnitLines:
    """The unit lines: above the header from the nearest up, then below the last record; the form says which first."""
    records = set(positions)
    above = range(header.first - grid.top - 1, -1, -1)
    after = [i for i in range(below, len(grid.rows)) if i not in records]
    order = (*after, *above) if form.unit_line.below else (*above, *after)
    return read_unit_lines(grid, form, order)


def _unexpected(grid: Grid, header: Header, positions: Sequence[int]) -> tuple[tuple[int, int, str], ...]:
    """The columns that the form does not have and that hold a value in some record, with their header cells."""
    known = set(header.columns.values())
    named = {each.column: (each.row, each.text) for each in header.others}
    width = max((len(grid.rows[i]) for i in positions), default=0)
    unknown = (column for column in range(grid.left, grid.left + width) if column not in known)
    filled = {column for column in unknown if _holds(grid, positions, column)}
    cells = ((column, *named.get(column, (header.last, ""))) for column in sorted(filled))
    return tuple((row, column, text) for column, row, text in cells if header_text(text) != CHECK_HEADER)


def _hidden(grid: Grid, columns: dict[str, int], positions: Sequence[int]) -> tuple[str, ...]:
    """What hides records: `sheet`, `rows 5,6` (as the sheet counts), `columns C,D`; empty where all is in sight."""
    if not positions:
        return ()
    rows = sorted(grid.top + i + 1 for i in positions if grid.top + i in grid.hidden_rows)
    hiding = sorted(
        column for column in columns.values() if column in grid.hidden_columns and _holds(grid, positions, column)
    )
    return (
        *(["sheet"] if grid.hidden else []),
        *([f"rows {','.join(map(str, rows))}"] if rows else []),
        *([f"columns {','.join(map(column_letters, hiding))}"] if hiding else []),
    )


def _holds(grid: Grid, positions: Sequence[int], column: int) -> bool:
    return any(not is_blank(cell) for cell in _column(grid, positions, column))
