"""The children of an earlier period found again in this one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kbxt_merge.model.district import Flags, Positions, Texts
from kbxt_merge.model.earlier import EarlierRecords
from kbxt_merge.model.form import Form, Forms
from kbxt_merge.model.rule import Scope
from kbxt_merge.model.text import plain
from kbxt_merge.rules.children.matching import children
from kbxt_merge.rules.engine.rule import Work, registry, texts
from kbxt_merge.rules.id_numbers.number import is_valid

Key = tuple[str, str]


@dataclass(frozen=True)
class Known:
    """Children by their schools, and the sound ID numbers and names they have; blank where there is none."""

    schools: Texts
    ids: Texts
    names: Texts

    def __len__(self) -> int:
        """How many records there are: a child may have several."""
        return len(self.schools)

    def at(self, where: Positions) -> Known:
        """The records at these positions."""
        return Known(self.schools[where], self.ids[where], self.names[where])

    def by_name(self) -> list[Key]:
        """School and name of each."""
        return list(zip(self.schools, self.names, strict=True))


@dataclass(frozen=True)
class Followed:
    """Where each earlier record's child stands now: `partner` is the position, or -1.

    `unsure` flags those not found where that can't be trusted: the record, or one of its school now, names no child.
    """

    partner: Positions
    unsure: Flags


def remembered(forms: Forms) -> frozenset[str]:
    """The forms that the rules between periods, and the monthly flow, look at in earlier ones."""
    between = {slug for slug, each in registry().items() if each.card.scope is Scope.PERIOD}
    uses = [(form.slug, use) for form in forms.forms for use in form.rules if use.slug in between]
    played = {role for _, use in uses for role in use.roles.values() if isinstance(role, str)}
    in_flow = {each.form for each in forms.relations.flow or ()}
    return frozenset({slug for slug, _ in uses} | (played & forms.by_slug.keys()) | in_flow)


def known_then(records: EarlierRecords, form: Form) -> Known:
    """The children of an earlier period's records."""
    ids, names = texts(len(records)), texts(len(records))
    if len(records) and form.child_id:
        typed = records.fields[form.child_id]
        ids = np.where(is_valid(typed.astype("string")), typed.to_numpy(dtype=object), "")
    if len(records) and form.child_name:
        names[:] = [plain(name) for name in records.fields[form.child_name]]
    return Known(records.schools, ids, names)


def known_now(work: Work, slug: str) -> Known:
    """The children of this period's records of a form."""
    found = children(work, slug)
    return Known(found.schools, found.ids, found.names)


def follow(then: Known, now: Known) -> Followed:
    """Look for each earlier child now: by ID number anywhere in the district, what is left by school and name.

    So a child that moved to another school, one whose number was corrected and one whose name was are found again.
    """
    partner = _look_up(then.ids, now.ids)
    claimed = np.isin(now.ids.astype(str), np.unique(then.ids[then.ids != ""].astype(str)))
    left_over = np.flatnonzero(~claimed & (now.names != ""))
    first: dict[Key, int] = {}
    for row in left_over.tolist():
        first.setdefault((now.schools[row], now.names[row]), row)
    by_name = np.array([first.get(key, -1) if key[1] else -1 for key in then.by_name()], dtype=np.intp)
    partner = np.where(partner >= 0, partner, by_name).astype(np.intp)
    nobody = ~claimed & (now.names == "")
    doubtful = np.isin(then.schools.astype(str), np.unique(now.schools[nobody].astype(str)))
    unknown = (then.ids == "") & (then.names == "")
    return Followed(partner, (partner < 0) & (unknown | doubtful))


def holds_then(records: EarlierRecords, conditions: Mapping[str, Iterable[str]] | None) -> Flags:
    """The earlier records that hold, in every one of these fields, one of its values."""
    flags = np.ones(len(records), dtype=bool)
    for name, values in (conditions or {}).items():
        flags &= records.fields[name].isin(list(values)).to_numpy(dtype=bool)
    return flags


def dated_then(records: EarlierRecords, name: str) -> Flags:
    """The earlier records whose date was read: files show it as ISO, an unreadable one as typed."""
    found: pd.Series[bool] = records.fields[name].astype(str).str.fullmatch(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")
    return found.to_numpy(dtype=bool)


def first_of_each(known: Known) -> Flags:
    """The first record of each child: the same ID number, or without one the same school and name, is one child."""
    keys: dict[object, int] = {}
    for row, (number, key) in enumerate(zip(known.ids, known.by_name(), strict=True)):
        keys.setdefault(number or (key if key[1] else row), row)
    first = np.zeros(len(known), dtype=bool)
    first[list(keys.values())] = True
    return first


def _look_up(mine: Texts, theirs: Texts) -> Positions:
    first = {key: row for row, key in reversed(list(enumerate(theirs.tolist()))) if key}
    return np.array([first.get(key, -1) for key in mine.tolist()], dtype=np.intp)
