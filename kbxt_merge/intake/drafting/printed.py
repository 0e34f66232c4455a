"""What a blank prints in the rows of its table: the labels, what stands beside them, and lines over some of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kbxt_merge.intake.drafting.page import Page

_NUMBER = re.compile(r"[0-9]{1,4}|…+|\.{2,}|[一二三四五六七八九十]{1,3}|[(（][0-9]{1,2}[)）]")
_EXAMPLE = re.compile(r"^[（(]?(?:示|样|范)?例|例[）)]?$|样例|示例|范例")
_FEWEST_LABELS = 3
_MOST_LABELS_AT = 3
"""The labels stand in one of so many columns at the left."""
_PRINTED_SHARE = 0.6
"""So much of a column is filled in where the blank prints it."""


@dataclass(frozen=True, slots=True)
class Printed:
    """The labels, their column's place among the columns, by place what is printed beside them, and lines over rows.

    `outer` is the place of a column with whose texts the labels begin. `numbers` are those beside the labels.
    """

    labels: Sequence[str] = ()
    at: int = 0
    beside: Mapping[int, Sequence[str]] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)
    outer: int | None = None

    @property
    def numbers(self) -> Sequence[str]:
        """What numbers the rows, where a printed column does."""
        columns = (texts for texts in self.beside.values() if all(each.isdigit() for each in texts if each))
        return next((texts for texts in columns if len(set(texts)) == len(texts)), ())


def printed_rows(page: Page, rows: range, columns: Sequence[int]) -> Printed:
    """What is printed in these rows of a page, in these columns; no labels where it is a list to be filled in."""
    sections = {row for row in rows if _is_section(page, row, rows)}
    body = [row for row in rows if page.texts[row] and row not in sections]
    texts = [[page.text_at(row, column) for row in body] for column in columns]
    filled = [at for at, each in enumerate(texts) if sum(map(bool, each)) >= _PRINTED_SHARE * len(body)]
    found = _labels(texts, [at for at in filled if at < _MOST_LABELS_AT])
    if found is None or any(map(_EXAMPLE.search, found[0])):
        return Printed()
    labels, at, outer = found
    over: dict[str, str] = {}
    for section in sorted(sections):
        first = next((label for label, row in zip(labels, body, strict=True) if row > section), None)
        if first:
            over[first] = page.rows[section][0].text
    beside = {each: [_own(text, label) for text, label in zip(texts[each], labels, strict=True)] for each in filled}
    beside.pop(at)
    if outer is not None:
        beside[outer] = texts[outer]
    return Printed(labels, at, beside, over, outer)


def _own(text: str, label: str) -> str:
    """What is printed beside a label; a cell merged over both says nothing besides."""
    return "" if text == label else text


def _labels(texts: Sequence[Sequence[str]], filled: Sequence[int]) -> tuple[Sequence[str], int, int | None] | None:
    """The labels, their column, and the one whose texts they begin with; None where no column holds labels."""
    worded = [
        at for at in filled if sum(bool(each) and not _NUMBER.fullmatch(each) for each in texts[at]) >= _FEWEST_LABELS
    ]
    for at in worded:
        others = [other for other in worded if other < at]
        labels = [own or next((texts[other][row] for other in others), "") for row, own in enumerate(texts[at])]
        if _tell_apart(labels):
            return labels, at, None
    for outer, at in pairwise(worded):
        labels = [f"{over}{_own(own, over)}" for over, own in zip(texts[outer], texts[at], strict=True)]
        if _tell_apart(labels):
            return labels, at, outer
    return None


def _tell_apart(labels: Sequence[str]) -> bool:
    return all(labels) and len(set(labels)) == len(labels)


def _is_section(page: Page, row: int, rows: Iterable[int]) -> bool:
    """Tell a line over a part of the rows: alone in its row, and spread over much of it."""
    boxes = page.rows[row]
    return (
        len(boxes) == 1
        and boxes[0].width > page.width / 2
        and any(len(page.rows[each]) > 1 for each in rows if each > row)
    )
