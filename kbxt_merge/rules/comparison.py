"""What the registers' rules found, as counts by school and as a list for the offices that keep the registers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kbxt_merge.model.comparison import DIFFERENCE_COLUMNS, Comparison, Outcome
from kbxt_merge.model.district import Records
from kbxt_merge.model.form import RuleUse
from kbxt_merge.model.reference import Reference
from kbxt_merge.model.register import NAME
from kbxt_merge.model.rule import Scope
from kbxt_merge.rules.children.against_registers import held, references
from kbxt_merge.rules.children.matching import children
from kbxt_merge.rules.children.not_returned import NotReturned, not_returned
from kbxt_merge.rules.children.register_differences import (
    Difference,
    concerned,
    must_stand,
    not_standing,
    other_names,
    other_numbers,
    other_values,
)
from kbxt_merge.rules.children.sought import sought
from kbxt_merge.rules.engine.rule import Work
from kbxt_merge.rules.form_schema import uses

Row = Mapping[str, Any]
_RANK = (Outcome.DIFFERS, Outcome.NOT_ON_IT, Outcome.UNCHECKED, Outcome.AGREES)
"""Of a child that stands in a form more than once, the first of these counts."""


def comparison(work: Work) -> Comparison | None:
    """All that the rules in force compared, once they have run; None where there was no register to compare with."""
    if not references(work):
        return None
    counts: Counter[tuple[str, str, str, Outcome]] = Counter()
    rows: list[Row] = []
    for slug, records in work.district.records.items():
        told = list(_told(work, records))
        rows += [row for _, row in told]
        for reference in concerned(work, slug):
            mine = [
                each for each, _ in told if isinstance(each, Difference) and each.register == reference.register.slug
            ]
            for school, outcome in _outcomes(work, records, reference, mine):
                counts[reference.register.slug, slug, school, outcome] += 1
        for row in rows:
            if row["form"] == slug and row["outcome"] == Outcome.NOT_RETURNED.value:
                counts[row["register"], slug, row["school"], Outcome.NOT_RETURNED] += 1
    return Comparison(_frame(work, counts), pd.DataFrame(rows, columns=list(DIFFERENCE_COLUMNS)))


def _frame(work: Work, counts: Counter[tuple[str, str, str, Outcome]]) -> pd.DataFrame:
    order = [*work.district.schools, ""]
    keys = dict.fromkeys((register, form, school) for register, form, school, _ in counts)
    places = {name: at for at, name in enumerate(order)}
    registers = list(references(work))
    ranked = sorted(keys, key=lambda key: (registers.index(key[0]), key[1], places.get(key[2], len(order)), key[2]))
    columns = {outcome.value: [counts[(*key, outcome)] for key in ranked] for outcome in Outcome}
    keyed = {name: [key[at] for key in ranked] for at, name in enumerate(("register", "form", "school"))}
    return pd.DataFrame({**keyed, **columns})


def _told(work: Work, records: Records) -> Iterator[tuple[Difference | NotReturned, Row]]:
    """Every difference that a rule of the form tells, and its row in the list."""
    slug = records.form.slug
    for use in uses(records.form, Scope.REGISTER):
        if use.slug == "register-not-returned":
            register = str(use.roles["register"])
            for missing in not_returned(work, slug, register)[0] if work.district.whole else ():
                yield missing, _row_of_missing(work, slug, use, register, missing)
        else:
            for each in _found(work, slug, use):
                yield each, _row(work, records, use, each)


def _found(work: Work, slug: str, use: RuleUse) -> Sequence[Difference]:
    if use.slug == "register-name-differs":
        return other_names(work, slug).found
    if use.slug == "register-id-differs":
        return other_numbers(work, slug).found
    if use.slug == "register-value-differs":
        return other_values(work, slug, use.at).found
    return not_standing(work, slug, str(use.roles["register"])).found


def _row(work: Work, records: Records, use: RuleUse, each: Difference) -> Row:
    mine, reference = sought(work, records.form.slug), references(work)[each.register]
    outcome = Outcome.NOT_ON_IT if each.absence else Outcome.DIFFERS
    return {
        "register": each.register,
        "outcome": outcome.value,
        "rule": use.slug,
        "school": records.school[each.record],
        "form": records.form.slug,
        "field": use.at,
        "record": each.record,
        "name": mine.names[each.record],
        "number": mine.numbers[each.record],
        "value": str(records.shown[use.at][each.record]),
        "theirs": each.theirs,
        **_theirs(reference, each.row),
    }


def _row_of_missing(work: Work, slug: str, use: RuleUse, register: str, missing: NotReturned) -> Row:
    return {
        "register": register,
        "outcome": Outcome.NOT_RETURNED.value,
        "rule": use.slug,
        "school": missing.school,
        "form": slug,
        "field": "",
        "record": -1,
        **dict.fromkeys(("name", "number", "value", "theirs"), ""),
        **_theirs(references(work)[register], missing.row),
    }


def _theirs(reference: Reference, row: int) -> Row:
    at = np.array([row], dtype=np.intp)
    number = reference.numbers[row].decode() if row >= 0 else ""
    return {"theirs_name": reference.column(NAME).at(at)[0], "theirs_number": number, "place": reference.places(at)[0]}


def _outcomes(
    work: Work, records: Records, reference: Reference, found: Sequence[Difference]
) -> Iterator[tuple[str, Outcome]]:
    """The school and the outcome of every child of a form that one register has something to say of."""
    slug = records.form.slug
    where = held(work, slug, reference)
    register = reference.register
    by_record: dict[int, Outcome] = {}
    for each in found:
        outcome = Outcome.NOT_ON_IT if each.absence else Outcome.DIFFERS
        by_record[each.record] = min(by_record.get(each.record, outcome), outcome, key=_RANK.index)
    must = must_stand(records, register)
    both_ways = any(each.form == slug and each.standing for each in register.knows)
    told = np.where(must | both_ways, _RANK.index(Outcome.UNCHECKED), len(_RANK))
    told[where.on | (where.absent & both_ways)] = _RANK.index(Outcome.AGREES)
    for record, outcome in by_record.items():
        told[record] = _RANK.index(outcome)
    at = np.flatnonzero(told < len(_RANK))
    persons = {"school": records.school[at], "person": children(work, slug).persons[at], "told": told[at]}
    first = pd.DataFrame(persons).groupby(["school", "person"], sort=False, as_index=False)["told"].min()
    return ((str(school), _RANK[rank]) for school, rank in zip(first["school"], first["told"], strict=True))
