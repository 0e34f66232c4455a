"""The sound ID numbers that the same child has in other forms of its school: what a wrong number was meant to be."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kbxt_merge.model.cell import CellState
from kbxt_merge.model.district import Flags, Records, Texts
from kbxt_merge.model.text import each_once, plain
from kbxt_merge.rules.id_number import is_valid
from kbxt_merge.rules.rule import Look, Work, positions, texts
from kbxt_merge.rules.suggested_ids import suggested_ids

MOST_OFFERED = 3
_BETWEEN = "、"
_Child = tuple[str, str]


def offered_ids(look: Look, where: Flags) -> Texts:
    """For each flagged record what to offer instead of its ID number, joined by 、: another form's number first."""
    slips = suggested_ids(look, where)
    known = _known_ids(look.work)
    offered = texts(len(where))
    names = _names(look.work, look.records)
    for position in positions(where):
        elsewhere = sorted(known.get((look.records.school[position], names[position]), ()))
        near = [each for each in slips[position].split(_BETWEEN) if each and each not in elsewhere]
        choice = [*elsewhere, *near]
        offered[position] = _BETWEEN.join(choice) if len(choice) <= MOST_OFFERED else _BETWEEN.join(elsewhere[:1])
    return offered


def _known_ids(work: Work) -> Mapping[_Child, set[str]]:
    """Every sound ID number under each school and name, over all forms; known before any cell is judged."""

    def make() -> dict[_Child, set[str]]:
        known: dict[_Child, set[str]] = {}
        for records in work.district.records.values():
            name = records.form.child_id
            if name is None:
                continue
            sound = is_valid(records.values[name]) & (records.states[name].to_numpy() != CellState.DAMAGED)
            numbers, children = records.values[name].to_numpy(dtype=object), _names(work, records)
            for position in np.flatnonzero(sound):
                if children[position]:
                    known.setdefault((records.school[position], children[position]), set()).add(numbers[position])
        return known

    made: Mapping[_Child, set[str]] = work.once(("known ids",), make)
    return made


def _names(work: Work, records: Records) -> Texts:
    """The name of each record's child as names are compared; blank where there is none."""

    def make() -> Texts:
        column, name = texts(len(records)), records.form.child_name
        if name is not None:
            column[:] = each_once(plain, records.values[name].fillna("").tolist())
        return column

    made: Texts = work.once(("names", records.form.slug), make)
    return made
