"""Sheet → its tables: forms that a school put one below the other on one sheet are each read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from kbxt_merge.intake.recognition.beside import parts_beside
from kbxt_merge.intake.recognition.blocks import Table, in_blocks, is_one_school
from kbxt_merge.intake.recognition.headers import header_text
from kbxt_merge.intake.recognition.recogniser import Recogniser
from kbxt_merge.intake.recognition.unit_line import read_unit_lines
from kbxt_merge.model.returns import Cell, Grid, is_blank
from kbxt_merge.model.text import plain

_HEADERS_IN_A_ROW = 3
"""Cells of a row that are headers of forms: with so many it is a header, and no record."""

_LABELS_IN_A_ROW = 2
"""Cells of a row that are labels, few beside another: with so many it is a card's."""

_CELLS_OF_A_RECORD = 3


def tables(grid: Grid, recogniser: Recogniser) -> list[Table]:
    """The forms on a grid, each with the part of it that is its own; none where no form fits."""
    parts = (part for beside in parts_beside(grid, recogniser) for part in _one_below_the_other(beside, recogniser))
    return [table for part, found in parts for table in in_blocks(part, found)]


def _one_below_the_other(grid: Grid, recogniser: Recogniser) -> list[Table]:
    whole = recogniser.recognise(grid)
    if whole is None:
        return []
    parts: list[Table] = []
    for part in _parts(grid, recogniser):
        found = recogniser.recognise(part)
        if found and not (parts and _continues(parts[-1], (part, found))):
            parts.append((part, found))
        elif parts:
            above, form = parts[-1]
            parts[-1] = replace(above, rows=above.rows + part.rows), form
    return parts if len(parts) > 1 else [(grid, whole)]


def _continues(above: Table, below: Table) -> bool:
    """Whether a table is the one above, printed again for a further page: another school's list is another one."""
    if above[1].form is not below[1].form:
        return False
    if below[1].header is None:  # cards are told apart by their labels, unless a list stands between them
        return above[1].inside is None and below[1].inside is None
    if below[1].form.unit_line.below:
        return True  # lists that are named below are told apart by their blocks
    return is_one_school(_unit(above) or "", _unit(below) or "")


def _unit(table: Table) -> str | None:
    grid, found = table
    above = found.header.first - grid.top if found.header else 0
    return read_unit_lines(grid, found.form, range(above - 1, -1, -1)).unit


def _parts(grid: Grid, recogniser: Recogniser) -> Iterator[Grid]:
    """The grid cut above each further header; nothing where there is only one."""
    headers = _header_rows(grid.rows, recogniser)
    if len(headers) < 2:
        return
    begins = (_begin(grid.rows, above[-1], header[0], recogniser) for above, header in pairwise(headers))
    cuts = [0, *begins, len(grid.rows)]
    for first, end in pairwise(cuts):
        yield replace(grid, rows=grid.rows[first:end], top=grid.top + first)


def _header_rows(rows: Sequence[Sequence[Cell]], recogniser: Recogniser) -> list[list[int]]:
    """The rows of each header, of cards those of all labels; without headers that print the one above again.

    One below a line that names a school is no such.
    """
    known = recogniser.headers
    found: list[list[int]] = []
    above, printed, in_card = -2, list[str](), False
    for position, row in enumerate(rows):
        if in_card and recogniser.heads_list_inside(row):
            in_card = False
        if recogniser.no_values.isdisjoint(row):
            continue
        labels = [
            (at, text) for at, cell in enumerate(row) if isinstance(cell, str) and (text := header_text(cell)) in known
        ]
        if len(labels) < _LABELS_IN_A_ROW:
            continue
        adjacent = sum(after - before == 1 for (before, _), (after, _) in pairwise(labels))
        is_card = len(labels) >= _LABELS_IN_A_ROW and adjacent * 2 < len(labels) - 1
        if not is_card and len(labels) < _HEADERS_IN_A_ROW:
            continue
        texts = [text for _, text in labels]
        if is_card and in_card:
            found[-1].append(position)
        elif is_card or (above != position - 1 and (texts != printed or _names_unit(rows[position - 1], recogniser))):
            found.append([position])
        above, printed, in_card = position, texts, is_card
    return found


def _begin(rows: Sequence[Sequence[Cell]], above: int, header: int, recogniser: Recogniser) -> int:
    """Where the table of this header begins, below the header above: at its attachment's number or its title.

    Without those it begins below the last record.
    """
    begin = above + 1
    for position in range(above + 1, header):
        filled = [cell for cell in rows[position] if not is_blank(cell)]
        if len(filled) == 1 and isinstance(filled[0], str) and _is_title(filled[0], recogniser):
            return position
        if len(filled) >= _CELLS_OF_A_RECORD:
            begin = position + 1
    return begin


def _names_unit(row: Sequence[Cell], recogniser: Recogniser) -> bool:
    first = next((cell for cell in row if not is_blank(cell)), None)
    return isinstance(first, str) and recogniser.is_unit_line(first)


def _is_title(text: str, recogniser: Recogniser) -> bool:
    return plain(text).startswith("附件") or recogniser.is_title(text)
