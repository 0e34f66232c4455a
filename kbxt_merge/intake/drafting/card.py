"""A card: labels with empty places right of them, bands at the left, and a list below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kbxt_merge.intake.drafting.headings import is_note, lines_of, signs
from kbxt_merge.intake.drafting.page import Box, Page

_LEAST_ROWS = 2
_LONGEST_LABEL = 30
_LEAST_HEADERS = 3


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a card, and how many columns its value spans; `hint` is what is printed there, `place` its cell."""

    text: str
    span: int
    hint: str = ""
    place: tuple[int, int] = (0, 0)


@dataclass
class Card:
    """The rows of labels by their bands; `list_at` is the row where the header of a list stands, with its title.

    `list_band` is the label at the left of a list in the midst of the card, which `list_end` is the first row below.
    """

    bands: list[tuple[str, list[list[Label]]]] = field(default_factory=list)
    list_at: int | None = None
    list_end: int | None = None
    list_band: Box | None = None
    list_title: str = ""
    notes: list[str] = field(default_factory=list)
    labels_above: bool = False

    @property
    def rows(self) -> Iterator[list[Label]]:
        """All rows."""
        for _, rows in self.bands:
            yield from rows


def card_at(page: Page, row: int) -> Card | None:
    """The card whose first row of labels this is; None for a table."""
    card = Card()
    while row < len(page.rows):
        boxes = page.rows[row]
        line = "    ".join(each.text for each in boxes)
        if card.list_at is None and _is_list_header(page, row) and any(card.rows):
            band = boxes[0] if boxes[0].left == 0 and boxes[0].bottom > row + 1 else None
            card.list_at = row
            if band is None:
                break
            card.list_band, card.list_title, row = band, "".join(band.text.split()), band.bottom + 1
            card.list_end = row
            continue
        if boxes and (is_note(line) or signs(line)) and len(boxes) == 1 and not _is_label(page, boxes[0]):
            card.notes += lines_of(line)
        elif len(boxes) == 1 and any(card.rows) and (not page.right_of(boxes[0])[0] or _heads_list(page, row)):
            card.list_title = boxes[0].text if len(boxes[0].text) < 30 else card.list_title
        elif _begins_again(page, row, card):
            break
        else:
            _add_row(page, row, card)
        row += 1
    rows = sum(1 for _ in card.rows)
    return card if rows >= _LEAST_ROWS or (rows and card.list_at is not None) else None


def card_of_labels_above(page: Page, row: int) -> Card | None:
    """The card whose labels stand in rows over the rows of their values; None where there are no two of these."""
    card = Card(labels_above=True)
    while row < len(page.rows):
        boxes = page.rows[row]
        line = "    ".join(each.text for each in boxes)
        blank_below = not page.rows[row + 1] if row + 1 < len(page.rows) else page.is_merged(row + 1)
        is_labels = boxes and blank_below and all(_reads_as_label(each.text) for each in boxes)
        if is_labels and not (is_note(line) and len(boxes) == 1 and re.search(r"[:：]", line)):
            _add_band(card, "")
            card.bands[-1][1].append([Label(each.text, max(1, each.width), "", (row + 1, each.left)) for each in boxes])
        elif boxes and len(boxes) == 1:
            card.notes += lines_of(line)
        elif boxes:
            return None
        row += 1
    rows = [len(labels) for labels in card.rows]
    return card if len(rows) >= _LEAST_ROWS and max(rows) >= _LEAST_ROWS else None


def _begins_again(page: Page, row: int, card: Card) -> bool:
    """Tell the first row of a card that is printed once more below the first."""
    first = next(card.rows, [])
    return bool(first) and [each.text for each in _labels(page, page.rows[row])] == [each.text for each in first]


def _reads_as_label(text: str) -> bool:
    return len(text) <= _LONGEST_LABEL and not re.search(r"[0-9。，]|[:：]$", text)


def _add_band(card: Card, text: str) -> None:
    if not card.bands:
        card.bands.append((text, []))


def _is_label(page: Page, box: Box) -> bool:
    """Tell 备注 with an empty place beside it from a note."""
    is_empty, _ = page.right_of(box)
    return is_empty and not re.search(r"[:：]", box.text)


def _add_row(page: Page, row: int, card: Card) -> None:
    boxes = list(page.rows[row])
    bands = [each for each in boxes if each.left == 0 and each.bottom > each.top]
    if bands:
        card.bands.append((bands[0].text, []))
        boxes.remove(bands[0])
    labels = list(_labels(page, boxes))
    if not labels:
        card.notes += [each for box in boxes if len(box.text) > _LONGEST_LABEL for each in lines_of(box.text)]
        return
    _add_band(card, "")
    card.bands[-1][1].append(labels)


def _labels(page: Page, boxes: Sequence[Box]) -> Iterator[Label]:
    """Each text with an empty place right of it; a text right of a label that spans more columns is its hint."""
    at = 0
    while at < len(boxes):
        box = boxes[at]
        is_empty, span = page.right_of(box)
        following = boxes[at + 1] if at + 1 < len(boxes) else None
        if is_empty:
            yield Label(box.text, span, "", (box.top, box.right + 1))
        elif following and following.left == box.right + 1 and is_hint(following.text):
            yield Label(box.text, following.width, following.text, (box.top, box.right + 1))
            at += 1
        elif at and following is None and box.right + 1 >= page.width and _stands_apart(boxes, at):
            yield Label(box.text, 1)  # the sheet ends before the empty cell of the last label
        at += 1


def _stands_apart(boxes: Sequence[Box], at: int) -> bool:
    """Tell a text that an empty place parts from the one before it, as labels are."""
    return boxes[at - 1].right + 1 < boxes[at].left


def is_hint(text: str) -> bool:
    """Tell a printed text of a value's place: blanks of a day, 示例, what to fill in."""
    compact = "".join(text.split())
    return compact.startswith(("年月", "示例", "填写", "要求同上", "□", "是□", "例", "（")) or "____" in compact


def _heads_list(page: Page, row: int) -> bool:
    """Tell a text alone in its row over the header of a list."""
    below = next((at for at in range(row + 1, len(page.rows)) if page.rows[at]), None)
    return below is not None and _is_list_header(page, below)


def _is_list_header(page: Page, row: int) -> bool:
    """Tell a row of labels side by side, with nothing between."""
    boxes = page.rows[row]
    if len(boxes) < _LEAST_HEADERS:
        return False
    apart = any(one.right + 1 != other.left for one, other in pairwise(boxes))
    return not apart and not any(map(is_hint, (each.text for each in boxes)))
