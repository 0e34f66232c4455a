"""What goes back to a school: each of its workbooks with findings, marked at the cells and listed on a first sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, count
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

import pandas as pd

from kbxt_merge.model.answer import IDENTITY_COLUMNS, Answer, Treatment
from kbxt_merge.model.district import District
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.identity import identify
from kbxt_merge.model.return_folder import RETURN_FOLDER, safe_name, school_folder
from kbxt_merge.model.rule_card import RuleCard, Severity
from kbxt_merge.model.submission import Grid, Kind, Reading, SourceFile
from kbxt_merge.model.text import Language, mask
from kbxt_merge.outputs.returned.marking import ToMark, marked
from kbxt_merge.outputs.returned.opinion_sheet import Opinion
from kbxt_merge.outputs.returned.plain_copy import plain_copy, sheet_names

_ORDER = {Severity.ERROR.value: 0, Severity.WARNING.value: 1, Severity.INFO.value: 2}
_EDITABLE = (Kind.XLSX, Kind.ENCRYPTED)
_EDITABLE_SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm")

Row = Mapping[str, Any]
"""A finding with what `identify` knows of it, by column."""

Mapper = Callable[[Callable[[ToMark], bytes | None], Iterable[ToMark]], Iterable[bytes | None]]
"""What maps the marking over workbooks: `map` itself, or that of a pool of processes."""


@dataclass(frozen=True)
class ReturnedWorkbooks:
    """Marks and writes the workbooks of a district.

    `content` gives a file's bytes, unlocked where the file was locked; `grids` the cells as read of a file that is no
    .xlsx, and is not asked for one that can't be read. `answered` holds, by the findings' labels, the answers that
    confirmed them: they are carried along, so that a school need not give them again.
    """

    district: District
    findings: Findings
    catalogue: Mapping[str, RuleCard]
    content: Callable[[SourceFile], bytes]
    grids: Callable[[SourceFile], Sequence[Grid]]
    language: Language
    answered: Mapping[int, Answer]

    def write(self, out: Path, run: Mapper) -> list[Path]:
        """Write 退回/<school>/<file name> below `out`, and return the files written."""
        by_file = self._by_file()
        readings = [each for each in self.district.readings if _asks_something(by_file.get(each.file.path, ()))]
        work = (self._to_mark(each, by_file[each.file.path]) for each in readings)
        written: list[Path] = []
        taken: set[str] = set()
        for reading, content in zip(readings, run(marked, work), strict=True):
            rows = by_file[reading.file.path]
            own = content is not None and reading.kind in _EDITABLE
            path = self._path(reading, rows, out, own, taken)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content or self._plain(reading, rows))
            written.append(path)
        return written

    def _by_file(self) -> Mapping[str, list[Row]]:
        """The findings of each file, errors first."""
        frame = self.findings.frame[self.findings.frame["file"] != ""]
        known = pd.concat([frame, identify(frame, self.district.records)], axis="columns")
        known["label"] = known.index
        rows: list[Row] = known.to_dict(orient="records")  # type: ignore[assignment]
        by_file: dict[str, list[Row]] = {}
        for row in sorted(rows, key=lambda each: _ORDER[each["severity"]]):
            by_file.setdefault(row["file"], []).append(row)
        return by_file

    def _to_mark(self, reading: Reading, rows: Sequence[Row]) -> ToMark:
        if reading.kind in _EDITABLE and reading.problem is None:
            return self._work(reading, self.content(reading.file), rows, {})
        return self._plain_work(reading, rows)

    def _plain_work(self, reading: Reading, rows: Sequence[Row]) -> ToMark:
        grids = self.grids(reading.file) if reading.problem is None else []
        return self._work(reading, plain_copy(grids), rows, sheet_names(grids))

    def _plain(self, reading: Reading, rows: Sequence[Row]) -> bytes:
        """The marked plain copy of a workbook that could not be edited."""
        content = marked(self._plain_work(reading, rows))
        assert content is not None, "a workbook of our own making can be edited"
        return content

    def _work(self, reading: Reading, content: bytes, rows: Sequence[Row], renamed: Mapping[str, str]) -> ToMark:
        opinions = tuple(self._opinion(row, renamed.get(row["sheet"], row["sheet"])) for row in rows)
        return ToMark(PurePosixPath(reading.file.path).name, content, opinions, self.language)

    def _opinion(self, row: Row, sheet: str) -> Opinion:
        answer = self.answered.get(row["label"])
        identity = {**{name: row[name] for name in IDENTITY_COLUMNS}, "value": row["value_digest"], "sheet": sheet}
        return Opinion(
            severity=Severity(row["severity"]),
            sheet=sheet,
            cell=row["cell"],
            field=self._field(row),
            value=mask(row["value"]),
            message=row[f"message_{self.language}"],
            suggestion=row["suggestion"],
            related=mask(row["related"]),
            identity=identity,
            treatment=answer.treatment if answer else Treatment.NONE,
            explanation=answer.explanation if answer else "",
        )

    def _field(self, row: Row) -> str:
        form = self.district.forms.by_slug.get(row["form"])
        field = None if form is None else form.by_name.get(row["field"])
        return field.label.of(self.language) if field else self.catalogue[row["rule"]].title.of(self.language)

    def _path(self, reading: Reading, rows: Sequence[Row], out: Path, own: bool, taken: set[str]) -> Path:
        """Where the file goes: under its own name, with another ending where it is no longer what it was."""
        name = safe_name(PurePosixPath(reading.file.path).name)
        if not own or not name.lower().endswith(_EDITABLE_SUFFIXES):
            name = str(PurePosixPath(name).with_suffix(".xlsx"))
        return _free(out / RETURN_FOLDER / school_folder(self._school(reading, rows)) / name, taken)

    @cached_property
    def _schools_of_sheets(self) -> Mapping[str, Counter[str]]:
        """For each file how many of its sheets are of which school."""
        schools: dict[str, Counter[str]] = {}
        for each in self.district.returned:
            if each.school:
                schools.setdefault(each.file.path, Counter())[each.school] += 1
        return schools

    def _school(self, reading: Reading, rows: Sequence[Row]) -> str:
        """The school that the file came from: the one with most of its sheets, else of most of its findings."""
        sheets = self._schools_of_sheets.get(reading.file.path)
        found = Counter(row["school"] for row in rows if row["school"])
        return next((school for school, _ in (sheets or found).most_common(1)), "")


def write_returned(
    district: District,
    findings: Findings,
    catalogue: Mapping[str, RuleCard],
    folder: Path,
    content: Callable[[SourceFile], bytes],
    grids: Callable[[SourceFile], Sequence[Grid]],
    language: Language = "zh",
    answered: Mapping[int, Answer] = MappingProxyType({}),
    run: Mapper = map,
) -> list[Path]:
    """Write 退回/<school>/<file name> below `folder` for every workbook with findings, and return the files written."""
    return ReturnedWorkbooks(district, findings, catalogue, content, grids, language, answered).write(folder, run)


def _asks_something(rows: Sequence[Row]) -> bool:
    """Whether a school should see the file again: not where there is nothing for it to do."""
    return any(row["severity"] != Severity.INFO.value for row in rows)


def _free(path: Path, taken: set[str]) -> Path:
    """The path, or with a number where another file of the school took it; it is taken from then on."""
    tries = chain([path], (path.with_stem(f"{path.stem}({number})") for number in count(2)))
    free = next(each for each in tries if str(each).casefold() not in taken)
    taken.add(str(free).casefold())
    return free
