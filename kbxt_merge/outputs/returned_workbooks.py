"""What goes back to a school: each of its workbooks with findings, marked at the cells and listed on a first sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from kbxt_merge.outputs.returned.book import Book
from kbxt_merge.outputs.returned.cells import position
from kbxt_merge.outputs.returned.marks import Mark, put_on, take_off
from kbxt_merge.outputs.returned.opinion_sheet import Opinion, OpinionSheet
from kbxt_merge.outputs.returned.package import NotEditableError, Package
from kbxt_merge.outputs.returned.plain_copy import plain_copy, sheet_names
from kbxt_merge.outputs.returned.styles import Styles

_ORDER = {Severity.ERROR.value: 0, Severity.WARNING.value: 1, Severity.INFO.value: 2}
_EDITABLE = (Kind.XLSX, Kind.ENCRYPTED)
_EDITABLE_SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm")
_SUGGESTION = {"zh": "建议：{}", "en": "Suggestion: {}"}


@dataclass(frozen=True, slots=True)
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

    def write(self, out: Path) -> list[Path]:
        """Write 退回/<school>/<file name> below `out`, and return the files written."""
        frame = self.findings.frame
        frame = pd.concat([frame, identify(frame, self.district.records)], axis="columns")
        frame["order"] = frame["severity"].map(_ORDER)
        frame["label"] = frame.index
        by_file = dict(iter(frame[frame["file"] != ""].groupby("file", sort=False)))
        written: list[Path] = []
        for reading in self.district.readings:
            of_file = by_file.get(reading.file.path)
            if of_file is not None and _asks_something(of_file):
                written.append(self._write_one(reading, of_file.sort_values("order", kind="stable"), out, written))
        return written

    def _write_one(self, reading: Reading, frame: pd.DataFrame, out: Path, written: Sequence[Path]) -> Path:
        folder = out / RETURN_FOLDER / school_folder(self._school(reading, frame))
        folder.mkdir(parents=True, exist_ok=True)
        content, editable = self._marked(reading, frame)
        name = safe_name(PurePosixPath(reading.file.path).name)
        if not editable or not name.lower().endswith(_EDITABLE_SUFFIXES):
            name = str(PurePosixPath(name).with_suffix(".xlsx"))
        path = _free(folder / name, written)
        path.write_bytes(content)
        return path

    def _school(self, reading: Reading, frame: pd.DataFrame) -> str:
        """The school that the file came from: the one with most of its sheets, else of most of its findings."""
        path = reading.file.path
        sheets = Counter(each.school for each in self.district.returned if each.file.path == path and each.school)
        found = Counter(school for school in frame["school"] if school)
        return next((school for school, _ in (sheets or found).most_common(1)), "")

    def _marked(self, reading: Reading, frame: pd.DataFrame) -> tuple[bytes, bool]:
        """The marked workbook, and whether it is the school's own rather than a plain copy."""
        if reading.kind in _EDITABLE:
            try:
                return self._mark(self.content(reading.file), reading, frame, {}), True
            except NotEditableError:
                pass  # what can't be edited goes back as a plain copy
        grids = [] if reading.problem else self.grids(reading.file)
        return self._mark(plain_copy(grids), reading, frame, sheet_names(grids)), False

    def _mark(self, content: bytes, reading: Reading, frame: pd.DataFrame, renamed: Mapping[str, str]) -> bytes:
        book = Book(Package(content))
        styles = Styles(book)
        take_off(book, styles)
        rows = [dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False)]
        for row in rows:
            row["place"] = renamed.get(row["sheet"], row["sheet"])
        fills = put_on(book, styles, self._marks(rows))
        sheet = OpinionSheet(book, styles, self.language)
        name = PurePosixPath(reading.file.path).name
        book.insert_first(sheet.name(), sheet.part(name, [self._opinion(row, fills) for row in rows]))
        return book.package.save()

    def _marks(self, rows: Sequence[Mapping[str, Any]]) -> Iterator[Mark]:
        """One mark a cell: the gravest severity, and all that is said there."""
        by_cell: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
        for row in rows:
            if position(row["cell"]):
                by_cell.setdefault((row["place"], row["cell"]), []).append(row)
        for (sheet, cell), of_cell in by_cell.items():
            yield Mark(sheet, cell, Severity(of_cell[0]["severity"]), "\n".join(self._said(row) for row in of_cell))

    def _said(self, row: Mapping[str, Any]) -> str:
        suggestion = _SUGGESTION[self.language].format(row["suggestion"]) if row["suggestion"] else ""
        severity = Severity(row["severity"]).words.of(self.language)
        return "\n".join(part for part in (f"【{severity}】{self._message(row)}", suggestion) if part)

    def _message(self, row: Mapping[str, Any]) -> str:
        return str(row[f"message_{self.language}"])

    def _opinion(self, row: Mapping[str, Any], fills: Mapping[tuple[str, str], str]) -> Opinion:
        place = row["place"], row["cell"]
        answer = self.answered.get(row["label"])
        identity = {
            **{name: row[name] for name in IDENTITY_COLUMNS},
            "value": row["value_digest"],
            "sheet": row["place"],
        }
        return Opinion(
            severity=Severity(row["severity"]), sheet=row["place"], cell=row["cell"], field=self._field(row),
            value=mask(row["value"]), message=self._message(row), suggestion=row["suggestion"],
            related=mask(row["related"]), linked=place in fills, identity=identity, fill=fills.get(place, ""),
            treatment=answer.treatment if answer else Treatment.NONE, explanation=answer.explanation if answer else "",
        )  # fmt: skip

    def _field(self, row: Mapping[str, Any]) -> str:
        form = self.district.forms.by_slug.get(row["form"])
        field = None if form is None else form.by_name.get(row["field"])
        return field.label.of(self.language) if field else self.catalogue[row["rule"]].title.of(self.language)


def write_returned(
    district: District,
    findings: Findings,
    catalogue: Mapping[str, RuleCard],
    folder: Path,
    content: Callable[[SourceFile], bytes],
    grids: Callable[[SourceFile], Sequence[Grid]],
    language: Language = "zh",
    answered: Mapping[int, Answer] = MappingProxyType({}),
) -> list[Path]:
    """Write 退回/<school>/<file name> below `folder` for every workbook with findings, and return the files written."""
    return ReturnedWorkbooks(district, findings, catalogue, content, grids, language, answered).write(folder)


def _asks_something(frame: pd.DataFrame) -> bool:
    """Whether a school should see the file: not where all there is to say is that the file was set aside."""
    return bool(((frame["severity"] != Severity.INFO.value) | (frame["cell"] != "")).any())


def _free(path: Path, written: Sequence[Path]) -> Path:
    """The path, or with a number where another file of the school took it."""
    taken = {str(each).casefold() for each in written}
    tries = [path] + [path.with_stem(f"{path.stem}({n})") for n in range(2, len(written) + 3)]
    return next(each for each in tries if str(each).casefold() not in taken)
