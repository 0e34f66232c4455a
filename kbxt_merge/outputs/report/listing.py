"""The findings of a page as the compact columns that its script unfolds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kbxt_merge.model.district import District
from kbxt_merge.model.life import Life
from kbxt_merge.model.rule_card import RuleCard, Severity
from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.report.counts import COUNTED, Counts
from kbxt_merge.outputs.report.privacy import Privacy, each_once
from kbxt_merge.outputs.report.rows import End, Ends, Rows, Texts
from kbxt_merge.outputs.report.selection import Selection, codes

_CLAUSE = re.compile(r"([0-9A-Za-z*.]+|[“”「」《》‘’（）()，。；：、,;: ])")
"""What cuts a message into pieces: what differs from finding to finding stands between them, the rest is shared."""

_IN_WORKBOOK = Words("见退回的工作簿", "in the marked workbook")
"""Stands for a suggested ID number, which three digits would not tell."""

_NO_LIFE = {"slug": "", "title": ""}
_LIVES = [*(each.value for each in Life), ""]
_SEVERITIES = [each.value for each in Severity]


@dataclass(frozen=True, slots=True)
class Names:
    """The short lists that columns refer to by position; the blank school and form stand last, as 'none'."""

    rules: list[str]
    schools: list[str]
    forms: list[str]

    @property
    def by_column(self) -> dict[str, list[str]]:
        """The list that each counted column refers to."""
        return dict(zip(COUNTED, (self.schools, self.forms, self.rules, _SEVERITIES, _LIVES), strict=True))


@dataclass(frozen=True, slots=True)
class Listing:
    """What is listed, and how it is told; `only_school` keeps the rows of other schools out, also as other ends."""

    district: District
    catalogue: Mapping[str, RuleCard]
    ends: Ends
    language: Language
    privacy: Privacy
    only_school: str | None = None

    def data(self, selection: Selection, counts: Counts, schools: list[str]) -> dict[str, Any]:
        """All that the script of a page needs; `counts` has the findings that the page counts, listed or not."""
        names = Names(sorted(counts.names("rule")), schools, [*self.district.forms.by_slug, ""])
        rows = Rows(self.district, self.privacy, Texts())
        columns: dict[str, Any] = _columns(self.district, selection.frame, names, rows, self.language)
        columns["related"] = self._related(selection.frame, names, rows)
        return {
            "severities": [{"slug": each.value, "title": each.words.of(self.language)} for each in Severity],
            "rules": [_rule(slug, self.catalogue, self.language) for slug in names.rules],
            "lives": [*({"slug": each.value, "title": each.words.of(self.language)} for each in Life), _NO_LIFE],
            "schools": names.schools,
            "forms": [_form(slug, self.district, self.language) for slug in names.forms],
            "findings": columns,
            "rows": rows.columns(),
            "counts": _counts(counts, names),
            "total": selection.total,
            "share": selection.share,
            "texts": rows.texts.all(),
        }

    def _related(self, frame: pd.DataFrame, names: Names, rows: Rows) -> dict[int, list[list[int]]]:
        """The other ends of each finding that has some: [place, form, row, field], the row -1 where none is shown."""
        return {
            number: [self._end(self.ends.find(line), names, rows) for line in text.split("\n")]
            for number, text in enumerate(frame["related"].tolist())
            if text
        }

    def _end(self, end: End, names: Names, rows: Rows) -> list[int]:
        place = rows.texts.position(rows.privacy.of_text(str(end.place)))
        if end.record < 0 or (self.only_school is not None and end.school != self.only_school):
            return [place, -1, -1, -1]
        fields = list(self.district.forms.by_slug[end.form].by_name)
        position = fields.index(end.field) if end.field in fields else -1
        return [place, names.forms.index(end.form), rows.number(end.form, end.record), position]


def _columns(
    district: District, frame: pd.DataFrame, names: Names, rows: Rows, language: Language
) -> dict[str, list[Any]]:
    privacy, texts = rows.privacy, rows.texts
    types = {(slug, each.name): each.type for slug, form in district.forms.by_slug.items() for each in form.fields}
    positions = {
        (slug, each.name): place
        for slug, form in district.forms.by_slug.items()
        for place, each in enumerate(form.fields)
    }
    keys = list(zip(frame["form"].tolist(), frame["field"].tolist(), strict=True))
    values, suggestions = (
        [privacy.of_value(text, types.get(key, "text")) for text, key in zip(frame[column].tolist(), keys, strict=True)]
        for column in ("value", "suggestion")
    )
    offered = [_IN_WORKBOOK.of(language) if "*" in text else text for text in suggestions]
    return {
        **{column: codes(frame[column], known).tolist() for column, known in names.by_column.items()},
        **{
            column: texts.positions(each_once(privacy.of_text, frame[column].tolist()))
            for column in ("file", "sheet", "cell", "since")
        },
        "value": texts.positions(values),
        "suggestion": texts.positions(offered),
        "field": [positions.get(key, -1) for key in keys],
        "message": [
            texts.positions(_CLAUSE.split(text))
            for text in each_once(privacy.of_text, frame[f"message_{language}"].tolist())
        ],
        "row": [
            rows.number(form, record)
            for form, record in zip(frame["form"].tolist(), frame["record"].tolist(), strict=True)
        ],
    }


def _counts(counts: Counts, names: Names) -> dict[str, list[int]]:
    """How many findings each school, form, rule and severity has: also those that the page does not list."""
    places = {column: {name: place for place, name in enumerate(known)} for column, known in names.by_column.items()}
    columns = {column: [places[column][cell[at]] for cell in counts.cells] for at, column in enumerate(COUNTED)}
    return {**columns, "count": list(counts.cells.values())}


def _rule(slug: str, catalogue: Mapping[str, RuleCard], language: Language) -> dict[str, str]:
    card = catalogue.get(slug)
    title = card.title.of(language) if card else slug
    return {"slug": slug, "title": title, "when": card.when.of(language) if card else ""}


def _form(slug: str, district: District, language: Language) -> dict[str, Any]:
    form = district.forms.by_slug.get(slug)
    if form is None:
        return {"slug": "", "title": "", "fields": []}
    return {
        "slug": slug,
        "title": form.label.of(language),
        "fields": [each.label.of(language) for each in form.fields],
        "card": form.shape == "card",
    }
