"""What becomes of a file of the inbox: one word for programs, a few for people."""

from __future__ import annotations

from enum import StrEnum

from kbxt_merge.model.text import Words


class Verdict(StrEnum):
    """What became of a file, as files.csv says it."""

    MERGED = "merged"
    MERGED_WITH_ERRORS = "merged-with-errors"
    SUPERSEDED = "superseded"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    OTHER = "other"
    REJECTED = "rejected"

    @property
    def words(self) -> Words:
        """What people are told of it."""
        return _WORDS[self]


_WORDS = {
    Verdict.MERGED: Words("已汇总", "merged"),
    Verdict.MERGED_WITH_ERRORS: Words("已汇总，有必须修改之处", "merged, with errors"),
    Verdict.SUPERSEDED: Words("旧文件，已被新文件替代", "superseded by a later file"),
    Verdict.DUPLICATE: Words("与另一文件完全相同", "identical to another file"),
    Verdict.IGNORED: Words("临时文件，未读", "temporary file, not read"),
    Verdict.OTHER: Words("附带文件（扫描件等）", "kept beside the returns (scans and the like)"),
    Verdict.REJECTED: Words("读不出或不是报表", "unreadable, or no form"),
}
