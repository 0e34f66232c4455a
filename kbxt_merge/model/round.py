"""What a round of returns changed: findings as they live from one run to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kbxt_merge.model.text import Language, Words

if TYPE_CHECKING:
    import pandas as pd  # `kbxt status` asks for the words of a life, and must answer at once


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
    Life.STILL: Words("尚未更正", "still open"),
    Life.BACK: Words("再次出现", "back again"),
    Life.CONFIRMED: Words("已核实", "confirmed"),
    Life.FIXED: Words("已改正", "fixed"),
}


_ROUND = Words("第 {number} 轮：{counts}。", "Round {number}: {counts}.")
_AGAIN = Words(
    "与上次汇总相比没有变化，仍是第 {number} 轮。", "Nothing changed since the last merge: it is round {number} still."
)
_COMMA = Words("，", ", ")
_CLOCK = Words(
    "注意：上一轮的时间晚于现在，电脑的时钟可能被调回过；轮次按先后记录，不受影响，请校准时钟。",
    "The last round is dated after now: the clock may have been set back. Rounds keep their order; set it right.",
)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A finding of the last round that is gone: whose it was, where it stood and what it said, masked.

    `message` is blank where an older edition of the program found it.
    """

    school: str
    form: str
    rule: str
    severity: str
    file: str
    sheet: str
    cell: str
    message: Words


@dataclass(slots=True)
class Changes:
    """What this round changed, seen from the last one.

    `number` counts the rounds of the period from 1. `lives` has a row for every error, warning and confirmed warning,
    under its label in the findings' frame, with the columns `life` and `first_seen` (an ISO day). `fixed` is what
    the last round found and this one no longer does. `clock_set_back` says that the last run is dated after this one,
    `again` that nothing changed since and all is told as it was told then.
    """

    number: int
    lives: pd.DataFrame
    fixed: Sequence[Fixed]
    clock_set_back: bool = False
    again: bool = False

    def count(self, life: Life) -> int:
        """Count the findings in this state."""
        return len(self.fixed) if life is Life.FIXED else int((self.lives["life"] == life.value).sum())

    @property
    def counts(self) -> dict[str, int]:
        """The counts by the names of the states."""
        return {life.value: self.count(life) for life in Life}

    def lines(self, language: Language) -> list[str]:
        """Tell a terminal what changed since the last round, and of a clock that was set back."""
        said = [_AGAIN.of(language).format(number=self.number)] if self.again else []
        if self.number > 1:
            counts = (f"{life.words.of(language)} {self.count(life)}" for life in Life)
            said.append(_ROUND.of(language).format(number=self.number, counts=_COMMA.of(language).join(counts)))
        return [*said, _CLOCK.of(language)] if self.clock_set_back else said
