"""The monthly flow of dropouts (学生辍学情况统计表): how last month's number became this month's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from kbxt_merge.model.period import Period
from kbxt_merge.model.text import Words


class Measure(StrEnum):
    """A column of the flow: opening + new - back - struck off = closing."""

    OPENING = "opening"
    NEW = "new"
    BACK = "back"
    STRUCK_OFF = "struck off"
    CLOSING = "closing"

    @property
    def words(self) -> Words:
        """What the column is called."""
        return _MEASURE_WORDS[self]


_MEASURE_WORDS = {
    Measure.OPENING: Words("上月末", "end of last month"),
    Measure.NEW: Words("本月新增", "new"),
    Measure.BACK: Words("本月劝返复学", "brought back"),
    Measure.STRUCK_OFF: Words("其他核减（销号）", "struck off otherwise"),
    Measure.CLOSING: Words("本月末", "end of this month"),
}


@dataclass(frozen=True, slots=True)
class Flow:
    """The flow of a month, in children.

    `stages` and `schools` have a row a school stage and a row a school, and a column for each pair of a Measure's value
    and a category: blank for all children, then those that forms count apart (`categories`). A child that moved from
    one row to another is struck off there and new here. `carried` are the schools whose list did not come: their
    children count as they stood. `changed` counts children whose category is another now: by so many a category may not
    balance.
    """

    period: Period
    categories: tuple[str, ...]
    stages: pd.DataFrame
    schools: pd.DataFrame
    carried: tuple[str, ...] = ()
    changed: int = 0
