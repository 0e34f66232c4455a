"""The district → its findings: a form's rules are one pandera schema, run once over all records of the form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from kbxt_merge.model.district import District, Flags, Records
from kbxt_merge.model.finding import SKIP_COLUMNS, FindingColumns, Findings, no_skips, stacked
from kbxt_merge.model.form import Field, RuleUse
from kbxt_merge.model.returns import position
from kbxt_merge.model.rule import Role, RuleCard, Scope, Severity
from kbxt_merge.rules.catalogue import CATALOGUE, RULES
from kbxt_merge.rules.checks.files import file_findings
from kbxt_merge.rules.engine.found import found_absent, found_at
from kbxt_merge.rules.engine.rule import Failing, Look, Rule, Work, positions

_WHOLE_SHEET = (-1, -1)
"""Stands before all cells for what is found of no one of them."""


def in_reading_order(findings: pd.DataFrame, district: District) -> pd.DataFrame:
    """The findings sorted by file, then sheet as the workbook has them, row, column and rule."""
    sheets: dict[tuple[str, str], int] = {}
    for each in district.returned:
        sheets.setdefault((each.file.path, each.sheet.sheet), len(sheets))
    on = zip(findings["file"].tolist(), findings["sheet"].tolist(), strict=True)
    sheet = np.array([sheets.get(each, -1) for each in on], dtype=np.intp)
    cell, cells = pd.factorize(findings["cell"])
    places = np.array([position(each) or _WHOLE_SHEET for each in cells], dtype=np.intp).reshape(-1, 2)
    row, column = places[cell].T
    file, rule = (pd.factorize(findings[name], sort=True)[0] for name in ("file", "rule"))
    order = np.lexsort((rule, column, row, sheet, file))
    return findings.take(order).reset_index(drop=True)


FormSchema = pa.DataFrameSchema
"""What a form's records are held to: its columns, their types, the rules of its cells and rows."""

_DTYPES = {"sequence": "Int64", "age": "Int64", "count": "Int64", "date": "datetime64[s]"}


@dataclass
class _Gathered:
    """Findings and skips as the rules make them."""

    findings: list[FindingColumns] = field(default_factory=list)
    skips: list[pd.DataFrame] = field(default_factory=list)


def check(district: District) -> Findings:
    """Every finding of the district, in the order of its files, sheets and rows, and what was not checked.

    Raises whatever a rule raises: a rule that crashes must not look like a clean district.
    """
    work, gathered = Work(district), _Gathered()
    for records in filter(len, district.records.values()):
        _check_form(work, records, gathered)
    gathered.findings.append(file_findings(district))
    for scope in (Scope.DISTRICT, Scope.PERIOD):
        for records in district.records.values():
            if len(records) or scope is Scope.PERIOD:  # only rules between periods speak of children that are not there
                for use, found in _uses(records, scope):
                    _judge(found, Look(work, records, use), gathered)
    skips = pd.concat([no_skips(), *filter(len, gathered.skips)], ignore_index=True)
    return Findings(in_reading_order(stacked(gathered.findings), district), skips, CATALOGUE)


def schema(district: District, form: str) -> FormSchema:
    """The schema that a form's records in this district are held to."""
    return _schema(Work(district), district.records[form], _Gathered())


def _check_form(work: Work, records: Records, gathered: _Gathered) -> None:
    """Run the form's schema; what it raises itself is a fault of the program: columns that are not as promised."""
    _schema(work, records, gathered).validate(records.values)


def _schema(work: Work, records: Records, gathered: _Gathered) -> FormSchema:
    """Typed, nullable columns with their cells' rules, then the rules of the row on the whole frame."""
    columns = {
        each.name: pa.Column(
            _DTYPES.get(each.type, "string"),
            nullable=True,
            checks=[
                _as_check(found, Look(work, records, use), gathered) for use, found in _uses_on_cell(records, each)
            ],
        )
        for each in records.form.fields
    }
    rows = [_as_check(found, Look(work, records, use), gathered) for use, found in _uses(records, Scope.ROW)]
    return pa.DataFrameSchema(columns, checks=rows, strict=True, ordered=True)


