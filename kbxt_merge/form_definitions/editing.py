"""A definition workbook looked at and edited elsewhere than in Excel: its tables, its mistakes by cell, its changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kbxt_merge.errors import SchemaError
from kbxt_merge.form_definitions.apart import apart
from kbxt_merge.form_definitions.opened_book import read_book, write_book, write_with_new, write_without
from kbxt_merge.intake.definitions.loader import read_forms
from kbxt_merge.model.definition_book.tables import BookTable, NewSheet, TableEdit
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.limits import Limits, Unreadable
from kbxt_merge.model.text import Language, Words
from kbxt_merge.rules.catalogue import CATALOGUE

_UNREADABLE = Words("不是能读的工作簿，或者有密码", "it is no workbook that can be read, or it is locked")


@dataclass(frozen=True, slots=True)
class CellMistake:
    """What is wrong at a cell of a sheet; both blank for what stands in no cell."""

    sheet: str
    cell: str
    words: Words


@dataclass(frozen=True, slots=True)
class LoadedBook:
    """A definition workbook: its tables, and the forms that it defines where nothing is wrong with it."""

    forms: Forms | None
    tables: Sequence[BookTable] = ()
    mistakes: Sequence[CellMistake] = ()


def load_book(book: Path, limits: Limits) -> LoadedBook:
    """Look at a workbook, which may come from anywhere: only a process of its own opens the file."""
    try:
        read = apart(limits, read_book, book, limits)
    except Unreadable:
        return LoadedBook(None, mistakes=[CellMistake("", "", _UNREADABLE)])
    except SchemaError as fault:
        return LoadedBook(None, mistakes=[CellMistake("", "", fault.words)])
    forms, faults = read_forms(CATALOGUE, book, read.grids)
    mistakes = [
        CellMistake(each.mark.sheet if each.mark else "", each.mark.cell if each.mark else "", each.words)
        for each in faults
    ]
    return LoadedBook(None if faults else forms, read.tables, mistakes)


def write_edited(book: Path, copy: Path, edit: TableEdit, limits: Limits) -> None:
    """Write a workbook anew with what was changed in one of its tables; raises SchemaError where that can't be."""
    with _told():
        apart(limits, write_book, book, copy, edit, limits)


def write_longer(book: Path, copy: Path, new: NewSheet, language: Language, limits: Limits) -> str:
    """Write a workbook anew with a sheet more, and say what that is called; raises SchemaError where that can't be."""
    with _told():
        return apart(limits, write_with_new, book, copy, new, language, limits)


def write_shorter(book: Path, copy: Path, sheet: str, limits: Limits) -> None:
    """Write a workbook anew without a sheet; raises SchemaError where that can't be."""
    with _told():
        apart(limits, write_without, book, copy, sheet, limits)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, KeyError, Unreadable) as fault:
        raise SchemaError(
            "这个工作簿不能在网页里改：请下载后用 Excel 或 WPS 改",
            "this workbook can't be edited on the page: download it and edit it in Excel or WPS",
        ) from fault
