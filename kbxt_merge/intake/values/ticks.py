"""Boxes to tick: which of the words in a cell are ticked, and which boxes are left empty."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from kbxt_merge.model.boxes import BOXES, TICKS

_MARK = re.compile(f"[{TICKS}{BOXES}]")
_BRACKETED = re.compile(rf"[(（\[【]\s*([{TICKS}Vv]?)\s*[)）\]】]")
_PIECE = re.compile(rf"[{TICKS}{BOXES}]|[^{TICKS}{BOXES}\s、,，;；/|]+")

_FONT_BOXES = str.maketrans({"þ": "☑", "¨": "□", "£": "□"})
"""Wingdings' boxes as their letters, where the font was lost; a ticked one is R where the empty one is £."""
_LETTER_TICK = re.compile(r"(?<![A-Za-z])[VvＶｖ](?![A-Za-z])")
_FONT_TICK = re.compile(r"(?<![A-Za-z])R(?![A-Za-z])")


def with_typed_ticks(text: str) -> str:
    """The text with ticks and boxes for the letters that are typed, or left of a lost font, in their place.

    >>> with_typed_ticks("是V 否"), with_typed_ticks("£是 R否")
    ('是√ 否', '□是 ☑否')
    """
    marked = _LETTER_TICK.sub("√", text)
    return (_FONT_TICK.sub("☑", marked) if "£" in marked else marked).translate(_FONT_BOXES)


_LONGEST = 400
"""Characters of a cell that prints all its options, each with a box."""


def has_boxes(text: str) -> bool:
    """Tell a cell that prints its options, each with a box: it may be longer than a word and a note."""
    return len(text) <= _LONGEST and len(_MARK.findall(text)) > 1


class Option(NamedTuple):
    """A word, and whether it is ticked: None where it has no box."""

    word: str
    ticked: bool | None


def options_in(text: str) -> list[Option]:
    """The words of a text that holds ticks or boxes; none where it holds no mark, or nobody could tell whose it is.

    Marks stand before their words or behind them, alike in one cell.

    >>> options_in("☑是 □否") == options_in("是（√）否（ ）")
    True
    """
    marked = _BRACKETED.sub(lambda found: "√" if found[1] else "□", text)
    if not _MARK.search(marked):
        return []
    pieces = list(_PIECE.finditer(marked))
    places = [place for place, piece in enumerate(pieces) if _MARK.fullmatch(piece.group())]
    step = _side(pieces, places)
    if not step or any(right - left == 1 for left, right in pairwise(places)):
        return []
    ticks = {place + step: pieces[place].group() in TICKS for place in places}
    return [Option(piece.group(), ticks.get(place)) for place, piece in enumerate(pieces) if place not in places]


def _side(pieces: list[re.Match[str]], places: list[int]) -> int:
    """Where the word of each mark stands: 1 behind it, -1 before it, 0 where that is open."""
    last = len(pieces) - 1
    if last == 0:
        return 0
    if (places[0] == 0) != (places[-1] == last):
        return 1 if places[0] == 0 else -1
    if places[0] == 0:
        return 0
    sides = {_nearer(pieces, place) for place in places}
    return sides.pop() if len(sides) == 1 else 0


def _nearer(pieces: list[re.Match[str]], place: int) -> int:
    """On which side of an inner mark its word touches it; 0 where both do, or neither."""
    before = pieces[place - 1].end() == pieces[place].start()
    behind = pieces[place].end() == pieces[place + 1].start()
    return int(behind) - int(before)
