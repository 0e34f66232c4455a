"""The table of a blank: its columns with their upper headers, the rows printed in it, and the notes below it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kbxt_merge.intake.drafting.headings import is_note, is_unit_line, signs
from kbxt_merge.intake.drafting.page import Page
from kbxt_merge.intake.recognition.headers import header_cells
from kbxt_merge.model.own_workbook import CHECK_HEADER
from kbxt_merge.model.text import plain

_MOST_HEADER_ROWS = 3
_CODE = re.compile(r"[甲乙丙丁戊己庚辛壬癸]|[(（]?[0-9]{1,3}[)）]?|[A-Z]{1,2}|[—–-]+")
_NUMBER = re.compile(r"[0-9]{1,4}|…+|\.{2,}|合计|[一二三四五六七八九十]{1,3}")
_EXAMPLE = re.compile(r"例|样")
_FEWEST_LABELS = 3


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header as printed, those above it (the uppermost first), and where it stands."""

    header: str
    groups: tuple[str, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Table:
    """What a table prints; `body` is its first row, `labels` are those of printed rows, with their `numbers`."""

    columns: Sequence[Column]
    codes: Sequence[str]
    body: int
    printed: int
    labels: Sequence[str]
    numbers: Sequence[str]
    notes: Sequence[str]
    unit_below: str


def header_height(page: Page, row: int, end: int | None = None) -> int:
    """How many rows the header takes that begins in a row."""
    last, limit = row, min(row + _MOST_HEADER_ROWS, len(page.rows) if end is None else end) - 1
    at = row
    while at <= last:
        for box in page.rows[at]:
            last = max(last, min(box.bottom, limit))
            below = page.rows[at + 1] if at + 1 < len(page.rows) else ()
            if box.width > 1 and at < limit and any(box.left <= each.left <= box.right for each in below):
                last = max(last, at + 1)
        at += 1
    return last - row + 1


def table_at(page: Page, row: int) -> Table | None:
    """The table whose header begins in a row; None where there is none."""
    if row >= len(page.rows) or len(page.rows[row]) < 2:
        return None
    height = header_height(page, row)
    cells = header_cells(page.grid, row, height)
    columns = [
        Column(each.text, tuple(filter(None, (each.above, each.group))), each.column - page.grid.left)
        for each in cells
        if plain(each.text) != CHECK_HEADER
    ]
    below = row + height
    codes = _codes(page, below, columns)
    body = below + bool(codes)
    notes, unit, printed = _below(page, body)
    labels, numbers = _labels(page, body, printed, columns)
    return Table(columns, codes, body, printed - body, labels, numbers, notes, unit)


def _codes(page: Page, row: int, columns: Sequence[Column]) -> list[str]:
    texts: Mapping[int, str] = page.texts[row] if row < len(page.texts) else {}
    filled = [text.strip() for text in texts.values()]
    if len(filled) < max(3, len(columns) / 2) or not all(map(_CODE.fullmatch, filled)):
        return []
    return [texts.get(each.column, "").strip() for each in columns]


def _below(page: Page, body: int) -> tuple[list[str], str, int]:
    """The notes below a table, the line of the unit where it stands there, and the row where its rows end."""
    notes: list[str] = []
    unit, end = "", len(page.rows)
    for row in range(body, len(page.rows)):
        boxes = page.rows[row]
        line = "    ".join(each.text for each in boxes)
        is_wide = len(boxes) == 1 and boxes[0].width > page.width / 2
        if not boxes or not (is_wide or is_note(line) or signs(line) or is_unit_line(line)):
            continue
        end = min(end, row)
        if is_unit_line(line) and not is_note(line) and not signs(line):
            unit = line
        else:
            notes.append(line)
    return notes, unit, end


def _labels(page: Page, body: int, end: int, columns: Sequence[Column]) -> tuple[list[str], list[str]]:
    """What is printed at the left of each row, where that is no number; and the number beside it."""
    if not columns:
        return [], []
    first = columns[0].column
    rows = [page.texts[row] for row in range(body, end) if page.texts[row]]
    labels = [texts.get(first, "").strip() for texts in rows]
    if any(map(_EXAMPLE.search, labels)) or sum(bool(each) and not _NUMBER.fullmatch(each) for each in labels) < (
        _FEWEST_LABELS
    ):
        return [], []
    second = columns[1].column if len(columns) > 1 else first
    kept = [(label, texts.get(second, "").strip()) for label, texts in zip(labels, rows, strict=True) if label]
    return [label for label, _ in kept], [number for _, number in kept]
