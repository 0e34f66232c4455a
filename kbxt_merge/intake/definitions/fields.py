"""A form's fields, as its YAML lists them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import yaml

from kbxt_merge.intake.definitions.field_types import (
    CODES_IN_CHINESE,
    IDENTITY,
    ROW_NAME,
    TYPE_NAMES,
    TYPES_IN_CHINESE,
    WHOSE_IN_CHINESE,
)
from kbxt_merge.intake.definitions.yaml_nodes import Entry, Key, read_keys
from kbxt_merge.model.codes import CODES, Code, of_masks
from kbxt_merge.model.form import FORM_DAY, ROW_LABEL, Bound, Conditions, Field, Form, Vocabulary, Whose
from kbxt_merge.model.text import Words, bare_header, compact_value

_NAME = re.compile(r"[^\W\dA-Z_][^\WA-Z]*")
_NOT_IN_NAMES = re.compile(r"\W+")
_RESERVED = frozenset({"file", "sheet", "cell", "errors", "warnings"})
"""The columns that stand beside the fields in data/records-*.csv."""
_FORM_DAYS = (FORM_DAY, "填表日期")
_MOST_GROUPS = 2
"""Upper headers that may stand over one another: with the header itself three rows."""
_MOST_PLACES = 6

UNKNOWN_TYPE = ""
"""Stands for a type that is faulty, so that the fault breeds no second one."""

PlacedField = tuple[Entry, Field]


def read_fields(
    entry: Entry, vocabularies: Mapping[str, Vocabulary], row_labels: tuple[str, ...] = ()
) -> list[PlacedField]:
    """The fields in their printed order, each with its place; no two of one name.

    `row_labels` are the labels of the rows, where the form prints any.
    """
    read = [(item, *_field(item, vocabularies, row_labels)) for item in entry.items()]
    if not read:
        entry.fault("至少要有一个字段", "at least one field is wanted")
    named = _with_names([(item, field) for item, field, _ in read])
    _check_groups(named)
    by_name = {field.name: field for _, field in named}
    later = [later for _, _, later in read]
    return [(item, _with_others(field, by_name, own)) for (item, field), own in zip(named, later, strict=True)]


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


def conditions(entry: Entry, fields: Mapping[str, Field], where: str = "") -> Conditions:
    """Values of fields that have a vocabulary, by the fields' names; `where` says of which form they are."""
    read: dict[str, tuple[str, ...]] = {}
    for name, each in entry.entries().items():
        target = fields.get(name)
        if target is None:
            each.unknown(name, fields, f"字段{where and f'（表 {where}）'}", f"field{where and f' of form {where}'}")
        elif target.type == UNKNOWN_TYPE:
            continue
        elif target.vocabulary is None:
            each.fault(f"字段 {name} 没有词表，不能在这里比较", f"the field {name} has no vocabulary to compare with")
        else:
            values = target.vocabulary.values
            named = [item.one_of(values, "值", f"value of {name}") for item in one_or_more(each)]
            read[name] = tuple(value for value in named if value is not None)
    return read


def one_or_more(entry: Entry) -> list[Entry]:
    """The members of a list, or the one value that stands for it."""
    return [entry] if isinstance(entry.node, yaml.ScalarNode) else entry.items()


_Later = Mapping[str, Entry]
"""What of a field speaks of other fields, and can be read when all are known."""


