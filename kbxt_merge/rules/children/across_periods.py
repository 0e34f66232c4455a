"""What the rules between periods ask of the records of earlier ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from kbxt_merge.model.district import Flags
from kbxt_merge.model.earlier import EarlierRecords
from kbxt_merge.model.form import Forms
from kbxt_merge.model.rule import Scope
from kbxt_merge.rules.engine.rule import registry


def remembered(forms: Forms) -> frozenset[str]:
    """The forms that the rules between periods, the monthly flow and the notice's aims look at in earlier ones."""
    between = {slug for slug, each in registry().items() if each.card.scope is Scope.PERIOD}
    uses = [(form.slug, use) for form in forms.forms for use in form.rules if use.slug in between]
    played = {role for _, use in uses for role in use.roles.values() if isinstance(role, str)}
    relations = forms.relations
    in_flow = {each.form for each in relations.flow or ()} | ({relations.disabled, relations.home_taught} - {""})
    return frozenset({slug for slug, _ in uses} | (played & forms.by_slug.keys()) | in_flow)


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
