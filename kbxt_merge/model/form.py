"""A form as a bureau defines it in YAML: its fields, its printed wording and the rules that hold for it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from kbxt_merge.model.codes import Code
from kbxt_merge.model.period import Period
from kbxt_merge.model.privacy import NO_PERSONS
from kbxt_merge.model.relations import Relations
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Words, plain

if TYPE_CHECKING:
    from kbxt_merge.model.register import Register


class Shape(StrEnum):
    """How a form stands on a sheet."""

    LIST = "list"
    STATISTICS = "statistics"
    CARD = "card"
    ROWS = "rows"


class Whose(StrEnum):
    """Whom a number or an age is of: nobody knows better who a plausible bearer is."""

    CHILD = "child"
    ADULT = "adult"
    ANYONE = "anyone"


FIRST_BIRTH = dt.date(1990, 1, 1)
"""No pupil was born before."""
FIRST_BIRTH_OF_ANYONE = dt.date(1900, 1, 1)
OLDEST_CHILD, OLDEST_OF_ANYONE = 30, 120
YOUNGEST_ADULT = 16
"""Full years from which on the law lets a person work."""

BASIC_TYPES = (
    "text", "person_name", "id_number", "roll_number", "sequence", "age", "count", "date", "phone", "school",
    "number", "code",
)  # fmt: skip
"""The field types that are no vocabulary; what each means is in `intake.values`."""

ROW_LABEL = "row_label"
"""The type of the field that holds the printed rows' labels in a form of rows; its vocabulary are the labels."""

COUNTED = ("count", "number")
"""The types whose values add up."""

PER_CENT = "%"
"""The unit of rates, which are not added up."""
NO_SUM = re.compile(r"标准|单价|比例|占比|平均|[人生师班户]均|率(?:$|[（(])|[（(]%[）)]")
"""What a header says of numbers that are not added up."""

ONE_EACH = frozenset({"sequence", "id_number", "roll_number", "count", "number", "code"})
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


class Bearer(StrEnum):
    """Of whom or what a record is: sentences speak of a child only where the definition does."""

    CHILD = "child"
    PERSON = "person"
    THING = "thing"

    @property
    def this(self) -> Words:
        """What a sentence calls the one that a record is of."""
        return _THIS[self]

    @property
    def noun(self) -> Words:
        """What a sentence calls such ones."""
        return _NOUNS[self]


_THIS = {
    Bearer.CHILD: Words("该生", "the child"),
    Bearer.PERSON: Words("此人", "this person"),
    Bearer.THING: Words("此项", "this record"),
}
_NOUNS = {
    Bearer.CHILD: Words("学生", "child"),
    Bearer.PERSON: Words("人员", "person"),
    Bearer.THING: Words("记录", "record"),
}

FORM_DAY = "form_day"
"""Stands in a bound of a date for the form's own date."""

Bound = float | dt.date | str
"""The least or the most that a field may hold: a number, a day, or FORM_DAY."""

