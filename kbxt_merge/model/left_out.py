"""The row that was not taken: a row below a form's header that is no record, and why it is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kbxt_merge.model.text import Words


class Reason(StrEnum):
    """Why a row below a header is no record."""

    COLUMN_CODES = "column-codes"
    HEADER = "header"
    EXAMPLE = "example"
    TOTAL = "total"
    HEADING = "heading"
    NOTE = "note"
    SIGNATURE = "signature"
    UNIT_LINE = "unit-line"
    ZERO_RETURN = "zero-return"
    PREFILLED = "prefilled"
    CONTINUED = "continued"
    PART = "part"
    BESIDE_TABLE = "beside-table"

    @property
    def words(self) -> Words:
        """What such a row is called on screens."""
        return _WORDS[self]


_WORDS = {
    Reason.COLUMN_CODES: Words("栏次编号", "column codes"),
    Reason.HEADER: Words("表头", "a header"),
    Reason.EXAMPLE: Words("填写示例", "the example"),
    Reason.TOTAL: Words("合计", "a total"),
    Reason.HEADING: Words("分组标题", "a heading"),
    Reason.NOTE: Words("说明文字", "a note"),
    Reason.SIGNATURE: Words("签名落款", "a signature"),
    Reason.UNIT_LINE: Words("填报单位或日期", "the unit line"),
    Reason.ZERO_RETURN: Words("零报告", "a zero return"),
    Reason.PREFILLED: Words("只有预填内容", "nothing but what was filled in beforehand"),
    Reason.CONTINUED: Words("上一行的续行", "the row above, continued"),
    Reason.PART: Words("合计中的一部分", "a part of the total"),
    Reason.BESIDE_TABLE: Words("表外内容", "beside the table"),
}


@dataclass(frozen=True, slots=True)
class RowLeftOut:
    """A row below a header that was not taken as a record.

    `row` and `column` are those of its first filled cell, counted from zero; `text` is all that it holds, unmasked.
    `doubtful` says that it holds something that looks like a child's datum. `errors` are the columns of the
    spreadsheet errors that are all that stands in it: a formula that fails where nobody is.
    """

    row: int
    column: int
    reason: Reason
    text: str
    doubtful: bool = False
    errors: tuple[int, ...] = ()
