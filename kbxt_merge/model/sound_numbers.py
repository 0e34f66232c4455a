"""Which records hold a number that their child can be known by: a sound ID number, or one of another paper."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kbxt_merge.model.cell import CellState
from kbxt_merge.model.compact.records import parts_of
from kbxt_merge.model.district import Flags, Records, Texts
from kbxt_merge.model.form import Form
from kbxt_merge.model.id_number import are_sound
from kbxt_merge.model.papers import are_of_another, fit


def sound_numbers(records: Records) -> Flags:
    """Which records hold an ID number that a child can be known by."""
    name = records.form.child_id
    if name is None:
        return np.zeros(len(records), dtype=bool)
    sound = np.zeros(len(records), dtype=bool)
    for at in parts_of(np.arange(len(records))):
        damaged = records.states[name][at] == CellState.DAMAGED
        sound[at] = are_sound(records.column_at(name, at), damaged, records.day[at], records.form.born_from)
    other = of_other_papers(records, name)
    return sound if other is None else np.where(other.flags, other.fit, sound)


@dataclass(frozen=True, slots=True)
class OtherPapers:
    """Which records name another paper than an ID card, and whose number can be that paper's."""

    flags: Flags
    fit: Flags


def of_other_papers(records: Records, name: str) -> OtherPapers | None:
    """What the field of the kinds says of each number; None where a number's field has none."""
    papers = records.form.by_name[name].papers
    if not papers:
        return None
    kinds = filled(records.values[papers]).tolist()
    numbers = filled(records.values[name])
    return OtherPapers((numbers != "") & are_of_another(kinds), fit(kinds, numbers.tolist()))


def papers_of(form: Form) -> str | None:
    """The field that says what paper a child's number is of; None where the form has none."""
    return form.by_name[form.child_id].papers or None if form.child_id else None


def sound_then(numbers: Texts, kinds: Texts, form: Form) -> Flags:
    """Which numbers of an earlier period's records, of papers of these kinds, a child can be known by."""
    sound = are_sound(pd.Series(numbers, dtype="string"), born_from=form.born_from)
    return np.where(are_of_another(kinds.tolist()), fit(kinds.tolist(), numbers.tolist()), sound)


def filled(values: pd.Series[str]) -> Texts:
    """The values as texts, blank where there is none."""
    texts: Texts = values.fillna("").to_numpy(dtype=object)
    return texts
