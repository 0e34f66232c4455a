"""The marks of one round in a workbook: put on, and those of the round before taken off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from kbxt_merge.model.answer import FILL_COLUMN, IDENTITY_PREFIX
from kbxt_merge.model.own_workbook import is_own_sheet
from kbxt_merge.model.rule import Severity
from kbxt_merge.outputs.returned.book import Book, BookSheet
from kbxt_merge.outputs.returned.cells import SheetCells
from kbxt_merge.outputs.returned.notes import Notes
from kbxt_merge.outputs.returned.styles import Styles

_SIGN = f"{IDENTITY_PREFIX}rule"
"""The header by which a sheet is known as ours."""


class Mark(NamedTuple):
    """What is said at one cell of one sheet."""

    sheet: str
    cell: str
    place: tuple[int, int]
    severity: Severity
    text: str


def put_on(book: Book, styles: Styles, marks: Iterable[Mark]) -> dict[tuple[str, str], str]:
    """Mark the cells, and return for each (sheet, cell) marked the fill that it had: XML, blank for none."""
    sheets = book.sheets()
    named = Counter(each.name for each in sheets)  # two of one name: nobody knows which is meant
    parts = {each.name: each.part for each in sheets if named[each.name] == 1}
    by_sheet: dict[str, list[Mark]] = {}
    for mark in marks:
        by_sheet.setdefault(mark.sheet, []).append(mark)
    fills: dict[tuple[str, str], str] = {}
    for name, of_sheet in by_sheet.items():
        if name in parts:
            fills.update(_mark_sheet(book, styles, parts[name], of_sheet))
    return fills


def _mark_sheet(book: Book, styles: Styles, part: str, marks: list[Mark]) -> dict[tuple[str, str], str]:
    cells = SheetCells(book, part)
    notes = Notes(book, part, cells)
    fills = {}
    looks: dict[tuple[str, Severity], tuple[str, str]] = {}
    for mark in marks:
        look = cells.format_of(mark.cell, *mark.place), mark.severity
        if look not in looks:
            before = int(look[0])
            looks[look] = styles.fill(before), str(styles.marked(before, mark.severity))
        fills[mark.sheet, mark.cell], marked = looks[look]
        cells.put_format(mark.cell, *mark.place, marked)
        notes.add(mark.cell, mark.place, mark.text)
    notes.finish()
    return fills


def take_off(book: Book, styles: Styles) -> None:
    """Take off what an earlier round marked: our fills, what we said in comments, and our sheet; and the numbers of
    formats that are not there, for which some readers refuse the workbook."""
    fills: dict[str, dict[str, str]] = {}
    for (name, cell), fill in _remove_opinions(book).items():
        fills.setdefault(name, {})[cell] = fill
    ours = styles.marks()
    sheets = book.sheets()
    forms = [each for each in sheets if not is_own_sheet(each.name)] or sheets
    for sheet in sheets:
        cells = SheetCells(book, sheet.part)
        cells.drop_formats(styles.formats)
        if sheet not in forms:  # of a blank's guide nothing is said
            continue
        notes = Notes(book, sheet.part, cells)
        notes.take_off()
        notes.finish()
        if ours:
            _clear_fills(cells, styles, ours, fills.get(sheet.name, {}))


def _clear_fills(cells: SheetCells, styles: Styles, ours: set[int], fills: dict[str, str]) -> None:
    for address, element, attribute in cells.styled():
        number = int(element.get(attribute, "0"))
        if number in ours:
            cells.edit()
            fill = fills.get(address, "")
            element.set(attribute, str(styles.filled(number, fill if styles.is_fill(fill) else "")))


def _remove_opinions(book: Book) -> dict[tuple[str, str], str]:
    """Remove our sheets, and return the fills they remember by (sheet, cell)."""
    fills: dict[tuple[str, str], str] = {}
    suspects = _suspects(book)
    shared = _shared_texts(book) if suspects else []
    ours: list[BookSheet] = []
    for sheet in suspects:
        found = _remembered(SheetCells(book, sheet.part).texts(shared))
        if found is not None:
            fills.update(found)
            ours.append(sheet)
    if gone := ours[:-1] if len(ours) == len(book.sheets()) else ours:  # a workbook without a sheet is none
        book.remove(gone)
    return fills


def _suspects(book: Book) -> list[BookSheet]:
    """The sheets that may be ours: those that hold our sign, or may point to it among the shared strings."""
    sign, shared = _SIGN.encode(), _shared_strings(book)
    if shared is not None and sign in book.package.part(shared):
        return book.sheets()
    return [each for each in book.sheets() if sign in book.package.part(each.part)]


def _remembered(texts: dict[tuple[int, int], str]) -> dict[tuple[str, str], str] | None:
    """The fills that a sheet of ours remembers; None where the sheet is not ours."""
    headers = {text.removeprefix(IDENTITY_PREFIX): at for at, text in texts.items() if text.startswith(IDENTITY_PREFIX)}
    if not {"rule", "sheet", "cell", FILL_COLUMN} <= headers.keys():
        return None
    top = headers["rule"][0]

    def of(name: str, row: int) -> str:
        return texts.get((row, headers[name][1]), "")

    rows = sorted({row for row, _ in texts if row > top})
    return {(of("sheet", row), of("cell", row)): of(FILL_COLUMN, row) for row in rows if of("cell", row)}


def _shared_strings(book: Book) -> str | None:
    part = book.package.related(book.part, "sharedStrings")
    return part if part is not None and part in book.package else None


def _shared_texts(book: Book) -> list[str]:
    part = _shared_strings(book)
    items = () if part is None else book.package.tree(part).iter(book.tag("si"))
    return ["".join(each.text or "" for each in item.iter(book.tag("t"))) for item in items]
