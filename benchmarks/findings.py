"""What a finding costs, output by output: a district with every cell wrong less the same one without faults.

    python benchmarks/findings.py [--workbooks 60] [--rows 30] [--rounds 5]
    python benchmarks/findings.py --profile MARKING        the functions that one output spends its time in

All in one process, both districts in turn; work is processor time, the least of the rounds.  What masks and sentences
remember is forgotten before each, but that the sentences that all outputs tell are made once, in a row of their own.
"""

from __future__ import annotations

import argparse
import cProfile
import datetime as dt
import gc
import pstats
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))

from fictional.bulk import write_bulk
from python_calamine import CalamineWorkbook

from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.ledger.ledger import ledger_of
from kbxt_merge.merging.examining import examine
from kbxt_merge.merging.progress import Progress
from kbxt_merge.model.merge_result import Checked
from kbxt_merge.model.out_folder import DATA_FOLDER
from kbxt_merge.model.period import Period
from kbxt_merge.model.privacy import MASKED
from kbxt_merge.model.seal import Seal
from kbxt_merge.outputs.returned.marking import Marker, ToMark
from kbxt_merge.outputs.summary.write import write_summaries
from kbxt_merge.settings import Settings
from kbxt_merge.write_outputs.school_reports import SchoolReports
from kbxt_merge.write_outputs.writing import Writing, write_data_folder

PERIOD, AS_OF = Period.parse("2021春"), dt.date(2021, 3, 20)
NOW = dt.datetime(2021, 3, 20, 12, tzinfo=dt.UTC)
AIM = 40.0
"""Microseconds a finding, all outputs counted."""

Work = Callable[[], object]


@dataclass
class Outputs:
    """The outputs of one district, each to be written as a merge does, below a folder."""

    checked: Checked
    settings: Settings
    folder: Path
    _work: list[ToMark] = field(default_factory=list)

    @classmethod
    def of(cls, folder: Path, workbooks: int, rows: int, wrong: float) -> Outputs:
        """A district as `examples/fictional/bulk.py` writes it, checked in this process."""
        write_bulk(folder, workbooks, rows, wrong)
        settings = Settings(jobs=0, roster=folder / "roster.xlsx", period=PERIOD, as_of=AS_OF)
        checked = examine([folder / "inbox"], settings, Progress())
        checked.seal = Seal.new()
        return cls(checked, settings, folder)

    @property
    def count(self) -> int:
        """How many findings there are."""
        return len(self.checked.findings.frame)

    def by_name(self) -> Mapping[str, Callable[[], Work]]:
        """What makes ready, unmeasured, the work of each output."""
        return {
            "ledger": self._ledger,
            "sentences": self._sentences,
            "marking made ready": self._made_ready,
            "marking": self._marking,
            "school reports": self._school_reports,
            "district report": partial(self._last, "_write_report"),
            "problem list": partial(self._last, "_write_problems"),
            "data files": self._data,
            "summaries": self._summaries,
            "brief": partial(self._last, "_write_brief"),
        }

    @property
    def stage(self) -> Path:
        """Where outputs are written."""
        return self.folder / "stage"

    def _writing(self) -> Writing:
        for name in ("text", "words", "_values"):
            MASKED.__dict__.pop(name, None)
        shutil.rmtree(self.stage, ignore_errors=True)
        self.stage.mkdir()
        writing = Writing(self.checked, self.stage, self.settings, unmasked=False)
        writing._run, writing._aims  # noqa: B018  # the rules' work
        return writing

    def _sentences(self) -> Work:
        self._writing()
        findings = self.checked.findings
        findings._sentences.clear()
        return partial(findings.sentences, self.checked.district.forms, self.settings.language)

    def _made_ready(self) -> Work:
        returned = self._writing()._returned
        return lambda: self._work.extend(map(returned.to_mark, range(len(returned.asking))))

    def _marking(self) -> Work:
        source = ReadReturn(self.checked.district.forms, self.settings.limits)
        marker, work = Marker(source.unlocked, source.grids), self._work
        self._work = []
        return lambda: [marker(each) for each in work]

    def _school_reports(self) -> Work:
        writing = self._writing()

        def write() -> None:
            writing._reports.prepare()
            report = SchoolReports(writing._reports, self.stage)
            for school in writing._asked:
                report(school)

        return write

    def _last(self, name: str) -> Work:
        writing = self._writing()
        writing._returned_paths = {
            each.file.path: self.stage / each.file.path for each in self.checked.district.readings
        }
        return getattr(writing, name)

    def _data(self) -> Work:
        writing = self._writing()
        run, language = writing._run, self.settings.language
        return lambda: write_data_folder(self.checked, run, self.stage / DATA_FOLDER, language)

    def _summaries(self) -> Work:
        self._writing()
        district, findings = self.checked.district, self.checked.findings
        return partial(write_summaries, district, findings, self.stage / "汇总")

    def _ledger(self) -> Work:
        shutil.rmtree(self.stage, ignore_errors=True)
        self.stage.mkdir()
        due = self.settings.due_in(PERIOD)

        def enter() -> None:
            checked = self.checked
            with ledger_of(self.folder / "out", self.stage, "") as ledger:
                checked.changes = ledger.enter(
                    checked.district, checked.findings, checked.verdicts, checked.confirmed, NOW, due
                )
                checked.overview = ledger.overview(checked.district, AS_OF)

        return enter