def _as_check(found: Rule, look: Look, gathered: _Gathered) -> pa.Check:
    """The rule as a check that gathers what fails and goes on: failure cases cost more than all the rules."""

    def judged(_: pd.Series[Any] | pd.DataFrame) -> bool:
        _judge(found, look, gathered)
        return True

    return pa.Check(judged, name=found.card.slug, ignore_na=False)


def _uses_on_cell(records: Records, each: Field) -> Iterator[tuple[RuleUse, Rule]]:
    """The cell rules of a field: those of its type, and those that the form's YAML points at it; notes come last."""
    kind = "vocabulary" if each.vocabulary else each.type
    own = [(RuleUse(slug, each.name), found) for slug, found in RULES.items() if kind in found.card.types]
    named = [(use, found) for use, found in _uses(records, Scope.CELL) if use.at == each.name]
    yield from sorted([*own, *named], key=lambda pair: pair[1].card.severity is Severity.INFO)


def _uses(records: Records, scope: Scope) -> Iterator[tuple[RuleUse, Rule]]:
    """The uses of rules of one scope that the form's YAML names."""
    for use in records.form.rules:
        found = RULES[use.slug]
        if found.card.scope is scope:
            yield use, found


def _judge(found: Rule, look: Look, gathered: _Gathered) -> Flags:
    """Where the rule fails on sound input; words the findings, and counts what could not be checked."""
    failing, unsound = found.judge(look), _unsound(found.card, look)
    where = failing.where & ~unsound
    at = positions(where)
    if len(at):
        gathered.findings.append(found_at(found.card, look, failing, at))
        if not failing.on_sheet:
            _remember(look.records, look.at, found.card, failing, where)
    if failing.absent is not None:
        gathered.findings.append(found_absent(found.card, look, failing.absent))
    if found.card.scope is not Scope.CELL:
        _count_skips(found.card, look, failing, unsound, gathered)
    return where


def _unsound(card: RuleCard, look: Look) -> Flags:
    """Where an input of the rule bears an error already: its own cell, and the fields that play its roles."""
    if card.scope in (Scope.DISTRICT, Scope.PERIOD):
        return np.zeros(len(look.records), dtype=bool)  # these know which of their inputs each child needs
    names = [name for role, kind in card.roles.items() for name in _fields(kind, look.role(role))]
    return look.unsound(look.at, *names)


def _fields(kind: Role, played: object) -> tuple[str, ...]:
    if kind.kind == "field" and isinstance(played, str):
        return (played,)
    return tuple(played) if kind.kind == "fields" and isinstance(played, tuple) else ()


def _remember(records: Records, name: str, card: RuleCard, failing: Failing, where: Flags) -> None:
    """Keep which cells bear an error or a warning, for the rules that come after."""
    severity = np.full(len(where), card.severity.value, dtype=object)
    if failing.severity is not None:
        severity = np.where(failing.severity == "", severity, failing.severity)
    for kind, kept in ((Severity.ERROR, records.errors), (Severity.WARNING, records.warnings)):
        kept[name] = kept.get(name, np.zeros(len(where), dtype=bool)) | (where & (severity == kind.value))


def _count_skips(card: RuleCard, look: Look, failing: Failing, unsound: Flags, gathered: _Gathered) -> None:
    skipped = unsound if failing.unchecked is None else unsound | failing.unchecked
    absent = failing.absent.unchecked if failing.absent else look.records.school[:0]
    whose = np.concatenate([look.records.school[skipped], absent]).astype(str)
    if not len(whose):
        return
    schools, counts = np.unique(whose, return_counts=True)
    place = {"rule": card.slug, "form": look.records.form.slug, "field": look.at}
    gathered.skips.append(pd.DataFrame({**place, "school": schools, "count": counts}, columns=list(SKIP_COLUMNS)))
