"""What reading safely costs on an ordinary district, and what hostile files cost.

    python benchmarks/reading_safety.py [--files 1000] [--jobs 2] [--rounds 7] [--inbox FOLDER]

The ordinary district is the inbox's sound workbooks, repeated. They are read in turn with and without the safety:
without it, by the same code less its checks of the zip and of the bytes, in the standard library's process pool.
"""

from __future__ import annotations

import argparse
import io
import resource
import shutil
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from kbxt_merge.intake.formats import calamine_reader
from kbxt_merge.intake.formats.ooxml_package import Package
from kbxt_merge.intake.formats.read_workbook import Unreadable, read_workbook
from kbxt_merge.intake.formats.sheet_facts_fast import facts_at_a_glance
from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.intake.inbox.listing import content, walk
from kbxt_merge.intake.pool.processes import read_all
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Kind, Reading, SourceFile

ROOT = Path(__file__).parents[1]
LIMITS = Limits()
BATCH = 32


def safe(file: SourceFile) -> Reading:
    """The stage up to the grids; the worker's peak in MB stands in `sha256`."""
    kind = Kind.UNKNOWN
    try:
        data = content(file, LIMITS)
        kind = kind_of(data, file.path)
        workbook = read_workbook(data, kind, LIMITS, name=file.path)
    except Unreadable as error:
        return Reading(file, kind, peak(), problem=error.problem)
    return Reading(file, kind, peak(), unrecognised=tuple(grid.sheet for grid in workbook.grids))


def trusting(file: SourceFile) -> Reading:
    """The same grids, by a reader that trusts every file."""
    data = Path(file.location).read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        package = Package(archive)
        book = calamine_reader.opened(data)
        assert book is not None
        sheets = []
        for part in package.sheets(LIMITS):
            facts = facts_at_a_glance(package.read(part.path))
            assert facts is not None
            assert not facts.is_sparse
            grid = calamine_reader.grid(book, part, facts, lambda rows, count=facts.values: count)
            assert grid is not None
            sheets.append(grid.sheet)
    return Reading(file, Kind.XLSX, "", unrecognised=tuple(sheets))


def peak() -> str:
    return str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def is_sound(file: SourceFile) -> bool:
    try:
        return safe(file).problem is None and bool(trusting(file).unrecognised)
    except (AssertionError, OSError, Unreadable, zipfile.BadZipFile):
        return False


def ordinary(inbox: Path, count: int, folder: Path) -> list[SourceFile]:
    sound = [file for file in walk(inbox) if file.path.endswith(".xlsx") and is_sound(file)]
    for number in range(count):
        shutil.copy(sound[number % len(sound)].location, folder / f"{number:05}.xlsx")
    return walk(folder)


def seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def read_trusting(files: Sequence[SourceFile], jobs: int) -> None:
    with ProcessPoolExecutor(jobs, mp_context=get_context("forkserver")) as pool:
        list(pool.map(trusting, files, chunksize=BATCH))


def cost_of_safety(files: Sequence[SourceFile], jobs: int, rounds: int) -> None:
    times: dict[str, list[float]] = {"trusting": [], "safe": []}
    for _ in range(rounds):
        times["trusting"].append(seconds(partial(read_trusting, files, jobs)))
        times["safe"].append(seconds(partial(read_all, files, safe, jobs, LIMITS, None)))
    ratios = [safe / trusting for safe, trusting in zip(times["safe"], times["trusting"], strict=True)]
    for name, values in times.items():
        print(f"{name:9} {statistics.median(values):6.2f} s for {len(files):,} workbooks with {jobs} workers")
    rounds_in_order = ", ".join(f"{ratio:.2f}" for ratio in sorted(ratios))
    print(f"ratio     {statistics.median(ratios):6.2f} (rounds: {rounds_in_order})")


def cost_of_the_hostile(folder: Path) -> None:
    sys.path.insert(0, str(ROOT / "tests" / "intake"))
    from test_hostile_inbox import GOOD, HOSTILE, many_strings  # the files are made there

    for name, (data, _, _) in {**HOSTILE, "million-strings.xlsx": (many_strings(1_000_000), "", "")}.items():
        (folder / name).write_bytes(data)
    (folder / "good.xlsx").write_bytes(GOOD)
    print("\n| file | verdict | seconds | peak |\n| --- | --- | --- | --- |")
    for file in walk(folder):
        began = time.perf_counter()
        (reading,) = read_all([file], safe, 1, LIMITS, None)
        verdict = f"{reading.problem.slug}: {reading.problem.facts['what']}" if reading.problem else "read"
        print(f"| {file.path} | {verdict} | {time.perf_counter() - began:.1f} | {reading.sha256 or '–'} MB |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--inbox", type=Path, default=ROOT / "examples" / "returned")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cost_of_safety(ordinary(options.inbox, options.files, Path(folder)), options.jobs, options.rounds)
    with tempfile.TemporaryDirectory() as folder:
        cost_of_the_hostile(Path(folder))


if __name__ == "__main__":
    main()
