"""A watch goes on: whatever becomes of a single merge, until it is stopped."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fictional import make_district
from merge_driver import settings

from kbxt_merge import watch
from kbxt_merge.intake.inbox.watcher import Arrivals
from kbxt_merge.watch import Watch

KBXT = Path(sys.executable).with_name("kbxt")
MERGED = "核查报告.html"
"""What a watch says last of each merge."""
OPTIONS = ("--period", "2021春", "--as-of", "2021-03-20", "--jobs", "1")


class Watching:
    """A `kbxt watch` at work, and the lines it says."""

    def __init__(self, folder: Path, encoding: str = "utf-8", **environ: str) -> None:
        command = [
            KBXT,
            "watch",
            folder / "inbox",
            "--out",
            folder / "out",
            "--roster",
            folder / "roster.xlsx",
            *OPTIONS,
        ]
        self.process = subprocess.Popen(
            [str(each).encode(encoding if "LC_ALL" in environ else "utf-8") for each in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding=encoding,
            env={**os.environ, **environ},
        )
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as stream:
            for line in stream:
                self.lines.put(line.rstrip("\n"))

    def until(self, words: str) -> list[str]:
        """The lines up to the first that holds these words."""
        return said_until(self.lines, words)

    def stop(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.process.wait(timeout=30)


def said_until(lines: queue.Queue[str], words: str) -> list[str]:
    said: list[str] = []
    while not said or words not in said[-1]:
        said.append(lines.get(timeout=90))
    return said


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_district(tmp_path, schools=2, seed=3, variants=False)
    return tmp_path


@pytest.fixture
def watching(folder: Path) -> Iterator[Watching]:
    watching = Watching(folder)
    yield watching
    watching.process.kill()
    watching.process.wait()


def test_each_file_has_its_line_and_sigterm_ends_the_watch_cleanly(folder: Path, watching: Watching) -> None:
    files = sorted(path.relative_to(folder / "inbox").as_posix() for path in (folder / "inbox").rglob("*.xlsx"))
    said = watching.until(MERGED)
    assert [name for name in files if not any(line.startswith(name) for line in said)] == []
    again = folder / "inbox" / "又一份.xlsx"
    shutil.copy(folder / "inbox" / files[0], again)
    said = watching.until(MERGED)
    assert [line for line in said if line.startswith(("又一份.xlsx", files[1]))] != []
    assert not any(line.startswith(files[-1]) for line in said)
    again.unlink()
    assert any(line.startswith("又一份.xlsx") for line in watching.until(MERGED))
    assert watching.stop(signal.SIGTERM) == 0
    assert watching.lines.get(timeout=10) == "已停止。"
    assert [path.name for path in folder.iterdir() if ".tmp-" in path.name or path.name.endswith(".new")] == []


@pytest.fixture
def watched(folder: Path) -> Iterator[queue.Queue[str]]:
    """What a watch says that is at work in a thread of this process."""
    lines: queue.Queue[str] = queue.Queue()
    inbox, out, stop = folder / "inbox", folder / "out", threading.Event()
    at_work = Watch(inbox, out, settings(inbox, jobs=0), lines.put, lambda checked: lines.put(MERGED))
    arrivals = Arrivals(inbox, (folder / "比对库",), stop=stop)
    thread = threading.Thread(target=at_work.run, args=(arrivals,))
    thread.start()
    said_until(lines, MERGED)
    yield lines
    stop.set()
    thread.join(60)
    assert not thread.is_alive()


def test_a_merge_that_cannot_be_done_is_told_and_the_next_one_is_done(folder: Path, watched: queue.Queue[str]) -> None:
    roster = (folder / "roster.xlsx").read_bytes()
    (folder / "roster.xlsx").write_text("这不是名册", encoding="utf-8")
    (folder / "inbox" / "新到.txt").write_text("说明", encoding="utf-8")
    told = said_until(watched, "roster.xlsx")[-1]
    assert "Traceback" not in told
    (folder / "roster.xlsx").write_bytes(roster)
    (folder / "inbox" / "新到.txt").unlink()
    said = said_until(watched, MERGED)
    assert "新到.txt" not in "".join((folder / "out" / "data" / "files.csv").read_text(encoding="utf-8-sig"))
    assert not any("Traceback" in line for line in said)


def test_a_register_that_comes_changes_or_goes_is_merged_with(folder: Path, watched: queue.Queue[str]) -> None:
    def registers() -> list[str]:
        facts = json.loads((folder / "out" / "data" / "run.json").read_text(encoding="utf-8"))
        return [each["register"] for each in facts.get("registers", ())]

    assert registers() == []
    (folder / "比对库").mkdir()
    roll = folder / "比对库" / "学籍.csv"
    for status in ("在读", "休学"):
        roll.write_text(f"姓名,身份证件号,学生状态\n赖小满,360704200805210315,{status}\n", encoding="gbk")
        assert any("学籍.csv" in line for line in said_until(watched, MERGED))
        assert registers() == ["学籍"]
    roll.unlink()
    assert any("学籍.csv" in line for line in said_until(watched, MERGED))
    assert registers() == []


ODD = "王㛃雨✓.txt"
"""GBK lacks its second and its last character."""


@pytest.mark.parametrize("in_locale", [False, True], ids=["PYTHONIOENCODING", "zh_CN.GBK"])
def test_a_watch_goes_on_whatever_the_encoding_of_its_terminal(folder: Path, tmp_path: Path, in_locale: bool) -> None:
    environ = {"PYTHONIOENCODING": "gbk"}
    if in_locale:
        place = tmp_path / "locales"
        place.mkdir()
        subprocess.run(["localedef", "--no-archive", "-i", "zh_CN", "-f", "GBK", place / "zh_CN.GBK"], check=True)
        environ = {"LOCPATH": str(place), "LC_ALL": "zh_CN.GBK", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    watching = Watching(folder, "gbk", **environ)
    try:
        said = watching.until(MERGED)
        (folder / "inbox" / ODD).write_text("说明", encoding="utf-8")
        said += watching.until(MERGED)
        assert watching.stop(signal.SIGINT if in_locale else signal.SIGTERM) == 0
        assert watching.lines.get(timeout=10) == "已停止。"
    finally:
        watching.process.kill()
        watching.process.wait()
    assert [line for line in said if "Traceback" in line or "Error" in line] == []
    assert len([line for line in said if ".txt" in line]) == 1


def test_a_fault_of_the_program_is_shown_whole_and_does_not_end_the_watch(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    merges = iter([RuntimeError("a rule crashed"), None])

    def crash_once(*arguments: object, **named: object) -> object:
        fault = next(merges)
        if fault:
            raise fault
        raise KeyboardInterrupt

    told: list[str] = []
    monkeypatch.setattr(watch, "merge", crash_once)
    with pytest.raises(KeyboardInterrupt):
        Watch(folder / "inbox", folder / "out", settings(folder / "inbox"), told.append).run(
            Arrivals(folder / "inbox", rest=0.1) if touched(folder) else None
        )
    assert "a rule crashed" in told[0]
    assert "Traceback" in told[0]


def touched(folder: Path) -> bool:
    """Change the inbox again and again, so that there is something to merge."""

    def touch() -> None:
        for number in range(20):
            (folder / "inbox" / f"{number}.txt").write_text("x", encoding="utf-8")
            threading.Event().wait(0.5)

    threading.Thread(target=touch, daemon=True).start()
    return True
