"""A form as a bureau defines it in YAML: its printed wording, its fields and the rules that hold for it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from kbxt_merge.model.bearer import FIRST_BIRTH, Bearer
from kbxt_merge.model.field import ROW_LABEL, Conditions, Field
from kbxt_merge.model.period import Period
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Words, plain


class Shape(StrEnum):
    """How a form stands on a sheet."""

    LIST = "list"
    STATISTICS = "statistics"
    CARD = "card"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class RuleUse:
    """A named rule as one form applies it: the field it points at, and what its other roles are played by.

    It holds only for the records that `where` is true of. `severity` and `say` stand for the rule's own severity and
    sentence, where the form wants others.
    """

    slug: str
    at: str
    roles: Mapping[str, object] = field(default_factory=dict)
    where: Conditions = field(default_factory=dict)
    severity: Severity | None = None
    say: Words | None = None

    def names(self, role: str) -> tuple[str, ...]:
        """The fields or rows that play a role of several together; none where it is left out or played by one."""
        players = self.roles.get(role)
        return tuple(map(str, players)) if isinstance(players, list | tuple) else ()


@dataclass(frozen=True, slots=True)
class UnitLine:
    """The line that says whose form this is and of which day.

    `labels` are the words before the school's name; `printed` is the line with {school} and {date}
    (a card: {city}, {county}, {date}), or with the places of the title's period; `below` says that the notice prints it
    under the table.
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


ATTACHMENT, FORM = "附件", "表"
_STAMPS = ("盖章", "公章", "签章", "印章")
_DATE_PLACE = "{date}"
OWN_DAY = Words("填表日期", "the form's own date")
_DAY_OF_MERGE = Words("核对基准日", "the day by which it is judged")


