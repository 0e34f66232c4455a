"""A field of a form: what is filled in there, as its definition says."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from kbxt_merge.model.bearer import FIRST_BIRTH, FIRST_BIRTH_OF_ANYONE, OLDEST_CHILD, OLDEST_OF_ANYONE, Whose
from kbxt_merge.model.codes import Code
from kbxt_merge.model.privacy import NO_PERSONS
from kbxt_merge.model.text import Words

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
