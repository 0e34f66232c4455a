"""Where a round stands, for a terminal or a pipe: a table, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from unicodedata import east_asian_width

from kbxt_merge.model.overview import FormStatus, Overview, SchoolStatus
from kbxt_merge.model.round import Life
from kbxt_merge.model.text import Language, Words

CSV_COLUMNS = ("school", "listed", "form", "arrival", "first_came", "versions", "errors", "warnings", "scanned")

_HEADER = Words(
    "{bureau} {period}　截止 {due}　第 {rounds} 轮（{last}）", "{bureau} {period}, due {due}, round {rounds} ({last})"
)
_CHANGES = Words("与上一轮相比：{changes}", "Since the last round: {changes}")
_COLUMNS = (Words("学校", "School"), Words("盖章件", "Scans"), Words("必须修改", "Errors"), Words("请核实", "Warnings"))
_SILENT = Words("一张表都没有报的学校（{count} 所）：{names}", "Nothing came from ({count}): {names}")
_LATE = Words("迟报或逾期未报的学校（{count} 所）：{names}", "Late or overdue ({count}): {names}")
_NOBODYS = Words(
    "没有注明学校的文件：必须修改 {errors} 处，请核实 {warnings} 处（含在合计中）",
    "In files of which nobody knows the school (counted in the total): {errors} errors, {warnings} warnings",
)
_AWAITED = Words("邮箱里还有 {count} 件事要办：", "The mailbox leaves {count} things to be done:")
_TOTAL = Words(
    "{returned}/{schools} 所学校已报，必须修改 {errors} 处，请核实 {warnings} 处。",
    "{returned} of {schools} schools, {errors} errors, {warnings} warnings.",
)


def status_lines(overview: Overview, layout: str, language: Language) -> str:
    """The overview in the layout `table`, `csv` or `json`."""
    return LAYOUTS[layout](overview, language)


def _as_table(overview: Overview, language: Language) -> str:
    """A line a school, a column a form: how it came, and behind it how many errors are open in it."""
    first, *others = (each.of(language) for each in _COLUMNS)
    rows = [[first, *overview.forms, *others], *(_row(each, overview, language) for each in overview.schools)]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    table = ["  ".join(map(_padded, row, widths)).rstrip() for row in rows]
    return "\n".join([*_head(overview, language), *table, "", *_foot(overview, language)]) + "\n"


def _row(school: SchoolStatus, overview: Overview, language: Language) -> list[str]:
    cells = [_cell(school.forms[slug], language) for slug in overview.forms]
    numbers = (school.scans, school.all_errors, school.all_warnings)
    return [school.name, *cells, *(str(number or "") for number in numbers)]


def _cell(form: FormStatus, language: Language) -> str:
    said = form.arrival.words.of(language)
    return f"{said} {form.errors}" if form.errors else said


def _head(overview: Overview, language: Language) -> list[str]:
    last = overview.last_round.astimezone().strftime("%Y-%m-%d %H:%M")
    facts = {"bureau": overview.bureau, "period": overview.period, "due": overview.due, "rounds": overview.rounds}
    head = [_HEADER.of(language).format(**facts, last=last)]
    if overview.rounds > 1:
        counts = (f"{life.words.of(language)} {overview.changes[life.value]}" for life in Life)
        head.append(_CHANGES.of(language).format(changes="，".join(counts) if language == "zh" else ", ".join(counts)))
    return [*head, ""]


def _foot(overview: Overview, language: Language) -> list[str]:
    owing = [each for each in overview.schools if not each.owes_nothing]
    listed = [each for each in owing if each.listed] or owing
    silent = [each.name for each in listed if not each.returned]
    late = [each.name for each in listed if each.late]
    lines = [
        words.of(language).format(count=len(names), names="、".join(names))
        for words, names in ((_SILENT, silent), (_LATE, late))
        if names
    ]
    errors = overview.errors - sum(each.all_errors for each in overview.schools)
    warnings = overview.warnings - sum(each.all_warnings for each in overview.schools)
    if errors or warnings:
        lines.append(_NOBODYS.of(language).format(errors=errors, warnings=warnings))
    facts = {"schools": len(listed), "returned": len(listed) - len(silent)}
    total = _TOTAL.of(language).format(**facts, errors=overview.errors, warnings=overview.warnings)
    return [*lines, total, *_awaited(overview, language)]


def _awaited(overview: Overview, language: Language) -> list[str]:
    lines = [f"    {each.line(language)}" for each in overview.awaited]
    return ["", _AWAITED.of(language).format(count=len(lines)), *lines] if lines else []


def _width(text: str) -> int:
    """The columns that a text takes on a terminal."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _as_csv(overview: Overview, language: Language) -> str:
    """A line a school and form; what belongs to no form stands in a line without one."""
    text = io.StringIO()
    writer = csv.DictWriter(text, CSV_COLUMNS, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for school in overview.schools:
        for slug, form in school.forms.items():
            writer.writerow({"school": school.name, "listed": school.listed, "form": slug, **asdict(form)})
        writer.writerow(
            {"school": school.name, "listed": school.listed, "errors": school.errors, "warnings": school.warnings}
        )
    return text.getvalue()


def _as_json(overview: Overview, language: Language) -> str:
    return json.dumps(asdict(overview), ensure_ascii=False, indent=2, default=str) + "\n"


LAYOUTS: Mapping[str, Callable[[Overview, Language], str]] = {"table": _as_table, "csv": _as_csv, "json": _as_json}
"""The layouts that `kbxt status --format` offers."""
