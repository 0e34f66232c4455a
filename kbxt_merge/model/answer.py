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

SEAL_COLUMN = "seal"
"""The hidden column with the code of the line, the last one: sheets of the first edition have none."""


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


class AnswerStanding(StrEnum):
    """Whether an answer is heeded, and why not."""

    TAKEN = "taken"
    UNSEALED = "unsealed"
    FOREIGN = "foreign"
    OTHERS = "others"
    NOBODYS = "nobody's"
    UNPROVED = "unproved"

    @property
    def why(self) -> Words:
        """Why it is not heeded."""
        return _STANDING_WORDS[self][0]

    @property
    def what_to_do(self) -> Words:
        """How it may be heeded after all."""
        return _STANDING_WORDS[self][1]


_AGAIN = Words("请在本次新退回的文件里再选一次", "choose it again in the workbook that goes back now")
_STANDING_WORDS = {
    AnswerStanding.TAKEN: (Words("", ""), Words("", "")),
    AnswerStanding.UNSEALED: (
        Words("该文件是旧版程序退回的，没有校验码", "an older version sent it back, without codes"),
        _AGAIN,
    ),
    AnswerStanding.FOREIGN: (
        Words(
            "校验码不符，不是按本局现在的账本退回的，或隐藏的栏目被改动",
            "their codes are not of this bureau's ledger, or hidden columns were changed",
        ),
        _AGAIN,
    ),
    AnswerStanding.OTHERS: (
        Words(
            "问的是别的学校，而学校只能核实自己的", "they are about another school, and a school confirms only its own"
        ),
        Words("请由该校答复", "let that school answer"),
    ),
    AnswerStanding.NOBODYS: (
        Words("看不出是哪所学校报送的", "nothing says which school sent it"),
        Words(
            "请放进该校的文件夹，或在文件名中写明学校",
            "put it into the school's folder, or the school's name into the file's",
        ),
    ),
    AnswerStanding.UNPROVED: (
        Words("校验码要用账本核对", "only a merge has the ledger that knows their codes"),
        Words("合并时会采用，无需处理", "a merge will heed them; nothing to do"),
    ),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of 核查意见 that a school filled.

    The first ten fields are IDENTITY_COLUMNS; `child_id`, `child_name` and `value` are digests (`model.fingerprints`),
    on a sheet what a `Seal` makes of them, and `seal` is the line's code.
    `answered_in` is the workbook in which the answer came, `answered_by` the school whose workbook that is; what was
    `decided` is the bureau's own word, and holds as long as the decision does.
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
    seal: str = ""
    standing: AnswerStanding = AnswerStanding.TAKEN
    decided: bool = False

    @property
    def identity(self) -> tuple[str, ...]:
        """What the line is about: IDENTITY_COLUMNS in their order."""
        return tuple(getattr(self, name) for name in IDENTITY_COLUMNS)

    @property
    def confirms(self) -> bool:
        """Whether it says that what was asked is right, and why."""
        return self.treatment is Treatment.VERIFIED and self.explanation != ""