def costs(faulty: Outputs, sound: Outputs, rounds: int) -> tuple[dict[str, tuple[float, float]], float]:
    """The seconds of work of each output, with faults and without, and of calamine's bare read of one workbook.

    All in turn, the least of the rounds.
    """
    found: dict[str, list[float]] = {}
    read = float("inf")
    for _ in range(rounds):
        for name, ready in faulty.by_name().items():
            both = [_seconds(ready()), _seconds(sound.by_name()[name]())]
            found[name] = list(map(min, both, found.get(name, both)))
        read = min(read, *(bare_read(sound) for _ in range(3)))
    return {name: (one, other) for name, (one, other) in found.items()}, read


def of_a_finding(found: Mapping[str, tuple[float, float]], count: int) -> dict[str, float]:
    """The seconds of work that one of so many findings costs, by output."""
    return {name: (with_faults - without) / count for name, (with_faults, without) in found.items()}


def _seconds(work: Work) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def table(faulty: Outputs, sound: Outputs, rounds: int) -> str:
    """The cost of a finding by output, in microseconds and in bare reads of a workbook, and that of all."""
    found, read = costs(faulty, sound, rounds)
    each = of_a_finding(found, faulty.count)
    lines = ["| output | s with faults | s without | µs a finding | bare reads |", "|---|--:|--:|--:|--:|"]
    for name, (with_faults, without) in found.items():
        one = each[name]
        lines.append(f"| {name} | {with_faults:.3f} | {without:.3f} | {one * 1e6:.1f} | {one / read:.3f} |")
    whole = sum(each.values())
    lines.append(f"| **all** | | | **{whole * 1e6:.1f}** ({AIM:.0f} allowed) | **{whole / read:.3f}** |")
    return "\n".join([*lines, "", f"calamine's bare read of a workbook: {read * 1e6:.0f} µs"])


def bare_read(outputs: Outputs) -> float:
    """The seconds that calamine takes for the cells of one of these workbooks: a yardstick."""
    paths = [str(outputs.folder / "inbox" / each.file.path) for each in outputs.checked.district.readings]

    def read() -> None:
        for path in paths:
            book = CalamineWorkbook.from_path(path)
            for name in book.sheet_names:
                book.get_sheet_by_name(name).to_python()

    return _seconds(read) / len(paths)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--workbooks", type=int, default=60)
    asked.add_argument("--rows", type=int, default=30)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--profile", metavar="OUTPUT")
    options = asked.parse_args()
    gc.set_threshold(100_000, 50, 100)  # as the program does
    with tempfile.TemporaryDirectory() as name:
        faulty, sound = (
            Outputs.of(Path(name, called), options.workbooks, options.rows, wrong)
            for called, wrong in (("faulty", 1.0), ("sound", 0.0))
        )
        print(f"{faulty.count} findings in {options.workbooks} workbooks of {options.rows} rows; {sound.count} without")
        if not options.profile:
            print(table(faulty, sound, options.rounds))
            return
        profile = cProfile.Profile()
        for each, ready in faulty.by_name().items():
            work = ready()
            profile.runcall(work) if each == options.profile else work()
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)


if __name__ == "__main__":
    main()
