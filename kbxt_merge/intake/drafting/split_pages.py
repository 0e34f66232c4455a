"""A sheet that prints two forms, a list below a table of its own: the parts of the page, each with one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kbxt_merge.intake.drafting.headings import headings_of, is_note, is_unit_line, signs
from kbxt_merge.intake.drafting.page import Page
from kbxt_merge.intake.drafting.table import table_at
from kbxt_merge.model.text import bare_header

_BEGINS_LIST = re.compile(r"序号|编号|姓名|名称")
_FEWEST_HEADERS, _LONGEST_HEADER, _SIDE_BY_SIDE = 3, 14, 0.8


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sheet that prints one form; `unit` is the line of the unit that stands over all of them."""

    page: Page
    unit: str = ""


def parts_of(page: Page) -> Iterator[Part]:
    """The page, cut before each further list that has a title of its own."""
    headings = headings_of(page)
    table = table_at(page, headings.below)
    cut = (
        next((row for row in range(table.body + 1, len(page.rows)) if _begins_list(page, row)), None) if table else None
    )
    if cut is None:
        yield Part(page)
        return
    grid = page.grid
    yield Part(Page(replace(grid, rows=grid.rows[:cut]), page.choices))
    below = Page(replace(grid, rows=grid.rows[cut:], top=grid.top + cut), page.choices)
    yield from (Part(part.page, part.unit or headings.unit) for part in parts_of(below))


def _begins_list(page: Page, row: int) -> bool:
    """Tell a title alone in its row, right above the header of a list."""
    titles = page.rows[row]
    if len(titles) != 1 or any(tell(titles[0].text) for tell in (is_note, is_unit_line, signs)):
        return False
    boxes = page.rows[row + 1] if row + 1 < len(page.rows) else ()
    covered = sum(box.width for box in boxes)
    return (
        len(boxes) >= _FEWEST_HEADERS
        and covered >= _SIDE_BY_SIDE * page.width
        and all(len(bare_header(box.text)) <= _LONGEST_HEADER and not re.search("[0-9]", box.text) for box in boxes)
        and any(_BEGINS_LIST.search(box.text) for box in boxes)
    )
