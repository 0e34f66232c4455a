"""What the fields of a form are called, and by which headers they are told apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from kbxt_merge.intake.definitions.yaml_nodes import Entry
from kbxt_merge.model.field import Field
from kbxt_merge.model.text import Words, bare_header

_NAME = re.compile(r"[^\W\dA-Z_][^\WA-Z]*")
_NOT_IN_NAMES = re.compile(r"\W+")
_TELLS_NOTHING = re.compile(r"小计|合计|总计|共计|总数|总人数|人数|总额|计|名称")
"""What a header may say of any group."""
_RESERVED = frozenset({"file", "sheet", "cell", "errors", "warnings"})
"""The columns that stand beside the fields in data/records-*.csv."""
MOST_GROUPS = 2
"""Upper headers that may stand over one another: with the header itself three rows."""

PlacedField = tuple[Entry, Field]


def given_name(entry: Entry) -> str | None:
    """The name that a definition gives a field; what is wrong with it is noted."""
    name = entry.text()
    if name is None:
        return None
    if name in _RESERVED:
        entry.fault(
            f"“{name}”留作来源列名，请另取名", f"`{name}` is kept for a column of the records; choose another name"
        )
    elif not _NAME.fullmatch(name):
        entry.fault(
            "字段名只用汉字、小写英文字母、数字和下划线，以字开头",
            "a field's name is of Chinese characters, lower-case letters, digits and _, and begins with a letter",
        )
    return name


def with_names(placed: list[PlacedField]) -> list[PlacedField]:
    """The fields, those without a name called after their header; no two of one name."""
    taken = {field.name for _, field in placed if field.name}
    seen: set[str] = set()
    named: list[PlacedField] = []
    for entry, field in placed:
        if not field.name and field.header:
            name = name_of((*field.groups, field.header), taken)
            is_plain = field.label.en == bare_header(field.header).replace("_", " ")
            label = Words(field.label.zh, name.replace("_", " ")) if is_plain else field.label
            field = replace(field, name=name, label=label)
            taken.add(field.name)
        elif field.name and field.name in seen:
            entry.fault(f"字段名“{field.name}”用了两次", f"two fields are named `{field.name}`")
        seen.add(field.name)
        named.append((entry, field))
    return named


def with_labels(placed: Sequence[PlacedField]) -> list[PlacedField]:
    """The fields, those whose header alone tells nothing called with the group over it."""
    labels = full_labels([(field.label.zh, field.header, field.groups) for _, field in placed])
    return [(entry, _called(field, label)) for (entry, field), label in zip(placed, labels, strict=True)]


def _called(field: Field, label: str) -> Field:
    en = label if field.label.en == field.label.zh else field.label.en
    return replace(field, label=Words(label, en))


def full_labels(fields: Sequence[tuple[str, str, Sequence[str]]]) -> list[str]:
    """What fields are called of these labels, headers and groups.

    >>> full_labels([("小计", "小计", ["校车数"]), ("自有", "自有", ["校车数"]), ("小计", "小计", ["乘车学生数"])])
    ['校车数小计', '自有', '乘车学生数小计']
    """
    told = Counter(label for label, _, _ in fields)
    return [
        f"{bare_header(groups[-1])}{label}"
        if groups and label == bare_header(header) and (told[label] > 1 or _TELLS_NOTHING.fullmatch(label))
        else label
        for label, header, groups in fields
    ]


def name_of(headers: Sequence[str], taken: Collection[str]) -> str:
    """A name out of the header, the last of these, with the groups over it as far as others have that name already."""
    parts = [_NOT_IN_NAMES.sub("", bare_header(each)).removeprefix("其中").lower() for each in headers]
    names = ("_".join(filter(None, parts[at:])) for at in range(len(parts) - 1, -1, -1))
    words = [name if _NAME.fullmatch(name) else f"栏_{name}" for name in names]
    free = next((name for name in words if name not in taken and name not in _RESERVED), "")
    return free or next(name for at in range(2, 999) if (name := f"{words[-1]}_{at}") not in taken)


def check_headers(placed: Iterable[PlacedField]) -> None:
    """No two fields can be taken for each other: neither by header nor by another wording, below the same groups."""
    owners: dict[tuple[str, ...], str] = {}
    for entry, field in placed:
        for wording in (field.header, *field.also):
            key = (*map(bare_header, field.groups), bare_header(wording))
            owner = owners.setdefault(key, field.name)
            if owner != field.name and wording:
                entry.fault(
                    f"表头“{key[-1]}”与字段 {owner} 的相同，无法区分，请改其中一个",
                    f"the header `{key[-1]}` is also that of the field {owner}; change one of them",
                )


def check_groups(placed: Iterable[PlacedField]) -> None:
    """A group is one cell over its fields: they must stand side by side."""
    for depth in range(MOST_GROUPS):
        ended: set[tuple[str, ...]] = set()
        current: tuple[str, ...] = ()
        for entry, field in placed:
            path = field.groups[: depth + 1] if len(field.groups) > depth else ()
            if path != current:
                ended.add(current)
                if path and path in ended:
                    entry.fault(
                        f"同一上级表头“{path[-1]}”的字段要连在一起",
                        f"the fields below `{path[-1]}` must stand together",
                    )
                current = path
