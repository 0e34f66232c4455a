"""What people read for the names of fields, types and vocabularies, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from kbxt_merge.model.codes import CODES

TYPES_SHOWN: Mapping[str, str] = {
    "text": "文字",
    "person_name": "姓名",
    "id_number": "身份证号",
    "identity": "证件号码",
    "roll_number": "学籍号",
    "sequence": "序号",
    "age": "年龄",
    "count": "人数",
    "number": "数值",
    "date": "日期",
    "phone": "电话",
    "school": "学校",
    "code": "编码",
    "row": "行名",
}
"""By the type's name in YAML what the workbook calls it; loaders know both."""
_VOCABULARIES_SHOWN: Mapping[str, str] = {
    "sex": "性别",
    "grade": "年级",
    "ethnicity": "民族",
    "disability": "残疾类别",
    "enrolment": "就学情况",
    "yes_no": "是否",
    "person_category": "人员类别",
    "registration_type": "登记类型",
    "row_label": "行名",
}
"""What Chinese sentences call the types that rules ask for besides."""


def type_shown(name: str) -> str:
    """What a Chinese sentence calls a type."""
    return TYPES_SHOWN.get(name) or _VOCABULARIES_SHOWN.get(name, name)


ALSO_CALLED: Mapping[str, str] = {"个数": "count", "金额": "number"}
"""Further names of types, with what YAML calls them."""

TYPES_OFFERED = (*TYPES_SHOWN.values(), *ALSO_CALLED)

CODES_SHOWN: Mapping[str, str] = {name: code.words.zh for name, code in CODES.items()}


@dataclass(frozen=True, slots=True)
class ShownNames:
    """What each name is shown as; two names are never shown alike. `earlier` are what they were shown as before."""

    shown: Mapping[str, str] = field(default_factory=dict)
    earlier: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, labels: Iterable[tuple[str, str]], taken: Iterable[str] = ()) -> Self:
        """Show each name by its label, where no other name or label is the same.

        One in Latin letters whose label is another's name is shown as a second one of it: 是否2.
        """
        pairs = list(labels)
        names = {name for name, _ in pairs}
        counts: dict[str, int] = {}
        for _, label in pairs:
            counts[label] = counts.get(label, 0) + 1
        mine = set(taken)
        shown: dict[str, str] = {}
        for name, label in pairs:
            is_own = label and counts[label] == 1 and label not in mine and (label == name or label not in names)
            second = f"{label}2"
            is_second = label in names and counts[label] == 2 and name.isascii() and second not in names | mine
            shown[name] = label if is_own else second if is_second and second not in counts else name
        return cls(shown)

    def show(self, name: str) -> str:
        """What the name is shown as; a name nobody knows is shown as it is."""
        return self.shown.get(name, name)

    def name(self, shown: str) -> str:
        """The name that is shown so, or was; else the text itself."""
        for known in ({text: name for name, text in self.shown.items()}, self.earlier):
            if shown in known:
                return known[shown]
        return shown
