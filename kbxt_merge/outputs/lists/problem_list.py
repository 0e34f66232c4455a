"""问题清单.xlsx: the findings for a clerk to filter, school by school, each with a link to the marked workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from kbxt_merge.model.district import District, Positions
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.out_folder import PROBLEM_LIST
from kbxt_merge.model.round import Changes, Fixed, Life
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.data.finding_columns import finding_columns
from kbxt_merge.outputs.lists.list_sheet import ROWS_A_SHEET, ListColumn, ListSheet
from kbxt_merge.outputs.sheets.bulk_sheet import Cell, Link
from kbxt_merge.outputs.sheets.names import Names
from kbxt_merge.outputs.sheets.styles import Styles
from kbxt_merge.outputs.sheets.workbook import open_book

_TITLE = Words("{period}问题清单", "Findings, {period}")
_NOTE = Words(
    "{bureau}　必须修改 {errors} 处，请核实 {warnings} 处。身份证号码和电话已隐去；点“打开”看标出问题的工作簿。",
    "{bureau}: {errors} errors, {warnings} warnings. Numbers are masked; “open” leads to the marked workbook.",
)
_FIXED_TITLE = Words("{period}与上一轮相比已改正的问题", "Fixed since the last round, {period}")
_FIXED_NOTE = Words("共 {count} 处。", "{count} in all.")
_ASKS, _NOTES, _GONE = Words("问题", "Findings"), Words("说明", "Notes"), Words("已改正", "Fixed")
_NOTES_TITLE = Words("{period}读入时的说明", "What was noted, {period}")
_NOTES_NOTE = Words("共 {count} 条，不需要学校处理。", "{count} in all; nothing is asked of the schools.")
_OPEN = Words("打开", "open")
_UNIT = Words("填报单位", "reporting school")
"""What names the school in a form that has no field for it."""
_NOBODY = Words("未注明学校", "no school named")

_HEADERS: Mapping[str, ListColumn] = {
    "school": ListColumn(Words("学校", "school"), 22.0),
    "form": ListColumn(Words("表", "form"), 9.0),
    "severity": ListColumn(Words("级别", "severity"), 10.0),
    "life": ListColumn(Words("状态", "state"), 10.0),
    "field": ListColumn(Words("栏目", "field"), 14.0),
    "value": ListColumn(Words("所填内容", "value"), 18.0),
    "expected": ListColumn(Words("应为", "expected"), 12.0),
    "difference": ListColumn(Words("相差", "difference"), 8.0),
    "message": ListColumn(Words("问题", "finding"), 56.0, "long_text"),
    "suggestion": ListColumn(Words("建议", "suggestion"), 18.0),
    "file": ListColumn(Words("文件", "file"), 30.0, "long_text"),
    "sheet": ListColumn(Words("工作表", "sheet"), 12.0),
    "cell": ListColumn(Words("单元格", "cell"), 9.0),
    "open": ListColumn(Words("退回的工作簿", "marked workbook"), 10.0, "link"),
    "related": ListColumn(Words("相关位置", "related"), 30.0, "long_text"),
    "since": ListColumn(Words("首次发现", "first seen"), 12.0),
    "title": ListColumn(Words("问题类型", "kind"), 22.0),
    "rule": ListColumn(Words("规则", "rule"), 22.0),
}
_PRINTED = 13
"""Columns that come on paper: as far as the cell."""
_FIXED_NAMES = ("school", "form", "severity", "message", "file", "sheet", "cell", "title", "rule")
_SEVERITY = list(_HEADERS).index("severity")
_ORDER = {each.value: place for place, each in enumerate(Severity)}
_LONGEST_LINK = 250
"""Characters that a text within a formula may have (255), less a few."""


def write_problems(
    findings: Findings,
    district: District,
    folder: Path,
    language: Language = "zh",
    changes: Changes | None = None,
    returned: Mapping[str, str] | None = None,
    rows_a_sheet: int = ROWS_A_SHEET,
) -> Path:
    """Write the list into a folder; its path is returned.

    `returned` leads from a file of the inbox to its marked workbook, relative to the list.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / PROBLEM_LIST
    period = district.period.words.of(language)
    listed = _Listed(findings, district, language)
    counts = {"errors": findings.count(Severity.ERROR), "warnings": findings.count(Severity.WARNING)}
    every = listed.columns(changes, returned or {})
    notes = np.array(every[_SEVERITY], dtype=object) == Severity.INFO.words.of(language)
    with open_book(path, district.as_of, len(notes)) as book:
        write = partial(ListSheet(book, Styles(book), Names(), language).write, rows_a_sheet=rows_a_sheet)
        said = _NOTE.of(language).format(bureau=district.forms.bureau, **counts)
        headers = list(_HEADERS.values())
        title = _TITLE.of(language).format(period=period)
        write(_ASKS, title, said, headers, _those(every, np.flatnonzero(~notes)), printed=_PRINTED)
        if notes.any():
            said = _NOTES_NOTE.of(language).format(count=notes.sum())
            title = _NOTES_TITLE.of(language).format(period=period)
            write(_NOTES, title, said, headers, _those(every, np.flatnonzero(notes)), printed=_PRINTED)
        if changes is not None and changes.fixed:
            title = _FIXED_TITLE.of(language).format(period=period)
            said = _FIXED_NOTE.of(language).format(count=len(changes.fixed))
            headers = [_HEADERS[name] for name in _FIXED_NAMES]
            write(_GONE, title, said, headers, listed.fixed(changes.fixed), frozen=1)
    return path


