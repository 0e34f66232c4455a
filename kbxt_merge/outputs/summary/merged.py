"""One form of the district in the order in which it is printed, with what was found in each row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from kbxt_merge.model.child import Children
from kbxt_merge.model.district import District, Positions, Records
from kbxt_merge.model.field import Field
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.returned_form import Standing
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Language, Words

_NUMBERS = ("age", "count", "number")
_SUGGESTED = Words("建议：", "Suggestion: ")
_SEVERITIES = {severity.value: severity for severity in Severity}
_WORST_FIRST = {severity.value: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True)
class Merged:
    """The records of one form, school by school in the roster's order.

    `order` holds the positions in `records` in the order of printing. `found` are the findings on them, worst first,
    with the columns `line` (the position in `order`, from zero), `field`, `severity` and `text`. A `final` one bears
    no marks: it is to be stamped.
    """

    records: Records
    order: Positions
    found: pd.DataFrame
    final: bool = False

    @classmethod
    def of(cls, district: District, findings: Findings, form: Form, language: Language, final: bool = False) -> Merged:
        """The form's records as they are printed."""
        records = district.records[form.slug]
        ranks = {name: rank for rank, name in enumerate(district.schools)}
        order = np.argsort([ranks.get(name, len(ranks)) for name in records.school], kind="stable")
        return cls(records, order, _found(findings, district.forms, form, order, language), final)

    @property
    def form(self) -> Form:
        """The form."""
        return self.records.form

    def __len__(self) -> int:
        """How many lines are printed."""
        return len(self.order)

    @cached_property
    def schools(self) -> list[str]:
        """The school of each line."""
        return [str(name) for name in self.records.school[self.order]]

    def cells(self, field: Field) -> list[str | float]:
        """What is printed in this field's column, a cell a line."""
        if field.type == "sequence":
            return list(range(1, len(self) + 1))
        shown: list[str | float] = self.records.shown[field.name][self.order].tolist()
        if field.type in _NUMBERS:
            typed = self.records.values[field.name]
            values = typed.astype(object).to_numpy()[self.order].tolist()
            unread = typed.isna().to_numpy()[self.order].tolist()
            cells = zip(unread, values, shown, strict=True)
            return [text if is_unread else _number(value) for is_unread, value, text in cells]
        if self.form.shape is Shape.STATISTICS and field.name == self.form.record_field:
            return [school or text for school, text in zip(self.schools, shown, strict=True)]
        return shown

    @cached_property
    def _faults(self) -> pd.DataFrame:
        return self.found[(self.found["severity"] != Severity.INFO) & (not self.final)]

    @property
    def repeated(self) -> int:
        """How many records are of a child that stands there already, or in the statistics of a school that does."""
        if self.form.shape is Shape.STATISTICS:
            return len(self) - len({name for name in self.schools if name}) - self.schools.count("")
        if self.form.child_name is None:
            return 0
        return len(self) - int(Children.of(self.records).first_of_each.sum())

    def repeated_told(self, language: Language) -> list[str]:
        """A sentence on records that are counted though they stand there already; none where there are none."""
        words = _SCHOOLS_REPEATED if self.form.shape is Shape.STATISTICS else _REPEATED
        count = self.repeated
        noun = self.form.bearer.noun.of(language)
        return [words.of(language).format(count=count, left=len(self) - count, noun=noun)] if count else []

    @cached_property
    def marks(self) -> Mapping[str, Mapping[int, Severity]]:
        """Per field the lines whose cell bears an error or a warning, and the worse of them."""
        faults = self._faults
        worst = faults.drop_duplicates(["line", "field"])
        return {
            str(name): dict(zip(each["line"].tolist(), map(_SEVERITIES.__getitem__, each["severity"]), strict=True))
            for name, each in worst.groupby("field")
        }

    @cached_property
    def comments(self) -> Sequence[tuple[int, str, str]]:
        """Line, field and words of each cell that bears an error or a warning, in the order of the lines."""
        faults = self._faults
        by_cell: dict[tuple[int, str], list[str]] = {}
        for line, name, text in zip(*(faults[each].tolist() for each in ("line", "field", "text")), strict=True):
            by_cell.setdefault((line, name), []).append(text)
        return [(line, name, "\n".join(texts)) for (line, name), texts in by_cell.items()]

    @cached_property
    def said(self) -> Mapping[int, Sequence[tuple[str, str, str]]]:
        """Field, severity and text of each finding, by line."""
        told: dict[int, list[tuple[str, str, str]]] = {}
        columns = (self.found[each].tolist() for each in ("line", "field", "severity", "text"))
        for line, name, severity, text in zip(*columns, strict=True):
            told.setdefault(line, []).append((name, severity, text))
        return told

    def texts(self) -> list[str]:
        """All that was found in each line."""
        joined = [""] * len(self)
        for line, text in zip(self.found["line"].tolist(), self.found["text"].tolist(), strict=True):
            joined[line] = f"{joined[line]}\n{text}" if joined[line] else text
        return joined

    def counts(self, severity: Severity) -> list[int]:
        """Count the findings of a severity that each line bears."""
        lines = self.found.loc[self.found["severity"] == severity, "line"].to_numpy(dtype=np.intp)
        return [int(count) for count in np.bincount(lines, minlength=len(self))]


