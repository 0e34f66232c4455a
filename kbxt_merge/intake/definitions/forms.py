"""One form's YAML → the form, its rules still as they stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import yaml

from kbxt_merge.intake.definitions.card_layout import bands_of
from kbxt_merge.intake.definitions.field_names import PlacedField, check_headers
from kbxt_merge.intake.definitions.field_types import UNKNOWN_TYPE
from kbxt_merge.intake.definitions.fields import read_fields, texts_or_one
from kbxt_merge.intake.definitions.form_shapes import check_rows, check_shape
from kbxt_merge.intake.definitions.header_words import widened
from kbxt_merge.intake.definitions.yaml_nodes import Entry, Key, read_keys
from kbxt_merge.model.bearer import Bearer, Whose
from kbxt_merge.model.definition_book.shown_names import type_shown
from kbxt_merge.model.field import ROW_LABEL, Field, Vocabulary
from kbxt_merge.model.form import Form, Shape, UnitLine
from kbxt_merge.model.text import Words

_SLUG = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]*")
_CHILD = {
    "name": "person_name",
    "id": "id_number",
    "sex": "sex",
    "birth_date": "date",
    "age": "age",
    "grade": "grade",
}
"""What a form may say of a child, and the type of the field that says it."""

_NO_WORDS = Words("", "")
_NO_UNIT_LINE = UnitLine((), "")


@dataclass(frozen=True, slots=True)
class Draft:
    """A form without its rules, and the places of those: they can be read when all forms are known.

    `inside` is the list that a card prints below itself.
    """

    entry: Entry
    form: Form
    rules: tuple[Entry, ...]
    inside: Draft | None = None


Lines = Iterable[Sequence[str]]
"""Header words, in lines of those that mean the same."""


def read_form(entry: Entry, vocabularies: Mapping[str, Vocabulary], words: Lines = ()) -> Draft:
    """The form that one file defines; `words` are lines of header words that mean the same."""
    read = read_keys(entry, _form_keys())
    labels: tuple[str, ...] = read.pop("rows")
    placed = read_fields(read.pop("fields"), vocabularies, labels) if read["fields"] else _no_fields(read)
    table: Entry | None = read.pop("table")
    form, child, layout = _form(entry, read, placed, words)
    check_shape(entry, form, child, layout)
    check_rows(entry, form, labels)
    if form.shape is not Shape.CARD:
        check_headers(placed)
    if table and form.shape is not Shape.CARD:
        table.fault("只有登记卡（shape: card）里面才有 table", "only a card (shape: card) holds a table")
    inside = _table(table, form, vocabularies, words) if table and form.shape is Shape.CARD and form.fields else None
    return Draft(entry, form, tuple(read["rules"]), inside)


def _no_fields(read: dict[str, Any]) -> list[PlacedField]:
    read.pop("fields")
    return []


_Made = tuple[Form, Mapping[str, Entry], Entry | None]
"""A form, the entries of what it says of its child, and that of its layout."""


def _form(entry: Entry, read: dict[str, Any], placed: Sequence[PlacedField], words: Lines) -> _Made:
    is_card = read["shape"] is Shape.CARD
    of_child, of_person = read.pop("child"), read.pop("person")
    own = [each[1] if of_child else _of_anyone(*each) for each in placed]
    fields = widened(own, words, by_place=is_card)
    child: Mapping[str, Entry] = {**of_child, **of_person}
    bearer = Bearer.PERSON if of_person else Bearer.CHILD
    layout: Entry | None = read.pop("layout")
    record: Entry | None = read.pop("record")
    known_by, key = _known_by(record, fields, read["shape"], is_person=bool(child))
    form = Form(
        slug=read.pop("form"),
        fields=fields,
        bands=bands_of(layout, fields) if is_card and layout else (),
        record=known_by,
        key=key,
        bearer=Bearer.THING if not child and read["shape"] is not Shape.STATISTICS else bearer,
        **_child_fields(child, fields),
        **{key: value for key, value in read.items() if key != "rules"},
    )
    return form, child, layout


def _of_anyone(place: Entry, field: Field) -> Field:
    """A field of a form of others than children: unless it says whose, its numbers and ages are anyone's."""
    keys = [key.value for key, _ in place.node.value] if isinstance(place.node, yaml.MappingNode) else []
    return field if "of" in keys or field.type not in ("id_number", "age") else replace(field, of=Whose.ANYONE)


