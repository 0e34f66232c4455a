"""One form's YAML → the form, its rules still as they stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import yaml

from kbxt_merge.intake.definitions.field_names import PlacedField, check_headers
from kbxt_merge.intake.definitions.field_types import UNKNOWN_TYPE
from kbxt_merge.intake.definitions.fields import read_fields, texts_or_one
from kbxt_merge.intake.definitions.header_words import widened
from kbxt_merge.intake.definitions.yaml_nodes import Entry, Key, read_keys
from kbxt_merge.model.form import ROW_LABEL, Band, Bearer, Field, Form, Shape, UnitLine, Vocabulary
from kbxt_merge.model.text import Words, bare_header

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

Placed = list[tuple[Entry, str, int]]
"""A row of a card's layout: the place, the field's name, and the columns its value spans."""


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
    _check_shape(entry, form, child, layout)
    _check_rows(entry, form, labels)
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
    fields = widened([field for _, field in placed], words, by_place=is_card)
    of_child, of_person = read.pop("child"), read.pop("person")
    child: Mapping[str, Entry] = {**of_child, **of_person}
    bearer = Bearer.PERSON if of_person else Bearer.CHILD
    layout: Entry | None = read.pop("layout")
    record: Entry | None = read.pop("record")
    form = Form(
        slug=read.pop("form"),
        fields=fields,
        bands=_bands(layout, fields) if is_card and layout else (),
        record=_record(record, fields, read["shape"]),
        bearer=Bearer.THING if not child and read["shape"] in (Shape.LIST, Shape.CARD) else bearer,
        **_child_fields(child, fields),
        **{key: value for key, value in read.items() if key != "rules"},
    )
    return form, child, layout


def _record(entry: Entry | None, fields: Iterable[Field], shape: Shape) -> str:
    """By which field a record that is no child's is known: a printed row by its label."""
    if entry is not None:
        return entry.one_of({each.name for each in fields}, "字段", "field") or ""
    labels = (each.name for each in fields if each.type == ROW_LABEL)
    return next(labels, "") if shape is Shape.ROWS else ""


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
    _check_shape(entry, form, child, layout)
    return Draft(entry, form, tuple(read["rules"]))


_INSIDE = "list"
_ROWS_INSIDE = 10
_OF_TABLES = frozenset(
    {"form", "label", "child", "person", "record", "fields", "printed_rows", "rules", "notes", "was"}
)
"""The keys of a table inside a card; all else it has of the card."""


def _form_keys() -> Mapping[str, Key]:
    return {
        "form": Key(_slug, "", required=True),
        "attachment": Key(Entry.text, ""),
        "title": Key(partial(_template, places=("year", "term", "month", "quarter")), "", required=True),
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
        "printed": Key(partial(_template, places=("school", "date", "city", "county")), "", required=True),
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
        child[key].fault(f"字段 {name} 的类型应是 {wanted}", f"the field {name} must be of type {wanted}")
    return name


def _check_shape(entry: Entry, form: Form, child: Mapping[str, Entry], layout: Entry | None) -> None:
    has_school = any(each.type in ("school", UNKNOWN_TYPE) for each in form.fields)
    if form.shape is Shape.STATISTICS and not has_school:
        entry.fault("统计表要有一个 school 类型的字段", "a statistics form needs a field of type school")
    if form.shape in (Shape.LIST, Shape.CARD) and not child and not form.record:
        entry.fault(
            "缺少“child”：请写明哪个字段是姓名（登记的不是人时，用“record”写明凭哪个字段认）",
            "`child` is missing; say which field is the name (of things say in `record` what they are known by)",
        )
    if form.shape is Shape.CARD and layout is None:
        entry.fault("登记卡缺少“layout”，请补上", "`layout` is missing; a card needs it")
    if form.shape is not Shape.CARD and layout is not None:
        layout.fault("只有登记卡（shape: card）才有 layout", "only a card (shape: card) has a layout")


def _check_rows(entry: Entry, form: Form, labels: Sequence[str]) -> None:
    """A form of rows prints their labels, and has one field for them."""
    if form.shape is not Shape.ROWS:
        if labels:
            entry.fault("只有 shape: rows 的表才有 rows", "only a form of rows (shape: rows) has `rows`")
        return
    if not labels:
        entry.fault("缺少“rows”：请列出印好的各行名称", "`rows` is missing; list the labels of the printed rows")
    if sum(each.type == ROW_LABEL for each in form.fields) != 1:
        entry.fault("要有一个类型为 行名（row）的字段", "one field of type row is wanted")
    for label in form.sections.keys() - set(labels):
        entry.fault(
            f"段落标题“{form.sections[label]}”要在某一行之上，没有名为“{label}”的行",
            f"the line `{form.sections[label]}` stands over no row: none is called `{label}`",
        )
    for label in {each for each in labels if labels.count(each) > 1}:
        entry.fault(f"行名“{label}”写了两次", f"two rows are called `{label}`")


def _bands(layout: Entry, fields: tuple[Field, ...]) -> tuple[Band, ...]:
    """A card's bands; every field stands in them once, and all rows are equally wide."""
    headers = {each.name: each.header for each in fields}
    bands: list[Band] = []
    rows: list[tuple[Entry, Placed]] = []
    for item in layout.items():
        keys = {"band": Key(Entry.text, "", required=True), "rows": Key(Entry.items, [], required=True)}
        read = read_keys(item, keys)
        placed_rows = [(row, _row(row, headers)) for row in read["rows"]]
        rows += placed_rows
        bands.append(Band(read["band"], tuple(tuple((name, span) for _, name, span in row) for _, row in placed_rows)))
    _check_layout(layout, rows, headers)
    return tuple(bands)


def _row(entry: Entry, headers: Mapping[str, str]) -> Placed:
    row: Placed = []
    for pair in entry.items():
        parts = pair.items()
        if len(parts) != 2:
            pair.fault("每格写成 [字段, 列数]", "each cell is written as [field, columns]")
            continue
        name = parts[0].one_of(headers, "字段", "field")
        span = parts[1].whole()
        if name is not None:
            row.append((parts[0], name, span or 1))
    return row


def _check_layout(layout: Entry, rows: list[tuple[Entry, Placed]], headers: Mapping[str, Any]) -> None:
    seen: set[str] = set()
    widths = [sum(span + 1 for _, _, span in row) for _, row in rows]
    for (entry, row), width in zip(rows, widths, strict=True):
        if width != widths[0]:
            entry.fault(
                f"这一行占 {width} 列，第一行占 {widths[0]} 列（标签各占 1 列），各行要一样宽",
                f"this row takes {width} columns and the first {widths[0]} (a label takes 1); all must be equally wide",
            )
        labels: set[str] = set()
        for place, name, _ in row:
            label = bare_header(headers[name])
            if name in seen:
                place.fault(f"字段 {name} 在 layout 中出现两次", f"the field {name} stands in the layout twice")
            elif label in labels:
                place.fault(f"同一行有两个“{label}”，无法区分", f"two labels of this row read `{label}`")
            seen.add(name)
            labels.add(label)
    for name in headers.keys() - seen:
        layout.fault(f"layout 漏了字段 {name}", f"the layout leaves out the field {name}")