@dataclass(frozen=True)
class Form:
    """A form in force.

    `slug` is its number in the notice (`1-2`); `attachment` is printed over the title; `title` holds {year}, {term},
    {month} and {quarter} where the notice leaves them open. The fields `child_…` are those that speak of the child
    itself: it is known by its name and, where the form has one, its ID number; of another thing `record` is the field
    that it is known by. `version` counts the editions of this definition. `inside` is the card in which this list is
    printed, blank for a form of its own; its first field repeats by what the card is known. `column_codes` are printed
    below the header. `was` are its earlier numbers. Schools of the stages in `not_owed` need not return it (无须报).
    `sections` are lines printed over a part of the rows, by the label of its first row. In a card the labels stand at
    the left of their values, or, with `labels_above`, over them. `signatures` is the line in which people sign, blank
    for the usual one. Where several fields, or a field besides the person, tell records from one another, these are the
    `key`: two are one record only where all of it agrees.
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
    record: str = ""
    inside: str = ""
    column_codes: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    bearer: Bearer = Bearer.CHILD
    not_owed: tuple[str, ...] = ()
    sections: Mapping[str, str] = field(default_factory=dict)
    labels_above: bool = False
    signatures: str = ""
    key: tuple[str, ...] = ()

    def __hash__(self) -> int:
        """What is made of a form can be kept by the form."""
        return hash(self.slug)

    def is_owed_by(self, stage: str) -> bool:
        """Whether a school of this stage (学段) must return the form; a stage that is not told owes every form."""
        return stage not in self.not_owed

    @property
    def is_stamped(self) -> bool:
        """Whether the form is printed with a place for the school's stamp, so that a scan of it is wanted."""
        return any(each in self.unit_line.printed for each in _STAMPS)

    @property
    def is_dated(self) -> bool:
        """Whether the form prints a place for its date."""
        return _DATE_PLACE in self.unit_line.printed

    @property
    def day_words(self) -> Words:
        """What the day is called by which its ages and dates are judged."""
        return OWN_DAY if self.is_dated else _DAY_OF_MERGE

    @property
    def called(self) -> str:
        """What the form is called in a sentence: by its number in the notice, else by its name."""
        return self.attachment or self.label.zh

    @property
    def kind_word(self) -> str:
        """What such forms are called: 附件 only where the definition calls them so."""
        return ATTACHMENT if ATTACHMENT in self.attachment else FORM

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
        """The field whose cell stands for the whole record: the child's name, what a thing or a printed row is called,
        or in the statistics the school.
        """
        return self.child_name or self.record or next(each.name for each in self.fields if each.type == "school")

    @property
    def holder(self) -> tuple[str, str] | None:
        """The name and the number of whoever holds a card that is known by a mere text, such as a project's name: two
        people's are two cards. None where a person, a school or a code tells it from all others.
        """
        known_by = self.by_name.get(self.record)
        if self.shape is not Shape.CARD or self.child_name or known_by is None or known_by.type not in _MERE_TEXTS:
            return None
        firsts = [next((each.name for each in self.fields if each.type == type_), "") for type_ in _OF_A_HOLDER]
        return (firsts[0], firsts[1]) if all(firsts) else None

    @property
    def header_rows(self) -> int:
        """How many rows the printed header takes: one more for each group above another."""
        return 1 + max((len(each.groups) for each in self.fields), default=0)

    @property
    def born_from(self) -> dt.date:
        """The first day on which one of those whom the form lists can have been born."""
        return self.by_name[self.child_id].born_from if self.child_id else FIRST_BIRTH

    @property
    def card_field(self) -> str:
        """In a list inside a card the field that repeats by what the card is known; blank elsewhere."""
        return self.fields[0].name if self.inside else ""

    @property
    def printed_fields(self) -> tuple[Field, ...]:
        """The fields that the form prints itself."""
        return self.fields[1:] if self.inside else self.fields

    @cached_property
    def row_labels(self) -> tuple[str, ...]:
        """The labels of the printed rows of a form of rows."""
        labels = (each.vocabulary for each in self.fields if each.type == ROW_LABEL)
        return next((vocabulary.values for vocabulary in labels if vocabulary), ())

    @cached_property
    def outer_labels(self) -> Field | None:
        """The printed column whose texts begin the labels of the rows: 一年级 over 1班, 2班."""
        before = self.fields[: list(self.by_name).index(self.record)] if self.row_labels else ()
        return next((each for each in before if self._begins_labels(each)), None)

    def _begins_labels(self, field: Field) -> bool:
        pairs = zip(field.printed, self.row_labels, strict=False)
        return bool(field.printed) and all(over and label.startswith(over) for over, label in pairs)

    def titled(self, period: Period | None) -> str:
        """The title with the period filled in; without one what the notice leaves open is a line to write on."""
        return self.title.format(**self.period_words(period))

    def titled_over(self, period: Period) -> str:
        """The title of what came in a period: of a form of months that of a quarter's is of all its months."""
        words = self.period_words(period)
        months = f"{period.first.month}—{period.last.month}" if period.quarter else words["month"]
        return self.title.format(**{**words, "month": months})

    def period_words(self, period: Period | None) -> Mapping[str, str]:
        """What title and unit line are filled in with.

        A month stands in its term and quarter, and a term in no month. Where the form names months or quarters, the
        year is the calendar's.
        """
        if period is None:
            return {"year": "______", "term": "春（秋）", "month": "____", "quarter": "____"}
        term = period if period.term else Period.of(period.first)
        printed = f"{self.title}{self.unit_line.printed}"
        of_the_calendar = period.is_strict and ("{month}" in printed or "{quarter}" in printed)
        at = period.quarter or (period.month + 2) // 3
        return {
            "year": str(period.year if of_the_calendar else term.year),
            "term": "春（秋）" if period.kind == "school year" else term.term,
            "month": str(period.month) if period.month else "____",
            "quarter": "一二三四"[at - 1] if at else "____",
        }

    def is_named_in(self, path: str) -> bool:
        """Whether a path names this form: 附件1-2.pdf names form 1-2, not 1 nor 2."""
        return (
            bool(self.attachment)
            and re.search(rf"{re.escape(plain(self.attachment))}(?![0-9-])", plain(path)) is not None
        )


_MERE_TEXTS = ("text", "person_name", "date", "number", "count")
_OF_A_HOLDER = ("person_name", "id_number")
