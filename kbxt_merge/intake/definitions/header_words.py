"""headers.yaml → what schools call columns and labels, and the forms' fields known by all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from kbxt_merge.intake.definitions.yaml_nodes import Entry, Key, read_keys
from kbxt_merge.model.field import Field
from kbxt_merge.model.text import bare_header


@dataclass(frozen=True, slots=True)
class HeaderWords:
    """Lines of words that mean the same, the words that make a header another person's, and those of tools' columns."""

    lines: tuple[tuple[str, ...], ...] = ()
    others: tuple[str, ...] = ()
    automatic: tuple[str, ...] = ()


def read_header_words(entry: Entry) -> HeaderWords:
    """The words of a file."""
    keys = {
        "words": Key(lambda each: tuple(item.texts() for item in each.items()), ()),
        "others": Key(Entry.texts, ()),
        "automatic": Key(Entry.texts, ()),
    }
    read = read_keys(entry, keys)
    return HeaderWords(read["words"], read["others"], read["automatic"])


def widened(fields: Sequence[Field], lines: Iterable[Sequence[str]], by_place: bool) -> tuple[Field, ...]:
    """The fields, each known as well by the words that mean the same as its own.

    A word of another field's own is left to that field; one that two fields below the same group would gain is left
    out, unless their place tells which of them is meant.
    """
    owned = {_key(field, word) for field in fields for word in _own(field)}
    gained = {field.name: _gained(field, lines, owned) for field in fields}
    claims = Counter(_key(field, word) for field in fields for word in gained[field.name])
    return tuple(
        replace(
            field,
            also=(*field.also, *(word for word in gained[field.name] if by_place or claims[_key(field, word)] == 1)),
        )
        for field in fields
    )


def _own(field: Field) -> tuple[str, ...]:
    return field.header, *field.also


def _gained(field: Field, lines: Iterable[Sequence[str]], owned: Collection[tuple[str, ...]]) -> tuple[str, ...]:
    """The words of the lines in which one of the field's own is, without those that are a field's own already."""
    own = {_meant(word) for word in _own(field)}
    words = (word for line in lines if not own.isdisjoint(map(_meant, line)) for word in line)
    return tuple(dict.fromkeys(word for word in words if _key(field, word) not in owned))


def _key(field: Field, word: str) -> tuple[str, ...]:
    return (*map(bare_header, field.groups), _meant(word))


@cache
def _meant(word: str) -> str:
    """Asked of the same thousand words for every field of every form."""
    return bare_header(word).removeprefix("其中:")
