"""What a merge came to: the district, what was found in it, and the account of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from kbxt_merge.model.answer import Answer
from kbxt_merge.model.district import District
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.overview import Overview
from kbxt_merge.model.owed import Owed
from kbxt_merge.model.passwords import Passwords
from kbxt_merge.model.round import Changes
from kbxt_merge.model.seal import Seal
from kbxt_merge.model.text import Language, Words, printable
from kbxt_merge.model.verdict import Verdict

VERDICT_COLUMNS = ("file", "verdict", "school", "forms", "rows_read", "rows_merged", "rows_left_out", "reason")
"""What is said of each file of the inbox."""

_MOST_UNREAD = 5
_MORE = Words(" 等", ", …")
_UNREAD = Words(
    "有 {count} 个文件没有读出，里面的学生不在汇总里：{files}（原因见报告开头和 data/files.csv）",
    "{count} files could not be read, no child in them was merged: {files} (why: see the report, data/files.csv)",
)


def unread_files(verdicts: pd.DataFrame) -> list[tuple[str, str]]:
    """The files of which nothing was read, and why; `verdicts` has VERDICT_COLUMNS."""
    rejected = verdicts[verdicts["verdict"] == Verdict.REJECTED.value]
    return list(zip(rejected["file"].tolist(), rejected["reason"].tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Account:
    """The balance of a run in rows below headers: each was merged, left out, or set aside with its return."""

    read: int
    merged: int
    left_out: int
    set_aside: int

    @property
    def balances(self) -> bool:
        """Whether nothing got lost, and nothing came from nowhere."""
        return self.read == self.merged + self.left_out + self.set_aside


@dataclass
class Checked:
    """A district with everything that was found in it, and what that changes.

    `passwords` open its locked files, `inbox` is where they lie; without a ledger there is no `seal`. `not_made` names
    the files and schools for which something could not be made, and says what and why. `owed` is what schools owe,
    `overview` how the period stands in the ledger; None without one.
    """

    district: District
    findings: Findings
    verdicts: pd.DataFrame
    account: Account
    timings: dict[str, float] = field(default_factory=dict)
    changes: Changes | None = None
    confirmed: Mapping[int, Answer] = field(default_factory=dict)
    passwords: Passwords = field(default_factory=Passwords, repr=False)
    inbox: str = ""
    seal: Seal | None = None
    not_made: Sequence[tuple[str, str]] = ()
    owed: Sequence[Owed] = ()
    overview: Overview | None = None

    def unread_lines(self, language: Language) -> list[str]:
        """Tell a terminal which files could not be read: no child in them was merged."""
        files = [file for file, _ in unread_files(self.verdicts)]
        if not files:
            return []
        told = "、".join(files[:_MOST_UNREAD]) if language == "zh" else ", ".join(files[:_MOST_UNREAD])
        more = _MORE.of(language) if len(files) > _MOST_UNREAD else ""
        return [_UNREAD.of(language).format(count=len(files), files=printable(told + more))]
