"""A form as a bureau defines it in YAML: its fields, its printed wording and the rules that hold for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from kbxt_merge.model.relations import Relations
from kbxt_merge.model.text import Words, plain

if TYPE_CHECKING:
    from kbxt_merge.model.register import Register


class Shape(StrEnum):
    """How a form stands on a sheet."""

    LIST = "list"
    STATISTICS = "statistics"
    CARD = "card"


BASIC_TYPES = (
    "text", "person_name", "id_number", "roll_number", "sequence", "age", "count", "date", "phone", "school",
)  # fmt: skip
"""The field types that are no vocabulary; what each means is in `intake.values`."""

ONE_EACH = frozenset({"sequence", "id_number", "roll_number", "count"})
"""Types of which each record has its own, as it has its name: a merged cell or 同上 says nothing of others' there."""

NOTHING = (
    "无", "没", "没有", "暂无", "尚无", "暂缺", "空", "空白", "未填", "无内容", "(无)", "(空)", "N/A", "NA",
    "NULL", "NONE", "-", "--", "—", "——", "–", "−", "─", "―", "/", "//", "\\", "~",
)  # fmt: skip
"""Words that say of any field as little as a blank does, compared without white space and in upper case."""

TOLD_WHAT = frozenset({"person_name", "id_number", "roll_number", "phone"})
"""Types whose own rule tells what a required cell must hold: there a word for nothing is judged as any other."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The values that a field may hold.

    `variants` leads from what schools write, compacted, to the canonical value; canonical values lead to themselves.
    `decorations` name what may stand around a value and is dropped (`intake.values` knows them by name); `before` and
    `behind` are words that may, # in them any number. `several` is what different values together mean, or None.
    `undone` are words of a note that takes its value back.
    `blank` is what an empty cell means, or None where it means nothing. `rule` is the slug for what is neither.
    """

    name: str
    words: Words
    values: tuple[str, ...]
    variants: Mapping[str, str]
    decorations: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    several: str | None = None
    blank: str | None = None
    rule: str = "vocabulary-invalid"


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a list, one label of a card.

    `header` is printed as it stands, a hint in brackets included; `group` is the upper header over several.
    `also` are other wordings met in returned sheets. `nothing` are words that say of this field as little as a blank
    does. `hints` begin the printed texts that stand in a card's value cell.
    `width` is the printed width in characters. `label` names the field on screens: the header alone may be ambiguous.
    """

    name: str
    type: str
    header: str
    label: Words
    group: str = ""
    required: bool = False
    vocabulary: Vocabulary | None = None
    also: tuple[str, ...] = ()
    nothing: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    hint: str = ""
    width: float = 10.0

    @property
    def kinds(self) -> frozenset[str]:
        """What a rule on cells may apply to: the type, or `vocabulary` and its rule; `required` where it is."""
        own = (self.type,) if self.vocabulary is None else ("vocabulary", self.vocabulary.rule)
        return frozenset((*own, "required") if self.required else own)


@dataclass(frozen=True, slots=True)
class RuleUse:
    """A named rule as one form applies it: the field it points at, and what its other roles are played by."""

    slug: str
    at: str
    roles: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """The line that says whose form this is and of which day.

    `labels` are the words before the school's name; `printed` is the line with {school} and {date}
    (a card: {city}, {county}, {date}); `below` says that the notice prints it under the table.
    `by_month` says that the date to be filled in has no day.
    """

    labels: tuple[str, ...]
    printed: str
    below: bool = False
    by_month: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """A part of a card: the label at its left, and its rows of (field, columns that the value spans)."""

    label: str
    rows: tuple[tuple[tuple[str, int], ...], ...]


@dataclass(frozen=True)
class Form:
    """A form in force.

    `slug` is its number in the notice (`1-2`); `attachment` is printed over the title; `title` holds {year} and {term}
    where the notice leaves them open. The fields `child_…` are those that speak of the child itself: it is known by its
    name and, where the form has one, its ID number. `version` counts the editions of this definition.
    """

    slug: str
    attachment: str
    title: str
    label: Words
    shape: Shape
    version: str
    unit_line: UnitLine
    fields: tuple[Field, ...]
    notes: tuple[str, ...] = ()
    rules: tuple[RuleUse, ...] = ()
    bands: tuple[Band, ...] = ()
    child_name: str | None = None
    child_id: str | None = None
    child_sex: str | None = None
    child_birth_date: str | None = None
    child_age: str | None = None
    child_grade: str | None = None
    printed_rows: int = 15

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by their names."""
        return {each.name: each for each in self.fields}

    @cached_property
    def places(self) -> Mapping[str, tuple[int, int]]:
        """Of each field of a card its printed row, counted from 0, and how many columns its value spans."""
        rows = [row for band in self.bands for row in band.rows]
        return {name: (at, span) for at, row in enumerate(rows) for name, span in row}

    @property
    def record_field(self) -> str:
        """The field whose cell stands for the whole record: the child's name, or in the statistics the school."""
        return self.child_name or next(each.name for each in self.fields if each.type == "school")

    @property
    def header_rows(self) -> int:
        """How many rows the printed header takes: two where a group spans several fields."""
        return 2 if any(each.group for each in self.fields) else 1

    def is_named_in(self, path: str) -> bool:
        """Whether a path names this form: 附件1-2.pdf names form 1-2, not 1 nor 2."""
        return re.search(rf"{re.escape(plain(self.attachment))}(?![0-9-])", plain(path)) is not None


@dataclass(frozen=True)
class Forms:
    """All forms in force, in the notice's order, what they are to each other, and the bureau that hands them out.

    `other_persons` are words that make a header another person's than the child's, `automatic_headers` those of columns
    that collecting tools add of themselves. `registers` are the bureau's own lists that children are held against.
    """

    forms: tuple[Form, ...]
    vocabularies: Mapping[str, Vocabulary]
    bureau: str = ""
    city: str = ""
    county: str = ""
    relations: Relations = field(default_factory=Relations)
    other_persons: tuple[str, ...] = ()
    automatic_headers: tuple[str, ...] = ()
    registers: tuple[Register, ...] = ()

    @cached_property
    def by_slug(self) -> Mapping[str, Form]:
        """The forms by their numbers."""
        return {each.slug: each for each in self.forms}
