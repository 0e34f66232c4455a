"""What a school answers to a finding, and the sheet 核查意见 that carries question and answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kbxt_merge.model.text import Words

OPINION_SHEET = Words("核查意见", "Findings")
"""The first sheet of every marked workbook."""

TREATMENT = Words("处理", "Treatment")
EXPLANATION = Words("说明", "Explanation")

IDENTITY_PREFIX = "kbxt."
"""Starts the headers of the hidden columns: by them the sheet is known, whatever else was changed on it."""

IDENTITY_COLUMNS = ("rule", "form", "school", "file", "sheet", "cell", "field", "child_id", "child_name", "value")
"""The hidden columns by which an answer finds its finding again, in their order; FILL_COLUMN follows."""

FILL_COLUMN = "fill"
"""The hidden column that remembers what stood under our colour: the cell's own fill as XML, blank for none."""


class Treatment(StrEnum):
    """What a school says that it did."""

    NONE = "none"
    CORRECTED = "corrected"
    VERIFIED = "verified"

    @property
    def words(self) -> Words:
        """What stands in the drop-down."""
        return _TREATMENT_WORDS[self]


_TREATMENT_WORDS = {
    Treatment.NONE: Words("", ""),
    Treatment.CORRECTED: Words("已改", "Corrected"),
    Treatment.VERIFIED: Words("核实无误", "Verified correct"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of 核查意见 that a school filled.

    The first ten fields are IDENTITY_COLUMNS; `child_id`, `child_name` and `value` are digests (`model.identity`).
    `answered_in` is the workbook in which the answer came, `answered_by` the school whose workbook that is.
    """

    rule: str
    form: str
    school: str
    file: str
    sheet: str
    cell: str
    field: str
    child_id: str
    child_name: str
    value: str
    treatment: Treatment
    explanation: str
    answered_by: str = ""
    answered_in: str = ""
