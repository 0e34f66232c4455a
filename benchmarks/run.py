"""Measure a merge against what else one could write, in one run, and write RESULTS.md.

    python benchmarks/run.py [--cases district wrong …] [--rounds 2] [--out FOLDER] [--profile]

The contenders of a case run in turn, round after round (A B C A B C), each in a process of its own and from nothing:
no cache, no ledger.  Ratios are of medians.  Other work on the machine slows the clock for all alike but not evenly;
the seconds of work, which count processors and not waiting, are the steadier ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median

from measured import Measured, adopt_orphans, measured
from results import Column, page
from stages import profile

HERE = Path(__file__).parent
KBXT = (sys.executable, "-c", "from kbxt_merge.__main__ import run; run()")
Command = Callable[[Path, Path], Sequence[str]]
BEYOND_A_COUNTY = {
    "KBXT_LIMITS_RECORDS": "1000000",
    "KBXT_LIMITS_INBOX_RECORDS": "10000000",
    "KBXT_LIMITS_SECONDS": "600",
}
"""By the limits that hold unless told otherwise the largest cases would be verdicts and not merges."""


def script(name: str) -> Command:
    return lambda made, out: (
        sys.executable,
        "-W",
        "ignore",
        str(HERE / "yardsticks" / f"{name}.py"),
        str(made),
        str(out),
    )


def kbxt(made: Path, out: Path) -> Sequence[str]:
    roster = made.parent / "roster.xlsx"
    return (*KBXT, "merge", str(made), "--roster", str(roster), "--as-of", "2021-04-01", "--out", str(out))


def kbxt_alone(made: Path, out: Path) -> Sequence[str]:
    return (*kbxt(made, out), "--jobs", "1")


def on_cluster(workers: int) -> Command:
    """A merge on Dask; it needs the extra `dask`."""
    return lambda made, out: (*kbxt(made, out), "--engine", "dask", "--jobs", str(workers))


def kbxt_plain(made: Path, out: Path) -> Sequence[str]:
    return kbxt(made.parent / "plain", out)


CONTENDERS: dict[str, Command] = {
    "kbxt": kbxt,
    "same": kbxt_plain,
    "one": kbxt_alone,
    "dask-1": on_cluster(1),
    "dask-2": on_cluster(2),
    "bare": script("bare_read"),
    "plain": script("plain"),
    "naive": script("naive"),
}
TITLES = {
    "kbxt": "kbxt merge",
    "same": "the same, plain",
    "one": "--jobs 1",
    "dask-1": "Dask, 1 worker",
    "dask-2": "Dask, 2 workers",
    "bare": "bare read",
    "plain": "plain script",
    "naive": "naive pipeline",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A district to merge: so many workbooks of so many rows, of which a share of the cells is wrong."""

    title: str
    workbooks: int
    rows: int
    wrong: float = 0.0
    contenders: tuple[str, ...] = ("kbxt", "bare", "plain")
    once: bool = False  # a round takes minutes, and there is one
    blanks: bool = False  # filled in our own blanks, and beside them the same rows in plain workbooks


CASES = {
    "own-blanks": Case("200 of our own blanks, 30 rows filled in", 200, 30, contenders=("kbxt", "same"), blanks=True),
    "district": Case("1,000 workbooks of 30 rows", 1000, 30, contenders=("kbxt", "bare", "plain", "naive")),
    "wrong": Case("the same, a third of the cells wrong", 1000, 30, 1 / 3),
    "all-wrong": Case("the same, every cell wrong", 1000, 30, 1.0),
    "one-worker": Case("1,000 workbooks of 30 rows, read by one process", 1000, 30, contenders=("one", "kbxt", "bare")),
    "cluster": Case("4,000 workbooks of 30 rows, read on a Dask cluster", 4000, 30, contenders=("dask-1", "dask-2")),
    "large": Case("one workbook of 200,000 rows", 1, 200_000, contenders=("kbxt", "bare")),
    "thousands": Case("4,000 workbooks of 30 rows", 4000, 30, contenders=("kbxt", "bare")),
    "province": Case("20,000 workbooks of 30 rows, one round", 20_000, 30, contenders=("kbxt", "bare"), once=True),
    "five-provinces": Case(
        "100,000 workbooks of 30 rows, one round", 100_000, 30, contenders=("kbxt", "bare"), once=True
    ),
}


@dataclass(slots=True)
class Runs:
    """All runs of one contender, and the stages that the last of them tells of itself."""

    measured: list[Measured] = field(default_factory=list)
    stages: dict[str, float] = field(default_factory=dict)

    def column(self, title: str) -> Column:
        each = (median(getattr(run, name) for run in self.measured) for name in ("seconds", "work", "peak"))
        middle = Measured(*each)
        return Column(title, middle, self.stages)


def run_case(case: Case, rounds: int, folder: Path) -> list[Column]:
    made = folder / "made"
    _made_elsewhere(made, case)
    runs = {name: Runs() for name in case.contenders}
    for _ in range(1 if case.once else rounds):
        for name in case.contenders:  # each from nothing
            out = folder / name
            _forget(out)
            runs[name].measured.append(measured(CONTENDERS[name](made / "inbox", out)))
            told = out / "data" / "run.json"
            if told.exists():
                runs[name].stages = json.loads(told.read_text(encoding="utf-8"))["timings"]
            print(f"{case.title}: {TITLES[name]} {runs[name].measured[-1]}", flush=True)
    return [each.column(TITLES[name]) for name, each in runs.items()]


def _made_elsewhere(made: Path, case: Case) -> None:
    """Write a case's workbooks in a process of its own: what a program needs is told as no less than its parent has."""
    asked = (str(made), str(case.workbooks), str(case.rows), str(case.wrong))
    if case.blanks:
        subprocess.run([sys.executable, str(HERE / "own_blanks.py"), "--write", *asked[:3]], check=True)
        return
    subprocess.run([sys.executable, str(HERE.parent / "examples" / "fictional" / "bulk.py"), *asked], check=True)


def _forget(out: Path) -> None:
    """Take away what an earlier run wrote, and what it kept beside that for the next."""
    for path in (out, *out.parent.glob(f".{out.name}.*")):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def machine() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in ("pandas", "pandera", "python-calamine", "xlsxwriter"))
    load = f"{os.getloadavg()[0]:.1f} processes waited for them as the run began" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {libraries}; {load}."


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument(
        "--cases", nargs="+", choices=CASES, default=["own-blanks", "district", "wrong", "all-wrong", "large"]
    )
    asked.add_argument("--rounds", type=int, default=2)
    asked.add_argument("--results", type=Path, default=HERE / "RESULTS.md")
    asked.add_argument("--no-profile", action="store_true")
    options = asked.parse_args()
    adopt_orphans()
    os.environ.update(BEYOND_A_COUNTY)
    where, tables = machine(), {}
    with tempfile.TemporaryDirectory() as folder:
        for name in options.cases:
            tables[CASES[name].title] = run_case(CASES[name], options.rounds, Path(folder, name))
        first = Path(folder, options.cases[0])
        told = "" if options.no_profile else profile(kbxt(first / "made" / "inbox", first / "profiled"))
    options.results.write_text(page(where, options.rounds, tables, told), encoding="utf-8")


if __name__ == "__main__":
    main()
