"""Rounds of returns made in memory: what schools type, assembled, checked and entered in a real ledger."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kbxt_merge.intake.assembly.assemble import assemble
from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.intake.values.dates import read_date
from kbxt_merge.ledger.ledger import ledger_of
from kbxt_merge.model.answer import Answer
from kbxt_merge.model.district import District
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.form import Form
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.period import Period
from kbxt_merge.model.returns import Cell, Kind, Reading, Sheet, SourceFile
from kbxt_merge.model.round import Changes
from kbxt_merge.model.school import Roster, School
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.rules.children.across_periods import remembered
from kbxt_merge.rules.engine.confirmations import confirmations, confirmed
from kbxt_merge.rules.engine.verdicts import verdicts
from kbxt_merge.rules.run import check

FORMS = load_forms(CATALOGUE)
SCHOOLS = ("赣县区江口清溪小学", "赣县区江口清溪中学", "赣县区韩坊松林学校")
STAGES = ("小学", "初中", "九年一贯制")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
FIRST_ROW = 4
"""The sheet row (from zero) of every first record."""

Row = Mapping[str, Cell]
Returns = Mapping[str, Sequence[Row]]
"""What one school returns: rows by form."""


def roster(names: Sequence[str] = SCHOOLS) -> Roster:
    schools = [School("", name, stage=STAGES[i % len(STAGES)]) for i, name in enumerate(names)]
    return Roster(tuple(schools), ("赣州市", "赣县区"))


def id_number(serial: int, born: str = "20090515") -> str:
    body = f"360704{born}{serial:03d}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def listed(
    name: str, number: str, category: str = "其他", registration: str = "失学辍学", school: str = SCHOOLS[0]
) -> Row:
    """A row of form 1-2."""
    return {
        "name": name,
        "id_number": number,
        "roll_school": school,
        "person_category": category,
        "registration_type": registration,
    }


def returned(
    name: str, day: str | None, school: str = SCHOOLS[0], dropped: str = "2021-01", category: str = "建档立卡脱贫户"
) -> Row:
    """A row of form 2; `day` is that of the return."""
    row = {"former_school": school, "name": name, "sex": "男", "age": 11, "dropout_date": dropped}
    return {**row, "return_school": school if day else None, "return_date": day, "person_category": category}


def counted(school: str, **counts: int) -> Row:
    """A row of form 1-1: what is not named is 0."""
    form = FORMS.by_slug["1-1"]
    return {"school": school, **{each.name: 0 for each in form.fields if each.type == "count"}, **counts}


def reading(school: str, returns: Returns, day: str, name: str = "", forms: Forms = FORMS) -> Reading:
    """One file of a school with a sheet a form."""
    path = f"{name or school}.xlsx"
    file = SourceFile(path, f"/inbox/{path}", 1, dt.datetime.fromisoformat(f"{day}T12:00:00+08:00").timestamp())
    return Reading(
        file,
        Kind.XLSX,
        f"{hash(repr((school, returns))):x}",
        [_sheet(forms.by_slug[slug], rows, school, day) for slug, rows in returns.items()],
    )


def _sheet(form: Form, rows: Sequence[Row], school: str, day: str) -> Sheet:
    names = list(form.by_name)
    return Sheet(
        sheet=f"附件{form.slug}",
        form=form.slug,
        shape=form.shape,
        rows=list(range(FIRST_ROW, FIRST_ROW + len(rows))),
        columns={name: position for position, name in enumerate(names)},
        cells={name: [row.get(name) for row in rows] for name in names},
        unit=school,
        date=read_date(day),
    )


@dataclass
class Round:
    """A run as it came out."""

    district: District
    findings: Findings
    changes: Changes

    def found(self, *rules: str) -> list[tuple[str, str, str]]:
        """(rule, school, cell) of the findings of these rules."""
        frame = self.findings.frame
        wanted = frame[frame["rule"].isin(rules)]
        return list(zip(wanted["rule"], wanted["school"], wanted["cell"], strict=True))

    def lives(self, rule: str) -> list[tuple[str, str, str]]:
        """(school, cell, life) of the findings of a rule."""
        frame = self.findings.frame.join(self.changes.lives)
        wanted = frame[frame["rule"] == rule]
        return list(zip(wanted["school"], wanted["cell"], wanted["life"], strict=True))


@dataclass
class Bureau:
    """A bureau with its ledger, in OUT or at a URL."""

    out: Path
    url: str = ""
    schools: Roster = field(default_factory=roster)
    publishes: bool = True
    """Whether the outputs of a run appear: a run that was killed before leaves none."""
    forms: Forms = FORMS

    def merge(
        self,
        period: str,
        readings: Sequence[Reading],
        now: str = "2021-03-12T09:00:00+08:00",
        answers: Sequence[Answer] = (),
    ) -> Round:
        """What a merge does, but for reading and writing workbooks."""
        of = Period.parse(period)
        stage = self.out.with_name(f".{self.out.name}.stage")
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(parents=True)
        with ledger_of(self.out, stage, self.url) as ledger:
            moment = dt.datetime.fromisoformat(now)
            district = assemble(list(readings), self.forms, self.schools, of, moment.date())
            district.earlier = ledger.earlier(self.forms, of, remembered(self.forms))
            raised = check(district)
            by_label = confirmations(district, raised, [*answers, *ledger.answers(self.forms.bureau)])
            findings = confirmed(raised, by_label)
            changes = ledger.enter(district, findings, verdicts(district, findings), by_label, moment, of.due)
        if self.publishes:
            if self.out.exists():
                shutil.rmtree(self.out)
            stage.rename(self.out)
            ledger.settle()
        return Round(district, findings, changes)
