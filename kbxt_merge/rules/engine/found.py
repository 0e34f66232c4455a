"""Failing records → findings: place, facts, value, all at once for one use of a rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from kbxt_merge.model.cell import shown
from kbxt_merge.model.district import Positions, Texts
from kbxt_merge.model.finding import FINDING_COLUMNS, FindingColumns, objects
from kbxt_merge.model.rule import RuleCard
from kbxt_merge.model.text import Words
from kbxt_merge.model.wording import EXPECTED, OWN_SENTENCE, Facts
from kbxt_merge.rules.engine.rule import Absent, Context, Result, texts


def found_at(card: RuleCard, context: Context, result: Result, at: Positions) -> FindingColumns:
    """The findings of one rule at these positions."""
    records, name = context.records, context.at
    value = objects(shown(cell) for cell in records.typed[name][at].tolist())
    severity = texts(len(at), (context.use.severity or card.severity).value)
    if result.severity is not None and context.use.severity is None:
        own = result.severity[at]
        severity = np.where(own == "", severity, own)
    return {
        "file": records.files(at),
        "sheet": records.sheets(at),
        "cell": texts(len(at)) if result.on_sheet else records.cells(name, at),
        "form": texts(len(at), records.form.slug),
        "school": records.school[at],
        "field": texts(len(at), name),
        "rule": texts(len(at), card.slug),
        "severity": severity,
        "value": texts(len(at)) if result.on_sheet else value,
        "facts": _facts({name: column[at] for name, column in result.facts.items()}, len(at), context.use.say),
        "suggestion": texts(len(at)) if result.suggestion is None else result.suggestion[at],
        "related": texts(len(at)) if result.related is None else result.related[at],
        "record": np.full(len(at), -1) if result.on_sheet else at.astype("int64"),
    }


def found_absent(card: RuleCard, context: Context, absent: Absent) -> FindingColumns:
    """The findings on children that stand on no record: on the sheet where they should, if it came."""
    sheets: dict[str, tuple[str, str]] = {}
    for each in context.records.returned:
        sheets.setdefault(each.school, (each.file.path, each.sheet.sheet))
    places = [sheets.get(school, ("", "")) for school in absent.schools]
    return {
        **dict.fromkeys(FINDING_COLUMNS, texts(len(places))),
        "file": objects(file for file, _ in places),
        "sheet": objects(sheet for _, sheet in places),
        "form": texts(len(places), context.records.form.slug),
        "school": absent.schools,
        "field": texts(len(places), context.at),
        "rule": texts(len(places), card.slug),
        "severity": texts(len(places), (context.use.severity or card.severity).value),
        "value": absent.children,
        "facts": _facts({"child": absent.children, **absent.facts}, len(places), context.use.say),
        "related": absent.related,
        "record": np.full(len(places), -1),
    }


def _facts(columns: Mapping[str, Texts], length: int, say: Words | None) -> npt.NDArray[Any]:
    """The facts of each finding, from a column a fact; the sentence that the form says instead of the rule's is one."""
    if say is not None:
        own = Facts.of(**{OWN_SENTENCE: say})
        known = columns.get(EXPECTED)
        if known is None:
            return objects([own] * length)
        return objects(own.and_also(**{EXPECTED: str(each)}) for each in known.tolist())
    names = tuple(columns)
    texts = (list(map(str, column.tolist())) for column in columns.values())
    return objects(Facts(names, told) for told in zip(*texts, strict=True)) if names else objects([Facts()] * length)
