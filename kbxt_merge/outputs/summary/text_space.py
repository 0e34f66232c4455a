"""How much room a text takes on paper, so that nothing is cut."""

from __future__ import annotations

from collections.abc import Sequence

LINE_HEIGHT = 15.6
"""Points that a line of the body font takes, with the leading of the widest fonts it may be replaced by."""
LEAST_HEIGHT = 21.0
TALLEST_ROW = 405.0
"""Points; spreadsheet programs stop at 409."""

_PADDING = 6.0


def text_width(text: str) -> int:
    """The width in half-width characters: a Chinese character counts two.

    >>> text_width("7(2)班"), text_width("赣县区")
    (6, 6)
    """
    return len(text.encode("gb18030", "replace"))


def line_count(text: str, width: float) -> int:
    """How many lines a text takes in a cell of this width (half-width characters)."""
    room = max(int(width), 2)
    return sum(max(1, -(-text_width(line) // room)) for line in text.split("\n"))


def height_of(lines: int) -> float:
    """The height in points of a row with this many lines."""
    return max(LEAST_HEIGHT, lines * LINE_HEIGHT + _PADDING)


def tall_rows(columns: Sequence[tuple[Sequence[str | int], float]]) -> dict[int, float]:
    """The heights in points of those rows that need more than one line.

    `columns` are the cells of each column and the column's width in half-width characters.
    """
    lines: dict[int, int] = {}
    for cells, width in columns:
        for row, text in enumerate(cells):
            if isinstance(text, str) and (2 * len(text) > width or "\n" in text):
                needed = line_count(text, width)
                if needed > lines.get(row, 1):
                    lines[row] = needed
    return {row: min(height_of(needed), TALLEST_ROW) for row, needed in lines.items()}
