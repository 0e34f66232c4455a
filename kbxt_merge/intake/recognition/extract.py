"""Grid + form → sheets: the records as typed, each with its row, each field with its column."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from kbxt_merge.intake.recognition.cards import extract_cards
from kbxt_merge.intake.recognition.headers import Header, header_text
from kbxt_merge.intake.recognition.merged_cells import spread
from kbxt_merge.intake.recognition.printed_labels import PrintedLabels
from kbxt_merge.intake.recognition.recogniser import Recognised
from kbxt_merge.intake.recognition.record_rows import RecordRows
from kbxt_merge.intake.recognition.split_codes import join_parts
from kbxt_merge.intake.recognition.tick_columns import ticked
from kbxt_merge.intake.recognition.unit_line import UnitLines, read_unit_lines
from kbxt_merge.model.field import ONE_EACH
from kbxt_merge.model.form import Form
from kbxt_merge.model.left_out import Reason, RowLeftOut
from kbxt_merge.model.own_workbook import CHECK_HEADER
from kbxt_merge.model.returns import Cell, Grid, MissingResult, Sheet, column_letters, is_blank

SCHOOL_HEADERS = frozenset(
    {"学校", "学校名称", "所在学校", "所属学校", "就读学校", "单位", "单位名称", "教学点", "村小", "校点"}
)
"""Headers of a column that central schools put beside a list of the children of several schools."""

_OF_TABLE = frozenset((Reason.PREFILLED, Reason.CONTINUED, Reason.COLUMN_CODES, Reason.EXAMPLE, Reason.PART))
"""Reasons of rows that are the table's own, and no line that says whose it is or of which day."""


def extract(grid: Grid, found: Recognised) -> list[Sheet]:
    """The sheet that a table makes, or one a card, and the one of the list printed below it."""
    if found.header is not None:
        return [_extract_table(grid, found, found.header)]
    inside = found.inside
    if inside is None or inside.header is None:
        return extract_cards(grid, found)
    first, end = inside.header.first - grid.top, _end_of_list(grid, found, inside.header)
    around = [row if at < first or at >= end else [] for at, row in enumerate(grid.rows)]
    cards = extract_cards(replace(grid, rows=around if end < len(around) else around[:first]), found)
    listed = _extract_table(replace(grid, rows=grid.rows[:end]), inside, inside.header)
    above = [each for each in cards if min(each.card_rows.values(), default=grid.top) < inside.header.first]
    return [*cards, _of_card(listed, (above or cards)[-1], found.form)]


def _end_of_list(grid: Grid, card: Recognised, header: Header) -> int:
    """The position below a list inside a card: where the card's own labels go on, if they do."""
    below = range(header.last + 1 - grid.top, len(grid.rows))
    texts = ((at, next((cell for cell in grid.rows[at] if not is_blank(cell)), None)) for at in below)
    labels = ((at, header_text(text)) for at, text in texts if isinstance(text, str))
    return next((at for at, text in labels if card.labels.get(text)), len(grid.rows))


def _of_card(listed: Sheet, card: Sheet, form: Form) -> Sheet:
    """The list inside a card: whose it is, of which day, and by what its card is known are the card's."""
    name, count = form.record_field, len(listed.rows)
    owner = (card.cells.get(name) or [None])[0]
    return replace(
        listed,
        columns={**listed.columns, **({name: card.columns[name]} if name in card.columns else {})},
        card_rows={name: card.card_rows[name]} if name in card.card_rows else {},
        cells={**listed.cells, name: [owner] * count},
        unit=card.unit,
        unit_cell=card.unit_cell,
        stamp=card.stamp,
        headings=card.headings,
        title=card.title,
        date=card.date,
        date_cell=card.date_cell,
    )


