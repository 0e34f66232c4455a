"""Words that say of a field no more than a blank cell does: 无, /, 未复学 where the time of return is asked for."""

from __future__ import annotations

import re

from kbxt_merge.model.field import NOTHING, Field
from kbxt_merge.model.text import bare_header, plain

_LONGEST = 12
_DENIAL = re.compile(r"(?:目前|至今)?[尚还暂仍均并]?(?:未有?|无|没有?)(?P<denied>.{2,})")
_DENIALS = "目至尚还暂仍均并未无没"
_OTHER_WIDTHS = "／＼－～（Ｎn \t\n\u3000\xa0"
_ENDS = "。.;；,，、!"
_NOTE = re.compile(r"(?<=..)(?:\([^()0-9]*\)|[,;。][^0-9]*)$")
"""Why there is nothing, behind the words for it."""


class Nothing:
    """What says nothing of one field: a word for none, one of the field's own, a denial of what its header asks for."""

    def __init__(self, field: Field) -> None:
        """Take the field's own words and what the form calls it: whoever has no 手机 may have another 联系电话."""
        self._words = frozenset((*NOTHING, *map(plain, field.nothing)))
        self._deniable = self._words | {word.removeprefix("未") for word in self._words}
        self._called = "\n".join(map(plain, (bare_header(field.header), field.label.zh)))
        self._begins = frozenset((*_DENIALS, *_OTHER_WIDTHS, *(word[0] for word in self._words)))

    def is_said(self, typed: str) -> bool:
        """Whether a cell's text says nothing, as 无 does, and 未复学 of a field called 复学时间."""
        if len(typed) > _LONGEST or typed[:1] not in self._begins:
            return False
        text = plain(typed)
        word = _NOTE.sub("", text).rstrip(_ENDS) or text
        if word.upper() in self._words:
            return True
        denied = _DENIAL.fullmatch(word)
        return denied is not None and (denied["denied"] in self._called or denied["denied"] in self._deniable)
