"""A child out of what is kept of a period: its rows and cards, and its name wherever others are told of it.

The workbooks are our own, so that what they look like is known. What can't be rewritten goes as a whole.
"""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from enum import Enum
from html import unescape
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from kbxt_merge.model.returns import position
from kbxt_merge.model.traces import Traces

SOURCES = "来源"
_CARD = re.compile(r"\d+( |$)")
"""How the name of a card's sheet begins: with its line in the index."""
_ANY_NUMBER = re.compile(r"\d{17}[\dXx]")
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]+·[\u4e00-\u9fff·]+")
"""What may be a name as a whole: another child's, that holds this one's or is the same."""
_GONE = "（已删除）"
"""Stands in the first text of a row that was the child's: an empty row would look like a loss."""
_PACKAGES = frozenset({".xlsx", ".docx"})
_TEXTS = frozenset({".html", ".csv", ".txt", ".json"})
_DAMAGE = (InvalidFileException, zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError)

Row = tuple[Cell | MergedCell, ...]


class Outcome(Enum):
    """What became of a file that may hold the child."""

    REWRITTEN = "rewritten"
    REMOVED = "removed"
    UNKNOWN = "unknown"


def without_child(folder: Path, traces: Traces) -> Iterator[tuple[Path, Outcome]]:
    """Take a child out of the files of a period's folder; told is each that changed, went, or can't be looked into."""
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        outcome = _outcome(path, traces)
        if outcome is Outcome.REMOVED:
            path.unlink()
        if outcome is not None:
            yield path, outcome


def _outcome(path: Path, traces: Traces) -> Outcome | None:
    """What becomes of a file; None where it does not hold the child."""
    suffix = path.suffix.lower()
    if suffix in _PACKAGES:
        try:
            text = _text_of_parts(path)
            if suffix == ".xlsx":
                return _of_workbook(path, traces) if traces.may_stand_in(text) else None
            return Outcome.REMOVED if traces.are_told_in(text) else None
        except _DAMAGE:
            return Outcome.REMOVED
    if suffix in _TEXTS:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        is_report = suffix == ".html" and traces.was_asked_about
        return Outcome.REMOVED if is_report or traces.are_told_in(text) else None
    return Outcome.UNKNOWN


def _text_of_parts(path: Path) -> str:
    with zipfile.ZipFile(path) as package:
        return unescape("".join(package.read(name).decode("utf-8", "replace") for name in package.namelist()))


def _of_workbook(path: Path, traces: Traces) -> Outcome | None:
    book = load_workbook(path)
    if not _taken_out(book, traces):
        return None
    if not book.worksheets:
        return Outcome.REMOVED
    written = path.with_name(f".{path.name}.new")
    with open(written, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
        book.save(stream)
    os.replace(written, path)
    return Outcome.REWRITTEN


def _taken_out(book: Workbook, traces: Traces) -> bool:
    """Take the child out of every sheet; False where none held it."""
    lines = _lines(book, traces)
    changed = False
    for sheet in book.worksheets:
        if _CARD.match(sheet.title):
            if _is_card_of_child(sheet, traces, lines):
                book.remove(sheet)
                changed = True
            continue
        for row in sheet.iter_rows():
            changed |= _erased(row) if _is_of_child(row, traces, lines) else _hidden(row, traces)
    return changed


def _lines(book: Workbook, traces: Traces) -> frozenset[int] | None:
    """The numbers of the child's lines, as the sheet of sources has them; None without such a sheet."""
    sheets = [sheet for sheet in book.worksheets if sheet.title.startswith(SOURCES)]
    rows = [row for sheet in sheets for row in sheet.iter_rows(values_only=True)]
    found = {row[0] for row in rows if isinstance(row[0], int) and _stands_at([str(each) for each in row], traces)}
    return frozenset(found) if sheets else None


def _is_of_child(row: Row, traces: Traces, lines: frozenset[int] | None) -> bool:
    """Whether a row is about the child: it bears its number or its place, or its name and nobody else's number."""
    texts = [str(cell.value) for cell in row if cell.value is not None]
    if any(map(traces.is_number, texts)) or _stands_at(texts, traces):
        return True
    if not any(map(traces.is_name, texts)) or any(map(_ANY_NUMBER.search, texts)):
        return False
    return row[0].value in lines if lines is not None else not traces.schools.isdisjoint(texts)


def _is_card_of_child(sheet: Worksheet, traces: Traces, lines: frozenset[int] | None) -> bool:
    texts = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    if any(map(traces.is_number, texts)):
        return True
    if not any(map(traces.is_name, texts)) or any(map(_ANY_NUMBER.search, texts)):
        return False
    return lines is None or int(_CARD.match(sheet.title)[0]) in lines  # type: ignore[index]


def _stands_at(texts: list[str], traces: Traces) -> bool:
    """Whether a line tells a cell of one of the child's rows: file, sheet and cell stand beside each other."""
    for file, sheet, cell in zip(texts, texts[1:], texts[2:], strict=False):
        place = position(cell)
        if place is not None and (file, sheet, place[0]) in traces.rows:
            return True
    return False


def _erased(row: Row) -> bool:
    """Take out all that a row says, but for its number; False where that was done before."""
    told = [cell for cell in row if isinstance(cell, Cell) and cell.value is not None]
    if any(cell.value == _GONE for cell in told):
        return False
    first = next(cell for cell in told if isinstance(cell.value, str))
    for cell in told:
        cell.hyperlink, cell.comment = None, None
        if cell is first or cell.column > 1:
            cell.value = _GONE if cell is first else None
    return True


def _hidden(row: Row, traces: Traces) -> bool:
    """Take the child's name out of what is said of others."""
    changed = False
    for cell in row:
        if isinstance(cell.value, str) and traces.are_told_in(cell.value) and not _NAME.fullmatch(cell.value):
            cell.value = traces.hidden_in(cell.value)
            changed = True
        if cell.comment is not None and traces.are_told_in(cell.comment.text):
            cell.comment.text = traces.hidden_in(cell.comment.text)
            changed = True
    return changed
