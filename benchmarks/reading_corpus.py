"""Read the workbooks that libraries ship for their own tests, and hold every cell to openpyxl and calamine.

    python benchmarks/reading_corpus.py [SOURCE …] [--write docs/reading.md]

A SOURCE is a folder or a source distribution (.tar.gz). Without any, those of XlsxWriter, python-calamine, openpyxl
and pandas are fetched with pip. Nothing of them is kept. With --write, the table in that page is replaced.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import resource
import subprocess
import sys
import tarfile
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from kbxt_merge.intake.formats.read_workbook import Unreadable, read_workbook
from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.intake.inbox.listing import content, walk
from kbxt_merge.intake.pool.processes import Pool
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Cell, ErrorValue, Kind, MissingResult, Problem, SourceFile, Workbook

PACKAGES = ("XlsxWriter", "python-calamine", "openpyxl", "pandas")
SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam", ".xls", ".xlt", ".xla", ".xlsb", ".ods", ".et")
BEGIN, END = "<!-- outcomes -->", "<!-- /outcomes -->"
Cells = dict[tuple[str, int, int], object]


@dataclass
class Outcome:
    """What became of one file: kind, verdict, seconds, the worker's peak in MB; cells agreed on and otherwise read."""

    kind: Kind
    verdict: str
    seconds: float = 0.0
    peak: int = 0
    agreed: int = 0
    otherwise: list[str] = field(default_factory=list)


def outcome(file: SourceFile, limits: Limits) -> Outcome:
    began = time.monotonic()
    kind = Kind.UNKNOWN
    try:
        data = content(file, limits)
        kind = kind_of(data, file.path)
        read_workbook(data, kind, limits, name=file.path)
    except Unreadable as error:
        return Outcome(kind, f"{error.problem.slug}: {error.problem.facts['what']}", time.monotonic() - began, peak())
    return Outcome(kind, "read", time.monotonic() - began, peak())


def compared(file: SourceFile, limits: Limits) -> Outcome:
    """The cells that openpyxl and calamine both read alike, held against ours."""
    data = content(file, limits)
    result = Outcome(kind_of(data, file.path), "")
    ours = cells_of(read_workbook(data, result.kind, limits, name=file.path))
    theirs = by_openpyxl(data)
    for place, value in by_calamine(data).items():
        if place in theirs and theirs[place] == value:
            result.agreed += 1
            if ours.get(place) != value:
                result.otherwise.append(f"{file.path} {place}: {value!r}, here {ours.get(place)!r}")
    return result


def cells_of(workbook: Workbook) -> Cells:
    return {
        (grid.sheet, grid.top + row, grid.left + column): plain(cell)
        for grid in workbook.grids
        for row, cells in enumerate(grid.rows)
        for column, cell in enumerate(cells)
        if cell not in (None, "")
    }


def by_openpyxl(data: bytes) -> Cells:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return {
        (sheet.title, row - 1, column - 1): plain(cell.value)
        for sheet in book.worksheets
        for (row, column), cell in sheet._cells.items()
        if cell.value not in (None, "")
    }


def by_calamine(data: bytes) -> Cells:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {
        (name, row, column): plain(cell)
        for name in book.sheet_names
        for row, cells in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
        for column, cell in enumerate(cells)
        if cell != ""
    }


def plain(cell: Cell) -> object:
    """The value in one form for all three: a number is a float, midnight is a date, an error is its code."""
    if isinstance(cell, ErrorValue | MissingResult):
        return str(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date()
    return cell


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def lost(file: SourceFile, problem: Problem) -> Outcome:
    return Outcome(Kind.UNKNOWN, f"{problem.slug}: {problem.facts['what']}")


def not_compared(file: SourceFile, problem: Problem) -> Outcome:
    return Outcome(Kind.UNKNOWN, "not compared")


def comparable(file: SourceFile, limits: Limits) -> Outcome:
    try:
        return compared(file, limits)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        return Outcome(Kind.UNKNOWN, "not compared")  # one of the two libraries cannot read it


def unpacked(source: Path, folder: Path) -> Path:
    if source.is_dir():
        return source
    target = folder / source.name.removesuffix(".tar.gz")
    with tarfile.open(source) as archive:
        members = [item for item in archive if item.isfile() and item.name.lower().endswith(SUFFIXES)]
        archive.extractall(target, members, filter="data")
    target.mkdir(exist_ok=True)
    return target


def fetched(folder: Path) -> Iterator[Path]:
    for package in PACKAGES:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", package]
        subprocess.run([*command, "--dest", str(folder), package], check=False)
    yield from sorted(folder.glob("*.tar.gz"))


def measured(source: Path, limits: Limits) -> list[str]:
    """The row of the table for one source; what was read otherwise is printed."""
    files = [file for file in walk(source) if file.path.lower().endswith(SUFFIXES)]
    results = [result for _, result in Pool(partial(outcome, limits=limits), lost, 2, limits).over(files)]
    patient = replace(limits, seconds=120)  # openpyxl is slow
    checks = [result for _, result in Pool(partial(comparable, limits=limits), not_compared, 2, patient).over(files)]
    verdicts = Counter(result.verdict for result in results)
    read = verdicts.pop("read", 0)
    others = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items())) or "–"
    otherwise = [line for check in checks for line in check.otherwise]
    print(*otherwise, sep="\n")
    slowest = max((result.seconds for result in results), default=0.0)
    most = max((result.peak for result in results), default=0)
    agreed = sum(check.agreed for check in checks)
    counts = [f"{len(files):,}", f"{read:,}", others, f"{agreed:,}", str(len(otherwise))]
    return [source.name, *counts, f"{slowest:.2f} s", f"{most} MB"]


def table(rows: Sequence[Sequence[str]]) -> str:
    head = ["source", "files", "read", "otherwise", "cells both agree on", "read differently", "slowest", "peak"]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sources", nargs="*", type=Path)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sources = options.sources or list(fetched(Path(folder)))
        shown = table([measured(unpacked(source, Path(folder)), Limits()) for source in sources])
    print(shown)
    if options.write:
        page = options.write.read_text("utf-8")
        before, after = page[: page.index(BEGIN)], page[page.index(END) :]
        options.write.write_text(f"{before}{BEGIN}\n{shown}\n{after}", "utf-8")


if __name__ == "__main__":
    main()
