"""The labels of a card as they stand on a grid, and the cells in which each one's value stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kbxt_merge.intake.recognition.headers import header_text, text_of
from kbxt_merge.model.form import Form
from kbxt_merge.model.returns import Cell, Grid, is_blank
from kbxt_merge.model.text import plain

_LONGEST = 200
"""Characters of the longest cell that may be a label with its value behind it."""
_AFTER_LABEL = re.compile(r"\s*[:：]\s*(?P<value>\S.*)", re.DOTALL)

Known = Mapping[str, tuple[str, ...]]
"""The fields that each wording of a label may mean, in the form's order; a band's label means none."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label: its place, the last row and the first column behind it (positions in the grid), and what it says itself.

    `inline` is a value that stands behind the label in its own cell.
    """

    row: int
    offset: int
    bottom: int
    after: int
    fields: tuple[str, ...]
    inline: str = ""


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels on a grid in reading order; `above` says that their values stand below them, not beside."""

    found: tuple[Label, ...]
    known: Known
    above: bool

    def between(self, first: int, end: int) -> Labels:
        """Those in these rows."""
        return Labels(tuple(each for each in self.found if first <= each.row < end), self.known, self.above)


def find_labels(grid: Grid, form: Form) -> Labels:
    """The labels of the form on a grid.

    What stands where a label's value does is a value, even if it reads like a label: only one that is said nowhere
    else may stand there with its value behind it.
    """
    known = _fields_by_label(form)
    labels = list(_all_labels(grid, known, known.get(header_text(form.by_name[form.record_field].header), ())))
    starts = {(each.row, each.offset) for each in labels if not each.inline}
    named = [each for each in labels if each.fields and not each.inline]
    above = sum((each.row, each.after) in starts for each in named) * 2 > len(named)
    if above:
        return Labels(tuple(labels), known, above)
    values: set[tuple[int, int]] = set()
    said = {each.fields for each in named}
    kept: list[Label] = []
    for each in labels:
        if (each.row, each.offset) in values and not (each.inline and each.fields not in said):
            continue
        kept.append(each)
        if each.fields and not each.inline:
            values.add((each.row, each.after))
    return Labels(tuple(kept), known, above)


def without_label(text: str, fields: Sequence[str], known: Known) -> str:
    """A value without the label of one of these fields that was typed again before it: `姓名：…`."""
    label, inline = _split_label(text, known)
    return inline if inline and not set(known[label]).isdisjoint(fields) else text


def value_rows(grid: Grid, label: Label, labels: Labels, width: int) -> list[list[tuple[int, Cell]]]:
    """The filled cells, with their offsets, of each row in which a label's value stands; the first may be empty.

    `width` is how many columns the form prints for the value. What stands behind these, or behind the cell that is
    merged over more, belongs to a label that nobody knows. A value goes on below as far as its label does, or in rows
    that hold nothing else.
    """
    if labels.above:
        begin, rows = label.offset, [label.bottom + 1]
    else:
        begin, rows = label.after, [label.row, *_rows_below(grid, label, labels)]
    found: list[list[tuple[int, Cell]]] = []
    for row in rows:
        cells = grid.rows[row] if row < len(grid.rows) else []
        ends = [each.offset for each in labels.found if each.row == row and each.offset >= begin]
        end = min([*ends, len(cells)])
        end = min(end, label.after if labels.above else max(begin + width, _right_of(grid, row, begin)))
        found.append([(at, cells[at]) for at in range(begin, end) if not is_blank(cells[at])])
    return found


def further_parts(grid: Grid, label: Label, labels: Labels, begin: int, part: re.Pattern[str]) -> list[Cell]:
    """The cells right of a value that are parts of it, as a date's or a number's in boxes, up to the next label."""
    cells = grid.rows[label.row]
    end = min([*(each.offset for each in labels.found if each.row == label.row and each.offset >= begin), len(cells)])
    found: list[Cell] = []
    for cell in cells[begin:end]:
        if not is_blank(cell) and not part.fullmatch(plain(str(cell).removesuffix(".0"))):
            break
        if not is_blank(cell):
            found.append(cell)
    return found


def _rows_below(grid: Grid, label: Label, labels: Labels) -> Iterator[int]:
    """The further rows in which a value stands right of its label."""
    yield from range(label.row + 1, label.bottom + 1)
    taken = {each.row for each in labels.found}
    for row in range(label.bottom + 1, len(grid.rows)):
        cells = grid.rows[row]
        filled = [at for at, cell in enumerate(cells) if not is_blank(cell)]
        if row in taken or filled != [label.after] or _OWN_LINE.match(plain(text_of(cells[label.after]))):
            return
        yield row


_OWN_LINE = re.compile(r"[^0-9:]{2,8}:|$|[0-9一二三四五六七八九十〇年月日./-]+$|.*章\)$")
"""What stands below a card as a line of its own, or is no text: `填表人：`, a date, a place for the stamp."""


def _right_of(grid: Grid, row: int, offset: int) -> int:
    """The first position right of the cell, and of those that are merged with it."""
    place = (grid.top + row, grid.left + offset)
    return max((right + 1 - grid.left for top, left, _, right in grid.merged if (top, left) == place), default=0)


def _fields_by_label(form: Form) -> Known:
    found: dict[str, tuple[str, ...]] = {header_text(band.label): () for band in form.bands}
    for each in form.fields:
        for text in dict.fromkeys(map(header_text, (each.header, *each.also))):
            found[text] = (*found.get(text, ()), each.name)
    return found


def _all_labels(grid: Grid, known: Known, name: tuple[str, ...]) -> Iterator[Label]:
    """Whatever reads like a label, in reading order; a `name` that is one with the label before it is no other."""
    spans = {(top, left): (bottom, right) for top, left, bottom, right in grid.merged}
    for position, row in enumerate(grid.rows):
        before, text_before = None, ""
        for offset, cell in enumerate(row):
            text = text_of(cell)
            label, inline = _split_label(text, known) if 0 < len(text) <= _LONGEST else ("", "")
            if label not in known:
                continue
            here = (grid.top + position, grid.left + offset)
            bottom, right = spans.get(here, here)
            fields = known[label]
            if before and before.after == offset and fields == name and text_before + label in known:  # 监护人1 姓名
                before, fields = None, known[text_before + label]
            if before:
                yield before
            before = Label(position, offset, bottom - grid.top, right + 1 - grid.left, fields, inline)
            text_before = label
        if before:
            yield before


def _split_label(text: str, known: Known) -> tuple[str, str]:
    """The label in a cell, and the value where a school wrote it behind the label: `姓名：…`."""
    whole = header_text(text)
    if whole in known:
        return whole, ""
    head, colon, _ = plain(text).partition(":")
    if colon and header_text(head) in known:
        behind = _AFTER_LABEL.search(text)
        return header_text(head), behind["value"] if behind else ""
    return "", ""
