"""The district → its findings: a form's rules are one pandera schema, run once over all records of the form."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaErrorReason, SchemaErrors

from kbxt_merge.freed_memory import give_back
from kbxt_merge.model.at_once import AtOnce, in_turn
from kbxt_merge.model.compact.records import are_many, parts_of
from kbxt_merge.model.district import District, Flags, Records, Texts
from kbxt_merge.model.finding import SKIP_COLUMNS, FindingColumns, Findings, no_skips, stacked
from kbxt_merge.model.form import Form, RuleUse
from kbxt_merge.model.judged import Judged
from kbxt_merge.model.returns import position
from kbxt_merge.model.rule import Role, RuleCard, Scope, Severity
from kbxt_merge.rules.catalogue import CATALOGUE, RULES
from kbxt_merge.rules.checks.files import file_findings
from kbxt_merge.rules.comparison import comparison
from kbxt_merge.rules.engine.found import found_absent, found_at
from kbxt_merge.rules.engine.rule import Context, Result, Rule, Work, positions, texts
from kbxt_merge.rules.form_schema import FormSchema, form_schema, uses

_KNOW_THEIR_INPUTS = frozenset({Scope.DISTRICT, Scope.REGISTER, Scope.PERIOD})
_ALONE = (Scope.CELL, Scope.ROW)
"""The scopes of what is said of a record whatever else there is."""
_NOWHERE = np.empty(0, dtype=np.intp)
"""The positions of children who stand on no record."""
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


@dataclass(frozen=True)
class _AtWork:
    """What the schema that runs judges, and where its verdicts go."""

    work: Work
    records: Records
    judged: Judged


_AT_WORK: ContextVar[_AtWork] = ContextVar("at_work")


@dataclass
class _Told:
    """What was found in the district, and what was not checked."""

    work: Work
    findings: list[FindingColumns] = field(default_factory=list)
    skips: list[pd.DataFrame] = field(default_factory=list)

    def tell(self, records: Records, judged: Judged) -> None:
        """Take what was said of the records of a form, with what the district offers for it."""
        self.findings += [columns for columns, _ in judged.found]
        for use, at in judged.open:
            found, where = RULES[use.slug], np.zeros(len(records), dtype=bool)
            where[at] = True
            assert found.offer is not None
            context = Context(self.work, records, use)
            self.findings.append(found_at(found.card, context, found.offer(context, where), positions(where)))
        for place in sorted(judged.skipped.keys() | judged.absent.keys()):
            use, schools = records.form.rules[place], judged.absent.get(place, records.school[:0])
            skipped = records.school[judged.skipped[place]] if place in judged.skipped else records.school[:0]
            self.skips.append(_skips(use, records.form, np.concatenate([skipped, schools])))


def check(
    district: District,
    before: Mapping[str, Judged] | None = None,
    alone: dict[str, Judged] | None = None,
    at_once: AtOnce = in_turn,
) -> Findings:
    """Every finding of the district, in the order of its files, sheets and rows, and what was not checked.

    `before` is, by form, what was said of the cells and rows of the records that the district's are `same_as`; what is
    said of them now is put into `alone`, and of very many it is said of parts `at_once`. Raises pandera's SchemaError
    where a rule crashes: that must not look like a clean district.
    """
    told = _Told(work := Work(district))
    alone = {} if alone is None else alone
    for slug, records in district.records.items():
        if len(records):
            alone[slug] = _judged_alone(work, records, (before or {}).get(slug), at_once)
    for slug, judged in alone.items():  # what is offered asks all forms
        told.tell(district.records[slug], judged)
    told.findings.append(file_findings(district))
    for scope in _beyond_rows(district):
        for records in district.records.values():  # of a form without records, too: its children may be gone
            if any(uses(records.form, scope)) and (len(records) or scope is not Scope.DISTRICT):
                told.tell(records, _run(work, records, (scope,)))
    skips = pd.concat([no_skips(), *filter(len, told.skips)], ignore_index=True)
    found = in_reading_order(stacked(told.findings), district)
    return Findings(found, skips, CATALOGUE, comparison(work))


def _beyond_rows(district: District) -> Iterator[Scope]:
    """The scopes of rules that look beyond a row, as far as there is what they look at."""
    yield Scope.DISTRICT
    if district.references is not None:
        yield Scope.REGISTER
    if district.earlier is not None:
        yield Scope.PERIOD


def _judged_alone(work: Work, records: Records, before: Judged | None, at_once: AtOnce) -> Judged:
    """What is said of each record's own cells and row: of those that stayed what was said `before`."""
    length = len(records)
    if before is None or records.same_as is None:
        if not are_many(length):
            return _run(work, records, _ALONE)
        judged, new = Judged(length), np.arange(length)
    else:
        new, stayed = positions(records.same_as < 0), positions(records.same_as >= 0)
        to = np.full(before.length, -1, dtype=np.intp)
        to[records.same_as[stayed]] = stayed
        judged = before.moved(to, length)
    parts = list(parts_of(new))
    said = at_once(lambda part: _run(Work(work.district), records.taken(parts[part]), _ALONE), len(parts))
    for at, of_part in zip(parts, said, strict=True):
        judged = judged.beside(of_part.moved(at, length))
    records.errors, records.warnings = dict(judged.errors), dict(judged.warnings)
    return judged


