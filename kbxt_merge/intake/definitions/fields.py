"""A form's fields, as its YAML lists them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import yaml

from kbxt_merge.intake.definitions.field_bounds import bound_of
from kbxt_merge.intake.definitions.field_names import (
    MOST_GROUPS,
    PlacedField,
    check_groups,
    given_name,
    with_labels,
    with_names,
)
from kbxt_merge.intake.definitions.field_types import (
    CODES_IN_CHINESE,
    IDENTITY,
    ROW_NAME,
    TYPE_NAMES,
    TYPES_IN_CHINESE,
    UNKNOWN_TYPE,
    WHOSE_IN_CHINESE,
)
from kbxt_merge.intake.definitions.yaml_nodes import Entry, Key, read_keys
from kbxt_merge.model.bearer import Whose
from kbxt_merge.model.codes import CODES, Code, of_masks
from kbxt_merge.model.definition_book.shown_names import type_shown
from kbxt_merge.model.field import ROW_LABEL, Conditions, Field, Vocabulary
from kbxt_merge.model.form import Form
from kbxt_merge.model.text import Words, bare_header, compact_value

_MOST_PLACES = 6


def read_fields(
    entry: Entry, vocabularies: Mapping[str, Vocabulary], row_labels: tuple[str, ...] = ()
) -> list[PlacedField]:
    """The fields in their printed order, each with its place; no two of one name.

    `row_labels` are the labels of the rows, where the form prints any.
    """
    read = [(item, *_field(item, vocabularies, row_labels)) for item in entry.items()]
    if not read:
        entry.fault("至少要有一个字段", "at least one field is wanted")
    named = with_labels(with_names([(item, field) for item, field, _ in read]))
    check_groups(named)
    by_name = {field.name: field for _, field in named}
    later = [later for _, _, later in read]
    return [(item, _with_others(field, by_name, own)) for (item, field), own in zip(named, later, strict=True)]


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
            f"字段 {name} 的类型是{type_shown(found)}，这里只能用：{'、'.join(map(type_shown, types))}",
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
        "name": Key(given_name, ""),
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
        "printed": Key(partial(_printed, labels=labels), ()),
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
        least=bound_of(least, type_name),
        most=bound_of(most, type_name),
        **read,
    )
    _check_keys(entry, field)
    return field, {key: each for key, each in later.items() if each is not None}


def _printed(entry: Entry, labels: Sequence[str]) -> tuple[str, ...]:
    """What is printed beside each label, blank where nothing is."""
    texts = tuple(str(item.node.value) for item in entry.items() if isinstance(item.node, yaml.ScalarNode))
    if len(texts) == len(labels):
        return texts
    entry.fault(
        f"印好的内容有 {len(texts)} 项，印好的行有 {len(labels)} 行，要一样多（没有的写“”）",
        f'{len(texts)} texts are printed beside {len(labels)} rows; there must be one a row ("" for none)',
    )
    return ()


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


def _groups(entry: Entry) -> tuple[str, ...] | None:
    groups = texts_or_one(entry)
    if len(groups) > MOST_GROUPS:
        entry.fault(
            f"上级表头最多 {MOST_GROUPS} 层（连同表头共 {MOST_GROUPS + 1} 行）",
            f"at most {MOST_GROUPS} upper headers may stand over one another",
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
                f"“{key}”只用于类型 {'、'.join(map(type_shown, types))}",
                f"only fields of type {' or '.join(types)} have `{key}`",
            )
    if "kind" in given and field.type not in ("code", "id_number", UNKNOWN_TYPE):
        given["kind"].fault("“kind”只用于编码和证件号码", "only codes and identity papers have a `kind`")
    if "mask" in given and field.type not in ("code", UNKNOWN_TYPE):
        given["mask"].fault("“mask”只用于编码", "only codes have a `mask`")
