"""The definition workbook as whoever opens the file deals with it, in a process that knows no rules."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kbxt_merge.intake.definitions.book.edit_tables import tables_of
from kbxt_merge.intake.formats.read_workbook import read_workbook
from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.model.definition_book.tables import BookTable, NewSheet, Place, TableEdit
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Grid, Kind
from kbxt_merge.model.text import Language


@dataclass(frozen=True, slots=True)
class OpenedBook:
    """The sheets of a workbook, and those of them that are tables to edit."""

    grids: Sequence[Grid]
    tables: Sequence[BookTable]


def read_book(book: Path, limits: Limits) -> OpenedBook:
    """What stands in the workbook; raises Unreadable or OSError."""
    grids, is_ours = _grids(book, limits)
    tables = tables_of(grids)
    if is_ours and any(table.tells_why for table in tables):  # else nothing in it was guessed
        tables = tables_of(grids, _guessed(book))
    return OpenedBook(grids, tables)


def write_book(book: Path, copy: Path, edit: TableEdit, limits: Limits) -> None:
    """Write a copy with a table edited; raises Unreadable, OSError, ValueError or KeyError."""
    from kbxt_merge.outputs.definition_book.edited_copy import write_edited_copy  # openpyxl, for this alone

    grids, is_ours = _grids(book, limits)
    write_edited_copy(book, copy, edit, () if is_ours else grids)


def write_with_new(book: Path, copy: Path, new: NewSheet, language: Language, limits: Limits) -> str:
    """Write a copy with a sheet more, and say what that is called; raises what `write_book` does."""
    from kbxt_merge.outputs.definition_book.added_sheet import write_with_sheet

    grids, is_ours = _grids(book, limits)
    return write_with_sheet(book, copy, new, tables_of(grids), () if is_ours else grids, language)


def write_without(book: Path, copy: Path, sheet: str, limits: Limits) -> None:
    """Write a copy without a sheet; raises what `write_book` does."""
    from kbxt_merge.outputs.definition_book.added_sheet import write_without_sheet

    grids, is_ours = _grids(book, limits)
    write_without_sheet(book, copy, sheet, () if is_ours else grids)


def _guessed(book: Path) -> Mapping[str, Collection[Place]]:
    from kbxt_merge.outputs.definition_book.edited_copy import guessed_cells

    with suppress(OSError, ValueError, KeyError):  # what nobody can tell is no guess
        return guessed_cells(book)
    return {}


def _grids(book: Path, limits: Limits) -> tuple[Sequence[Grid], bool]:
    """The sheets, and whether the file is of the kind that we write ourselves."""
    data = book.read_bytes()
    kind = kind_of(data, book.name)
    return read_workbook(data, kind, limits, (), book.name).grids, kind is Kind.XLSX
