"""Where a finding stands in its life from one round of returns to the next."""

from __future__ import annotations

from enum import StrEnum

from kbxt_merge.model.text import Words


class Life(StrEnum):
    """Where a finding stands in its life."""

    NEW = "new"
    STILL = "open"
    BACK = "back"
    CONFIRMED = "confirmed"
    FIXED = "fixed"

    @property
    def words(self) -> Words:
        """What the state is called on screens."""
        return _LIFE_WORDS[self]


_LIFE_WORDS = {
    Life.NEW: Words("本轮新增", "new"),
    Life.STILL: Words("仍未改", "still open"),
    Life.BACK: Words("又出现", "back again"),
    Life.CONFIRMED: Words("已核实", "confirmed"),
    Life.FIXED: Words("已改正", "fixed"),
}
