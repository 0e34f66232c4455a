"""The sheets of the definition workbook as tables to edit: every cell that may say something, filled or not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

from kbxt_merge.intake.definitions.book.tables import SheetTexts
from kbxt_merge.model.definition_book.form_layout import FIELD_COLUMNS, HEAD_LINES
from kbxt_merge.model.definition_book.layout import CHOICE_SHEET, Item
from kbxt_merge.model.definition_book.offers import Chosen, offers_of, offers_of_form
from kbxt_merge.model.definition_book.tables import COLUMNS, LINES, BookTable, Place, TableCell
from kbxt_merge.model.returns import Grid, position
from kbxt_merge.model.text import plain


def tables_of(
    grids: Sequence[Grid], guessed: Mapping[str, Collection[Place]] = MappingProxyType({})
) -> Sequence[BookTable]:
    """The sheets that say something of definitions, in the workbook's order."""
    choices = next((SheetTexts(grid, 0) for grid in grids if grid.sheet == CHOICE_SHEET), None)
    return [
        table
        for position, grid in enumerate(grids)
        if grid.sheet != CHOICE_SHEET
        and (table := _table(SheetTexts(grid, position), guessed.get(grid.sheet, ()), choices))
    ]


def _table(sheet: SheetTexts, guessed: Collection[Place], choices: SheetTexts | None) -> BookTable | None:
    items = COLUMNS.get(sheet.name, FIELD_COLUMNS)
    header = sheet.header_row(items) if items else None
    if items and header is None:
        return None
    lines = _lines(sheet, LINES.get(sheet.name, () if sheet.name in COLUMNS else HEAD_LINES), header, guessed)
    columns = dict(_columns(sheet, items, header))
    rows = {
        row: {key: TableCell(texts.get(at, ""), (row, at), (row, at) in guessed) for key, at in columns.items()}
        for row, texts in sheet.rows
        if header is not None and row > header and texts.keys() & set(columns.values())
    }
    offers = offers_of(sheet.name) if sheet.name in COLUMNS else offers_of_form()
    offered = {key: _chosen(offer, choices) if isinstance(offer, Chosen) else offer for key, offer in offers.items()}
    return BookTable(sheet.name, header or 0, lines, columns, rows, offered)


def _chosen(column: Chosen, choices: SheetTexts | None) -> Sequence[str]:
    """The choices of a workbook's own that stand in a column of its sheet of choices."""
    return [texts[column] for _, texts in choices.rows if column in texts] if choices else ()


def _columns(sheet: SheetTexts, items: Sequence[Item], header: int | None) -> Iterator[tuple[str, int]]:
    by_text = {plain(name): each.key for each in items for name in (each.called.zh, each.called.en)}
    for row, texts in sheet.rows:
        if row == header:
            yield from ((by_text[plain(text)], at) for at, text in texts.items() if plain(text) in by_text)


def _lines(
    sheet: SheetTexts, items: Sequence[Item], last: int | None, guessed: Collection[Place]
) -> Mapping[str, TableCell]:
    """The values of the labels; one that is blank stands right of its label, however many cells that is merged of."""
    if not items:
        return {}
    by_text = {plain(name): each.key for each in items for name in (each.called.zh, each.called.en)}
    behind = {(top, left): right + 1 for top, left, _, right in sheet.grid.merged}
    told = sheet.labelled(items, last)
    found: dict[str, TableCell] = {}
    for row, texts in sheet.rows:
        for at, text in texts.items():
            key = by_text.get(plain(text))
            if key is None or key in found or (last is not None and row >= last):
                continue
            filled = position(told[key].mark.cell) if key in told else None
            place = filled or (row, behind.get((row, at), at + 1))
            found[key] = TableCell(told[key].text if key in told else "", place, place in guessed)
    return found
