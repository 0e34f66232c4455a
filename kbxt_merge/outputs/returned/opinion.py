"""One line of the sheet 核查意见: what is said of a cell, and by what the answer will find its finding again."""

from __future__ import annotations

from typing import NamedTuple

from kbxt_merge.model.answer import IDENTITY_COLUMNS, Treatment
from kbxt_merge.model.rule import Severity

_RULE = IDENTITY_COLUMNS.index("rule")
_SCHOOL = IDENTITY_COLUMNS.index("school")
_SHEET = IDENTITY_COLUMNS.index("sheet")


class Opinion(NamedTuple):
    """One line of the sheet: a tuple of texts, for a district has many and they go to other processes.

    `field` is what the clerk calls it. `identity` holds IDENTITY_COLUMNS in their order; `treatment` and `explanation`
    are what the school answered in a round before.
    """

    severity: Severity
    sheet: str
    cell: str
    field: str
    value: str
    message: str
    suggestion: str
    related: str
    identity: tuple[str, ...]
    treatment: Treatment = Treatment.NONE
    explanation: str = ""

    @property
    def school(self) -> str:
        """The school that the finding is about; blank for nobody's."""
        return self.identity[_SCHOOL]

    @property
    def rule(self) -> str:
        """The rule that found it."""
        return self.identity[_RULE]

    @property
    def asks(self) -> bool:
        """Whether the school is to do something."""
        return self.severity is not Severity.INFO

    def on(self, sheet: str) -> Opinion:
        """The same on a sheet of another name."""
        return self._replace(sheet=sheet, identity=(*self.identity[:_SHEET], sheet, *self.identity[_SHEET + 1 :]))