def _known_by(
    entry: Entry | None, fields: Sequence[Field], shape: Shape, *, is_person: bool
) -> tuple[str, tuple[str, ...]]:
    """By which field a record that is no person's is known, or which stands for it: a printed row's label; and the key
    of a form: several fields, those besides the person, or all where nothing tells one record from another.
    """
    names = {each.name for each in fields}
    labels = (each.name for each in fields if each.type == ROW_LABEL)
    if entry is None or (shape is Shape.ROWS and _is_blank(entry)):
        return next(labels, "") if shape is Shape.ROWS else "", ()
    if _is_blank(entry):
        own = tuple(each.name for each in fields if each.type != "sequence")
        return _first_filled(fields), own if shape is Shape.LIST and not is_person else ()
    several = entry.items() if isinstance(entry.node, yaml.SequenceNode) else [entry]
    told = tuple(name for each in several if not _is_blank(each) and (name := each.one_of(names, "字段", "field")))
    return next(iter(told), ""), told if is_person or len(told) > 1 else ()


def _is_blank(entry: Entry) -> bool:
    return isinstance(entry.node, yaml.ScalarNode) and not entry.node.value.strip()


def _first_filled(fields: Iterable[Field]) -> str:
    """The field that stands for a record which nothing tells from others: the first that must be filled in."""
    told = [each for each in fields if each.type != "sequence"]
    return next((each.name for each in (*(each for each in told if each.required), *told)), "")


def _table(entry: Entry, card: Form, vocabularies: Mapping[str, Vocabulary], words: Lines) -> Draft:
    """The list inside a card, as a form: its records know the card by the field that the card is known by."""
    keys = {name: key for name, key in _form_keys().items() if name in _OF_TABLES}
    keys["title"] = Key(Entry.text, "", required=True)
    keys |= {"form": Key(_slug, ""), "label": Key(Entry.words)}
    read = {**{name: key.default for name, key in _form_keys().items()}, **read_keys(entry, keys)}
    read.pop("rows"), read.pop("table")
    placed = read_fields(read.pop("fields"), vocabularies) if read["fields"] else _no_fields(read)
    owner = card.by_name.get(card.child_name or card.record)
    for place, field in placed:
        if owner and field.name == owner.name:
            place.fault(
                f"“{field.name}”是登记卡的字段，每行会自动带上，请给这一栏另取 name",
                f"`{field.name}` is the card's, and stands in each row of itself; give this field another name",
            )
    read |= {
        "form": read["form"] or f"{card.slug}-{_INSIDE}",
        "shape": Shape.LIST,
        "label": read["label"] or Words(read["title"], read["title"]),
        "version": card.version,
        "unit_line": card.unit_line,
        "attachment": card.attachment,
        "printed_rows": read["printed_rows"] or _ROWS_INSIDE,
    }
    form, child, layout = _form(entry, read, placed, words)
    check_headers(placed)
    kept = (Field(owner.name, "text", owner.header, owner.label, width=owner.width),) if owner else ()
    form = replace(form, fields=(*kept, *form.fields), inside=card.slug)
    check_shape(entry, form, child, layout)
    return Draft(entry, form, tuple(read["rules"]))


_INSIDE = "list"
_ROWS_INSIDE = 10
_OF_TABLES = frozenset(
    {"form", "label", "child", "person", "record", "fields", "printed_rows", "rules", "notes", "was"}
)
"""The keys of a table inside a card; all else it has of the card."""


