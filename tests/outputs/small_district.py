"""A district built by hand: the forms in force, a few schools, and what they returned as columns of typed cells."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd

from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.intake.values.columns import read_column
from kbxt_merge.model.district import District, Records
from kbxt_merge.model.finding import FINDING_COLUMNS, Findings, no_skips
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.period import Period
from kbxt_merge.model.returned_form import NamedBy, Returned
from kbxt_merge.model.returns import Cell, Kind, Reading, Sheet, SourceFile, TypedDate
from kbxt_merge.model.rule import RuleCard, Scope, Severity
from kbxt_merge.model.school import Roster, School
from kbxt_merge.model.text import Words
from kbxt_merge.model.wording import Facts

MARCH = dt.date(2021, 3, 12)
DATED = TypedDate("2021年3月10日", dt.date(2021, 3, 10), dt.date(2021, 3, 10))
FIRST_ROW = 4
"""The sheet row (from zero) of the first record of every list."""

Row = Mapping[str, Cell]

TOLD = RuleCard("", Severity.ERROR, Scope.CELL, Words("", ""), Words("{zh}", "{en}"), Words("", ""))
"""A rule whose sentence is its facts, so that a test can say what a finding says."""


@cache
def forms_in_force() -> Forms:
    return load_forms({})


@dataclass
class SmallDistrict:
    """What came back so far; `take` adds a returned form."""

    schools: Sequence[str] = ("赣县区梅林中学", "赣县区茅店中心小学", "赣县区田村小学")
    forms: Forms = field(default_factory=forms_in_force)
    returned: list[Returned] = field(default_factory=list)
    findings: list[dict[str, object]] = field(default_factory=list)
    period: Period = field(default_factory=lambda: Period.parse("2021春"))

    def take(self, school: str, slug: str, rows: Sequence[Row], without: Sequence[str] = ()) -> None:
        """A school returns a form; a card is one row. Columns stand as printed, but `without` these."""
        form = self.forms.by_slug[slug]
        parts = [[row] for row in rows] if form.shape is Shape.CARD else [list(rows)]
        for number, part in enumerate(parts, 1):
            path = f"{school}/附件{slug}.xlsx"
            sheet = _sheet(form, part, f"Sheet{number}", without)
            file = SourceFile(path, f"/inbox/{path}", 1, 0.0)
            self.returned.append(Returned(file, sheet, form, school, named_by=NamedBy.UNIT_LINE))

    def find(self, slug: str, record: int, name: str, severity: str, message: str = "", **more: str) -> None:
        """A finding on a field of a merged record."""
        blank = dict.fromkeys(FINDING_COLUMNS, "")
        zh, en = more.pop("zh", message or f"{name} 有误，请改正"), more.pop("en", message or f"{name} is wrong")
        place = {"form": slug, "record": record, "field": name, "severity": severity, "rule": "some-rule"}
        self.findings.append({**blank, "facts": Facts.of(zh=zh, en=en), **place, **more})

    def district(self) -> District:
        roster = Roster(tuple(School("", name) for name in self.schools), ("赣州市", "赣县区"))
        files = {each.file.path: each.file for each in self.returned}
        readings = [Reading(file, Kind.XLSX, "") for file in files.values()]
        records = {form.slug: self._records(form) for form in self.forms.forms}
        return District(self.forms, roster, self.period, MARCH, readings, list(self.returned), {}, records)

    def all_findings(self) -> Findings:
        frame = pd.DataFrame(self.findings, columns=list(FINDING_COLUMNS))
        return Findings(frame.astype({"record": "int64"}), no_skips(), dict.fromkeys(frame["rule"], TOLD))

    def _records(self, form: Form) -> Records:
        sheets = [(i, each) for i, each in enumerate(self.returned) if each.form.slug == form.slug]
        typed = {
            name: _objects(
                [cell for _, each in sheets for cell in each.sheet.cells.get(name, [None] * len(each.sheet.rows))]
            )
            for name in form.by_name
        }
        columns = {name: read_column(list(typed[name]), form.by_name[name]) for name in form.by_name}
        lengths = [len(each.sheet.rows) for _, each in sheets]
        return Records(
            form=form,
            returned=tuple(self.returned),
            values={name: column.values for name, column in columns.items()},
            states={name: column.states for name, column in columns.items()},
            typed=typed,
            shown={name: column.texts for name, column in columns.items()},
            last_days={name: column.last_days for name, column in columns.items() if column.last_days is not None},
            sheet=np.repeat(np.array([i for i, _ in sheets], dtype=np.intp), lengths),
            row=np.array([row for _, each in sheets for row in each.sheet.rows], dtype=np.intp),
            school=_objects([each.school for _, each in sheets for _ in each.sheet.rows]),
            day=np.full(sum(lengths), np.datetime64(MARCH)),
        )


def _sheet(form: Form, rows: Sequence[Row], name: str, without: Sequence[str]) -> Sheet:
    kept = [each.name for each in form.fields if each.name not in without]
    is_card = form.shape is Shape.CARD
    return Sheet(
        sheet=name,
        form=form.slug,
        shape=form.shape,
        rows=[FIRST_ROW + i for i in range(len(rows))],
        columns={each: 2 if is_card else i for i, each in enumerate(kept)},
        cells={each: [row.get(each) for row in rows] for each in kept},
        card_rows={each: FIRST_ROW + i for i, each in enumerate(kept)} if is_card else {},
        date=DATED,
    )


def _objects(items: Sequence[object]) -> np.ndarray:
    objects = np.empty(len(items), dtype=object)
    objects[:] = items
    return objects