def _field(entry: Entry, vocabularies: Mapping[str, Vocabulary], labels: tuple[str, ...]) -> tuple[Field, _Later]:
    types = (*TYPE_NAMES, *vocabularies)
    keys = {
        "name": Key(_name, ""),
        "type": Key(partial(Entry.one_of, names=types, zh="类型", en="type"), UNKNOWN_TYPE, required=True),
        "header": Key(Entry.text, "", required=True),
        "label": Key(Entry.words),
        "group": Key(_groups, ()),
        "required": Key(lambda each: each),
        "also": Key(Entry.texts, ()),
        "nothing": Key(Entry.texts, ()),
        "hints": Key(Entry.texts, ()),
        "hint": Key(Entry.text, ""),
        "width": Key(Entry.number, 10.0),
        "kind": Key(lambda each: each),
        "mask": Key(texts_or_one, ()),
        "of": Key(_whose, Whose.CHILD),
        "places": Key(_places),
        "unit": Key(Entry.text, ""),
        "min": Key(lambda each: each),
        "max": Key(lambda each: each),
        "may_lie_ahead": Key(Entry.flag, False),
        "unique": Key(_unique, ""),
        "applies_to": Key(lambda each: each),
        "was": Key(texts_or_one, ()),
    }
    read = read_keys(entry, keys)
    written = read.pop("type")
    kind, least, most, required, applies = (read.pop(key) for key in ("kind", "min", "max", "required", "applies_to"))
    later = {"kind": kind if written in (IDENTITY, "证件号码") else None, "required": required, "applies_to": applies}
    type_name = TYPES_IN_CHINESE.get(written, written) if written not in vocabularies else written
    vocabulary = vocabularies.get(type_name) or (_row_words(labels) if type_name == ROW_NAME else None)
    type_name = {IDENTITY: "id_number", ROW_NAME: ROW_LABEL}.get(type_name, type_name)
    groups, masks, label = read.pop("group"), read.pop("mask"), read.pop("label")
    name = read.pop("name")
    field = Field(
        name=name,
        type=type_name,
        label=label or Words(bare_header(read["header"]), (name or bare_header(read["header"])).replace("_", " ")),
        vocabulary=vocabulary,
        group=groups[-1] if groups else "",
        above=groups[:-1],
        code=_code(entry, type_name, kind, masks),
        least=_bound(least, type_name),
        most=_bound(most, type_name),
        **read,
    )
    _check_keys(entry, field)
    return field, {key: each for key, each in later.items() if each is not None}


def _row_words(labels: tuple[str, ...]) -> Vocabulary:
    variants = {compact_value(label): label for label in labels}
    return Vocabulary(ROW_LABEL, Words("行名", "row"), labels, variants, rule="row-unknown")


def _with_others(field: Field, fields: Mapping[str, Field], later: _Later) -> Field:
    """The field with what its keys say of others."""
    changes: dict[str, Any] = {}
    if required := later.get("required"):
        if isinstance(required.node, yaml.ScalarNode):
            changes["required"] = required.flag() or False
        else:
            read = read_keys(required, {"when": Key(lambda each: each, required=True)})
            changes["required_when"] = conditions(read["when"], fields) if read["when"] else {}
    if applies := later.get("applies_to"):
        changes["applies_to"] = conditions(applies, fields)
    if kind := later.get("kind"):
        named = kind.one_of(fields, "字段", "field")
        if named and fields[named].vocabulary is None and fields[named].type != UNKNOWN_TYPE:
            kind.fault(f"字段 {named} 没有词表，说不出证件类型", f"the field {named} has no vocabulary of papers")
        changes["papers"] = named or ""
    return replace(field, **changes) if changes else field


def _name(entry: Entry) -> str | None:
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


def _with_names(placed: list[PlacedField]) -> list[PlacedField]:
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


def name_of(headers: Sequence[str], taken: Collection[str]) -> str:
    """A name out of the header, the last of these, with the groups over it as far as others have that name already."""
    parts = [_NOT_IN_NAMES.sub("", bare_header(each)).removeprefix("其中").lower() for each in headers]
    names = ("_".join(filter(None, parts[at:])) for at in range(len(parts) - 1, -1, -1))
    words = [name if _NAME.fullmatch(name) else f"栏_{name}" for name in names]
    free = next((name for name in words if name not in taken and name not in _RESERVED), "")
    return free or next(name for at in range(2, 999) if (name := f"{words[-1]}_{at}") not in taken)


def _groups(entry: Entry) -> tuple[str, ...] | None:
    groups = texts_or_one(entry)
    if len(groups) > _MOST_GROUPS:
        entry.fault(
            f"上级表头最多 {_MOST_GROUPS} 层（连同表头共 {_MOST_GROUPS + 1} 行）",
            f"at most {_MOST_GROUPS} upper headers may stand over one another",
        )
    return groups