_OF_PERIOD = ("year", "term", "month", "quarter")
"""The places that the period fills in."""


def _form_keys() -> Mapping[str, Key]:
    return {
        "form": Key(_slug, "", required=True),
        "attachment": Key(Entry.text, ""),
        "title": Key(partial(_template, places=_OF_PERIOD), "", required=True),
        "label": Key(Entry.words, _NO_WORDS, required=True),
        "shape": Key(_shape, Shape.LIST, required=True),
        "version": Key(Entry.text, "", required=True),
        "unit_line": Key(_unit_line, _NO_UNIT_LINE, required=True),
        "child": Key(_child_entries, {}),
        "person": Key(_child_entries, {}),
        "record": Key(lambda entry: entry),
        "fields": Key(lambda entry: entry, required=True),
        "rows": Key(texts_or_one, ()),
        "sections": Key(_texts_by_key, {}),
        "column_codes": Key(_column_codes, ()),
        "notes": Key(Entry.texts, ()),
        "layout": Key(lambda entry: entry),
        "table": Key(lambda entry: entry),
        "printed_rows": Key(Entry.whole, 15),
        "rules": Key(Entry.items, []),
        "was": Key(texts_or_one, ()),
        "not_owed": Key(texts_or_one, ()),
        "labels_above": Key(Entry.flag, False),
        "signatures": Key(Entry.text, ""),
    }


def _slug(entry: Entry) -> str | None:
    slug = entry.text()
    if slug is not None and not _SLUG.fullmatch(slug):
        entry.fault(
            "表号只用数字、英文字母和连字符，如 1-2", "a form's number is of digits, letters and hyphens, such as 1-2"
        )
    return slug


def _column_codes(entry: Entry) -> tuple[str, ...]:
    """What stands below each header, blank where nothing does."""
    return tuple(str(item.node.value) for item in entry.items() if isinstance(item.node, yaml.ScalarNode))


def _texts_by_key(entry: Entry) -> Mapping[str, str]:
    read = ((name, each.text()) for name, each in entry.entries().items())
    return {name: text for name, text in read if text is not None}


def _shape(entry: Entry) -> Shape | None:
    name = entry.one_of([each.value for each in Shape], "表样", "shape")
    return None if name is None else Shape(name)


def _template(entry: Entry, places: Collection[str]) -> str | None:
    """A text with {places} to be filled in."""
    text = entry.text()
    if text is not None:
        entry.can_fill_in(text, places)
    return text


def _unit_line(entry: Entry) -> UnitLine:
    keys = {
        "labels": Key(Entry.texts, (), required=True),
        "printed": Key(partial(_template, places=("school", "date", "city", "county", *_OF_PERIOD)), "", required=True),
        "below": Key(Entry.flag, False),
        "by_month": Key(Entry.flag, False),
    }
    return UnitLine(**read_keys(entry, keys))


def _child_entries(entry: Entry) -> dict[str, Entry]:
    read = read_keys(entry, {key: Key(lambda each: each, required=key == "name") for key in _CHILD})
    return {key: each for key, each in read.items() if each is not None}


def _child_fields(child: Mapping[str, Entry], fields: tuple[Field, ...]) -> dict[str, Any]:
    return {f"child_{key}": _child(child, key, wanted, fields) for key, wanted in _CHILD.items()}


def _child(child: Mapping[str, Entry], key: str, wanted: str, fields: Iterable[Field]) -> str | None:
    """The field that `child` names under `key`; its type must be the one wanted."""
    if key not in child:
        return None
    types = {each.name: each.type for each in fields}
    name = child[key].one_of(types, "字段", "field")
    if name is not None and types[name] not in (wanted, UNKNOWN_TYPE):
        child[key].fault(f"字段 {name} 的类型应是{type_shown(wanted)}", f"the field {name} must be of type {wanted}")
    return name