Conditions = Mapping[str, tuple[str, ...]]
"""By field the values of which it must hold one."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a list, one label of a card.

    `header` is printed as it stands, a hint in brackets included; `group` is the upper header over several, `above`
    those over that one, the uppermost first.
    `also` are other wordings met in returned sheets. `nothing` are words that say of this field as little as a blank
    does. `hints` begin the printed texts that stand in a card's value cell.
    `width` is the printed width in characters. `label` names the field on screens: the header alone may be ambiguous.

    `of` says whom a number or an age is of. `papers` names the field that tells the kind of an identity paper. `code`
    is what a code looks like. `places` and `unit` are of a number. `least` and `most` bound it; a date that
    `may_lie_ahead` is no fault for it. `unique` is the circle in which no two records hold the same: `school`,
    `district`, or blank. `required_when` and `applies_to` name values of other fields: where they hold, the field must
    be filled; where they don't, it says nothing. `was` are the names it had in earlier editions. `printed` is what the
    blank prints in this column beside each label of a form of rows.
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
    above: tuple[str, ...] = ()
    of: Whose = Whose.CHILD
    papers: str = ""
    code: Code | None = None
    places: int | None = None
    unit: str = ""
    least: Bound | None = None
    most: Bound | None = None
    may_lie_ahead: bool = False
    unique: str = ""
    required_when: Conditions = field(default_factory=dict)
    applies_to: Conditions = field(default_factory=dict)
    was: tuple[str, ...] = ()
    printed: tuple[str, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """What a rule on cells may apply to: the type, or `vocabulary` and its rule; then what the field demands."""
        own = (self.type,) if self.vocabulary is None else ("vocabulary", self.vocabulary.rule)
        demands = {
            "required": self.required or bool(self.required_when),
            "papers": bool(self.papers),
            "bounded": self.type != "age" and not (self.least is None and self.most is None),
            "applies_to": bool(self.applies_to),
        }
        return frozenset((*own, *(name for name, made in demands.items() if made)))

    @property
    def adds_up(self) -> bool:
        """Whether its numbers may be added up over records: no rates, averages or prices."""
        text = "".join((*self.groups, self.header))
        return self.type in COUNTED and self.unit != PER_CENT and NO_SUM.search(text) is None

    @property
    def mask(self) -> str:
        """By what the mask knows its values: the type, or that they are codes of no person."""
        return NO_PERSONS if self.code and not self.code.is_persons else self.type

    @property
    def born_from(self) -> dt.date:
        """The first day on which a bearer of this ID number can have been born."""
        return FIRST_BIRTH if self.of is Whose.CHILD else FIRST_BIRTH_OF_ANYONE

    @property
    def ages(self) -> tuple[int, int]:
        """The youngest and the oldest that an age may tell of."""
        oldest = OLDEST_CHILD if self.of is Whose.CHILD else OLDEST_OF_ANYONE
        return int(self.least) if isinstance(self.least, float) else 0, (
            int(self.most) if isinstance(self.most, float) else oldest
        )

    @property
    def groups(self) -> tuple[str, ...]:
        """All upper headers, the uppermost first."""
        return (*self.above, self.group) if self.group else ()

    @property
    def held_to(self) -> tuple[str, ...]:
        """The other fields that its conditions look at."""
        return tuple(dict.fromkeys((*self.required_when, *self.applies_to)))


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


_ATTACHMENT, _FORM = "附件", "表"
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
        return _ATTACHMENT if _ATTACHMENT in self.attachment else _FORM

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

RETURNS = Words("报表", "returns")
"""What returns are called where a bureau says no more."""


@dataclass(frozen=True)
class Forms:
    """All forms in force, in the notice's order, what they are to each other, and the bureau that hands them out.

    `returns` is what this round's returns are called in letters and reports.
    `other_persons` are words that make a header another person's than the child's, `automatic_headers` those of columns
    that collecting tools add of themselves. `registers` are the bureau's own lists that children are held against.
    `full_name` is the bureau's where `bureau` is short.
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
    returns: Words = RETURNS
    full_name: str = ""

    @property
    def stamped_by(self) -> str:
        """The bureau as its stamp has it: what stands on district workbooks and reports to the office above."""
        return self.full_name or self.bureau

    @property
    def kind_word(self) -> str:
        """What all forms in force are called: 附件 where every definition calls its form so."""
        return _ATTACHMENT if all(each.kind_word == _ATTACHMENT for each in self.forms) else _FORM

    @cached_property
    def by_slug(self) -> Mapping[str, Form]:
        """The forms by their numbers."""
        return {each.slug: each for each in self.forms}

    @cached_property
    def handed_out(self) -> tuple[Form, ...]:
        """The forms of their own: those that are no list inside a card."""
        return tuple(each for each in self.forms if not each.inside)

    @cached_property
    def lists_inside(self) -> Mapping[str, Form]:
        """By the number of a card the list printed inside it."""
        return {each.inside: each for each in self.forms if each.inside}
