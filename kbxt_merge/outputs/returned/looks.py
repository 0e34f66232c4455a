"""The cell formats of the sheet 核查意见."""

from __future__ import annotations

from kbxt_merge.model.rule import Severity
from kbxt_merge.outputs.returned.styles import FILLS, Styles

_PLAIN = '<sz val="10"/><name val="宋体"/>'
_TITLE = '<b/><sz val="14"/><name val="宋体"/>'
_HEADER = '<b/><sz val="10"/><name val="宋体"/>'
_LINK = '<u/><sz val="10"/><color rgb="FF0563C1"/><name val="宋体"/>'
_WRAPPED = '<alignment vertical="top" wrapText="1"/>'
_CENTRED = '<alignment horizontal="center" vertical="center" wrapText="1"/>'


class Looks:
    """The formats by what they are for, as numbers in one workbook's styles."""

    def __init__(self, styles: Styles) -> None:
        """Find or add them."""
        self.title = styles.added(_TITLE)
        self.guide = styles.added(_PLAIN, alignment=_WRAPPED)
        self.header = styles.added(_HEADER, "FFD9D9D9", border=True, alignment=_CENTRED)
        self.text = styles.added(_PLAIN, border=True, alignment=_WRAPPED)
        self.answer = styles.added(_PLAIN, "FFFFFFE5", border=True, alignment=_WRAPPED)
        self.link = styles.added(_LINK, border=True, alignment=_WRAPPED)
        self.severity = {each: styles.added(_PLAIN, FILLS[each], border=True, alignment=_WRAPPED) for each in Severity}
