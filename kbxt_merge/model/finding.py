"""What is wrong, where, and what to do: findings as columns over the whole district."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kbxt_merge.model.comparison import Comparison
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.privacy import MASKED, Privacy
from kbxt_merge.model.rule import RuleCard
from kbxt_merge.model.text import Language
from kbxt_merge.model.wording import Wording

FINDING_COLUMNS = (
    "file",
    "sheet",
    "cell",
    "form",
    "school",
    "field",
    "rule",
    "severity",
    "value",
    "facts",
    "suggestion",
    "related",
    "record",
)
"""The columns of a findings frame, one row a finding.

All are text, never null (blank where there is nothing), but `facts`, which are `Facts`, and `record`: the position in
`District.records[form]`, or -1.
`file`, `sheet`, `cell` are the place; `value` is what was typed, and like the facts and the suggestion unmasked.
`suggestion` holds the values offered, joined by `、`.
`related` holds the other places of a finding that joins several, joined by newlines, each as `Place` prints itself.
"""

_DTYPES = {name: np.dtype("int64" if name == "record" else "object") for name in FINDING_COLUMNS}

SKIP_COLUMNS = ("rule", "form", "field", "school", "count")
"""The columns of what was not checked: a rule, the form and field it points at, whose records, and how many."""


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of a returned workbook; sheet and cell are blank where the whole file, or the whole sheet, is meant."""

    file: str
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        """The place as people read it: file › sheet › cell."""
        return " › ".join(part for part in (self.file, self.sheet, self.cell) if part)

    @classmethod
    def parse(cls, text: str) -> Place:
        """The place that `str` printed."""
        file, _, rest = text.partition(" › ")
        sheet, _, cell = rest.rpartition(" › ") if " › " in rest else (rest, "", "")
        return cls(file, sheet, cell)


def objects(items: Iterable[object]) -> npt.NDArray[Any]:
    """A column of these, each as it is."""
    return np.fromiter(items, dtype=object)


FindingColumns = Mapping[str, npt.NDArray[Any]]
"""Findings as FINDING_COLUMNS, all of one length."""


def stacked(parts: Sequence[FindingColumns]) -> pd.DataFrame:
    """The findings frame of these parts, one below the other."""
    if not parts:
        return no_findings()
    columns = {name: np.concatenate([part[name] for part in parts]) for name in FINDING_COLUMNS}
    return pd.DataFrame({name: pd.Series(column, dtype=_DTYPES[name]) for name, column in columns.items()})


def no_findings() -> pd.DataFrame:
    """A findings frame without a row."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in _DTYPES.items()})


def no_skips() -> pd.DataFrame:
    """A frame of what was not checked, without a row."""
    return pd.DataFrame({name: pd.Series(dtype="int64" if name == "count" else "object") for name in SKIP_COLUMNS})


@dataclass(slots=True)
class Findings:
    """All findings of a district in the order of its files, sheets and rows, and what was not checked.

    `frame` has FINDING_COLUMNS, `skipped` has SKIP_COLUMNS. `catalogue` holds the rules they were found by, which word
    them. `comparison` says how the children and the bureau's registers agree, None where there are no registers.
    """

    frame: pd.DataFrame = field(default_factory=no_findings)
    skipped: pd.DataFrame = field(default_factory=no_skips)
    catalogue: Mapping[str, RuleCard] = field(default_factory=dict)
    comparison: Comparison | None = None
    _sentences: dict[Language, pd.Series[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def count(self, severity: str) -> int:
        """Count the findings of this severity."""
        return int((self.frame["severity"] == severity).sum())

    def wording(self, forms: Forms, language: Language, privacy: Privacy = MASKED) -> Wording:
        """Make the wording of these findings for these forms."""
        return Wording(self.catalogue, forms, language, privacy)

    def sentences(self, forms: Forms, language: Language) -> pd.Series[str]:
        """The masked sentence of each finding under the frame's index; made once, for all outputs tell the same."""
        if language not in self._sentences:
            told = self.wording(forms, language).sentences(self.frame)
            self._sentences[language] = pd.Series(told, self.frame.index, dtype=object)
        return self._sentences[language]
