"""ID numbers that only a register of the bureau's knows, and how much of one a school may hear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from kbxt_merge.model.district import Flags, Texts
from kbxt_merge.model.text import Words
from kbxt_merge.rules.children.against_registers import held, references
from kbxt_merge.rules.children.differing_digits import DIFFERENT, digits_to_look_at
from kbxt_merge.rules.children.sought import sought
from kbxt_merge.rules.engine.rule import Context, Work, positions


def where_to_look(work: Work, typed: str, known: str) -> Words:
    """Which digits of a child's number to look at, where a register knows another that must not be told.

    A child that is returned under several numbers is told of none: one row a guess would read the register's number.
    """
    return DIFFERENT if known in _sought_often(work) else digits_to_look_at(typed, known)


def _sought_often(work: Work) -> frozenset[str]:
    """The registers' numbers to which children lead that were returned under more than one other."""

    def make() -> frozenset[str]:
        led: dict[str, set[str]] = {}
        for slug, reference in product(work.district.records, references(work).values()):
            if slug not in reference.register.forms:
                continue
            found = held(work, slug, reference).other_number
            for row in positions(found >= 0).tolist():
                led.setdefault(reference.numbers[found[row]].decode(), set()).add(sought(work, slug).numbers[row])
        return frozenset(number for number, typed in led.items() if len(typed) > 1)

    made: frozenset[str] = work.once(("sought often",), make)
    return made


@dataclass(frozen=True)
class KnownNumbers:
    """By record the number under which registers know the child, where all that do say the same, and which does."""

    numbers: Texts
    labels: Mapping[int, Words]


def known_numbers(context: Context, where: Flags) -> KnownNumbers:
    """The registers' numbers of the flagged records; none where the number is not the child's own."""
    records = context.records
    numbers, labels = np.full(len(records), "", dtype=object), dict[int, Words]()
    if context.at != records.form.child_id or not records.form.child_name:
        return KnownNumbers(numbers, labels)
    doubted = set[int]()
    for reference in references(context.work).values():
        found = held(context.work, records.form.slug, reference).other_number
        for row in positions(where & (found >= 0)).tolist():
            number = reference.numbers[found[row]].decode()
            if numbers[row] not in ("", number):
                doubted.add(row)
            numbers[row], labels[row] = number, reference.register.label
    numbers[list(doubted)] = ""
    return KnownNumbers(numbers, labels)
