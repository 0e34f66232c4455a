"""By what a form's records are counted: read off its definition, so that a new form needs no code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kbxt_merge.model.district import Records
from kbxt_merge.model.field import Field
from kbxt_merge.model.form import Form
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.text import Language, Words

_UNREAD = Words("未填或无法识别", "blank or unreadable")
_FILLED = (Words("已填{label}", "{label} given"), Words("未填{label}", "no {label}"))
_MOST_VALUES = 12
"""A vocabulary with more values than this (the 56 ethnic groups) shows only those that occur."""
_NESTED = 16
"""Two dimensions that make no more columns than this are counted against each other, else side by side."""


@dataclass(frozen=True)
class Dimension:
    """What a field says of a record.

    `codes` holds one position in `values` a record, in the records' order. `possible` is how many values there can be.
    """

    label: str
    values: Sequence[str]
    codes: npt.NDArray[np.intp]
    possible: int


def dimensions_of(forms: Forms, records: Records, language: Language) -> list[Dimension]:
    """The dimensions in the order of the fields: those of a vocabulary, and dates that may be left open.

    What the ID number tells already (some rule holds a field of that type against it), such as the sex, is none.
    """
    told = _told_by_id(forms)
    found = []
    for field in records.form.fields:
        if field.vocabulary is not None and field.type not in told:
            found.append(_by_value(records, field, language))
        elif field.type == "date" and not field.required:
            found.append(_by_filled(records, field, language))
    return [each for each in found if each.values]


def nested(dimensions: Sequence[Dimension]) -> bool:
    """Tell whether the dimensions are counted against each other."""
    return len(dimensions) == 2 and dimensions[0].possible * dimensions[1].possible <= _NESTED


def _told_by_id(forms: Forms) -> set[str]:
    return {
        form.by_name[use.at].type
        for form in forms.forms
        for use in form.rules
        if _holds_against_id(form, use.roles.get("id"))
    }


def _holds_against_id(form: Form, name: object) -> bool:
    return isinstance(name, str) and name in form.by_name and form.by_name[name].type == "id_number"


def _by_value(records: Records, field: Field, language: Language) -> Dimension:
    assert field.vocabulary is not None
    meant = records.values[field.name].fillna("").tolist()
    values = list(field.vocabulary.values)
    if len(values) > _MOST_VALUES:
        met = set(meant)
        values = [value for value in values if value in met]
    places = {value: place for place, value in enumerate(values)}
    codes = np.array([places.get(value, len(values)) for value in meant], dtype=np.intp)
    if (codes == len(values)).any():
        values.append(_UNREAD.of(language))
    return Dimension(field.label.of(language), values, codes, len(field.vocabulary.values))


def _by_filled(records: Records, field: Field, language: Language) -> Dimension:
    label = field.label.of(language)
    codes = records.values[field.name].isna().to_numpy().astype(np.intp)
    return Dimension(label, [words.of(language).format(label=label) for words in _FILLED], codes, len(_FILLED))
