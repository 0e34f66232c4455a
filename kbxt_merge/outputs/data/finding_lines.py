"""Findings as lines on a terminal or in a pipe: a table, CSV, JSON, or the annotations of a code host."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping

from kbxt_merge.model.finding import Findings, Place
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.data.finding_columns import FINDING_FILE_COLUMNS, finding_columns


def finding_lines(findings: Findings, forms: Forms, layout: str, language: Language) -> str:
    """The findings in the layout `table`, `csv`, `json` or `github`; ID numbers and phones are masked."""
    return LAYOUTS[layout](list(_rows(findings, forms, language)), language)


def _rows(findings: Findings, forms: Forms, language: Language) -> Iterator[dict[str, str]]:
    shown = finding_columns(findings, forms, language)
    for row in zip(*(shown[name] for name in FINDING_FILE_COLUMNS), strict=True):
        yield dict(zip(FINDING_FILE_COLUMNS, map(str, row), strict=True))


def _as_table(rows: list[dict[str, str]], language: Language) -> str:
    """A line a finding that asks something of the school, under its file; notes are left to the other layouts."""
    lines: list[str] = []
    file = None
    for row in rows:
        if row["severity"] == Severity.INFO.value:
            continue
        if row["file"] != file:
            file = row["file"]
            lines += [*([""] if lines else []), file]
        place = str(Place("", row["sheet"], row["cell"]))
        severity = Severity(row["severity"]).words.of(language)
        lines.append(f"  [{severity}] {place}  {row['message']}  ({row['rule']})")
    return "\n".join(lines) + ("\n" if lines else "")


def _as_csv(rows: list[dict[str, str]], language: Language) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, FINDING_FILE_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _as_json(rows: list[dict[str, str]], language: Language) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def _as_annotations(rows: list[dict[str, str]], language: Language) -> str:
    kinds = {"error": "error", "warning": "warning", "info": "notice"}
    lines = (
        f"::{kinds[row['severity']]} file={_escaped(row['file'], ',:')},title={_escaped(row['rule'], ',:')}::"
        f"{_escaped(str(Place('', row['sheet'], row['cell'])), '')} {_escaped(row['message'], '')}"
        for row in rows
    )
    return "".join(line + "\n" for line in lines)


def _escaped(text: str, also: str) -> str:
    """Percent, line ends and the characters that end a property, as the code host's commands want them."""
    for character in "%\r\n" + also:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


LAYOUTS: Mapping[str, Callable[[list[dict[str, str]], Language], str]] = {
    "table": _as_table,
    "csv": _as_csv,
    "json": _as_json,
    "github": _as_annotations,
}
"""The layouts that `kbxt check --format` offers."""
