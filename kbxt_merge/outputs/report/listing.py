"""The findings of a page as the compact columns that its script unfolds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kbxt_merge.model.district import District
from kbxt_merge.model.rule_card import RuleCard, Severity
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.report.privacy import Privacy, each_once
from kbxt_merge.outputs.report.rows import End, Ends, Rows, Texts
from kbxt_merge.outputs.report.selection import Selection

_CLAUSE = re.compile(r"([0-9A-Za-z*.]+|[“”「」《》‘’（）()，。；：、,;: ])")
"""What cuts a message into pieces: what differs from finding to finding stands between them, the rest is shared."""

_SEVERITIES = [each.value for each in Severity]


@dataclass(frozen=True, slots=True)
class Names:
    """The short lists that columns refer to by position; the blank school and form stand last, as 'none'."""

    rules: list[str]
    schools: list[str]
    forms: list[str]

    @classmethod
    def of(cls, district: District, findings: pd.DataFrame) -> Names:
        """The names that occur."""
        schools = [*district.schools]
        others = sorted(set(findings["school"]) - set(schools) - {""})
        return cls(sorted(set(findings["rule"])), [*schools, *others, ""], [*district.forms.by_slug, ""])


def listing(
    district: District,
    selection: Selection,
    everything: pd.DataFrame,
    catalogue: Mapping[str, RuleCard],
    *,
    language: Language,
    privacy: Privacy,
    only_school: str | None = None,
) -> dict[str, Any]:
    """All that the script of a page needs; `everything` has the findings whose counts the page shows.

    With `only_school` the rows of other schools stay out, also where they are the other end of a finding.
    """
    names = Names.of(district, everything)
    texts = Texts()
    rows = Rows(district, privacy, texts)
    columns: dict[str, Any] = _columns(district, selection.frame, names, rows, language)
    columns["related"] = _related(district, selection.frame, names, rows, only_school)
    return {
        "severities": [{"slug": each.value, "title": each.words.of(language)} for each in Severity],
        "rules": [_rule(slug, catalogue, language) for slug in names.rules],
        "schools": names.schools,
        "forms": [_form(slug, district, language) for slug in names.forms],
        "findings": columns,
        "rows": rows.columns(),
        "counts": _counts(everything, names),
        "total": selection.total,
        "share": selection.share,
        "texts": texts.all(),
    }


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
    hidden = {
        column: [
            privacy.of_value(text, types.get(key, "text"))
            for text, key in zip(frame[column].tolist(), keys, strict=True)
        ]
        for column in ("value", "suggestion")
    }
    return {
        **{column: _codes(frame[column], known) for column, known in _known(names).items()},
        **{
            column: texts.positions(each_once(privacy.of_text, frame[column].tolist()))
            for column in ("file", "sheet", "cell")
        },
        **{column: texts.positions(shown) for column, shown in hidden.items()},
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


def _known(names: Names) -> dict[str, list[str]]:
    return {"rule": names.rules, "severity": _SEVERITIES, "school": names.schools, "form": names.forms}


def _codes(column: pd.Series, known: list[str]) -> list[int]:
    return pd.Index(known).get_indexer(pd.Index(column)).tolist()


def _related(
    district: District, frame: pd.DataFrame, names: Names, rows: Rows, only_school: str | None
) -> dict[int, list[list[int]]]:
    """The other ends of each finding that has some: [place, form, row, field], the row -1 where none is shown."""
    ends = Ends(district)
    related: dict[int, list[list[int]]] = {}
    for number, text in enumerate(frame["related"].tolist()):
        if text:
            found = [ends.find(line) for line in text.split("\n")]
            related[number] = [_end(end, district, names, rows, only_school) for end in found]
    return related


def _end(end: End, district: District, names: Names, rows: Rows, only_school: str | None) -> list[int]:
    place = rows.texts.position(rows.privacy.of_text(str(end.place)))
    if end.record < 0 or (only_school is not None and end.school != only_school):
        return [place, -1, -1, -1]
    fields = list(district.forms.by_slug[end.form].by_name)
    position = fields.index(end.field) if end.field in fields else -1
    return [place, names.forms.index(end.form), rows.number(end.form, end.record), position]


def _counts(frame: pd.DataFrame, names: Names) -> dict[str, list[int]]:
    """How many findings each school, form, rule and severity has: also those that the page does not list."""
    keys = list(_known(names))
    counted = frame.groupby(keys, sort=False).size().reset_index(name="count")
    return {
        **{key: _codes(counted[key], known) for key, known in _known(names).items()},
        "count": counted["count"].tolist(),
    }


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
