"""What the notes of a blank say a field may not exceed or precede: a number, or another day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kbxt_merge.intake.drafting.drafted import DraftedField
from kbxt_merge.intake.drafting.named import note_text, sentences
from kbxt_merge.model.definition_book.cell_texts import Tree
from kbxt_merge.model.text import bare_header, plain

_NOT = r"(?:应|须|必须)?(?:不得|不能|不应|不可|不)"
_LIMIT = re.compile(
    rf"(?P<header>[\u4e00-\u9fff]{{2,12}}?){_NOT}(?P<how>超过|大于|多于|高于|小于|少于|低于)"
    r"(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<unit>[\u4e00-\u9fff%]{0,3})"
)
"""就餐天数不得超过110天."""
_OF_OTHER_SIZE = re.compile(r"[百千万亿倍%分]")
"""A number that is not of what the field counts."""
_MEASURED = ("人数", "数值", "金额", "年龄")
_ORDER = re.compile(
    rf"(?P<one>[\u4e00-\u9fff]{{2,12}}?){_NOT}(?:能|得|可)?(?P<how>早于|先于|晚于|迟于)(?P<other>[\u4e00-\u9fff]{{2,12}})"
)
"""结束日期不得早于开始日期."""


def put_limits(note: str, fields: Iterable[DraftedField]) -> None:
    """The least and the most that a note says of a field that counts or measures."""
    for part in sentences(note_text(note)):
        found = _LIMIT.fullmatch(part)
        if found is None:
            continue
        for each in fields:
            other_size = _OF_OTHER_SIZE.search(found["unit"]) and found["unit"] != each.tree.get("unit")
            if each.tree["type"] in _MEASURED and _header(each) == bare_header(found["header"]) and not other_size:
                key = "max" if found["how"] in ("超过", "大于", "多于", "高于") else "min"
                each.tree[key] = found["number"]
                each.guessed.add(key)


def orders_of(fields: Sequence[DraftedField], notes: Iterable[str]) -> Iterator[dict[str, Tree]]:
    """Which day a note says is not before which."""
    days = {_header(each): each.tree["name"] for each in fields if each.tree["type"] == "日期"}
    for part in (part for note in notes for part in sentences(note_text(note))):
        found = _ORDER.fullmatch(part)
        one, other = (days.get(bare_header(found[key])) for key in ("one", "other")) if found else (None, None)
        if found and one and other and one != other:
            later, earlier = (one, other) if found["how"] in ("早于", "先于") else (other, one)
            yield {"rule": "date-order", "at": later, "after": earlier}


def _header(field: DraftedField) -> str:
    return bare_header(plain(str(field.tree["header"])))
