"""vocabularies.yaml → the vocabularies by their names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import partial

from kbxt_merge.intake.definitions.field_types import TYPE_NAMES
from kbxt_merge.intake.definitions.yaml_nodes import Entry, Key, read_keys
from kbxt_merge.intake.values.decorations import DECORATIONS
from kbxt_merge.model.field import Vocabulary
from kbxt_merge.model.text import Words, compact_value


def read_vocabularies(entry: Entry, slugs: Collection[str]) -> Mapping[str, Vocabulary]:
    """The vocabularies of a file; `slugs` are the rules that there are (none: not checked)."""
    found = entry.entries()
    for name in found.keys() & set(TYPE_NAMES):
        found[name].fault(
            f"“{name}”是内置类型，词表请另取名", f"`{name}` is a built-in type; give the vocabulary another name"
        )
    return {name: _vocabulary(name, each, slugs) for name, each in found.items()}


def _vocabulary(name: str, entry: Entry, slugs: Collection[str]) -> Vocabulary:
    keys = {
        "label": Key(Entry.words, Words(name, name)),
        "values": Key(Entry.entries, {}, required=True),
        "blank": Key(lambda entry: entry),
        "denied": Key(_denials, ()),
        "several": Key(lambda entry: entry),
        "decorations": Key(_decorations, ()),
        "before": Key(_compact_words, ()),
        "behind": Key(_compact_words, ()),
        "undone": Key(_compact_words, ()),
        "rule": Key(partial(_slug, slugs=slugs), "vocabulary-invalid"),
    }
    read = read_keys(entry, keys)
    values: dict[str, Entry] = read["values"]
    return Vocabulary(
        name=name,
        words=read["label"],
        values=tuple(values),
        variants=_variants(values, read["denied"]),
        decorations=read["decorations"],
        before=read["before"],
        behind=read["behind"],
        undone=read["undone"],
        several=_value(read["several"], values),
        blank=_value(read["blank"], values),
        rule=read["rule"],
    )


def _slug(entry: Entry, slugs: Collection[str]) -> str | None:
    return entry.one_of(slugs, "规则", "rule") if slugs else entry.text()


def _decorations(entry: Entry) -> tuple[str, ...]:
    named = (item.one_of(DECORATIONS, "修饰", "decoration") for item in entry.items())
    return tuple(name for name in named if name is not None)


def _value(entry: Entry | None, values: Mapping[str, Entry]) -> str | None:
    return None if entry is None else entry.one_of(values, "值", "value of this vocabulary")


def _compact_words(entry: Entry) -> tuple[str, ...]:
    return tuple(map(compact_value, entry.texts()))


Denial = tuple[Entry, str]
"""Where the value that a denied word means is named, and the word with its denial."""


def _denials(entry: Entry) -> tuple[Denial, ...]:
    """Every word of a list behind every word that denies it: 非 and 没 before 入学."""
    keys = {
        "by": Key(Entry.texts, (), required=True),
        "of": Key(Entry.texts, (), required=True),
        "means": Key(lambda entry: entry, required=True),
    }
    read = read_keys(entry, keys)
    means: Entry | None = read["means"]
    return () if means is None else tuple((means, before + word) for before in read["by"] for word in read["of"])


def _variants(values: Mapping[str, Entry], denials: Iterable[Denial]) -> Mapping[str, str]:
    """What schools write, compacted, with the value it means; the values themselves come first."""
    meant: dict[str, str] = {}
    for value, entry in values.items():
        _mean(entry, value, value, meant)
    for value, entry in values.items():
        for item in entry.items():
            if (variant := item.text()) is not None:
                _mean(item, variant, value, meant)
    for entry, denied in denials:
        if (means := _value(entry, values)) is not None:
            _mean(entry, denied, means, meant)
    return meant


def _mean(entry: Entry, variant: str, value: str, meant: dict[str, str]) -> None:
    other = meant.setdefault(compact_value(variant), value)
    if other != value:
        entry.fault(
            f"“{variant}”已经表示“{other}”，不能又表示“{value}”，请删去一处",
            f"`{variant}` already means `{other}` and can't mean `{value}` as well; delete one of them",
        )
