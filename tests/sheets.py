"""Returned workbooks as tables in the text of a test, and the district they make, without a file on disk.

    | 序号 | 姓名   | 身份证号码         |
    | 1    | 赖小满 | 360704200805200318 |

A line is a row of the sheet from A1 on.  A cell is what a spreadsheet makes of it when it is typed in: a number of up
to fifteen digits is a number, a longer one text; 'text, @2021-03-12 (a day), #N/A and =A1 (a formula saved without its
result) are what they look like, and <br> is a line break.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from kbxt_merge.intake.assembly.assemble import assemble
from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.intake.formats.long_tables import Table
from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.intake.registers.folder import references_of
from kbxt_merge.intake.registers.read_register import ReadRegister, RegisterReading
from kbxt_merge.model.decision import Act, Decision, Decisions
from kbxt_merge.model.district import District
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.period import Period
from kbxt_merge.model.reference import References
from kbxt_merge.model.returns import (
    Cell,
    ErrorValue,
    Grid,
    Kind,
    MissingResult,
    Problem,
    Reading,
    SourceFile,
    Workbook,
)
from kbxt_merge.model.school import Roster, School
from kbxt_merge.model.seal import Seal
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.rules.run import check

FORMS = load_forms(CATALOGUE)
PRIMARY, MIDDLE, COMBINED = "赣县区梅林小学", "赣县区茅店中学", "赣县区田村学校"
ROSTER = Roster(
    (
        School("2136000001", PRIMARY, aliases=("梅小",)),
        School("2136000002", MIDDLE),
        School("2136000003", COMBINED),
    ),
    (FORMS.city, FORMS.county),
)
PERIOD = Period.parse("2021春")
AS_OF = dt.date(2021, 3, 20)

Content = Grid | Workbook | Problem
"""What lies under a path: a workbook of one sheet or of several, or why the file could not be read."""

_EPOCH = dt.date(1970, 1, 1)
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]+)?(?:e[0-9]+)?")
_STAGE = ReadReturn(FORMS, Limits())


def page(
    text: str,
    sheet: str = "Sheet1",
    *,
    hidden: bool = False,
    hidden_rows: Iterable[int] = (),
    hidden_columns: str = "",
    merged: Iterable[str] = (),
) -> Grid:
    """The sheet that a table in a text shows; rows and columns are named as a spreadsheet names them (5, C, A1:F1)."""
    return Grid(
        sheet,
        [list(map(typed, line)) for line in cells_of(text)],
        hidden=hidden,
        hidden_rows=frozenset(row - 1 for row in hidden_rows),
        hidden_columns=frozenset(map(_column, hidden_columns)),
        merged=tuple(map(_rectangle, merged)),
    )


def cells_of(text: str) -> list[list[str]]:
    """The cells of a table, line by line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    assert all(line[0] == line[-1] == "|" for line in lines), text
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]


def typed(text: str) -> Cell:
    """The cell that a spreadsheet makes of a text."""
    if not text:
        return None
    if text.startswith("'"):
        return text[1:]
    if text.startswith("="):
        return MissingResult(text[1:])
    if text.startswith("#"):
        return ErrorValue(text)
    if text.startswith("@"):
        return dt.datetime.fromisoformat(text[1:])
    return float(text) if _NUMBER.fullmatch(text) else text.replace("<br>", "\n")


def read(returns: Mapping[str, Content], forms: Forms = FORMS, saved: dt.date = _EPOCH) -> list[Reading]:
    """What the reading stage makes of these files; each was modified an hour after the one before it."""
    stage = _STAGE if forms is FORMS else ReadReturn(forms, Limits())
    first = 86400.0 * (saved - _EPOCH).days
    return [_reading(stage, path, content, first + 3600 * hour) for hour, (path, content) in enumerate(returns.items())]


