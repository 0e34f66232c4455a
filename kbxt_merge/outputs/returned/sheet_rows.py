"""The rows of a sheet of ours as XML: a frame with its formats once, filled for each row."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from kbxt_merge.model.returns import column_letters
from kbxt_merge.model.text import allowed_in_xml
from kbxt_merge.outputs.returned.archive import escaped

_LONGEST_CELL = 32767
_MOST_COLUMNS = 30
_POINTS_A_LINE = 15
_HIGHEST_ROW = 400
_HIGH = ' ht="%s" customHeight="1"'
LETTERS = tuple(column_letters(column) for column in range(_MOST_COLUMNS))


def frame_of(formats: Sequence[int], high: bool = False) -> str:
    """A row from its first column on, in which its number, its height, and each cell's row and text are to be put."""
    cells = (f'<c r="{letters}%s" s="{look}"%s' for letters, look in zip(LETTERS, formats, strict=False))
    return f'<row r="%s"{_HIGH if high else ""}>{"".join(cells)}</row>'


def filled(frame: str, row: int, texts: Sequence[str], height: float | None = None) -> str:
    """The row that a frame makes of these texts."""
    number = str(row + 1)
    cells = [number] * (2 * len(texts))
    cells[1::2] = map(_inside, texts)
    return frame % ((number, *cells) if height is None else (number, f"{height:g}", *cells))


@lru_cache(maxsize=4096)
def _inside(text: str) -> str:
    """How the cell of a text ends; most texts come in every line: the school, the file, the form, the rule."""
    if not text:
        return "/>"
    fitting = text if len(text) <= _LONGEST_CELL else allowed_in_xml(text)[:_LONGEST_CELL]
    return f' t="inlineStr"><is><t xml:space="preserve">{escaped(fitting)}</t></is></c>'


def height_of(texts: Sequence[str], widths: Sequence[int]) -> int:
    """The height in points of a row with these texts, in columns so many characters wide."""
    return min(max(map(_lines, texts, widths)) * _POINTS_A_LINE + 3, _HIGHEST_ROW)


@lru_cache(maxsize=4096)
def _lines(text: str, width: int) -> int:
    """Count the lines that a text takes in a column so many characters wide; a Chinese character counts for two."""
    if 2 * len(text) < width and "\n" not in text:
        return 1
    narrow = (len(line.encode("latin-1", "ignore")) for line in text.split("\n"))
    return sum(1 + (2 * len(line) - few) // width for line, few in zip(text.split("\n"), narrow, strict=True))
