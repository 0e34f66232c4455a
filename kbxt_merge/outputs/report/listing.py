"""The findings of a page as the compact columns that its script unfolds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kbxt_merge.model.district import District
from kbxt_merge.model.privacy import is_withheld
from kbxt_merge.model.round import Life
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Words
from kbxt_merge.outputs.report.counts import COUNTED, Counts
from kbxt_merge.outputs.report.encoded import encoded, numbers
from kbxt_merge.outputs.report.legend import Legend
from kbxt_merge.outputs.report.masked import Parted, Shown
from kbxt_merge.outputs.report.rows import End, Ends, Rows, Texts
from kbxt_merge.outputs.report.selection import Columns, Selection

_IN_WORKBOOK = Words("见退回的工作簿", "in the marked workbook")
"""Stands for a suggested ID number, which three digits would not tell."""

_NO_FIELD = (-1, "text")
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


@dataclass(frozen=True)
class Said:
    """What findings say, each message once: the position of its sentence, and those of the facts in it."""

    texts: Texts
    parted: Parted
    sentences: dict[tuple[str, ...], int] = field(default_factory=dict)
    messages: list[list[int]] = field(default_factory=list)

    def positions(self, messages: Sequence[str]) -> list[int]:
        """Where each message stands."""
        known = {message: place for place, message in enumerate(dict.fromkeys(messages))}
        self.messages.extend(map(self._message, map(self.parted.__getitem__, known)))
        return list(map(known.__getitem__, messages))

    def _message(self, parted: tuple[tuple[str, ...], list[str]]) -> list[int]:
        sentence, facts = parted
        return [self.sentences.setdefault(sentence, len(self.sentences)), *self.texts.positions(facts)]


@dataclass(frozen=True)
class Listing:
    """How the findings of a run are told, on any of its pages."""

    district: District
    legend: Legend
    ends: Ends
    shown: Shown

    def data(self, selection: Selection, counts: Counts, schools: list[str], only: str | None) -> bytes:
        """Encode what a page's script needs of its findings; `counts` has all that the page counts, listed or not.

        With `only` the rows of all schools but this one are kept out, also as other ends.
        """
        names = Names(sorted(counts.names("rule")), schools, [*self.district.forms.by_slug, ""])
        rows = Rows(self.district, self.shown)
        said = Said(rows.texts, self.shown.parted)
        columns = self._columns(selection.columns, names, rows)
        message = said.positions(selection.columns["message"])
        related = self._related(selection.columns, names, rows, only)
        return encoded(
            {
                "school": only,
                "schools": self.shown.names.all(names.schools),
                "rules": self.legend.rules(names.rules),
                "findings": encoded({**_numbers({**columns, "message": message}), "related": related}),
                "messages": numbers(said.messages),
                "sentences": list(said.sentences),
                "rows": encoded(_numbers(rows.columns())),
                "counts": encoded(_numbers(_counts(counts, names))),
                "total": selection.total,
                "share": selection.share,
                "texts": rows.texts.all(),
            }
        )

    @cached_property
    def _fields(self) -> dict[tuple[str, str], tuple[int, str]]:
        """Of each field of each form its place and by what the mask knows its values."""
        return {
            (slug, each.name): (place, each.mask)
            for slug, form in self.district.forms.by_slug.items()
            for place, each in enumerate(form.fields)
        }

    def _columns(self, columns: Columns, names: Names, rows: Rows) -> dict[str, list[Any]]:
        texts = rows.texts
        fields = [self._fields.get(key, _NO_FIELD) for key in zip(columns["form"], columns["field"], strict=True)]
        masks = {kind: self.shown.value(kind) for kind in {kind for _, kind in fields}}
        values, suggestions = (
            [masks[kind][text] for text, (_, kind) in zip(columns[name], fields, strict=True)]
            for name in ("value", "suggestion")
        )
        in_workbook = _IN_WORKBOOK.of(self.legend.language)
        offered = [
            text and ("" if is_withheld(known) else in_workbook if "*" in text else text)
            for known, text in zip(columns["suggestion"], suggestions, strict=True)
        ]
        listed = {
            **{name: _places(columns[name], known) for name, known in names.by_column.items()},
            **{name: texts.positions(self.shown.names.all(columns[name])) for name in ("file", "sheet")},
            **{name: texts.positions(columns[name]) for name in ("cell", "since")},
            "value": texts.positions(values),
            "suggestion": texts.positions(offered),
            "field": [place for place, _ in fields],
        }
        return {
            **listed,
            "row": rows.numbers(columns["form"], columns["record"]),
        }

    def _related(self, columns: Columns, names: Names, rows: Rows, only: str | None) -> dict[int, list[list[int]]]:
        """The other ends of each finding that has some: [place, form, row, field], the row -1 where none is shown."""
        return {
            number: [self._end(self.ends.find(line), names, rows, only) for line in text.split("\n")]
            for number, text in enumerate(columns["related"])
            if text
        }

    def _end(self, end: End, names: Names, rows: Rows, only: str | None) -> list[int]:
        place = rows.texts.position(self.shown.names[str(end.place)])
        if end.record < 0 or (only is not None and end.school != only):
            return [place, -1, -1, -1]
        field, _ = self._fields.get((end.form, end.field), _NO_FIELD)
        return [place, names.forms.index(end.form), rows.number(end.form, end.record), field]


def _places(column: Iterable[str], known: Sequence[str]) -> list[int]:
    """Where each text of a column stands among the known ones; -1 where it does not."""
    place = {text: position for position, text in enumerate(known)}
    return [place.get(text, -1) for text in column]


def _numbers(columns: Mapping[str, Sequence[Any]]) -> dict[str, bytes]:
    return {name: numbers(column) for name, column in columns.items()}


def _counts(counts: Counts, names: Names) -> dict[str, list[int]]:
    """Count the findings of each school, form, rule and severity: also those that the page does not list."""
    columns = zip(*counts.cells, strict=True) if counts.cells else ((),) * len(COUNTED)
    places = {name: _places(column, names.by_column[name]) for name, column in zip(COUNTED, columns, strict=True)}
    return {**places, "count": list(counts.cells.values())}


MOST = 2_000
"""Findings that are listed."""

_PARTED = " › "

Line = tuple[str, str, str, str]
"""A finding: its file and sheet, its cell behind them, its severity and message."""


@dataclass(frozen=True, slots=True)
class Plain:
    """The first findings of a page, by school in the order of names; `count` says how many."""

    groups: list[tuple[str, list[Line]]]
    count: int

    @classmethod
    def of(cls, selection: Selection, legend: Legend) -> Plain:
        """List what was selected."""
        school, severity, message, file, sheet, cell = (
            selection.columns[name][:MOST] for name in ("school", "severity", "message", "file", "sheet", "cell")
        )
        places = list(zip(file, sheet, strict=True))
        where = {place: _PARTED.join(filter(None, place)) for place in set(places)}
        wheres = [where[place] for place in places]
        cells = [_PARTED + at if place and at else at for place, at in zip(wheres, cell, strict=True)]
        lines = zip(wheres, cells, map(legend.severities.__getitem__, severity), message, strict=True)
        groups: dict[str, list[Line]] = {}
        for name, line in zip(school, lines, strict=True):
            groups.setdefault(name, []).append(line)
        return cls(sorted(groups.items(), key=lambda group: group[0].lower()), len(school))
