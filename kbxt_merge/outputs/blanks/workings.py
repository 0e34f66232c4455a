"""The steps of a self-check: small formulas that build on each other, each in a cell of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kbxt_merge.model.text import Language
from kbxt_merge.outputs.blanks.faults import fault
from kbxt_merge.outputs.blanks.formula import quoted


@dataclass
class Workings:
    """The steps of one record in the order of their computation.

    `slot` gives the reference of the n-th step's cell. `raw` has the reference of each field's typed cell, `first_day`
    and `day` those of the first and the last day that the form's date can mean, as serial numbers, `is_record` that of
    whether there is anything to check.
    """

    slot: Callable[[int], str]
    language: Language
    raw: Mapping[str, str] = field(default_factory=dict)
    first_day: str = ""
    day: str = ""
    is_record: str = ""
    steps: list[str] = field(default_factory=list)

    def step(self, formula: str) -> str:
        """Compute a formula in the next cell; its reference is returned."""
        self.steps.append(formula)
        return self.slot(len(self.steps) - 1)

    def says(self, slug: str) -> str:
        """The words for a breach of this rule, as a formula writes them."""
        return quoted(fault(slug, self.language))


@dataclass
class Checked:
    """A field under check: references of its cleaned text, of its own fault (blank: sound), and of what was read.

    `more` collects the faults that rules between fields find.
    """

    text: str
    fault: str
    read: Mapping[str, str] = field(default_factory=dict)
    more: list[str] = field(default_factory=list)
