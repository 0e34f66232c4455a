"""How much room a text takes on paper, so that nothing is cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

LINE_HEIGHT = 15.6
"""Points that a line of the body font takes, with the leading of the widest fonts it may be replaced by."""
LEAST_HEIGHT = 21.0
TALLEST_ROW = 405.0
"""Points; spreadsheet programs stop at 409."""

_PADDING = 6.0
_INDENT = 1
_EVEN_LINES = 2
"""Half-width characters that a cell's edges take from its width."""


def text_width(text: str) -> int:
    """The width in half-width characters: a Chinese character counts two.

    >>> text_width("7(2)班"), text_width("赣县区")
    (6, 6)
    """
    return len(text.encode("gb18030", "replace"))


def line_count(text: str, width: float) -> int:
    """Count the lines that a text takes in a cell of this width (half-width characters)."""
    room = _room(width)
    if 2 * len(text) <= room and "\n" not in text:
        return 1
    lines = text.encode("gb18030", "replace").split(b"\n")  # as `text_width`: no other byte is a line break
    return sum([_lines_of(len(line), room) for line in lines])


def _lines_of(width: int, room: int) -> int:
    """The lines that a text of this width takes without a break of its own."""
    return max(1, -(-width // room))


def _room(width: float) -> int:
    return max(int(width) - _INDENT, 2)


def balanced(text: str, width: float) -> str:
    """A header with its lines broken evenly, where it is one word too long for its cell.

    >>> balanced("送教上门", 6), balanced("其中：建档立卡脱贫户", 8), balanced("备注", 6)
    ('送教\\n上门', '其中：\\n建档立卡\\n脱贫户', '备注')
    >>> balanced("人员类别\\n(建档立卡贫困户或镇贫困户)", 20)
    '人员类别\\n(建档立卡贫困\\n户或镇贫困户)'
    """
    return "\n".join(_broken(line, width) for line in text.split("\n"))


def _broken(text: str, width: float) -> str:
    is_chinese = text_width(text) == 2 * len(text) - sum(map(text.count, "()"))
    if text_width(text) <= width + 1 or not is_chinese:
        return text
    head, colon, rest = text.rpartition("：")
    lines = -(-text_width(rest) // int(width))
    size = -(-len(rest) // lines)
    parts = [rest[start : start + size] for start in range(0, len(rest), size)]
    return "\n".join([head + colon, *parts] if colon else parts)


def height_of(lines: int) -> float:
    """The height in points of a row with this many lines."""
    return max(LEAST_HEIGHT, lines * LINE_HEIGHT + _PADDING)


def tall_rows(columns: Sequence[tuple[Sequence[object], float]]) -> dict[int, float]:
    """The heights in points of those rows that need more than one line.

    `columns` are the cells of each column and the column's width in half-width characters.
    """
    lines: dict[int, int] = {}
    for cells, width in columns:
        tall = _tall_texts(cells, width)
        for row, text in enumerate(cells) if tall else ():
            if text in tall:
                lines[row] = max(tall[text], lines.get(row, 1))
    return {row: min(height_of(needed), TALLEST_ROW) for row, needed in lines.items()}


def even(heights: Mapping[int, float], rows: int) -> dict[int, float]:
    """The heights of all rows, of which some are tall: two lines for every row, and more for those that need more.

    >>> even({1: 37.2, 2: 68.4}, 4), even({}, 4)
    ({0: 37.2, 1: 37.2, 2: 68.4, 3: 37.2}, {})
    """
    common = height_of(_EVEN_LINES)
    return {row: max(heights.get(row, common), common) for row in range(rows)} if heights else {}


def _tall_texts(cells: Sequence[object], width: float) -> dict[object, int]:
    """The texts of a column that take more than one line, each looked at once."""
    room = _room(width)
    texts = [text for text in set(cells) if isinstance(text, str)]
    if _all_fit(texts, room):
        return {}
    long = [text for text in texts if 2 * len(text) > room and "\n" not in text]
    counted = {text: _lines_of(own, room) for text, own in _widths(long).items()}
    broken = {text: line_count(text, width) for text in texts if "\n" in text}
    return {text: count for text, count in (counted | broken).items() if count > 1}


def _all_fit(texts: Sequence[str], room: int) -> bool:
    """Tell at a glance that texts need one line each: even were all Chinese, or as none is."""
    joined, longest = "".join(texts), max(map(len, texts), default=0)
    return "\n" not in joined and (2 * longest <= room or (longest <= room and joined.isascii()))


def _widths(texts: Sequence[str]) -> dict[str, int]:
    """The widths of texts of one line, measured at once: no byte of a Chinese character is a line break."""
    lines = "\n".join(texts).encode("gb18030", "replace").split(b"\n")
    return dict(zip(texts, map(len, lines), strict=True)) if texts else {}