def _number(value: float) -> float:
    return int(value) if value == int(value) else float(value)


def _found(findings: Findings, forms: Forms, form: Form, order: Positions, language: Language) -> pd.DataFrame:
    frame = findings.frame
    here = frame[(frame["form"] == form.slug) & (frame["record"] >= 0)]
    lines = np.empty_like(order)
    lines[order] = np.arange(len(order))
    severities = here["severity"].map({each.value: f"【{each.words.of(language)}】" for each in Severity})
    offered = findings.wording(forms, language).values(here, "suggestion")
    suggestions = [each and f"\n{_SUGGESTED.of(language)}{each}" for each in offered]
    found = pd.DataFrame(
        {
            "line": lines[here["record"].to_numpy(dtype=np.intp)],
            "field": here["field"].where(here["field"].isin(form.by_name), form.record_field),
            "severity": here["severity"],
            "text": severities + findings.sentences(forms, language)[here.index] + suggestions,
            "rank": here["severity"].map(_WORST_FIRST),
        }
    )
    return found.sort_values(["line", "rank"], kind="stable")


_REPEATED = Words(
    "合计按行计；其中 {count} 行的{noun}前面已有一行，不重复计算为 {left} 人。",
    "The totals count rows; {count} of them are of a {noun} who stands there already: {left} in all.",
)
_SCHOOLS_REPEATED = Words(
    "有 {count} 行的学校前面已有一行，合计包含了这些行，请核对。",
    "{count} of these rows are of schools that stand there already, and are in the totals; please check.",
)
_NOTHING = Words("未报送任何材料的学校（{count} 所）：", "Schools that returned nothing ({count}): ")
_NOT_THIS = Words(
    "已报送其他{forms}、未报送{attachment}的学校（{count} 所）：",
    "Schools that returned other forms, but not {attachment} ({count}): ",
)

_NAMES_A_TEXT = 60
"""Names that a row of the narrowest sheet can show, which is never taller than 409 points."""


def returned_schools(district: District, form: Form) -> set[str]:
    """The schools of which this form counts; a list without a row is a return too."""
    records = district.records[form.slug]
    named = {
        each.school for each in district.returned if each.form.slug == form.slug and each.standing is Standing.IN_FORCE
    }
    return named | {str(name) for name in records.school}


def missing_schools(district: District, form: Form, language: Language) -> list[str]:
    """A sentence each on the roster's schools that returned nothing, and on those that returned all but this form.

    A sentence on many schools goes on in further texts, so that each fits into the row of a sheet.
    """
    listed = [school.name for school in district.roster.schools] if district.roster else []
    here = returned_schools(district, form)
    anything = {each.school for each in district.returned}
    silent = [name for name in listed if name not in anything and name not in here]
    partial = [name for name in listed if name in anything and name not in here]
    return [
        text
        for words, names in ((_NOTHING, silent), (_NOT_THIS, partial))
        if names
        for text in _parted(
            words.of(language).format(count=len(names), attachment=form.called, forms=form.kind_word), names
        )
    ]


def _parted(begin: str, names: Sequence[str]) -> Iterator[str]:
    """The names after the words that begin the list; each text but the last ends as if it went on."""
    for first in range(0, len(names), _NAMES_A_TEXT):
        more = "、" if first + _NAMES_A_TEXT < len(names) else ""
        yield begin + "、".join(names[first : first + _NAMES_A_TEXT]) + more
        begin = ""
