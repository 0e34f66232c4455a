"""The table of a blank: its columns with their upper headers, the rows printed in it, and the notes below it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kbxt_merge.intake.drafting.headings import begins_notes, is_note, is_unit_line, lines_of, numbers_note, signs
from kbxt_merge.intake.drafting.page import Page
from kbxt_merge.intake.drafting.printed import Printed, printed_rows
from kbxt_merge.intake.recognition.headers import header_cells
from kbxt_merge.intake.recognition.number_headers import as_texts
from kbxt_merge.model.own_workbook import CHECK_HEADER
from kbxt_merge.model.text import plain

_MOST_HEADER_ROWS = 3
_CODE = re.compile(
    r"[甲乙丙丁戊己庚辛壬癸]|[(（]?[0-9]{1,3}[)）]?(?:\s*[=＝][0-9()（）+＋\-－×*÷/ ]+)?|[A-Z]{1,2}|[—–-]+"
)
_LONGEST_LABEL = 30


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header as printed, those above it (the uppermost first), and where it stands."""

    header: str
    groups: tuple[str, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Table:
    """What a table prints; `body` is its first row, `count` how many there are below, `printed` what they say."""

    columns: Sequence[Column]
    codes: Sequence[str]
    body: int
    count: int
    printed: Printed
    notes: Sequence[str]
    unit_below: str


def header_height(page: Page, row: int, end: int | None = None) -> int:
    """How many rows the header takes that begins in a row."""
    last, limit = row, min(row + _MOST_HEADER_ROWS, len(page.rows) if end is None else end) - 1
    at = row
    while at <= last:
        for box in page.rows[at]:
            last = max(last, min(box.bottom, limit))
            below = page.rows[at + 1] if at + 1 < len(page.rows) and not _is_codes(page, at + 1, row) else ()
            if box.width > 1 and at < limit and any(box.left <= each.left <= box.right for each in below):
                last = max(last, at + 1)
        at += 1
    return last - row + 1


def table_at(page: Page, row: int, end: int | None = None) -> Table | None:
    """The table whose header begins in a row, on the rows of the page before `end`; None where there is none."""
    if row >= len(page.rows) or len(page.rows[row]) < 2:
        return None
    height = header_height(page, row)
    texts = [as_texts(cells) if row <= at < row + height else cells for at, cells in enumerate(page.grid.rows)]
    cells = header_cells(replace(page.grid, rows=texts), row, height)
    columns = [
        Column(each.text, tuple(filter(None, (each.above, each.group))), each.column - page.grid.left)
        for each in cells
        if plain(each.text) != CHECK_HEADER
    ]
    below = row + height
    codes = _codes(page, below, columns)
    body = below + bool(codes)
    notes, unit, last = _below(page, body) if end is None else ((), "", end)
    end = last
    printed = printed_rows(page, range(body, end), [each.column for each in columns])
    return Table(columns, codes, body, end - body, printed, notes, unit)


def _is_codes(page: Page, row: int, header: int) -> bool:
    """Tell a row of codes, which has one below every header; of days to be filled in only their own group has."""
    boxes = page.rows[row]
    begins = bool(boxes) and boxes[0].left == page.rows[header][0].left
    return begins and all(_CODE.fullmatch(each.text) for each in boxes)


def _codes(page: Page, row: int, columns: Sequence[Column]) -> list[str]:
    texts: Mapping[int, str] = page.texts[row] if row < len(page.texts) else {}
    filled = [text.strip() for text in texts.values()]
    if len(filled) < max(3, len(columns) / 2) or not all(map(_CODE.fullmatch, filled)):
        return []
    return [texts.get(each.column, "").strip() for each in columns]


def _below(page: Page, body: int) -> tuple[list[str], str, int]:
    """The notes below a table, the line of the unit where it stands there, and the row where its rows end."""
    rows = range(body, next((row for row in range(body, len(page.rows)) if _begins_notes(page, row)), len(page.rows)))
    last = max((row for row in rows if _is_of_body(page, row)), default=body - 1)
    below = range(last + 1, len(page.rows))
    lines = {row: "    ".join(each.text for each in page.rows[row]) for row in below if page.rows[row]}
    unit = next((line for line in lines.values() if _names_unit(line)), "")
    notes = [each for line in lines.values() if line != unit for each in lines_of(line)]
    return notes, unit, min(lines, default=len(page.rows))


def _is_of_body(page: Page, row: int) -> bool:
    """Tell a row of the table from what stands below it: that spans the page, signs, notes, or names the unit."""
    boxes = page.rows[row]
    line = "    ".join(each.text for each in boxes)
    if not boxes or signs(line) or _names_unit(line):
        return False
    is_alone = len(boxes) == 1
    if is_alone and boxes[0].width > page.width / 2:
        return False
    return not is_note(line) or (numbers_note(line) and not (is_alone and len(line) > _LONGEST_LABEL))


def _begins_notes(page: Page, row: int) -> bool:
    """Tell 注：or 说明：alone in its row: what stands below it are notes."""
    boxes = page.rows[row]
    return len(boxes) == 1 and begins_notes(boxes[0].text)


def _names_unit(line: str) -> bool:
    return is_unit_line(line) and not is_note(line) and not signs(line)
