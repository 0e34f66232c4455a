"""The rows of a sheet of ours as XML: a frame that is filled, or, where there are many, columns of texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kbxt_merge.model.returns import column_letters
from kbxt_merge.model.text import allowed_in_xml
from kbxt_merge.outputs.sheets.archive import escaped
from kbxt_merge.outputs.sheets.row_xml import rows_xml

_LONGEST_CELL = 32767
_MOST_COLUMNS = 30
_POINTS_A_LINE = 15
_HIGHEST_ROW = 400
_HIGH = ' ht="%s" customHeight="1"'
_OPENS, _CLOSES = ' t="inlineStr"><is><t', "</t></is></c>"
LETTERS = tuple(column_letters(column) for column in range(_MOST_COLUMNS))


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A text a row, and the number of its format: one for all rows, or one a row."""

    texts: Sequence[str]
    looks: int | Sequence[int] = 0

    @property
    def is_seen(self) -> bool:
        """Whether any of its cells holds something, or has a format."""
        return bool(self.looks) or any(self.texts)

    def cells(self, behind: str) -> list[list[bytes]]:
        """What follows the row's number in the address of each cell, and `behind` it."""
        looks = {self.looks} if isinstance(self.looks, int) else set(self.looks)
        if len(looks) == 1:
            return self._alike(f'"{_style(looks.pop())}', behind)
        cells = list(zip(self.texts, self.looks, strict=True))  # type: ignore[arg-type]  # for there are several
        made = {cell: f'"{_style(cell[1])}{_inside(cell[0])}{behind}'.encode() for cell in set(cells)}
        return [list(map(made.__getitem__, cells))]

    def _alike(self, begin: str, behind: str) -> list[list[bytes]]:
        """Cells of one format: each distinct text is made into one once, unless all are other codes."""
        texts, distinct = self.texts, set(self.texts)
        if 2 * len(distinct) > len(texts) and "" not in distinct:
            joined = "".join(distinct)
            if joined.isascii() and joined.isalnum() and max(map(len, distinct)) <= _LONGEST_CELL:
                opens, closes = f"{begin}{_OPENS}>".encode(), f"{_CLOSES}{behind}".encode()
                return [[opens] * len(texts), "\n".join(texts).encode().split(b"\n"), [closes] * len(texts)]
        known = {text: f"{begin}{_inside(text)}{behind}".encode() for text in distinct}
        return [list(map(known.__getitem__, texts))]


def rows_of(first: int, columns: Sequence[TextColumn], heights: Sequence[int]) -> bytes:
    """Rows from this one on, counted from zero, each as high as `heights` says in points; a column that nothing is seen
    of is left out."""

    def heads(behind: str) -> list[list[bytes]]:
        known = {each: f'"{_HIGH % each}>{behind}'.encode() for each in set(heights)}
        return [list(map(known.__getitem__, heights))]

    seen = [(letters, column.cells) for letters, column in zip(LETTERS, columns, strict=False) if column.is_seen]
    return rows_xml(first, len(heights), heads, seen)


def heights_of(columns: Sequence[Sequence[str]], widths: Sequence[int]) -> list[int]:
    """The heights in points of rows with these columns of texts, which are so many characters wide."""
    lines = [[1] * len(columns[0])]
    for texts, width in zip(columns, widths, strict=True):
        distinct = set(texts)
        if 2 * max(map(len, distinct)) < width and "\n" not in "".join(distinct):
            continue
        known = {text: _lines(text, width) for text in distinct}
        if max(known.values()) > 1:
            lines.append(list(map(known.__getitem__, texts)))
    return [_points(max(each)) for each in zip(*lines, strict=True)]


def frame_of(formats: Sequence[int], high: bool = False) -> str:
    """A row from its first column on, in which its number, its height, and each cell's row and text are to be put."""
    cells = (f'<c r="{letters}%s"{_style(look)}%s' for letters, look in zip(LETTERS, formats, strict=False))
    return f'<row r="%s"{_HIGH if high else ""}>{"".join(cells)}</row>'


def filled(frame: str, row: int, texts: Sequence[str], height: float | None = None) -> str:
    """The row that a frame makes of these texts."""
    number = str(row + 1)
    cells = [number] * (2 * len(texts))
    cells[1::2] = map(_inside, texts)
    return frame % ((number, *cells) if height is None else (number, f"{height:g}", *cells))


def _style(look: int) -> str:
    return f' s="{look}"' if look else ""


@lru_cache(maxsize=4096)
def _inside(text: str) -> str:
    """How the cell of a text ends; many texts come again in other lines and other workbooks."""
    if not text:
        return "/>"
    fitting = text if len(text) <= _LONGEST_CELL else allowed_in_xml(text)[:_LONGEST_CELL]
    space = "" if fitting == fitting.strip() else ' xml:space="preserve"'
    return f"{_OPENS}{space}>{escaped(fitting)}{_CLOSES}"


def height_of(texts: Sequence[str], widths: Sequence[int]) -> int:
    """The height in points of a row with these texts, in columns so many characters wide."""
    return _points(max(map(_lines, texts, widths)))


def _points(lines: int) -> int:
    return min(lines * _POINTS_A_LINE + 3, _HIGHEST_ROW)


@lru_cache(maxsize=4096)
def _lines(text: str, width: int) -> int:
    """Count the lines that a text takes in a column so many characters wide; a Chinese character counts for two."""
    if 2 * len(text) < width and "\n" not in text:
        return 1
    narrow = (len(line.encode("latin-1", "ignore")) for line in text.split("\n"))
    return sum(1 + (2 * len(line) - few) // width for line, few in zip(text.split("\n"), narrow, strict=True))
