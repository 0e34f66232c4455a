"""How the returned children and the bureau's registers agree: counted by school, and one row a difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from kbxt_merge.model.text import Words


class Outcome(StrEnum):
    """What holding one child against one register came to; the order is that of the tables' columns."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_ON_IT = "not-on-it"
    NOT_RETURNED = "not-returned"
    UNCHECKED = "unchecked"

    @property
    def words(self) -> Words:
        """What it is called on screens."""
        return _OUTCOMES[self]


_OUTCOMES = {
    Outcome.AGREES: Words("一致", "agree"),
    Outcome.DIFFERS: Words("不一致", "differ"),
    Outcome.NOT_ON_IT: Words("报了、不在册", "returned, not on it"),
    Outcome.NOT_RETURNED: Words("在册、没有报", "on it, not returned"),
    Outcome.UNCHECKED: Words("未能核对", "not checked"),
}
COMPARED = (Outcome.AGREES, Outcome.DIFFERS, Outcome.NOT_ON_IT)
"""The outcomes of a child that was returned and could be compared."""

DIFFERENCE_COLUMNS = (
    "register", "outcome", "rule", "school", "form", "field", "record", "name", "number", "value", "theirs_name",
    "theirs_number", "theirs", "place",
)  # fmt: skip
"""The columns of the differences.

`register` and `form` are slugs, `rule` the slug of the finding that tells of it, `record` the position in the form's
records or -1. `number` and `value` are what was returned, `theirs…` what the register says: all numbers are whole, so
that only the bureau's own workbook may show them. `place` is the register's row.
"""


@dataclass(frozen=True)
class Comparison:
    """All that was compared; `counts` has `register`, `form`, `school` and a column an `Outcome`.

    Persons are counted once a form and school. `differences` has DIFFERENCE_COLUMNS.
    """

    counts: pd.DataFrame
    differences: pd.DataFrame

    def of(self, register: str, form: str) -> pd.DataFrame:
        """The counts of one register and form, a row a school; those without any are left out."""
        here = (self.counts["register"] == register) & (self.counts["form"] == form)
        part: pd.DataFrame = self.counts[here].set_index("school")[[each.value for each in Outcome]]
        counted: pd.DataFrame = part.loc[part.to_numpy().sum(axis=1) > 0]
        return counted

    @property
    def totals(self) -> Mapping[tuple[str, str], Mapping[Outcome, int]]:
        """By register and form how many children met each outcome."""
        summed = self.counts.drop(columns="school").groupby(["register", "form"], sort=False).sum()
        return {
            key: {outcome: int(row[outcome.value]) for outcome in Outcome}
            for key, row in zip(summed.index.tolist(), summed.to_dict(orient="records"), strict=True)
        }
