"""Rules on who a child is: the same one twice, one number under two names, one name with two numbers."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, islice

import numpy as np

from kbxt_merge.model.child import Children
from kbxt_merge.model.district import Flags, Positions, Texts
from kbxt_merge.model.keys import Keys, firsts, is_among, keys_of, of_several, shared
from kbxt_merge.model.rule import Role, Scope, Severity
from kbxt_merge.rules.children.matching import (
    MOST_ALIKE,
    children,
    namesakes,
    others_of,
    places,
)
from kbxt_merge.rules.children.spells import spells
from kbxt_merge.rules.engine.rule import Context, Result, Work, positions, rule, texts


@rule(
    "duplicate-in-form",
    Severity.ERROR,
    Scope.DISTRICT,
    title=("同一人重复登记", "same person twice in a form"),
    message=(
        "{this_child}在本校{same_form}中重复登记，请只保留一处。",
        "In the school's form {this_child} stands more than once; keep it only once.",
    ),
    when=(
        "同一人在本校同一张表中出现两次以上；没有身份证号码的表中，性别或年龄不同的是同名的人，中间已结束过一次的不算重复",
        "the same person twice in one school's form; without ID numbers another sex or age is a namesake, "
        "another time is no repeat",
    ),
    at_types=("id_number", "person_name"),
    roles={
        "since": Role("field", required=False, types=("date",)),
        "till": Role("field", required=False, types=("date",)),
    },
)
def duplicate_in_form(context: Context) -> Result:
    """The same ID number under one name, or in a form without ID numbers the same child, twice in one school's form.

    Of a form with a key only what agrees in all of it. Without numbers another sex or age makes it a namesake, and
    dropping out anew after a return (`since`, `till`) another time.
    """
    own = children(context.work, context.records.form.slug)
    key = [context.shown(name) for name in context.records.form.key]
    if context.field.type == "id_number":
        told = np.where(own.by_id_anywhere != 0, keys_of(own.schools, own.ids, *key), 0) if key else own.by_id
        again = shared(told) & ~_under_two_names(context.work)[context.records.form.slug]
        return Result(again, related=_others(context, told, again), unchecked=own.by_id_anywhere == 0)
    known = spells(context, context.role("since"), context.role("till"))
    where, related = np.zeros(len(own), dtype=bool), texts(len(own))
    for row, found in known.repeated.items():
        others = [each for each in found if all(column[each] == column[row] for column in key)]
        if not len(others):
            continue
        where[row], related[row] = True, "\n".join(places(context.records, context.at, np.array(others[:MOST_ALIKE])))
    return Result(where, related=related, unchecked=(own.by_name_anywhere == 0) | known.unsure)


@rule(
    "duplicate-across-schools",
    Severity.WARNING,
    Scope.DISTRICT,
    title=("两所学校登记同一人", "same person in two schools"),
    message=(
        "该身份证号码同时出现在{schools}的{same_form}中，请核实{this_child}属于哪所学校。",
        "This ID number stands in the same form of {schools} too; please verify which school {this_child} belongs to.",
    ),
    when=("同一身份证号码出现在两所学校的同一张表中", "the same ID number in the same form of two schools"),
    at_types=("id_number",),
)
def duplicate_across_schools(context: Context) -> Result:
    """One ID number in the same form of several schools."""
    own = children(context.work, context.records.form.slug)
    once_a_school = own.by_id_anywhere[firsts(own.by_id)]
    across = is_among(own.by_id_anywhere, once_a_school[shared(once_a_school)])
    across &= ~_under_two_names(context.work)[context.records.form.slug]
    stands: dict[str, set[str]] = {}
    for number, school in zip(own.ids[across], own.schools[across], strict=True):
        stands.setdefault(number, set()).add(school)
    facts = texts(len(across))
    for position in positions(across):
        facts[position] = "、".join(sorted(stands[own.ids[position]] - {own.schools[position]}))
    return Result(across, {"schools": facts}, related=_others(context, own.by_id_anywhere, across))


def _others(context: Context, keys: Keys, among: Flags) -> Texts:
    """For each flagged record the places of the others with its key."""
    related, at = texts(len(keys)), positions(among)
    related[at] = others_of(keys[at], places(context.records, context.at, at))
    return related


def _all_children(work: Work) -> dict[str, Children]:
    """The children of every form that knows them by ID number."""
    return {slug: children(work, slug) for slug, each in work.district.records.items() if each.form.child_id}


def _ids_of_two(work: Work) -> dict[str, list[str]]:
    """The valid ID numbers that stand under two names or more anywhere in the district, and these names."""

    def make() -> dict[str, list[str]]:
        every = _all_children(work).values()
        of_two = of_several([each.by_id_anywhere for each in every], [each.by_name_anywhere for each in every])
        found = dict[str, set[str]]()
        for each in every:
            at = positions(is_among(each.by_id_anywhere, of_two) & (each.by_name_anywhere != 0))
            for own, name in zip(each.ids[at], each.names[at], strict=True):
                found.setdefault(own, set()).add(name)
        return {own: sorted(names) for own, names in found.items()}

    made: dict[str, list[str]] = work.once(("IDs of two",), make)
    return made


def _under_two_names(work: Work) -> dict[str, Flags]:
    """For each form the records whose ID number stands under two names."""

    def make() -> dict[str, Flags]:
        of_two = keys_of(np.array(list(_ids_of_two(work)), dtype=object))
        return {slug: is_among(each.by_id_anywhere, of_two) for slug, each in _all_children(work).items()}

    made: dict[str, Flags] = work.once(("under two names",), make)
    return made


@rule(
    "id-name-conflict",
    Severity.ERROR,
    Scope.DISTRICT,
    title=("同一身份证号码两个姓名", "one ID number under two names"),
    message=(
        "该身份证号码在别处登记的姓名为“{other}”，请核对更正。",
        "This ID number stands elsewhere under the name “{other}”; check name and number.",
    ),
    when=("同一身份证号码在全区任何地方有两个姓名", "one ID number under two names, anywhere in the district"),
    at_types=("person_name",),
)
def id_name_conflict(context: Context) -> Result:
    """The record's ID number stands under another name, in this form or any other."""
    own = children(context.work, context.records.form.slug)
    conflict = _under_two_names(context.work)[context.records.form.slug] & (own.by_name_anywhere != 0)
    names, other, related = _ids_of_two(context.work), texts(len(conflict)), texts(len(conflict))
    index = context.work.once(("places of ids",), lambda: _places_of_ids(context.work))
    for position in positions(conflict):
        number, name = own.ids[position], own.names[position]
        other[position] = "、".join(islice((each for each in names[number] if each != name), MOST_ALIKE))
        differing = (place for place, stands in index[number] if stands != name)
        related[position] = "\n".join(islice(differing, MOST_ALIKE))
    return Result(conflict, {"other": other}, related=related)