def schema_of_frames(form: Form, read: Callable[[pd.DataFrame], District]) -> FormSchema:
    """The form's schema for a data frame that holds its records and nothing besides; `check` runs the same rules.

    `read` makes a district in which the form's records are those of the frame, row by row.  What the frame alone can't
    tell holds: rules that ask for the roster, for another form or for an earlier period find no fault.  A column that
    the frame lacks fails.  Information is no fault: it asks nothing of anybody.
    """
    at_hand = threading.local()

    def parsed(frame: pd.DataFrame) -> pd.DataFrame:
        district = read(frame)
        at_hand.work, at_hand.records = Work(district), district.records[form.slug]
        values = at_hand.records.table.set_axis(frame.index)
        return frame.assign(**{name: values[name] for name in values if name in frame})

    def check(use: RuleUse, found: Rule) -> Flags:
        return _faults(found, Context(at_hand.work, at_hand.records, use), Judged())

    return form_schema(form, check, parser=pa.Parser(parsed))


def _run(work: Work, records: Records, scopes: Collection[Scope]) -> Judged:
    """Run the form's schema, whatever the environment tells pandera to leave out.

    All that fails besides its rules is a fault of the program, and raised.  A check's verdict is enough where every
    finding is gathered: failure cases cost more than all the rules.
    """
    judged = Judged(len(records))
    # what rules on whole records ask, they ask by field
    frame = records.table if Scope.CELL in scopes else pd.DataFrame(index=pd.RangeIndex(len(records)))
    schema, before = _schema(records.form, tuple(scopes)), _AT_WORK.set(_AtWork(work, records, judged))
    try:
        with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            schema.validate(frame, lazy=True, inplace=True)
    except SchemaErrors as verdict:
        for fault in verdict.schema_errors:
            if fault.reason_code is not SchemaErrorReason.DATAFRAME_CHECK:
                raise fault from None
    finally:
        _AT_WORK.reset(before)
    judged.errors, judged.warnings = dict(records.errors), dict(records.warnings)
    return judged


@lru_cache(maxsize=64)
def _schema(form: Form, scopes: tuple[Scope, ...]) -> FormSchema:
    """The form's schema as merges run it, kept: of a small district to make it takes longer than many of its rules."""

    def check(use: RuleUse, found: Rule) -> Flags:
        at = _AT_WORK.get()
        return _faults(found, Context(at.work, at.records, use), at.judged)

    return form_schema(form, check, scopes, names_cases=False)


def _faults(found: Rule, context: Context, judged: Judged) -> Flags:
    """Where the rule finds fault on sound input; gathers the findings, and counts what could not be checked."""
    result, unsound = found.check(context), _unsound(found.card, context)
    if context.use.where:
        unsound = unsound | context.unsound(*context.use.where)
        concerned = context.records.holding(context.use.where)
        result.where, unsound = result.where & concerned, unsound & concerned
    where = faults = result.where & ~unsound
    at = positions(where)
    if len(at):
        if found.offer is None:
            judged.found.append((found_at(found.card, context, result, at), at))
        else:
            judged.open.append((context.use, at))
        severity = _severities(found.card, context.use, result)
        faults = where & (severity != Severity.INFO.value)
        if not result.on_sheet:
            _remember(context.records, context.at, where, severity)
    if result.absent is not None:
        judged.found.append((found_absent(found.card, context, result.absent), _NOWHERE))
    if found.card.scope is not Scope.CELL:
        _skip(context, result, unsound, judged)
    if found.card.scope not in _ALONE and context.work.is_large:
        give_back()
    return faults


def _severities(card: RuleCard, use: RuleUse, result: Result) -> Texts:
    """Fill in the form's severity where it has one, else the rule's own wherever it says no other."""
    if result.severity is None or use.severity:
        return texts(len(result.where), (use.severity or card.severity).value)
    return np.where(result.severity == "", card.severity.value, result.severity)


def _unsound(card: RuleCard, context: Context) -> Flags:
    """Where an input of the rule bears an error already: its own cell, and the fields that play its roles."""
    if card.scope in _KNOW_THEIR_INPUTS:
        return np.zeros(len(context.records), dtype=bool)  # they know what each child needs
    names = [name for role, kind in card.roles.items() for name in _fields(kind, context.role(role))]
    return context.unsound(context.at, *names)


def _fields(kind: Role, played: object) -> tuple[str, ...]:
    if kind.kind == "field" and isinstance(played, str):
        return (played,)
    return tuple(played) if kind.kind == "fields" and isinstance(played, tuple) else ()


def _remember(records: Records, name: str, where: Flags, severity: Texts) -> None:
    """Keep which cells bear an error or a warning, for the rules that come after."""
    for kind, kept in ((Severity.ERROR, records.errors), (Severity.WARNING, records.warnings)):
        kept[name] = kept.get(name, np.zeros(len(where), dtype=bool)) | (where & (severity == kind.value))


def _skip(context: Context, result: Result, unsound: Flags, judged: Judged) -> None:
    """Remember what the rule could not judge."""
    place = context.records.form.rules.index(context.use)
    skipped = positions(unsound if result.unchecked is None else unsound | result.unchecked)
    if len(skipped):
        judged.skipped[place] = skipped
    if result.absent is not None and len(result.absent.unchecked):
        judged.absent[place] = result.absent.unchecked


def _skips(use: RuleUse, form: Form, whose: Texts) -> pd.DataFrame:
    """What was not checked, as SKIP_COLUMNS: a row a school."""
    schools, counts = np.unique(whose.astype(str), return_counts=True)
    place = {"rule": use.slug, "form": form.slug, "field": use.at}
    return pd.DataFrame({**place, "school": schools, "count": counts}, columns=list(SKIP_COLUMNS))
