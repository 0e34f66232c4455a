"""Failing records → findings: place, words, value, all at once for one use of a rule."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kbxt_merge.model.district import Positions, Texts
from kbxt_merge.model.finding import FINDING_COLUMNS
from kbxt_merge.model.rule_card import RuleCard
from kbxt_merge.model.text import mask
from kbxt_merge.model.typed_cell import shown
from kbxt_merge.rules.rule import Absent, Failing, Look, texts


def word(card: RuleCard, look: Look, failing: Failing, at: Positions) -> pd.DataFrame:
    """The findings of one rule at these positions, as a findings frame."""
    records, name = look.records, look.at
    value = np.array([shown(cell) for cell in records.typed[name][at]], dtype=object)
    facts = {"value": _masked(value), **{key: _masked(column[at]) for key, column in failing.facts.items()}}
    label = look.field.label
    severity = texts(len(at), card.severity.value)
    if failing.severity is not None:
        own = failing.severity[at]
        severity = np.where(own == "", severity, own)
    columns = {
        "file": records.files(at),
        "sheet": records.sheets(at),
        "cell": texts(len(at)) if failing.on_sheet else records.cells(name, at),
        "form": texts(len(at), records.form.slug),
        "school": records.school[at],
        "field": texts(len(at), name),
        "rule": texts(len(at), card.slug),
        "severity": severity,
        "value": texts(len(at)) if failing.on_sheet else value,
        "message_zh": _sentences(card.message.zh, label.zh, facts),
        "message_en": _sentences(card.message.en, label.en, facts),
        "suggestion": texts(len(at)) if failing.suggestion is None else failing.suggestion[at],
        "related": texts(len(at)) if failing.related is None else failing.related[at],
        "record": np.full(len(at), -1) if failing.on_sheet else at.astype("int64"),
    }
    return pd.DataFrame(columns, columns=list(FINDING_COLUMNS))


def word_absent(card: RuleCard, look: Look, absent: Absent) -> pd.DataFrame:
    """The findings on children that stand on no record: on the sheet where they should, if it came."""
    sheets: dict[str, tuple[str, str]] = {}
    for each in look.records.returned:
        sheets.setdefault(each.school, (each.file.path, each.sheet.sheet))
    places = [sheets.get(school, ("", "")) for school in absent.schools]
    facts = {"value": _masked(absent.children), "child": _masked(absent.children)}
    columns = {
        **dict.fromkeys(FINDING_COLUMNS, texts(len(places))),
        "file": [file for file, _ in places],
        "sheet": [sheet for _, sheet in places],
        "form": texts(len(places), look.records.form.slug),
        "school": absent.schools,
        "field": texts(len(places), look.at),
        "rule": texts(len(places), card.slug),
        "severity": texts(len(places), card.severity.value),
        "value": absent.children,
        "message_zh": _sentences(card.message.zh, look.field.label.zh, facts),
        "message_en": _sentences(card.message.en, look.field.label.en, facts),
        "related": absent.related,
        "record": np.full(len(places), -1),
    }
    return pd.DataFrame(columns, columns=list(FINDING_COLUMNS))


def _masked(column: Texts) -> Texts:
    return np.array([mask(str(text)) for text in column], dtype=object)


def _sentences(template: str, label: str, facts: dict[str, Texts]) -> Texts:
    """The sentence once a record, each fact in its place; the label stands for {field}."""
    names: Sequence[str] = [name for name in facts if "{" + name + "}" in template]
    rows = zip(*(facts[name] for name in names), strict=True) if names else None
    length = len(facts["value"])
    if rows is None:
        return texts(length, template.format(field=label))
    sentences: Texts = np.empty(length, dtype=object)
    sentences[:] = [template.format(field=label, **dict(zip(names, row, strict=True))) for row in rows]
    return sentences