def _places_of_ids(work: Work) -> dict[str, list[tuple[str, str]]]:
    """For each ID number under two names the name cells that go with it, of each name the first: (place, name)."""
    index: dict[str, list[tuple[str, str]]] = {}
    told: Counter[tuple[str, str]] = Counter()
    for slug, each in _all_children(work).items():
        at = positions(_under_two_names(work)[slug])
        records = work.district.records[slug]
        stand = places(records, records.form.child_name or "", at)
        for number, stands, place in zip(each.ids[at], each.names[at], stand, strict=True):
            told[number, stands] += 1
            if told[number, stands] <= MOST_ALIKE:
                index.setdefault(number, []).append((place, stands))
    return index


@rule(
    "id-conflict",
    Severity.ERROR,
    Scope.DISTRICT,
    title=("同一人两个身份证号码", "one person with two ID numbers"),
    message=(
        "“{name}”在本校{another_form}中的身份证号码为 {other}，两处不一致，请对照户口簿核对。",
        "{name} of this school has another ID number ({other}) in another form; please check which is right.",
    ),
    when=(
        "本校同名的人在两张表中有两个有效号码，且都没有登记在别的姓名下",
        "one school's child of the same name has two valid ID numbers in two forms",
    ),
    at_types=("id_number",),
)
def id_conflict(context: Context) -> Result:
    """A child left over by ID number in two forms of its school, of the same name and with two valid numbers."""
    conflicts = context.work.once(("id conflicts",), lambda: _id_conflicts(context.work))[context.records.form.slug]
    own = children(context.work, context.records.form.slug)
    where, other, related = np.zeros(len(own.ids), dtype=bool), texts(len(own.ids)), texts(len(own.ids))
    for position, (number, place) in conflicts.items():
        where[position], other[position], related[position] = True, number, place
    return Result(where, {"other": other, "name": own.names}, related=related)


def _id_conflicts(work: Work) -> dict[str, dict[int, tuple[str, str]]]:
    """For each form: the position of each record in conflict → the other's number and place."""
    by_slug = _all_children(work)
    found: dict[str, dict[int, tuple[str, str]]] = {slug: {} for slug in by_slug}
    of_two, known = _ids_of_two(work).keys(), set[int]()
    for mine, theirs, must_agree in _pairs_of_forms(work):
        own, others = by_slug[mine], by_slug[theirs]
        left, right = _left_over(own, others), _left_over(others, own)
        partners, names = namesakes(own, left, others, right), own.by_name
        for row, partner in zip(left[partners >= 0].tolist(), partners[partners >= 0].tolist(), strict=True):
            name = names[row].item()
            if name in known or of_two & {own.ids[row], others.ids[partner]}:
                continue
            if must_agree or own.child(row).may_be(others.child(partner)):
                known.add(name)
                found[mine][row] = (others.ids[partner], _id_place(work, theirs, partner))
                found[theirs][partner] = (own.ids[row], _id_place(work, mine, row))
    return found


def _pairs_of_forms(work: Work) -> list[tuple[str, str, bool]]:
    """Every two forms that know children by ID number, first those of which a child of one must stand in the other."""
    demanded = work.district.forms.relations.same_children
    pairs = [(a, b, frozenset((a, b)) in demanded) for a, b in combinations(_all_children(work), 2)]
    return sorted(pairs, key=lambda pair: not pair[2])


def _left_over(mine: Children, theirs: Children) -> Positions:
    """My children with an ID number and a name whose number their form does not hold."""
    return positions((mine.by_both != 0) & ~is_among(mine.by_id_anywhere, theirs.by_id_anywhere))


def _id_place(work: Work, slug: str, position: int) -> str:
    records = work.district.records[slug]
    return str(places(records, records.form.child_id or "", np.array([position]))[0])
