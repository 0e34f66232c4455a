"""Which records of two forms or two periods are the same child."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kbxt_merge.model.bearer import YOUNGEST_ADULT, Whose
from kbxt_merge.model.cell import CellState
from kbxt_merge.model.child import Children
from kbxt_merge.model.district import Flags, Positions, Records, Texts
from kbxt_merge.model.finding import Place
from kbxt_merge.model.id_number import Days
from kbxt_merge.model.keys import Keys, is_among, look_up, shared
from kbxt_merge.model.sound_numbers import of_other_papers
from kbxt_merge.rules.engine.rule import Context, Work, texts
from kbxt_merge.rules.id_numbers.number import id_verdicts

PAPER_INVALID = "paper-invalid"
"""The rule that a number of another paper than an ID card breaks."""


MOST_ALIKE = 20
"""Of the records that share a number or a name so many are told, and held against each other: a number that was filled
down a column has thousands, and each of them as many others."""

_AT_SCHOOL = ("by_both", "by_id")
_ANYWHERE = ("by_both", "by_both_anywhere", "by_id", "by_id_anywhere")
"""What joins two records with a number, one after the other."""


@dataclass(frozen=True, slots=True)
class Match:
    """For each record of one form: whether its child stands in another form of its school, and where.

    `partner` is the position there, or -1. `unsure` flags those not found where that can't be trusted: the record, or
    one of the other form that belongs to nobody, names no child soundly.
    """

    found: Flags
    partner: Positions
    unsure: Flags


def verdicts(context: Context, name: str) -> Texts:
    """The slug of the first rule that each ID number of this field breaks; blank for a sound or missing one."""
    field = context.records.form.by_name[name]

    def check() -> Texts:
        damaged = context.states(name) == CellState.DAMAGED
        last = _youngest(context.records.day) if field.of is Whose.ADULT else context.records.day
        found: Texts = id_verdicts(context.values(name), damaged, last, field.born_from)
        other = of_other_papers(context.records, name)
        return found if other is None else np.where(other.flags, np.where(other.fit, "", PAPER_INVALID), found)

    found: Texts = context.work.once(("id verdicts", context.records.form.slug, name), check)
    return found


def _youngest(day: Days) -> Days:
    """The last day on which an adult can have been born, by each form's own date."""
    month = day.astype("datetime64[M]")
    in_month = day - month.astype("datetime64[D]")
    youngest: Days = (month - 12 * YOUNGEST_ADULT).astype("datetime64[D]") + in_month
    return youngest


def children(work: Work, slug: str) -> Children:
    """The children of a form's records, worked out once a run, when the cells have been judged."""
    made: Children = work.once(("children", slug), lambda: Children.of(work.district.records[slug]))
    return made


def match(mine: Children, theirs: Children, among: Flags | None = None, *, anywhere: bool = False) -> Match:
    """Look for each of my children among their flagged records, of the same school or, by ID number, `anywhere`.

    An ID number that both sides hold joins them, of two records with one number those of one name first, and of those
    the child's own school's.  Names join what is left over: a record without a valid ID number, or with one that the
    other side does not know; so namesakes stay apart, and a slip in one number makes no orphan.
    """
    rows: Positions = np.arange(len(theirs), dtype=np.int32) if among is None else np.flatnonzero(among)
    partner = np.full(len(mine), -1, dtype=np.int32)
    for known_by in _ANYWHERE if anywhere else _AT_SCHOOL:
        my_keys = getattr(mine, known_by)
        left = np.flatnonzero((partner < 0) & (my_keys != 0))
        partner[left] = look_up(my_keys[left], getattr(theirs, known_by), rows)
    by_both = "by_both_anywhere" if anywhere else "by_both"
    their_both = getattr(theirs, by_both)
    claimed = is_among(their_both, getattr(mine, by_both)) & (their_both != 0)
    claimed[partner[partner >= 0]] = True
    for whose, left in ((partner < 0, rows[~claimed[rows]]), (mine.by_id_anywhere == 0, rows)):
        at = np.flatnonzero(whose & (partner < 0))
        partner[at] = namesakes(mine, at, theirs, left)
    nobody = (theirs.by_name_anywhere == 0) & ~claimed
    doubtful = is_among(mine.by_school, theirs.by_school[nobody])
    unknown = (mine.by_id_anywhere == 0) & (mine.by_name_anywhere == 0)
    return Match(partner >= 0, partner, (partner < 0) & (unknown | doubtful))


def namesakes(mine: Children, at: Positions, theirs: Children, rows: Positions) -> Positions:
    """For my children at these positions the one of their `rows` that holds its school and name, or -1.

    Of several it is the first that may be the same child, else the first.
    """
    names, their_names = mine.by_name[at], theirs.by_name
    keys, found = their_names[rows], look_up(names, their_names, rows)
    several = shared(keys) & is_among(keys, names)
    candidates: dict[int, list[int]] = {}
    for row, key in zip(rows[several].tolist(), keys[several].tolist(), strict=True):
        candidates.setdefault(key, []).append(row)
    for place in np.flatnonzero(is_among(names, keys[several])).tolist():
        child, of_name = mine.child(at[place]), candidates[names[place].item()][:MOST_ALIKE]
        found[place] = next((each for each in of_name if child.may_be(theirs.child(each))), of_name[0])
    return found


def others_of(keys: Keys, stands: Texts) -> Texts:
    """For each place that stands at its key the other places there, as related places."""
    by_key: dict[int, list[str]] = {}
    keyed = keys.tolist()
    for key, place in zip(keyed, stands, strict=True):
        told = by_key.setdefault(key, [])
        if len(told) <= MOST_ALIKE:  # one more than are told: a place is none of its own others
            told.append(place)
    others = ([each for each in by_key[key] if each != own] for key, own in zip(keyed, stands, strict=True))
    return np.fromiter(("\n".join(each[:MOST_ALIKE]) for each in others), dtype=object, count=len(keys))


def places(records: Records, name: str, at: Positions) -> Texts:
    """The cells of a field at these positions, as related places; blank where a position is -1."""
    printed = texts(len(at))
    known = at >= 0
    rows = at[known]
    cells = zip(records.files(rows), records.sheets(rows), records.cells(name, rows), strict=True)
    printed[known] = [str(Place(*each)) for each in cells]
    return printed
