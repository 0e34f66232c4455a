"""What a blank is: a table with a row of headers or a card, a list, counts of a school, or printed rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbxt_merge.intake.drafting.drafted import DraftedField
from kbxt_merge.intake.drafting.headings import Headings
from kbxt_merge.intake.drafting.page import Page
from kbxt_merge.intake.drafting.table import Table
from kbxt_merge.intake.drafting.types import is_adult, typed
from kbxt_merge.model.text import plain

COUNTED = frozenset({"人数", "个数", "数值", "金额"})
"""The types, as a draft calls them, that add up."""
_FEWEST_COUNTS = 2
_FEWEST_HEADERS, _SIDE_BY_SIDE = 3, 0.8
"""So many texts that cover so much of a row are a table's header; of a card's labels about half is empty."""
_MONTH = re.compile(r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})月份?")
_SCHOOL = re.compile(r"学校(?:名称)?$|校名|(?<!计量)(?<!工作)单位(?:名称)?$")
_COUNTS = re.compile(r"统计|预测|汇总")
_SAYS_COUNT = re.compile(r"数|合计|小计|其中|人$|[（(][个人][）)]|本月|月末|累计|新增|期末|期初")


def is_flat(page: Page, headings: Headings) -> bool:
    """Tell a header whose texts stand side by side: the page is a table, not a card."""
    boxes = page.rows[headings.below]
    texts = {at for each in boxes for at in range(each.left, each.right + 1)}
    share = len(texts) / max(1, max(texts) + 1 - boxes[0].left)
    return len(boxes) >= _FEWEST_HEADERS and share >= _SIDE_BY_SIDE and boxes[0].width < page.width / 2


def shape_of(table: Table, title: str) -> str:
    """Printed rows, a row a school of counts, or a list; the title may say that it counts."""
    if table.printed.labels:
        return "rows"
    names_person = any(
        typed(each.header, each.groups, counts=False).type == "姓名"
        and not is_adult(each.header)
        and "填表" not in each.header
        for each in table.columns[:6]
    )
    has_school = any(_SCHOOL.search(plain(each.header)) for each in table.columns[:4])
    counts = sum(bool(_SAYS_COUNT.search(f"{''.join(each.groups)}{plain(each.header)}")) for each in table.columns)
    is_counted = counts >= _FEWEST_COUNTS or _COUNTS.search(title)
    return "statistics" if has_school and not names_person and is_counted else "list"


def asks_for_all(fields: Sequence[DraftedField], table: Table) -> bool:
    """Tell printed rows of counts, all to be filled in, from questions, months to come and classes there may be."""
    if table.printed.outer is not None or any(map(_MONTH.fullmatch, table.printed.labels)):
        return False
    asked = [each.tree["type"] in COUNTED for each in fields if "printed" not in each.tree]
    return sum(asked) * 2 >= len(asked)
