"""What the rules between periods ask of the records of earlier ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields

import numpy as np
import pandas as pd

from kbxt_merge.model.district import Flags
from kbxt_merge.model.earlier import EarlierRecords
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.rule import Scope
from kbxt_merge.rules.engine.rule import registry


def remembered(forms: Forms) -> Mapping[str, frozenset[str]]:
    """The forms that the rules between periods, the monthly flow and the notice's aims look at in earlier ones, and
    their fields."""
    between = {slug for slug, each in registry().items() if each.card.scope is Scope.PERIOD}
    found: dict[str, set[str]] = {}
    for form in forms.forms:
        for use in (each for each in form.rules if each.slug in between):
            own, listed = found.setdefault(form.slug, {use.at}), str(use.roles.get("list") or "")
            own |= {use.at, *_names(use.roles.get("where")), *_names(use.roles.get("field"))}
            if listed in forms.by_slug:
                found.setdefault(listed, set()).update(_names(use.roles.get("filled")))
    for each in forms.relations.flow or ():
        found.setdefault(each.form, set()).update(
            name for part in fields(each) for name in _names(getattr(each, part.name)) if name
        )
    relations = forms.relations
    if relations.disabled:
        found.setdefault(relations.disabled, set()).update(relations.in_school)
    if relations.home_taught:
        found.setdefault(relations.home_taught, set())
    if told := relations.statistics:
        found.setdefault(told.form, set()).update(filter(None, (told.due, told.back, told.brought_back)))
    by_name = {slug: forms.by_slug[slug].by_name for slug in found}
    return {slug: frozenset(names & by_name[slug].keys()) for slug, names in found.items()}


def _names(played: object) -> tuple[str, ...]:
    """The fields that a role names: one, or the keys of conditions."""
    if isinstance(played, str):
        return (played,)
    return tuple(map(str, played)) if isinstance(played, Mapping) else ()


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
