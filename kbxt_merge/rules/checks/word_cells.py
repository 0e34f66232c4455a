"""Rules on cells that hold one of the known words: a school of the roster, a value of a vocabulary."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kbxt_merge.model.cell import CellState
from kbxt_merge.model.district import Flags, Texts
from kbxt_merge.model.rule import Scope, Severity
from kbxt_merge.model.text import compact_value, each_once
from kbxt_merge.rules.checks.cells import ANY
from kbxt_merge.rules.engine.rule import Context, Result, rule, texts


@rule(
    "school-not-in-roster",
    Severity.WARNING,
    Scope.CELL,
    title=("学校不在名册中", "school is not in the roster"),
    message=(
        "“{field}”填的“{value}”不在学校名册中，请核对校名，并写全称。",
        "{field} holds “{value}”, which is not in the roster; check the school's name, and write it in full.",
    ),
    when=("学籍所在、原就读、送教学校不在名册中", "a school that must be of this district is not in the roster"),
    at_types=("school",),
)
def school_not_in_roster(context: Context) -> Result:
    """Neither a name nor an alias of the roster, with or without the city's and county's names before it."""
    roster = context.district.roster
    if roster is None:
        return context.nothing()
    names = context.values().fillna("").to_numpy(dtype=object)
    known = {name: (roster.find(name) or roster.of_place(name)) is not None for name in set(names)}
    unknown = context.filled(context.at) & ~np.array([known[name] for name in names], dtype=bool)

    def nearest(name: str) -> str:
        school = roster.nearest(name)
        return school.name if school else ""

    suggestion = texts(len(names))
    suggestion[unknown] = each_once(nearest, names[unknown].tolist())
    return Result(unknown, suggestion=suggestion)


@rule(
    "value-normalised",
    Severity.INFO,
    Scope.CELL,
    title=("已按规范写法读取", "read in its standard form"),
    message=(
        "“{field}”填“{value}”，已按“{read}”读取，无需修改。",
        "{field} was typed “{value}” and read as “{read}”; nothing to do.",
    ),
    when=("读取的内容与填写的不同", "what was read differs from what was typed"),
    types=ANY,
)
def value_normalised(context: Context) -> Result:
    """What was read differs from what was typed: `初一` is read as `七年级`."""
    changed = (context.states() == CellState.NORMALISED) & ~context.records.bears_error(context.at)
    return Result(changed, {"read": context.shown()})


def _vocabulary_rule(slug: str, title: tuple[str, str]) -> None:
    """Enter the rule of one vocabulary: what is neither a value nor a variant; suggests the nearest value."""

    def check(context: Context) -> Result:
        vocabulary = context.field.vocabulary
        assert vocabulary is not None, "only fields with a vocabulary are of its rule's kind"
        wrong = context.states() == CellState.UNREADABLE
        shown = context.shown()
        choices = texts(len(shown), "、".join(vocabulary.values[:8]) + ("……" if len(vocabulary.values) > 8 else ""))
        return Result(wrong, {"choices": choices}, suggestion=_nearest(shown, wrong, vocabulary.variants))

    check.__doc__ = f"Neither a value nor a known variant: {slug}; source: schemas/vocabularies.yaml."
    rule(
        slug,
        Severity.ERROR,
        Scope.CELL,
        title=title,
        message=(
            "“{field}”填“{value}”，不在填写范围内，请改填：{choices}。",
            "{field} holds “{value}”; it must be one of {choices}.",
        ),
        when=("不在规定的填写范围内", "neither a value of the vocabulary nor a known variant"),
        types=(slug,),
    )(check)


def _nearest(shown: Texts, wrong: Flags, variants: Mapping[str, str]) -> Texts:
    offered = texts(len(shown))
    if not wrong.any():
        return offered
    from rapidfuzz import fuzz, process  # a clean district never needs it

    known = list(variants)

    def nearest(value: str) -> str:
        hit = process.extractOne(compact_value(value), known, scorer=fuzz.ratio, score_cutoff=60)
        return variants[hit[0]] if hit else ""

    offered[wrong] = each_once(nearest, list(map(str, shown[wrong].tolist())))
    return offered


for _slug, _title in {
    "sex-invalid": ("性别不规范", "not a sex"),
    "person-category-invalid": ("人员类别不规范", "not a person category"),
    "registration-type-invalid": ("登记类型不规范", "not a registration type"),
    "disability-invalid": ("残疾类别不规范", "not a kind of disability"),
    "grade-invalid": ("年级不规范", "not a grade"),
    "enrolment-invalid": ("就学情况不规范", "not an enrolment"),
    "ethnicity-invalid": ("民族不规范", "not an ethnicity"),
    "yes-no-invalid": ("应填是或否", "neither yes nor no"),
    "vocabulary-invalid": ("不在填写范围内", "not of the vocabulary"),
    "row-unknown": ("不是印好的行", "not one of the printed rows"),
}.items():
    _vocabulary_rule(_slug, _title)
