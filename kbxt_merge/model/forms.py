"""All forms in force, and the bureau that hands them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from kbxt_merge.model.field import Vocabulary
from kbxt_merge.model.form import ATTACHMENT, FORM, Form
from kbxt_merge.model.relations import Relations
from kbxt_merge.model.text import Words

if TYPE_CHECKING:
    from kbxt_merge.model.register import Register

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
        return ATTACHMENT if all(each.kind_word == ATTACHMENT for each in self.forms) else FORM

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
