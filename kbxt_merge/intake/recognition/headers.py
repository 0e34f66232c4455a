"""The cells of a header as they stand on a sheet, and how their texts are compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kbxt_merge.model.returns import Cell, Grid
from kbxt_merge.model.text import bare_header, plain

_HAN = r"[\u3400-\u9fff]"
_ONLY_HAN = re.compile(rf"{_HAN}+")
_NUMBERED = re.compile(
    r"\A\s*(?:[Qq]?[0-9０-９]{1,2}\s*[.、．)）:：_]|[0-9０-９]{1,2}\s+|[①-⑳⒈-⒛]|[一二三四五六七八九十]{1,3}\s*[、.．]"
    rf"|[0-9０-９]{{1,2}}-|[(（][0-9０-９一二三四五六七八九十]{{1,2}}[)）])\s*(?={_HAN}|[*★☆※])"
)
"""What numbers a header: `1.姓名`, `（2）性别`, `三、年龄`."""
_ENDS_NUMBER = re.compile(r"[\s.、．)）:：_①-⑳⒈-⒛-]")
"""Without one of these nothing numbers a header: an address is told apart faster so."""
_TO_FILL_IN = re.compile(r"^(?:请)?填写(?=[\u3400-\u9fff]{2})")
_LETTER, _CIRCLED = re.compile("[A-Za-z]"), re.compile(r"[\s①-⑳]")
_MARKS = re.compile("[*★☆※▲△●◆■#]+")
_NUMBER_BEHIND = re.compile(rf"(?<={_HAN})\(([0-9一二三四])\)$")
_LATIN = re.compile(r"[A-Za-z][A-Za-z.'’&/-]*")
_ENDS = ":/|、,.·_-[]()【】〔〕"
_FURTHER = re.compile(rf"(?<={_HAN}{{2}})/{_HAN}+$")
"""What else a column holds, or is called: `年级/班级`."""
_AUTOMATIC = re.compile(r".*\(自动.{0,4}\)")
_ABOUT = re.compile(r"(?:基本)?(?:信息|情况|资料)$")
"""What an upper header says of a person besides who it is: 监护人情况."""


_LONGEST = 1_000
"""Characters of a text that are compared: a header's explanation may be a paragraph, and a cell hold a book."""


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """A header as it stands on a sheet: its own text, and those of the cells that span its group and, `above`, that."""

    row: int
    column: int
    text: str
    group: str = ""
    above: str = ""

    @property
    def compared(self) -> tuple[str, str, str]:
        """Its group, its text and what stands above its group, as they are compared."""
        return group_text(self.group), header_text(self.text), group_text(self.above)


@dataclass(frozen=True, slots=True)
class Header:
    """Where a form's header stands: its first and last row, the column of each field, and the headers of no field.

    `ticks` are, by field, the columns to tick into which it is split, each with the value that a tick there means.
    `beside` are columns that belong to no field and are none that a school filled in by mistake.
    """

    first: int
    last: int
    columns: Mapping[str, int]
    others: tuple[HeaderCell, ...]
    ticks: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    beside: frozenset[int] = frozenset()


@lru_cache(maxsize=16384)
def header_text(text: str) -> str:
    """A header as it is compared: without number, stars, hints, Latin words, `其中：` and a trailing colon."""
    text = text[:_LONGEST]
    compact = plain(text)
    if _ONLY_HAN.fullmatch(compact):
        bare = compact.removeprefix("其中")
        return _TO_FILL_IN.sub("", bare) if "填写" in bare else bare
    if compact.isascii():
        return compact if compact.isalnum() else bare_header(text)
    if compact.isalnum() and not _LETTER.search(compact) and not _CIRCLED.search(text):
        return compact.removeprefix("其中")  # an address
    unnumbered = plain(_NUMBERED.sub("", text, count=1)) if _ENDS_NUMBER.search(text) else compact
    unmarked = _MARKS.sub("", unnumbered)
    bare = bare_header(_NUMBER_BEHIND.sub(r"\1", unmarked) if unmarked[-1:] == ")" else unmarked)
    han = _LATIN.sub("", bare).strip(_ENDS)
    han = _FURTHER.sub("", han) if "/" in han else han
    return (han or bare).replace("其中:", "").removeprefix("其中")


def group_text(text: str) -> str:
    """An upper header as it is compared: a person, without saying that their data stand below."""
    bare = header_text(text) if text else ""
    return _ABOUT.sub("", bare) or bare


def is_automatic(text: str) -> bool:
    """Whether a collecting tool says of its column that it filled it in itself: `提交时间（自动）`."""
    return _AUTOMATIC.fullmatch(plain(text)) is not None


def text_of(cell: Cell) -> str:
    """The text of a cell that may be a header or a label: blank for anything but text."""
    return cell if isinstance(cell, str) else ""


def header_cells(grid: Grid, position: int, height: int) -> list[HeaderCell]:
    """The header cells of a header whose upper row is at this position of the grid, one a column.

    A column's header is the lowest text in it, its group the nearest one above that spans it.
    """
    rows = grid.rows[position : position + height]
    texts = [[cell.strip() if isinstance(cell, str) else "" for cell in row] for row in rows]
    if height == 1:
        row, left = grid.top + position, grid.left
        return [HeaderCell(row, left + offset, text) for offset, text in enumerate(texts[0]) if text]
    width = max(map(len, texts), default=0)
    spans = [list(_spanning(grid, position + at, row, width)) for at, row in enumerate(texts[:-1])]
    cells: list[HeaderCell] = []
    for offset in range(width):
        filled = [at for at, row in enumerate(texts) if offset < len(row) and row[offset]]
        if filled:
            lowest = filled[-1]
            upper = [spans[at][offset] for at in range(lowest - 1, -1, -1) if spans[at][offset]]
            group, above, *_ = (*upper, "", "")
            place = (grid.top + position + lowest, grid.left + offset)
            cells.append(HeaderCell(*place, texts[lowest][offset], group, above))
    return cells


def _spanning(grid: Grid, position: int, texts: Sequence[str], width: int) -> Iterator[str]:
    """For each column the text of the upper header over it.

    Where cells of the row are merged a text spans what its cell does, else everything up to the next one.
    """
    row = grid.top + position
    merged = {left - grid.left: right - grid.left for top, left, _, right in grid.merged if top == row and right > left}
    group, end = "", width
    for offset in range(width):
        text = texts[offset] if offset < len(texts) else ""
        if text:
            group, end = text, merged.get(offset, offset if merged else width)
        yield group if offset <= end else ""
