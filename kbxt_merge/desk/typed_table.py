"""What was typed into a table of a draft, as what becomes of its sheet."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from kbxt_merge.model.definition_book.tables import BookTable, Place, TableEdit

LINES, NEW, ORDER = "line", "new", "order"
"""The line of the values beside labels, what names of added lines begin with, and the column of a row's number."""

Typed = Mapping[str, Mapping[str, str]]
"""What was typed, by line and column: the names of inputs are `line.column`."""


def edit_of(table: BookTable, typed: Typed, leaves: frozenset[str]) -> TableEdit:
    """What became of a table: only what is another text than before, and the rows by the numbers typed for them."""
    lines: dict[Place, str] = {
        table.lines[key].place: text
        for key, text in typed.get(LINES, {}).items()
        if key in table.lines and text != table.lines[key].text
    }
    placed = sorted([*_kept(table, typed, leaves), *_added(table, typed)], key=lambda each: each[0])
    return TableEdit(table.sheet, lines, table.header, list(table.rows), [row for _, row in placed])


Order = tuple[float, int, int]
"""The number of a row, whether it came there from below (-1) or from above (1), and where it stood."""
Row = tuple[int | None, Mapping[int, str]]


def _kept(table: BookTable, typed: Typed, leaves: frozenset[str]) -> Iterator[tuple[Order, Row]]:
    for number, (row, cells) in enumerate(table.rows.items(), start=1):
        if str(row) in leaves:
            continue
        told = typed.get(str(row), {})
        changed = {table.columns[key]: text for key, text in told.items() if key in cells and text != cells[key].text}
        wanted = _number(told.get(ORDER, ""), number)
        yield (wanted, (wanted > number) - (wanted < number), number), (row, changed)


def _added(table: BookTable, typed: Typed) -> Iterator[tuple[Order, Row]]:
    for at, (name, told) in enumerate(typed.items()):
        texts = {table.columns[key]: text for key, text in told.items() if key in table.columns and text.strip()}
        if name.startswith(NEW) and texts:
            yield (_number(told.get(ORDER, ""), math.inf), -1, at), (None, texts)


def _number(text: str, otherwise: float) -> float:
    try:
        number = float(text)
    except ValueError:
        return otherwise
    return number if math.isfinite(number) else otherwise
