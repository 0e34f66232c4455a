"""What a round of returns changed: findings as they live from one run to the next."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kbxt_merge.model.life import Life


@dataclass(slots=True)
class Changes:
    """What this round changed, seen from the last one.

    `number` counts the rounds of the period from 1. `lives` has a row for every error, warning and confirmed warning,
    under its label in the findings' frame, with the columns `life` and `first_seen` (an ISO day). `fixed` counts what
    the last round found and this one no longer does. `clock_set_back` says that the last run is dated after this one.
    """

    number: int
    lives: pd.DataFrame
    fixed: int
    clock_set_back: bool = False

    def count(self, life: Life) -> int:
        """How many findings are in this state."""
        return self.fixed if life is Life.FIXED else int((self.lives["life"] == life.value).sum())

    @property
    def counts(self) -> dict[str, int]:
        """The counts by the names of the states."""
        return {life.value: self.count(life) for life in Life}
