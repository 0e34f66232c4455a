"""Which records are the same child: by ID number where both sides have a valid one, else by school and name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from kbxt_merge.model.cell import CellState
from kbxt_merge.model.district import Flags, Positions, Records, Texts
from kbxt_merge.model.finding import Place
from kbxt_merge.model.form import RuleUse
from kbxt_merge.model.text import plain
from kbxt_merge.rules.engine.rule import Look, Work, texts
from kbxt_merge.rules.id_numbers.number import id_verdicts

_SEPARATOR = "\n"
_IDENTIFIES = ("", "id-region")
"""The verdicts on an ID number that still lets a child be known by it."""


@dataclass
class Children:
    """The children of one form's records: `ids` and `names` are blank where there is no sound one."""

    records: Records
    ids: Texts
    names: Texts

    @property
    def schools(self) -> Texts:
        """Whose records they are."""
        return self.records.school

    @cached_property
    def by_id(self) -> Texts:
        """School and ID number as one key; blank without an ID number."""
        return _joined(self.schools, self.ids)

    @cached_property
    def by_name(self) -> Texts:
        """School and name as one key; blank without a name."""
        return _joined(self.schools, self.names)

    @cached_property
    def by_both(self) -> Texts:
        """School, ID number and name as one key; blank without both."""
        return np.where((self.ids == "") | (self.names == ""), "", self.by_id + _SEPARATOR + self.names)

    @cached_property
    def persons(self) -> Texts:
        """One key a child: rows of the same child share it, a row that says nothing of its child stands alone."""
        named = self.by_name != ""
        with_id = (self.by_id != "") & named
        of_name = dict(zip(self.by_name[with_id][::-1], self.by_id[with_id][::-1], strict=True))
        borrowed = np.array([of_name.get(name, "") for name in self.by_name], dtype=object)
        own = np.where(self.by_id != "", self.by_id, borrowed)
        alone = np.arange(len(own)).astype(str).astype(object)
        persons: Texts = np.where(own != "", own, np.where(named, self.by_name, alone))
        return persons


@dataclass(frozen=True, slots=True)
class Match:
    """For each record of one form: whether its child stands in another form of its school, and where.

    `partner` is the position there, or -1. `unsure` flags those not found where that can't be trusted: the record, or
    one of the other form that belongs to nobody, names no child soundly.
    """

    found: Flags
    partner: Positions
    unsure: Flags


def verdicts(look: Look, name: str) -> Texts:
    """The slug of the first rule that each ID number of this field breaks; blank for a sound or missing one."""

    def judge() -> Texts:
        damaged = look.states(name) == CellState.DAMAGED
        found: Texts = id_verdicts(look.values(name), damaged, look.records.day)
        return found

    found: Texts = look.work.once(("id verdicts", look.records.form.slug, name), judge)
    return found


def children(work: Work, slug: str) -> Children:
    """The children of a form's records, worked out once a run, when the cells have been judged."""

    def make() -> Children:
        records = work.district.records[slug]
        ids = texts(len(records))
        if records.form.child_id:
            name = records.form.child_id
            found = verdicts(Look(work, records, RuleUse("", name)), name)
            sound = is_among(found, _IDENTIFIES)
            ids = np.where(sound, records.values[name].fillna("").to_numpy(dtype=object), "")
        return Children(records, ids, _names(records))

    made: Children = work.once(("children", slug), make)
    return made


def match(mine: Children, theirs: Children, among: Flags | None = None) -> Match:
    """Look for each of my children in their form of the same school, among the records flagged there.

    An ID number that both forms hold joins them, of two records with one number those of one name first.  Names join
    what is left over: a record without a valid ID number, or with one that the other form does not know; so namesakes
    stay apart, and a slip in one number makes no orphan.
    """
    among = np.ones(len(theirs.ids), dtype=bool) if among is None else among
    their_rows = np.flatnonzero(among)
    partner = _look_up(mine.by_both, theirs.by_both, their_rows)
    partner = np.where(partner >= 0, partner, _look_up(mine.by_id, theirs.by_id, their_rows))
    claimed = is_among(theirs.by_both, mine.by_both[mine.by_both != ""])
    claimed[partner[partner >= 0]] = True
    left_over = their_rows[~claimed[their_rows]]
    partner = np.where(partner >= 0, partner, _look_up(mine.by_name, theirs.by_name, left_over))
    without_id = mine.by_id == ""
    anybody = _look_up(np.where(without_id, mine.by_name, ""), theirs.by_name, their_rows)
    partner = np.where(partner >= 0, partner, anybody)
    nobody = (theirs.by_name == "") & ~claimed
    doubtful = is_among(mine.schools, theirs.schools[nobody])
    unknown = without_id & (mine.by_name == "")
    return Match(partner >= 0, partner.astype(np.intp), (partner < 0) & (unknown | doubtful))


def is_among(keys: Texts, others: Texts | Collection[str]) -> Flags:
    """For each key whether it is one of the others."""
    found: Flags = pd.Series(keys, dtype=object).isin(list(others)).to_numpy(dtype=bool, copy=True)
    return found


def places(records: Records, name: str, at: Positions) -> Texts:
    """The cells of a field at these positions, as related places; blank where a position is -1."""
    printed = texts(len(at))
    known = at >= 0
    rows = at[known]
    cells = zip(records.files(rows), records.sheets(rows), records.cells(name, rows), strict=True)
    printed[known] = [str(Place(*each)) for each in cells]
    return printed


def _names(records: Records) -> Texts:
    name = records.form.child_name
    if name is None:
        return texts(len(records))
    typed = records.values[name].fillna("").to_numpy(dtype=object)
    plainly = {each: plain(each) for each in set(typed)}
    bare = np.array([plainly[each] for each in typed], dtype=object)
    return np.where(records.bears_error(name), "", bare) if len(bare) else texts(0)


def _joined(schools: Texts, keys: Texts) -> Texts:
    joined = [f"{school}{_SEPARATOR}{key}" if key else "" for school, key in zip(schools, keys, strict=True)]
    column = texts(len(joined))
    column[:] = joined
    return column


def _look_up(mine: Texts, theirs: Texts, their_rows: Positions) -> Positions:
    """The first of their rows with each of my keys, or -1."""
    if not len(their_rows):
        return np.full(len(mine), -1, dtype=np.intp)
    keys = pd.Index(theirs[their_rows], dtype=object)
    first = ~keys.duplicated()
    at = keys[first].get_indexer(pd.Index(mine, dtype=object))
    found: Positions = np.where((at >= 0) & (mine != ""), their_rows[first][at], -1)
    return found
