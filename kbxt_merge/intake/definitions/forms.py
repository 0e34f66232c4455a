"""One form's YAML → the form, its rules still as they stand."""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from kbxt_merge.intake.definitions.fields import UNKNOWN_TYPE, PlacedField, check_headers, read_fields
from kbxt_merge.intake.definitions.header_words import widened
from kbxt_merge.intake.definitions.yaml_nodes import Entry, Key, read_keys
from kbxt_merge.model.form import Band, Field, Form, Shape, UnitLine, Vocabulary
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
    """A form without its rules, and the places of those: they can be read when all forms are known."""

    entry: Entry
    form: Form
    rules: tuple[Entry, ...]


def read_form(entry: Entry, vocabularies: Mapping[str, Vocabulary], words: Iterable[Sequence[str]] = ()) -> Draft:
    """The form that one file defines; `words` are lines of header words that mean the same."""
    read = read_keys(entry, _form_keys(vocabularies))
    placed: list[PlacedField] = read.pop("fields")
    is_card = read["shape"] is Shape.CARD
    fields = widened([field for _, field in placed], words, by_place=is_card)
    child: Mapping[str, Entry] = read.pop("child")
    layout: Entry | None = read.pop("layout")
    form = Form(
        slug=read.pop("form"),
        fields=fields,
        bands=_bands(layout, fields) if is_card and layout else (),
        **_child_fields(child, fields),
        **{key: value for key, value in read.items() if key != "rules"},
    )
    _check_shape(entry, form, child, layout)
    if not is_card:
        check_headers(placed)
    return Draft(entry, form, tuple(read["rules"]))


def _form_keys(vocabularies: Mapping[str, Vocabulary]) -> Mapping[str, Key]:
    return {
        "form": Key(_slug, "", required=True),
        "attachment": Key(Entry.text, ""),
        "title": Key(partial(_template, places=("year", "term")), "", required=True),
        "label": Key(Entry.words, _NO_WORDS, required=True),
        "shape": Key(_shape, Shape.LIST, required=True),
        "version": Key(Entry.text, "", required=True),
        "unit_line": Key(_unit_line, _NO_UNIT_LINE, required=True),
        "child": Key(_child_entries, {}),
        "fields": Key(partial(read_fields, vocabularies=vocabularies), [], required=True),
        "notes": Key(Entry.texts, ()),
        "layout": Key(lambda entry: entry),
        "printed_rows": Key(Entry.whole, 15),
        "rules": Key(Entry.items, []),
    }


def _slug(entry: Entry) -> str | None:
    slug = entry.text()
    if slug is not None and not _SLUG.fullmatch(slug):
        entry.fault(
            "表号只用数字、英文字母和连字符，如 1-2", "a form's number is of digits, letters and hyphens, such as 1-2"
        )
    return slug


def _shape(entry: Entry) -> Shape | None:
    name = entry.one_of([each.value for each in Shape], "表样", "shape")
    return None if name is None else Shape(name)


def _template(entry: Entry, places: Collection[str]) -> str | None:
    """A text with {places} to be filled in."""
    text = entry.text()
    if text is None:
        return None
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError:
        entry.fault("花括号 { } 没有成对", "the braces { } don't pair")
        return text
    for name in names:
        if name not in places:
            entry.unknown(name, places, "占位", "place to fill in")
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
    if form.shape is not Shape.STATISTICS and not child:
        entry.fault("缺少“child”：请写明哪个字段是姓名", "`child` is missing; say which field is the name")
    if form.shape is Shape.CARD and layout is None:
        entry.fault("登记卡缺少“layout”，请补上", "`layout` is missing; a card needs it")
    if form.shape is not Shape.CARD and layout is not None:
        layout.fault("只有登记卡（shape: card）才有 layout", "only a card (shape: card) has a layout")


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