def _extract_table(grid: Grid, found: Recognised, header: Header) -> Sheet:
    form, columns = found.form, dict(header.columns)
    below = header.last + 1 - grid.top
    grid = _without_self_check(grid, header, below)
    positions, left_out = RecordRows(grid, form, columns).below(below)
    of_table = [each.row - grid.top for each in left_out if each.reason in _OF_TABLE]
    lines = _lines_around(grid, form, header, (*positions, *of_table), below)
    cells = _cells(grid, form, header, positions, left_out)
    parts = _join_numbers(grid, form, header, positions, cells)
    return Sheet(
        sheet=grid.sheet,
        form=form.slug,
        shape=form.shape.value,
        rows=[grid.top + i for i in positions],
        columns=columns,
        cells=cells,
        unit=lines.unit,
        unit_cell=lines.unit_cell,
        stamp=lines.stamp,
        headings=lines.headings,
        block=found.block,
        title=found.title,
        date=lines.date,
        date_cell=lines.date_cell,
        missing=tuple(each.name for each in form.fields if each.name not in columns),
        unexpected=_unexpected(grid, header, positions, parts),
        hidden=_hidden(grid, columns, positions),
        score=found.score,
        header_row=header.last,
        row_schools=_row_schools(grid, header, positions),
        left_out=left_out,
        struck=_struck(grid, form, columns, positions),
    )


def _without_self_check(grid: Grid, header: Header, below: int) -> Grid:
    """The grid without what the self-check of our own blank has in the rows below the header: at its column and where
    no header stands right of it, what is out of sight, or has no result, as a program that works nothing out saves it.
    """
    check = next((each.column for each in header.others if header_text(each.text) == CHECK_HEADER), None)
    if check is None:
        return grid
    named = {each.column for each in header.others if each.column > check} | set(header.columns.values())
    width = max(map(len, grid.rows))
    own = [at for at in range(check - grid.left, width) if at + grid.left not in named]
    hidden = {at for at in own if at + grid.left in grid.hidden_columns}
    unsaid = [at for at in own if at in hidden or _lacks_results(grid.rows[below:], at)]
    if not unsaid:
        return grid
    rows = list(grid.rows)
    for position, row in enumerate(rows[below:], below):
        left = [at for at in unsaid if at < len(row) and (at in hidden or isinstance(row[at], MissingResult))]
        if left:
            rows[position] = cells = list(row)
            for at in left:
                cells[at] = None
    return replace(grid, rows=rows)


def _lacks_results(rows: Sequence[Sequence[Cell]], offset: int) -> bool:
    return any(isinstance(cell, MissingResult) for cell in _cells_at(rows, offset))


def _cells(
    grid: Grid, form: Form, header: Header, positions: Sequence[int], left_out: Sequence[RowLeftOut]
) -> dict[str, list[Cell]]:
    """The cells of each field; one that is merged over the rows of several records is what each of them holds.

    A text that goes on in the row below is one.
    """
    columns = header.columns
    rows = [grid.rows[i] for i in positions]
    cells = {name: _cells_at(rows, column - grid.left) for name, column in columns.items()}
    for row in (each.row - grid.top for each in left_out if each.reason is Reason.CONTINUED):
        _go_on(grid, form, columns, cells, row, bisect(positions, row) - 1)
    shared = {
        columns[name]: column
        for name, column in cells.items()
        if name != form.record_field and form.by_name[name].type not in ONE_EACH
    }
    spread(grid, [grid.top + i for i in positions], shared)
    if printed := PrintedLabels.of(grid, form, columns):
        cells[form.record] = [printed.label(i) or None for i in positions]
    for name, ticks in header.ticks.items():
        vocabulary = form.by_name[name].vocabulary
        if vocabulary:
            cells[name] = ticked((grid.rows[i] for i in positions), grid.left, ticks, vocabulary)
    return cells


def _go_on(
    grid: Grid, form: Form, columns: Mapping[str, int], cells: Mapping[str, list[Cell]], row: int, record: int
) -> None:
    """Add the texts of a row to the texts of the record that they belong to."""
    for name in (each.name for each in form.fields if each.type == "text" and each.name in columns):
        begun, (more,) = cells[name][record], _column(grid, [row], columns[name])
        if isinstance(begun, str) and isinstance(more, str):
            cells[name][record] = begun + more.strip()


