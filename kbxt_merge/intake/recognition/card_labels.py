"""The labels of cards as they stand on a grid."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kbxt_merge.intake.recognition.headers import header_text
from kbxt_merge.model.form import Form
from kbxt_merge.model.returns import Grid
from kbxt_merge.model.text import plain

_LONGEST = 200
"""Characters of the longest cell that may be a label with its value behind it."""
_LONGEST_LABEL = 30
_AFTER_LABEL = re.compile(r"\s*[:：]\s*(?P<value>\S.*)", re.DOTALL)

_COLONS = frozenset(":：")

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
    above: bool


def find_labels(grid: Grid, known: Known, name: str) -> Labels:
    """The labels on a grid; `name` is the field of the child's name.

    What stands where a label's value does is a value, even if it reads like a label: only one that is said nowhere
    else may stand there with its value behind it.
    """
    labels = list(_all_labels(grid, known, name))
    starts = {(each.row, each.offset) for each in labels if not each.inline}
    named = [each for each in labels if each.fields and not each.inline]
    above = sum((each.row, each.after) in starts for each in named) * 2 > len(named)
    if above:
        return Labels(tuple(labels), above)
    values: set[tuple[int, int]] = set()
    said = {each.fields for each in named}
    kept: list[Label] = []
    for each in labels:
        if (each.row, each.offset) in values and not (each.inline and each.fields not in said):
            continue
        kept.append(each)
        if each.fields and not each.inline:
            values.add((each.row, each.after))
    return Labels(tuple(kept), above)


def without_label(text: str, field: str, known: Known) -> str:
    """A value without its own label, which was typed again before it: `姓名：…`."""
    label, inline = _split_label(text, known)
    return inline if inline and field in known[label] else text


def fields_by_label(form: Form) -> Known:
    """What each wording of a label, and of a band, means on a form."""
    found: dict[str, tuple[str, ...]] = {header_text(band.label): () for band in form.bands}
    for each in form.fields:
        for text in dict.fromkeys(map(header_text, (each.header, *each.also))):
            found[text] = (*found.get(text, ()), each.name)
    return found


def _all_labels(grid: Grid, known: Known, name: str) -> Iterator[Label]:
    """Whatever reads like a label, in reading order; a `name` that is one with the label before it is no other."""
    spans = {(top, left): (bottom, right) for top, left, bottom, right in grid.merged}
    for position, row in enumerate(grid.rows):
        before, text_before = None, ""
        for offset, cell in enumerate(row):
            if not isinstance(cell, str) or len(cell) > _LONGEST:
                continue
            label, inline = _split_label(cell, known)
            if not label:
                continue
            here = (grid.top + position, grid.left + offset)
            bottom, right = spans.get(here, here)
            fields = known[label]
            if before and before.after == offset and fields == (name,) and text_before + label in known:  # 监护人1 姓名
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
    if not _COLONS.intersection(text):
        return "", ""
    head, colon, _ = plain(text).partition(":")
    if colon and len(head) < _LONGEST_LABEL and header_text(head) in known:
        behind = _AFTER_LABEL.search(text)
        return header_text(head), behind["value"] if behind else ""
    return "", ""
