"""What is told of findings wherever they stand in columns: findings.csv, 问题清单.xlsx, `kbxt check`, the library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from kbxt_merge.model.finding import Findings
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.round import Changes
from kbxt_merge.model.text import Language
from kbxt_merge.model.wording import EXPECTED

FINDING_FILE_COLUMNS = (
    "file", "sheet", "cell", "form", "school", "field", "rule", "severity", "value", "message", "suggestion", "related",
    "life", "since", "expected", "difference",
)  # fmt: skip
"""`life` and `since` (an ISO day) are blank where no ledger was asked; `difference` is value less expected value."""


def finding_columns(
    findings: Findings, forms: Forms, language: Language = "zh", changes: Changes | None = None
) -> Mapping[str, Sequence[str]]:
    """The columns of findings.csv, numbers masked: what may leave the bureau."""
    frame, wording = findings.frame, findings.wording(forms, language)
    expected = [facts.named(EXPECTED) for facts in frame["facts"].tolist()]
    life, since = _lives(frame, changes)
    return {
        **{name: frame[name].tolist() for name in FINDING_FILE_COLUMNS if name in frame},
        "value": wording.values(frame),
        "message": findings.sentences(forms, language).tolist(),
        "suggestion": wording.values(frame, "suggestion"),
        "life": life,
        "since": since,
        "expected": wording.values(frame.assign(expected=expected), "expected"),
        "difference": list(map(_difference, frame["value"].tolist(), expected)),
    }


def findings_table(
    findings: Findings, forms: Forms, language: Language = "zh", changes: Changes | None = None
) -> pd.DataFrame:
    """The rows of findings.csv."""
    return pd.DataFrame(finding_columns(findings, forms, language, changes), columns=list(FINDING_FILE_COLUMNS))


def _lives(frame: pd.DataFrame, changes: Changes | None) -> tuple[list[str], list[str]]:
    """Of each finding the state of its life and the day it was first seen; what asks for nothing has none."""
    if changes is None:
        return [""] * len(frame), [""] * len(frame)
    lives = changes.lives.reindex(frame.index).fillna("")
    return lives["life"].tolist(), lives["first_seen"].tolist()


def _difference(value: str, expected: str) -> str:
    """What was typed less what was expected, where both are numbers.

    >>> _difference("12", "15"), _difference("12.5", "10"), _difference("12", ""), _difference("十", "9")
    ('-3', '2.5', '', '')
    """
    if not expected:
        return ""
    try:
        apart = round(float(value) - float(expected), 6)
    except ValueError:
        return ""
    return f"{apart:g}" if abs(apart) < _EXACT else ""


_EXACT = 1e6
"""Below it `g` tells every digit; a longer number is no count, and is not to be told."""
