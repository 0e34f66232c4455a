"""Failing records → findings: place, words, value, all at once for one use of a rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from string import Formatter

import numpy as np

from kbxt_merge.model.cell import shown
from kbxt_merge.model.district import Positions, Texts
from kbxt_merge.model.finding import FINDING_COLUMNS, FindingColumns
from kbxt_merge.model.rule import RuleCard
from kbxt_merge.model.text import each_once, mask
from kbxt_merge.rules.engine.rule import Absent, Failing, Look, texts


def word(card: RuleCard, look: Look, failing: Failing, at: Positions) -> FindingColumns:
    """The findings of one rule at these positions."""
    records, name = look.records, look.at
    value = _column(shown(cell) for cell in records.typed[name][at].tolist())
    facts = {"value": _masked(value), **{key: _masked(column[at]) for key, column in failing.facts.items()}}
    label = look.field.label
    severity = texts(len(at), card.severity.value)
    if failing.severity is not None:
        own = failing.severity[at]
        severity = np.where(own == "", severity, own)
    return {
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


def word_absent(card: RuleCard, look: Look, absent: Absent) -> FindingColumns:
    """The findings on children that stand on no record: on the sheet where they should, if it came."""
    sheets: dict[str, tuple[str, str]] = {}
    for each in look.records.returned:
        sheets.setdefault(each.school, (each.file.path, each.sheet.sheet))
    places = [sheets.get(school, ("", "")) for school in absent.schools]
    facts = {"value": _masked(absent.children), "child": _masked(absent.children)}
    return {
        **dict.fromkeys(FINDING_COLUMNS, texts(len(places))),
        "file": _column(file for file, _ in places),
        "sheet": _column(sheet for _, sheet in places),
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


def _column(values: Iterable[str]) -> Texts:
    return np.array(list(values), dtype=object)


def _masked(column: Texts) -> Texts:
    return _column(each_once(mask, list(map(str, column.tolist()))))


def _sentences(template: str, label: str, facts: dict[str, Texts]) -> Texts:
    """The sentence once a record, each fact in its place; the label stands for {field}."""
    pattern, names = _pattern(template, label)
    if not names:
        return texts(len(facts["value"]), pattern % ())
    return _column(map(pattern.__mod__, zip(*(facts[name].tolist() for name in names), strict=True)))


def _pattern(template: str, label: str) -> tuple[str, Sequence[str]]:
    """The template for the % operator, which fills a column of sentences in a third of the time, and its facts."""
    parts = list(Formatter().parse(template))
    names = [name for _, name, _, _ in parts if name not in (None, "field")]
    holes = {None: "", "field": label.replace("%", "%%")}
    return "".join(words.replace("%", "%%") + holes.get(name, "%s") for words, name, _, _ in parts), names