def district(
    returns: Mapping[str, Content],
    *,
    forms: Forms = FORMS,
    roster: Roster | None = ROSTER,
    period: Period = PERIOD,
    as_of: dt.date = AS_OF,
    whole: bool = False,
    saved: dt.date = _EPOCH,
    registers: Mapping[str, Content] | None = None,
    seal: Seal | None = None,
    aside: Mapping[str, str] | None = None,
) -> District:
    """The district that these files make; unless it is `whole`, nobody is said not to have returned.

    `registers` are the files of 比对库, saved on the day of `as_of`; `aside` are files that the bureau set aside, each
    with its reason.
    """
    readings = read(returns, forms, saved)
    made = assemble(
        readings, forms, roster, period, as_of, whole=whole, seal=seal, decisions=set_aside(readings, aside or {})
    )
    if registers is not None:
        made.references = references(registers, forms, period, as_of)
    return made


def set_aside(readings: Iterable[Reading], aside: Mapping[str, str]) -> Decisions:
    """The decisions by which files of these paths do not count."""
    digests = {each.file.path: each.sha256 for each in readings}
    return Decisions.of(
        Decision(
            path, Act.ASIDE, "2021-03-20T09:00:00+08:00", {"path": path, "sha256": digests.get(path, "0" * 64)}, reason
        )
        for path, reason in aside.items()
    )


def references(
    files: Mapping[str, Content], forms: Forms = FORMS, period: Period = PERIOD, saved: dt.date = AS_OF
) -> References:
    """What is read of the files of 比对库, all saved on one day."""
    reader = ReadRegister(forms.registers, forms.other_persons, Limits())
    readings = []
    for path, content in files.items():
        file = SourceFile(path, f"/比对库/{path}", 1, 86400.0 * (saved - _EPOCH).days)
        if isinstance(content, Problem):
            readings.append(RegisterReading(file, problem=content))
            continue
        grids = content.grids if isinstance(content, Workbook) else [content]
        tables = [Table(grid.sheet, grid.top, grid.left, grid.rows) for grid in grids]
        readings.append(reader.reading_of(file, _digest(repr(grids)), tables))
    return references_of(readings, forms, period, "比对库/")


@dataclass(frozen=True)
class Found:
    """A finding as a test tells it: its place and rule, and what else is worth asserting."""

    file: str
    sheet: str
    cell: str
    rule: str
    severity: str
    field: str
    suggestion: str
    related: str


@contextmanager
def failing_checks() -> Iterator[set[str]]:
    """The rules by which any schema fails while this lasts."""
    failed: set[str] = set()
    validate = pa.DataFrameSchema.validate

    def watched(schema: pa.DataFrameSchema, *given: Any, **named: Any) -> pd.DataFrame:
        try:
            return validate(schema, *given, **named)
        except SchemaErrors as verdict:
            failed.update(fault.check.name for fault in verdict.schema_errors)
            raise

    with mock.patch.object(pa.DataFrameSchema, "validate", watched):
        yield failed


def findings(made: District) -> list[Found]:
    """All findings of the district in reading order."""
    return found_in(check(made))


def found_in(findings: Findings) -> list[Found]:
    """The findings as tests tell them."""
    columns = list(Found.__dataclass_fields__)
    return [Found(*row) for row in findings.frame[columns].itertuples(index=False)]


def _reading(stage: ReadReturn, path: str, content: Content, modified: float) -> Reading:
    file = SourceFile(path, f"/inbox/{path}", 1, modified)
    if isinstance(content, Problem):
        return Reading(file, Kind.UNKNOWN, _digest(path), problem=content)
    workbook = content if isinstance(content, Workbook) else Workbook([content])
    return stage.reading_of(file, Kind.XLSX, _digest(repr(workbook.grids)), workbook)


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def _column(letter: str) -> int:
    return ord(letter) - ord("A")


def _rectangle(area: str) -> tuple[int, int, int, int]:
    first, last = (re.fullmatch("([A-Z])([0-9]+)", corner) for corner in area.split(":"))
    assert first, area
    assert last, area
    return int(first[2]) - 1, _column(first[1]), int(last[2]) - 1, _column(last[1])