def _column(grid: Grid, positions: Sequence[int], column: int) -> list[Cell]:
    return _cells_at([grid.rows[i] for i in positions], column - grid.left)


def _cells_at(rows: Sequence[Sequence[Cell]], offset: int) -> list[Cell]:
    try:
        return [row[offset] for row in rows]
    except IndexError:  # rows may differ in length
        return [row[offset] if offset < len(row) else None for row in rows]


def _lines_around(grid: Grid, form: Form, header: Header, positions: Sequence[int], below: int) -> UnitLines:
    """The unit lines: above the header from the nearest up, then below the last record; the form says which first."""
    records = set(positions)
    above = range(header.first - grid.top - 1, -1, -1)
    after = [i for i in range(below, len(grid.rows)) if i not in records]
    order = (*after, *above) if form.unit_line.below else (*above, *after)
    return read_unit_lines(grid, form, order)


def _join_numbers(
    grid: Grid, form: Form, header: Header, positions: Sequence[int], cells: Mapping[str, list[Cell]]
) -> set[int]:
    """Make ID numbers whole whose parts stand in several columns; the columns of their further parts are returned."""
    numbers = (each for each in form.fields if each.type == "id_number" and each.name in header.columns)
    parts: set[int] = set()
    for each in numbers:
        words = {header_text(text) for text in (each.header, *each.also)}
        others = (cell.column for cell in header.others if header_text(cell.text) not in words)
        taken = {*header.columns.values(), *others}
        parts |= join_parts(grid, positions, header.columns[each.name], taken, cells[each.name])
    return parts


def _unexpected(
    grid: Grid, header: Header, positions: Sequence[int], parts: Collection[int]
) -> tuple[tuple[int, int, str], ...]:
    """The columns that the form does not have and that hold a value in some record, with their header cells.

    `parts` are columns that hold parts of a field's values.
    """
    known = {*header.columns.values(), *header.beside, *parts}
    named = {each.column: (each.row, each.text) for each in header.others}
    width = max((len(grid.rows[i]) for i in positions), default=0)
    unknown = (column for column in range(grid.left, grid.left + width) if column not in known)
    filled = {
        column
        for column in unknown
        if _holds(grid, positions, column) and (column in named or not _counts_up(grid, positions, column))
    }
    cells = ((column, *named.get(column, (header.last, ""))) for column in sorted(filled))
    return tuple((row, column, text) for column, row, text in cells if header_text(text) != CHECK_HEADER)


def _counts_up(grid: Grid, positions: Sequence[int], column: int) -> bool:
    """Whether a column only numbers the rows, as programs do that export a table."""
    cells = _column(grid, positions, column)
    return all(isinstance(cell, float | int) for cell in cells) and all(
        at - cells[0] == row - positions[0]  # type: ignore[operator]
        for at, row in zip(cells, positions, strict=True)
    )


def _row_schools(grid: Grid, header: Header, positions: Sequence[int]) -> list[Cell]:
    """The cells of the first column that names each record's school and is none of the form's; empty without one."""
    column = next((each.column for each in header.others if header_text(each.text) in SCHOOL_HEADERS), None)
    if column is None:
        return []
    cells = _column(grid, positions, column)
    spread(grid, [grid.top + i for i in positions], {column: cells})
    return cells


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


def _struck(grid: Grid, form: Form, columns: Mapping[str, int], positions: Sequence[int]) -> tuple[int, ...]:
    """The sheet rows of the records whose name, or all of whose cells, are crossed out."""
    if not grid.struck:
        return ()
    name = columns.get(form.record_field)
    rows = [grid.top + i for i in positions]
    filled = [[grid.left + at for at, cell in enumerate(grid.rows[i]) if not is_blank(cell)] for i in positions]
    return tuple(
        row
        for row, own in zip(rows, filled, strict=True)
        if (row, name) in grid.struck or all((row, column) in grid.struck for column in own)
    )


def _holds(grid: Grid, positions: Sequence[int], column: int) -> bool:
    return any(cell is not None and not is_blank(cell) for cell in _column(grid, positions, column))
