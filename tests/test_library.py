"""The library gives what the commands write, from any script, and starts no process where none is wanted."""

from __future__ import annotations

import csv
import doctest
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import py7zr
import pytest
from click.testing import CliRunner

import kbxt_merge
from kbxt_merge.cli import main

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
OF_THE_RUN = ("made", "timings", "settings", "owed")
"""What differs from run to run in run.json."""


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `kbxt merge` writes of the examples."""
    out = tmp_path_factory.mktemp("merged") / "out"
    CliRunner().invoke(main, ["merge", str(EXAMPLES / "returned"), "--out", str(out)], catch_exceptions=False)
    return out


@pytest.fixture(scope="module")
def result() -> kbxt_merge.Result:
    """The same examples, checked in this process."""
    return kbxt_merge.check(EXAMPLES / "returned", jobs=0)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with an inbox of one workbook, which also lies there in an archive that a process would list."""
    inbox = tmp_path / "收件夹"
    inbox.mkdir()
    shutil.copy(EXAMPLES / "returned" / "收到的表3.xlsx", inbox)
    with py7zr.SevenZipFile(inbox / "另一份.7z", "w") as archive:
        archive.write(inbox / "收到的表3.xlsx", "收到的表3.xlsx")
    return tmp_path


def contents(data: Path) -> dict[str, object]:
    """The files of a data folder; of run.json what does not differ from run to run."""
    found: dict[str, object] = {path.name: path.read_bytes() for path in data.iterdir()}
    found["findings.csv"] = [_of_no_ledger(row) for row in rows(data / "findings.csv")]
    run = json.loads((data / "run.json").read_bytes())
    return {**found, "run.json": {name: value for name, value in run.items() if name not in OF_THE_RUN}}


