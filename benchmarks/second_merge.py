"""One of a thousand returned files is replaced: what the next merge takes, and whether it writes what a fresh one does.

python benchmarks/second_merge.py [WORKBOOKS] [ROWS] [WRONG]
"""

from __future__ import annotations

import json
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))

from fictional.bulk import write_bulk

OPTIONS = ("--period", "2021春", "--as-of", "2021-03-20")
MOMENT = re.compile(rb"20\d\d-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?(\+\d\d:\d\d)?")
"""When a report was made."""
TIMED = {"data/run.json", "kbxt.db"}
"""What holds times, and so differs between two runs on the same returns."""


def merge(folder: Path, out: Path) -> tuple[float, float, dict[str, float]]:
    """Seconds of a cold `kbxt merge`, of processors in all its processes, and its stages."""
    command = [str(Path(sys.executable).with_name("kbxt")), "merge", str(folder / "inbox"), "--out", str(out)]
    begun, used = time.perf_counter(), _processors()
    subprocess.run([*command, "--roster", str(folder / "roster.xlsx"), *OPTIONS], check=True, stdout=subprocess.DEVNULL)
    seconds, processors = time.perf_counter() - begun, _processors() - used
    return seconds, processors, json.loads((out / "data" / "run.json").read_text(encoding="utf-8"))["timings"]


def _processors() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


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


def main() -> None:
    """Merge, replace one file, merge again; and merge the same afresh beside it."""
    given = [*sys.argv[1:], *("1000", "30", "0.01")[len(sys.argv) - 1 :]]
    workbooks, rows, wrong = int(given[0]), int(given[1]), float(given[2])
    folder = Path(tempfile.mkdtemp(prefix="kbxt-second-"))
    paths = write_bulk(folder, workbooks, rows, wrong)
    out, fresh = folder / "out", folder / "fresh"
    first = merge(folder, out)
    write_bulk(folder / "other", 4, rows + 1, 0.05, seed=2)
    shutil.copy(folder / "other" / paths[2].relative_to(folder), paths[2])
    shutil.copytree(out, fresh)  # the same ledger to look back on, and nothing else that was kept
    runs = {"first": first, "second": merge(folder, out), "fresh": merge(folder, fresh)}
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
