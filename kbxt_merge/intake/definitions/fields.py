"""A form's fields, as its YAML lists them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import partial

from kbxt_merge.intake.definitions.yaml_nodes import Entry, Key, read_keys
from kbxt_merge.model.form import BASIC_TYPES, Field, Form, Vocabulary
from kbxt_merge.model.text import Words, bare_header

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_RESERVED = frozenset({"file", "sheet", "cell", "errors", "warnings"})
"""The columns that stand beside the fields in data/records-*.csv."""

UNKNOWN_TYPE = ""
"""Stands for a type that is faulty, so that the fault breeds no second one."""

PlacedField = tuple[Entry, Field]


def read_fields(entry: Entry, vocabularies: Mapping[str, Vocabulary]) -> list[PlacedField]:
    """The fields in their printed order, each with its place; no two of one name."""
    placed = [(item, _field(item, vocabularies)) for item in entry.items()]
    if not placed:
        entry.fault("至少要有一个字段", "at least one field is wanted")
    _check_names(placed)
    _check_groups(placed)
    return placed


def check_headers(placed: Iterable[PlacedField]) -> None:
    """No two fields can be taken for each other: neither by header nor by another wording, below the same group."""
    owners: dict[tuple[str, str], str] = {}
    for entry, field in placed:
        for wording in (field.header, *field.also):
            key = (bare_header(field.group), bare_header(wording))
            owner = owners.setdefault(key, field.name)
            if owner != field.name and wording:
                entry.fault(
                    f"表头“{key[1]}”与字段 {owner} 的相同，无法区分，请改其中一个",
                    f"the header `{key[1]}` is also that of the field {owner}; change one of them",
                )


def field_named(entry: Entry, form: Form, types: Collection[str] = ()) -> str | None:
    """The field of a form that the value names; its type must be one of these, where any are given."""
    name = entry.one_of(form.by_name, f"字段（表 {form.slug}）", f"field of form {form.slug}")
    if name is not None:
        check_type(entry, form, name, types)
    return name


def check_type(entry: Entry, form: Form, name: str, types: Collection[str]) -> None:
    """Note a field that is of none of these types, where any are given."""
    found = form.by_name[name].type
    if types and found not in (*types, UNKNOWN_TYPE):
        entry.fault(
            f"字段 {name} 的类型是 {found}，这里只能用：{'、'.join(types)}",
            f"the field {name} is of type {found}; here it must be {' or '.join(types)}",
        )


def _field(entry: Entry, vocabularies: Mapping[str, Vocabulary]) -> Field:
    types = (*BASIC_TYPES, *vocabularies)
    keys = {
        "name": Key(_name, "", required=True),
        "type": Key(partial(Entry.one_of, names=types, zh="类型", en="type"), UNKNOWN_TYPE, required=True),
        "header": Key(Entry.text, "", required=True),
        "label": Key(Entry.words),
        "group": Key(Entry.text, ""),
        "required": Key(Entry.flag, False),
        "also": Key(Entry.texts, ()),
        "nothing": Key(Entry.texts, ()),
        "hints": Key(Entry.texts, ()),
        "hint": Key(Entry.text, ""),
        "width": Key(Entry.number, 10.0),
    }
    read = read_keys(entry, keys)
    label = read.pop("label") or Words(bare_header(read["header"]), read["name"].replace("_", " "))
    return Field(label=label, vocabulary=vocabularies.get(read["type"]), **read)


def _name(entry: Entry) -> str | None:
    name = entry.text()
    if name is None:
        return None
    if name in _RESERVED:
        entry.fault(
            f"“{name}”留作来源列名，请另取名", f"`{name}` is kept for a column of the records; choose another name"
        )
    elif not _NAME.fullmatch(name):
        entry.fault("字段名只用小写英文字母、数字和下划线", "a field's name is of lower-case letters, digits and _")
    return name


def _check_names(placed: Iterable[PlacedField]) -> None:
    seen: set[str] = set()
    for entry, field in placed:
        if field.name and field.name in seen:
            entry.fault(f"字段名“{field.name}”用了两次", f"two fields are named `{field.name}`")
        seen.add(field.name)


def _check_groups(placed: Iterable[PlacedField]) -> None:
    """A group is one cell over its fields: they must stand side by side."""
    ended: set[str] = set()
    current = ""
    for entry, field in placed:
        if field.group != current:
            ended.add(current)
            if field.group and field.group in ended:
                entry.fault(
                    f"同一上级表头“{field.group}”的字段要连在一起",
                    f"the fields below `{field.group}` must stand together",
                )
            current = field.group