def _of_no_ledger(row: list[str]) -> list[str]:
    """A row of findings.csv without life and since, which only a ledger knows."""
    return [*row[:12], *row[14:]]


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_a_check_writes_the_data_that_the_command_writes(
    result: kbxt_merge.Result, merged: Path, tmp_path: Path
) -> None:
    written = result.write_data(tmp_path / "data")
    assert contents(tmp_path / "data") == contents(merged / "data")
    assert {path.name for path in written} == set(contents(merged / "data"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has access lists")
def test_what_is_written_is_its_owner_s(result: kbxt_merge.Result, tmp_path: Path) -> None:
    written = result.write_data(tmp_path / "new" / "data")
    assert {oct(path.stat().st_mode & 0o777) for path in written} == {"0o600"}
    assert oct((tmp_path / "new" / "data").stat().st_mode & 0o777) == "0o700"


def test_the_frames_are_the_csv_files(result: kbxt_merge.Result, merged: Path) -> None:
    frames = {"findings": result.findings, "files": result.files, "rows-left-out": result.rows_left_out}
    frames |= {f"records-{form}": frame for form, frame in result.records.items()}
    for name, frame in frames.items():
        header, *body = rows(merged / "data" / f"{name}.csv")
        assert list(frame.columns) == header, name
        if name == "findings":
            frame, body = frame.drop(columns=["life", "since"]), list(map(_of_no_ledger, body))
        told = [[re.sub(r"^'(?=[=+@-])", "", value) for value in row] for row in body]  # behind it formulas are none
        assert [[str(value) for value in row] for row in frame.itertuples(index=False)] == told, name


def test_a_merge_writes_what_the_command_writes(merged: Path, tmp_path: Path) -> None:
    result = kbxt_merge.merge(EXAMPLES / "returned", tmp_path / "out", jobs=0)
    assert contents(tmp_path / "out" / "data") == contents(merged / "data")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {path.name for path in merged.iterdir()}
    assert len(result.files) == len(rows(merged / "data" / "files.csv")) - 1


@pytest.mark.parametrize("final", [False, True])
def test_a_final_merge_leaves_out_what_is_only_for_the_clerk(desk: Path, final: bool) -> None:
    shutil.copy(EXAMPLES / "returned" / "沙地松林学校" / "附件4.xlsx", desk / "收件夹")
    result = kbxt_merge.merge(desk / "收件夹", desk / "结果", period="2021春", as_of="2021-03-12", jobs=0, final=final)
    assert result.checked.findings.count("error")
    books = (openpyxl.load_workbook(path) for path in (desk / "结果" / "汇总").glob("附件*.xlsx"))
    comments = [cell for book in books for sheet in book for row in sheet for cell in row if cell.comment]
    assert bool(comments) is not final


def test_a_result_shows_no_child(result: kbxt_merge.Result) -> None:
    assert not re.search("[0-9]{6}", repr(result))
    assert not any(name and name in repr(result) for name in result.records["1-2"]["name"])


def test_a_check_writes_nothing(desk: Path) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in desk.rglob("*"))
    kbxt_merge.check(desk / "收件夹", period="2021春", jobs=0)
    assert sorted((path, path.stat().st_mtime_ns) for path in desk.rglob("*")) == before


# Settings


def test_what_is_not_given_is_settled_as_on_the_command_line(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk / "kbxt.toml").write_text('period = "2020秋"\nlang = "en"\njobs = 0\n', encoding="utf-8")
    monkeypatch.setenv("KBXT_AS_OF", "2021-03-12")
    settings = kbxt_merge.check(str(desk / "收件夹"), period="2021春").settings
    assert settings.period is not None
    assert (settings.period.label, str(settings.as_of), settings.language) == ("2021春", "2021-03-12", "en")


def test_settings_that_are_given_stand_alone_but_for_the_arguments(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk / "kbxt.toml").write_text('perod = "2020秋"\n', encoding="utf-8")
    monkeypatch.setenv("KBXT_LANG", "zh")
    given = kbxt_merge.Settings(language="en", jobs=0)
    settings = kbxt_merge.check(desk / "收件夹", as_of="2021-03-12", settings=given).settings
    assert (settings.language, settings.period, str(settings.as_of)) == ("en", None, "2021-03-12")


def test_a_value_that_cannot_be_is_an_error_that_names_it(desk: Path) -> None:
    with pytest.raises(kbxt_merge.SettingsError, match="period"):
        kbxt_merge.check(desk / "收件夹", period="2021年夏")
    with pytest.raises(kbxt_merge.SchemaError, match="1-2"):
        kbxt_merge.schema("9")


def test_a_definition_that_changes_is_in_force_at_the_next_call(tmp_path: Path) -> None:
    shutil.copy(ROOT / "schemas" / "bureau.yaml", tmp_path)
    kbxt_merge.schema("5", schemas=tmp_path)
    own = tmp_path / "bureau.yaml"
    own.write_text(own.read_text(encoding="utf-8") + "\nunknown: 1\n", encoding="utf-8")
    with pytest.raises(kbxt_merge.SchemaError, match="unknown"):
        kbxt_merge.schema("5", schemas=tmp_path)


# Processes

NO_PROCESS = """
import _posixsubprocess, os, sys
def refuse(*arguments): raise RuntimeError("a process is started")
_posixsubprocess.fork_exec = os.fork = os.posix_spawn = refuse
import kbxt_merge
jobs = int(sys.argv[1])
print(kbxt_merge.check("收件夹", period="2021春", jobs=jobs), kbxt_merge.merge("收件夹", "结果", jobs=jobs))
"""

NO_GUARD = """
print("main")
import multiprocessing, sys, kbxt_merge
multiprocessing.get_all_start_methods = lambda: [sys.argv[1]]
print(kbxt_merge.check("收件夹", period="2021春", jobs=2))
print(multiprocessing.current_process().name, __file__)
"""


def script(text: str, desk: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (desk / "script.py").write_text(text, encoding="utf-8")
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}  # commands ran here
    asked = [sys.executable, *arguments]
    return subprocess.run(asked, cwd=desk, env=environ, capture_output=True, text=True, timeout=120)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows starts processes in another way")
def test_without_jobs_no_process_is_started(desk: Path) -> None:
    told = script(NO_PROCESS, desk, "script.py", "0")
    assert told.stdout.count("<Result: 3 files") == 2, told.stderr
    assert "a process is started" in script(NO_PROCESS, desk, "script.py", "1").stderr  # the refusal does refuse


@pytest.mark.parametrize(
    ("method", "called"),
    [("forkserver", ("script.py",)), ("spawn", ("script.py",)), ("spawn", ("-m", "script"))],
)
def test_a_script_needs_no_guard(method: str, called: tuple[str, ...], desk: Path) -> None:
    if sys.platform == "win32" and method != "spawn":
        pytest.skip("Windows only spawns")
    told = script(NO_GUARD, desk, *called, method)
    assert told.stderr == ""
    first, result, last = told.stdout.splitlines()
    assert (first, result[:16]) == ("main", "<Result: 3 files")
    assert last.startswith("MainProcess ")
    assert last.endswith("script.py")


def test_the_package_is_the_command() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "kbxt_merge", "--help"], check=True, capture_output=True, text=True, encoding="utf-8"
    )
    assert told.stdout.split() == CliRunner().invoke(main, ["--help"], prog_name="kbxt").stdout.split()


# The page


def test_the_page_s_examples_are_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(EXAMPLES / "returned", tmp_path / "收件夹")
    shutil.copy(EXAMPLES / "学校名册.xlsx", tmp_path)
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", page, re.S))
    told = io.StringIO()
    test = doctest.DocTestParser().get_doctest(code, {}, "library.md", None, 0)
    outcome = doctest.DocTestRunner().run(test, out=told.write)
    assert (outcome.failed, outcome.attempted > 10) == (0, True), told.getvalue()
