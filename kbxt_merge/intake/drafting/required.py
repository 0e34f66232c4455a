"""What a blank says must be filled in: in a header, or in a note, always or where another field holds a word."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from kbxt_merge.intake.drafting.drafted import DraftedField
from kbxt_merge.model.definition_book.cell_texts import texts_of
from kbxt_merge.model.text import bare_header, plain

_REQUIRED_WHEN = re.compile(r"[(](.{2,12}?)(?:为|是|选|填)[“\"]?(.{1,10}?)[”\"]?(?:的|时|者)?[，,]?必填[)]")
"""困难类型为其他的必填."""
_REQUIRED_BY_NOTE = re.compile(
    r"(?P<words>[\u4e00-\u9fff、]{1,24})的[，,]?(?:必须|须|应当?|要|需|请)?(?:同时)?"
    r"(?:(?:填写|填报|填|说明|注明|写明)(?P<what>[^。；;]+)|在(?P<where>[^。；;，,]{2,12}?)[中里内]?(?:填写|说明|注明|写明))"
)
"""不合格的须填写存在问题和整改期限, 类别为其他的在备注中注明."""
_DENIED = re.compile("(?:未|没有?|不|无)(.+)")
"""未享受 of 是否享受."""
_QUOTES = re.compile("[“”\"'‘’「」]")

Values = Callable[[str], Sequence[str]]
"""By a type the words that it holds; none for one that is no vocabulary."""


def require_by_header(field: DraftedField, fields: Sequence[DraftedField], values: Values) -> None:
    """What the header says of being required: always, or where another field holds a word."""
    header = plain(str(field.tree["header"]))
    if "必填" not in header:
        return
    field.guessed.add("required")
    found = _REQUIRED_WHEN.search(header)
    if found is None:
        field.tree["required"] = True
        return
    for each in fields:
        is_meant = bare_header(str(each.tree["header"])) == bare_header(found[1])
        if is_meant and found[2] in values(str(each.tree["type"])):
            field.tree["required"] = {"when": {str(each.tree["name"]): [found[2]]}}


def require_by_note(note: str, fields: Sequence[DraftedField], values: Values) -> None:
    """What a note says must be filled in where another field holds a word: 不合格的须填写存在问题."""
    for found in _REQUIRED_BY_NOTE.finditer(_QUOTES.sub("", note)):
        told = [_owner_of(word, fields, values) for word in re.split("[、或和]", found["words"])]
        owner = told[0][0] if told else None
        what = found["what"] or found["where"]
        if owner is None or any(each is not owner for each, _ in told):
            continue
        whole = f"{found['words']}{what}"
        for each in fields:
            headers = [bare_header(text) for text in (str(each.tree["header"]), *texts_of(each.tree.get("group")))]
            if each is not owner and any(text in what or text == whole for text in headers if text):
                each.tree["required"] = {"when": {str(owner.tree["name"]): [value for _, value in told]}}
                each.guessed.add("required")


def _owner_of(word: str, fields: Sequence[DraftedField], values: Values) -> tuple[DraftedField | None, str]:
    """The field among whose words a word ends with one, and that one."""
    asked = next(
        (each for each in fields if word == bare_header(str(each.tree["header"])).replace("是否", "是", 1)), None
    )
    if asked is not None and "是" in values(str(asked.tree["type"])):
        return asked, "是"
    denied = _DENIED.fullmatch(word)
    doubted = next(
        (each for each in fields if denied and bare_header(str(each.tree["header"])) == f"是否{denied[1]}"), None
    )
    if doubted is not None and "否" in values(str(doubted.tree["type"])):
        return doubted, "否"
    owners = [
        ((len(value), bare_header(str(each.tree["header"])) in word), value, each)
        for each in fields
        for value in values(str(each.tree["type"]))
        if word.endswith(value)
    ]
    _, value, owner = max(owners, key=lambda each: each[0], default=((0, False), "", None))
    return owner, value