def texts_or_one(entry: Entry) -> tuple[str, ...]:
    """The members of a list of texts, or the one text that stands for it."""
    return tuple(text for item in one_or_more(entry) if (text := item.text()) is not None)


def _code(entry: Entry, type_name: str, kind: Entry | None, masks: tuple[str, ...]) -> Code | None:
    if type_name != "code":
        return None
    if masks:
        return of_masks(masks)
    if kind is None:
        entry.fault(
            "编码要写明 kind（哪一种）或 mask（样子，# 代表一位数字，@ 一个字母，? 二者之一）",
            "a code needs its `kind`, or a `mask` (# a digit, @ a letter, ? either)",
        )
        return None
    name = kind.one_of((*CODES, *CODES_IN_CHINESE), "编码种类", "kind of code")
    return CODES[CODES_IN_CHINESE.get(name, name)] if name else None


def _whose(entry: Entry) -> Whose | None:
    name = entry.one_of((*(each.value for each in Whose), *WHOSE_IN_CHINESE), "对象", "bearer")
    return Whose(WHOSE_IN_CHINESE.get(name, name)) if name else None


def _unique(entry: Entry) -> str | None:
    if isinstance(entry.node, yaml.ScalarNode) and entry.node.tag.endswith(":bool"):
        return "school" if entry.flag() else ""
    return entry.one_of(("school", "district"), "范围", "circle")


def _places(entry: Entry) -> int | None:
    text = entry.text()
    if text is not None and text.isascii() and text.isdigit() and int(text) <= _MOST_PLACES:
        return int(text)
    entry.fault(f"小数位数填 0 至 {_MOST_PLACES}", f"decimal places are 0 to {_MOST_PLACES}")
    return None


def _bound(entry: Entry | None, type_name: str) -> Bound | None:
    """The least or the most of a field: a number, or a day, or the form's own date."""
    if entry is None or type_name == UNKNOWN_TYPE:
        return None
    reader = _BOUNDS.get(type_name)
    if reader is None:
        entry.fault(
            "只有人数、数值、年龄、日期才有 min 和 max", "only counts, numbers, ages and dates have a `min` and a `max`"
        )
        return None
    return reader(entry)


def _day(entry: Entry) -> dt.date | str | None:
    text = entry.text()
    if text is None or text in _FORM_DAYS:
        return text and FORM_DAY
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        entry.fault(
            "这里要填 2021-03-01 样的日期，或填表日期（form_day）",
            "a day such as 2021-03-01 is wanted here, or form_day",
        )
        return None


_BOUNDS: Mapping[str, Callable[[Entry], Bound | None]] = {
    "count": Entry.signed, "number": Entry.signed, "age": Entry.signed, "date": _day,
}  # fmt: skip

_OF_TYPES: Mapping[str, tuple[str, ...]] = {
    "places": ("number",),
    "unit": ("number",),
    "may_lie_ahead": ("date",),
    "of": ("id_number", "age"),
}
"""The keys that only fields of some types have."""


def _check_keys(entry: Entry, field: Field) -> None:
    pairs = entry.node.value if isinstance(entry.node, yaml.MappingNode) else ()
    given = {key.value: Entry(value, entry.file, f"{entry.path}.{key.value}", entry.faults) for key, value in pairs}
    for key, types in _OF_TYPES.items():
        if key in given and field.type not in (*types, UNKNOWN_TYPE):
            given[key].fault(
                f"“{key}”只用于类型 {'、'.join(types)}", f"only fields of type {' or '.join(types)} have `{key}`"
            )
    if "kind" in given and field.type not in ("code", "id_number", UNKNOWN_TYPE):
        given["kind"].fault("“kind”只用于编码和证件号码", "only codes and identity papers have a `kind`")
    if "mask" in given and field.type not in ("code", UNKNOWN_TYPE):
        given["mask"].fault("“mask”只用于编码", "only codes have a `mask`")


def _check_groups(placed: Iterable[PlacedField]) -> None:
    """A group is one cell over its fields: they must stand side by side."""
    for depth in range(_MOST_GROUPS):
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
