"""The sheets 词表, 词表设置, 表头叫法, 单位 and 其他设置 → the nodes of the YAML files that they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from kbxt_merge.intake.definitions.book.cells import CellReader
from kbxt_merge.intake.definitions.book.nodes import got, mapping, node_of, plain_words, put, sequence
from kbxt_merge.intake.definitions.book.tables import Row, SheetTexts, Told
from kbxt_merge.model.definition_book.cell_texts import end_of, parted
from kbxt_merge.model.definition_book.layout import (
    BUREAU_LINES,
    HEADER_COLUMNS,
    HEADER_KINDS,
    OTHER_COLUMNS,
    WORD_COLUMNS,
    WORD_SETTING_COLUMNS,
)


def bureau_node(sheet: SheetTexts, reader: CellReader, forms: Sequence[str]) -> Any:
    """bureau.yaml: what the sheet says, and the forms whose sheets there are."""
    made = mapping(sheet.mark(0, 1))
    told = sheet.labelled(BUREAU_LINES)
    for item in BUREAU_LINES:
        if item.key in told:
            put(made, item.key.split("."), reader.node(item, told[item.key]))
    plain_words(made, "returns")
    put(made, ("forms",), node_of(list(forms), sheet.mark(0, 1)))
    return made


def vocabulary_names(words: SheetTexts | None, settings: SheetTexts | None) -> Iterator[tuple[str, str]]:
    """Every vocabulary of the workbook with what it is called there."""
    seen: set[str] = set()
    for row in _vocabulary_rows(words, settings):
        name, called = _name_of(row), _called(row)
        if name and name not in seen:
            seen.add(name)
            yield name, called


def vocabularies_node(words: SheetTexts | None, settings: SheetTexts | None, reader: CellReader) -> Any:
    """vocabularies.yaml; None where the workbook has no vocabulary."""
    made: Any = None
    for row in settings.below(WORD_SETTING_COLUMNS) if settings else ():
        first = next(iter(row.values())).mark
        made = made or mapping(first)
        name = _name_of(row)
        own = got(made, name)
        if own is None:
            own = mapping(first)
            put(made, (name,), own)
        for item in WORD_SETTING_COLUMNS:
            if item.key in row and not item.hidden and item.key != "label.zh":
                put(own, item.key.split("."), reader.node(item, row[item.key]))
        if "label.zh" in row and ("label.en" in row or row["label.zh"].text != name):
            _put_label(own, row, reader)
        put(own, ("values",), mapping(first))
    for row in words.below(WORD_COLUMNS) if words else ():
        if words and "value" not in row and row.keys() & {"value_id", "variants"}:
            _tell_emptied(words, row, reader)
        made = _with_value(made, row)
    return made


def _tell_emptied(words: SheetTexts, row: Row, reader: CellReader) -> None:
    """A word that was deleted without its row: no word goes in silence."""
    place = words.place_of("value", WORD_COLUMNS)
    line = next(iter(row.values())).mark.line
    before = row["value_id"].text if "value_id" in row else ""
    reader.fault(
        Told("", words.mark(line, place or 0)),
        f"词没有写（原来是“{before}”）：不要这个词，请删去整行" if before else "词没有写：请补上，或删去整行",
        f"the word is missing (it was `{before}`); to take it out, delete the whole row",
    )


def _put_label(own: Any, row: Row, reader: CellReader) -> None:
    label = got(own, "label")
    zh = node_of(row["label.zh"].text, row["label.zh"].mark)
    if label is None:
        put(own, ("label",), zh)
    else:
        put(label, ("zh",), zh)


def _with_value(made: Any, row: Row) -> Any:
    """The vocabularies with one more value; what it was called before is read as it from now on."""
    if "value" not in row:
        return made
    mark, value = row["value"].mark, row["value"].text
    made = made or mapping(mark)
    name = _name_of(row)
    own = got(made, name)
    if own is None:
        own = mapping(mark)
        put(made, (name,), own)
    values = got(own, "values")
    if values is None:
        values = mapping(mark)
        put(own, ("values",), values)
    variants = parted(row["variants"].text) if "variants" in row else []
    before = row["value_id"].text if "value_id" in row else value
    if before not in (value, *variants):
        variants.append(before)
    put(values, (value,), node_of(variants, row["variants"].mark if "variants" in row else mark))
    return made


def earlier_values(words: SheetTexts | None) -> Mapping[str, str]:
    """What values were called when the workbook was written, with what they are called now."""
    rows = [row for row in (words.below(WORD_COLUMNS) if words else ()) if "value" in row]
    now = {row["value"].text for row in rows}
    pairs = ((row["value_id"].text, row["value"].text) for row in rows if "value_id" in row)
    return {before: value for before, value in pairs if before not in now}


def _vocabulary_rows(words: SheetTexts | None, settings: SheetTexts | None) -> Iterable[Row]:
    yield from settings.below(WORD_SETTING_COLUMNS) if settings else ()
    yield from words.below(WORD_COLUMNS) if words else ()


def _name_of(row: Row) -> str:
    return row["vocabulary_id"].text.strip() if "vocabulary_id" in row else _called(row)


def _called(row: Row) -> str:
    told = row.get("label.zh") or row.get("vocabulary") or row.get("vocabulary_id")
    return told.text.strip() if told else ""


def headers_node(sheet: SheetTexts, reader: CellReader) -> Any:
    """headers.yaml: the lines of words that mean the same, and those of the two other kinds."""
    made = mapping(sheet.mark(0, 0))
    for row in sheet.below(HEADER_COLUMNS):
        if "kind" not in row or "words" not in row:
            continue
        kind = reader.choice(row["kind"], HEADER_KINDS)
        node = node_of(parted(row["words"].text), row["words"].mark)
        if kind != "words":
            put(made, (kind,), node)
            continue
        lines = got(made, "words")
        if lines is None:
            lines = sequence([], node.start_mark)
            put(made, ("words",), lines)
        lines.value.append(node)
    return made


def put_others(sheet: SheetTexts, files: dict[str, Any], reader: CellReader) -> None:
    """Put what has no column of its own into the files, new ones where there are none."""
    for row in sheet.below(OTHER_COLUMNS):
        if "file" not in row or "path" not in row:
            continue
        told = row.get("told")
        node = node_of(end_of(told.text) if told else "", told.mark if told else row["path"].mark)
        name = f"{row['file'].text.strip().removesuffix('.yaml')}.yaml"
        owner = files.setdefault(name, mapping(row["path"].mark))
        if not _put_at(owner, row["path"].text.split(" / "), node):
            reader.fault(
                row["path"],
                "与前面的行冲突：同一项写了两次，或者上一级已经有内容",
                "this is at odds with a row above: it stands there twice, or what is over it has a value of its own",
            )
    for node in files.values():
        _close_gaps(node)


def _put_at(owner: Any, path: Sequence[str], node: Any) -> bool:
    """Put a node at the end of a path, in which `#2` is the second of a list; False where something is in the way."""
    key, *rest = path
    if isinstance(owner, yaml.ScalarNode):
        return False
    if isinstance(owner, yaml.SequenceNode):
        at = int(key[1:]) - 1 if key[1:].isdecimal() and int(key[1:]) else len(owner.value)
        owner.value += [None] * (at + 1 - len(owner.value))
        below = owner.value[at]
        if below is None:
            below = owner.value[at] = _owner_for(rest[0], node) if rest else node
        elif not rest:
            return False
        return not rest or _put_at(below, rest, node)
    if not rest:
        put(owner, (key,), node)
        return True
    below = got(owner, key)
    if below is None:
        below = _owner_for(rest[0], node)
        put(owner, (key,), below)
    return _put_at(below, rest, node)


def _close_gaps(node: Any) -> None:
    """Drop the places of a list whose rows the clerk deleted."""
    if isinstance(node, yaml.SequenceNode):
        node.value = [each for each in node.value if each is not None]
    below = [each for _, each in node.value] if isinstance(node, yaml.MappingNode) else node.value
    for each in below if not isinstance(node, yaml.ScalarNode) else ():
        _close_gaps(each)


def _owner_for(key: str, node: Any) -> Any:
    return sequence([], node.start_mark) if key.startswith("#") else mapping(node.start_mark)