def _those(columns: Sequence[Sequence[Cell]], rows: Positions) -> list[Sequence[Cell]]:
    at = rows.tolist()
    return [list(map(column.__getitem__, at)) for column in columns]


def _each(function: Callable[[Any], Any], column: Iterable[object]) -> list[Any]:
    """What the function makes of each of them, asked once for those that are the same."""
    items = list(column)
    known = {item: function(item) for item in set(items)}
    return list(map(known.__getitem__, items))


class _Listed:
    """The findings of a district as columns of the list."""

    def __init__(self, findings: Findings, district: District, language: Language) -> None:
        self._findings, self._district, self._language = findings, district, language
        self._places = {name: place for place, name in enumerate(district.schools)}

    def columns(self, changes: Changes | None, returned: Mapping[str, str]) -> list[Sequence[Cell]]:
        """Every finding in the order of the schools, what must be corrected first."""
        language, forms, opens = self._language, self._district.forms, _OPEN.of(self._language)
        told = dict(finding_columns(self._findings, forms, language, changes))
        places = zip(told["file"], told["sheet"], strict=True)
        ways = _each(lambda place: _way(returned.get(place[0], ""), place[1]), places)
        keys = (_each(_ORDER.__getitem__, told["severity"]), _each(self._place, told["school"]))
        order = np.lexsort(np.array(keys, dtype=np.intp).reshape(2, -1))
        shown: dict[str, Sequence[Cell]] = {
            **told,
            "school": _each(lambda each: each or _NOBODY.of(language), told["school"]),
            "form": _each(self._form, told["form"]),
            "field": _each(lambda each: self._field(*each), zip(told["form"], told["field"], strict=True)),
            "severity": _each(lambda each: Severity(each).words.of(language), told["severity"]),
            "life": _each(lambda each: Life(each).words.of(language) if each else "", told["life"]),
            "difference": _each(lambda each: float(each) if each else "", told["difference"]),
            "title": _each(self._title, told["rule"]),
            "open": [_link(path, at, cell, opens) for (path, at), cell in zip(ways, told["cell"], strict=True)],
        }
        return _those([shown[name] for name in _HEADERS], order)

    def fixed(self, fixed: Sequence[Fixed]) -> list[Sequence[Cell]]:
        """What was fixed, in the order of the schools."""
        language = self._language
        ordered = sorted(fixed, key=lambda each: (self._place(each.school), each.file))
        rows = [
            (
                each.school or _NOBODY.of(language),
                self._form(each.form),
                Severity(each.severity).words.of(language) if each.severity in _ORDER else each.severity,
                each.message.of(language) or self._title(each.rule),
                each.file,
                each.sheet,
                each.cell,
                self._title(each.rule),
                each.rule,
            )
            for each in ordered
        ]
        return [list(column) for column in zip(*rows, strict=True)]

    def _place(self, school: str) -> int:
        return self._places.get(school, len(self._places) + (not school))

    def _form(self, slug: str) -> str:
        form = self._district.forms.by_slug.get(slug)
        return form.called if form else slug

    def _field(self, slug: str, name: str) -> str:
        form = self._district.forms.by_slug.get(slug)
        known = form.by_name.get(name) if form else None
        if known is None and name == "school":
            return _UNIT.of(self._language)
        return known.label.of(self._language) if known else name

    def _title(self, rule: str) -> str:
        card = self._findings.catalogue.get(rule)
        return card.title.of(self._language) if card else rule


def _way(path: str, sheet: str) -> tuple[str, str]:
    """The marked workbook, and what leads to the cells of its sheet; blank where nothing goes back or leads there."""
    if not path or len(path) > _LONGEST_LINK or "#" in path:
        return "", ""
    return path, f"{path}#'{sheet.replace(chr(39), chr(39) * 2)}'!" if sheet else ""


def _link(path: str, to_sheet: str, cell: str, words: str) -> Cell:
    """The way to the cell in the marked workbook, or where that is too long, to the workbook."""
    if not path:
        return ""
    return Link(to_sheet + cell if to_sheet and cell and len(to_sheet + cell) <= _LONGEST_LINK else path, words)
