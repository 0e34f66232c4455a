"""One of a thousand returned files is replaced: what the next merge takes, and whether it writes what a fresh one does.

python benchmarks/second_merge.py district [SCHOOLS]            as schools return them: five files or more a school
python benchmarks/second_merge.py [WORKBOOKS] [ROWS] [WRONG]    the plainest of workbooks, each of a school of its own
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))

import openpyxl
from fictional import FAULTS, make_district
from fictional.bulk import write_bulk
from measured import adopt_orphans, measured

OPTIONS = ("--period", "2021春", "--as-of", "2021-03-20")
SLIPS = {
    "id-checksum", "id-length", "id-characters", "sex-id-mismatch", "age-id-mismatch", "sex-invalid", "phone-invalid",
    "name-invalid", "required-missing", "disability-invalid", "grade-invalid", "enrolment-invalid",
}  # fmt: skip
"""The faults of a district: those of single cells, some 90 of them."""
MOMENT = re.compile(rb"20\d\d-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?(\+\d\d:\d\d)?")
"""When a report was made."""
TIMED = {"data/run.json", "kbxt.db"}
"""What holds times, and so differs between two runs on the same returns."""


def merge(folder: Path, out: Path) -> tuple[float, float, dict[str, float]]:
    """Seconds of a cold `kbxt merge`, of processors in all its processes, and its stages."""
    command = [str(Path(sys.executable).with_name("kbxt")), "merge", str(folder / "inbox"), "--out", str(out)]
    run = measured([*command, "--roster", str(folder / "roster.xlsx"), *OPTIONS])
    return run.seconds, run.work, json.loads((out / "data" / "run.json").read_text(encoding="utf-8"))["timings"]


def different(one: Path, other: Path) -> Iterator[str]:
    """The files that differ, times aside."""
    names = {str(path.relative_to(each)) for each in (one, other) for path in each.rglob("*") if path.is_file()}
    for name in sorted(names - TIMED):
        both = [(each / name).read_bytes() if (each / name).exists() else b"" for each in (one, other)]
        if name.endswith(".html"):
            both = [MOMENT.sub(b"", text) for text in both]
        if both[0] != both[1]:
            yield name


def read_anew(out: Path) -> int:
    """How many files the last run read, as the ledger tells: those that it opened."""
    ledger = sqlite3.connect(f"file:{out}/kbxt.db?immutable=1", uri=True)
    found = ledger.execute("SELECT count(*) FROM files WHERE opened = (SELECT max(id) FROM runs)").fetchone()[0]
    ledger.close()
    return int(found)


def write_inbox(folder: Path) -> Path:
    """Write what the command line asks for; the file that will be replaced is returned."""
    if sys.argv[1:2] == ["district"]:
        faults = [key for key in FAULTS if key[0] in SLIPS and key[1] in ("1-2", "3", "4")]
        make_district(folder, int((*sys.argv[2:], "230")[0]), faults=faults)
        return next(path for path in sorted((folder / "inbox").rglob("*.xlsx")) if "附件3" in path.name)
    given = [*sys.argv[1:], *("1000", "30", "0.01")[len(sys.argv) - 1 :]]
    return write_bulk(folder, int(given[0]), int(given[1]), float(given[2]))[2]


def correct(path: Path) -> None:
    """Correct a returned file: a name in its list has another character."""
    book = openpyxl.load_workbook(path)
    names = next(column for column in book.worksheets[0].columns if any("姓名" in str(cell.value) for cell in column))
    cell = [cell for cell in names if cell.value and 2 <= len(str(cell.value)) <= 3][-1]
    cell.value = f"{str(cell.value)[0]}更正"
    book.save(path)


def main() -> None:
    """Merge, replace one file, merge again; and merge the same afresh beside it."""
    adopt_orphans()
    folder = Path(tempfile.mkdtemp(prefix="kbxt-second-"))
    path = write_inbox(folder)
    out, fresh = folder / "out", folder / "fresh"
    first = merge(folder, out)
    correct(path)
    shutil.copytree(out, fresh)  # the same ledger to look back on, and nothing else that was kept
    runs = {"first": first, "second": merge(folder, out), "fresh": merge(folder, fresh)}
    print(f"{sum(path.is_file() for path in (folder / 'inbox').rglob('*'))} files in the inbox")
    for name, (seconds, processors, stages) in runs.items():
        print(f"{name:8}{seconds:7.2f} s, {processors:7.2f} s of processors  {stages}")
    for name in ("first", "fresh"):
        wall, used = (mine / theirs for mine, theirs in zip(runs["second"][:2], runs[name][:2], strict=True))
        print(f"second / {name}: {wall:.2f}, of processors {used:.2f}")
    unlike = list(different(out, fresh))
    print(f"files that changed in the second run: {read_anew(out)}; outputs that differ: {len(unlike)} {unlike[:5]}")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
