"""The command line: what it prints, how it ends, what it leaves alone, and what it does not import."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from cast import listed
from click.testing import CliRunner, Result

from kbxt_merge import merging
from kbxt_merge.cli import main
from kbxt_merge.model.returns import Grid
from kbxt_merge.rules.catalogue import CATALOGUE

CLEAN = listed("3", "| 姓名 |\n| 赖小满 |")
FAULTY = listed("3", "| 姓名 | 身份证号 |\n| 赖小满 | 360704200805210316 |")
SETTINGS = ("--period", "2021春", "--as-of", "2021-03-20", "--jobs", "1")
HEAVY = ("pandas", "pandera", "openpyxl", "numpy", "sqlalchemy", "rapidfuzz", "yaml", "jinja2", "xlsxwriter", "dask")


def run(*arguments: str | Path) -> Result:
    """`kbxt` with these arguments."""
    return CliRunner().invoke(main, [str(each) for each in arguments])


def save(path: Path, grid: Grid) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in grid.rows:
        sheet.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bureau's desk: an inbox of one workbook with an error, and one without."""
    desk = tmp_path_factory.mktemp("desk")
    save(desk / "收件夹" / "附件3.xlsx", FAULTY)
    save(desk / "附件3.xlsx", CLEAN)
    return desk


# Ends


def test_a_merge_is_done_whatever_it_finds_and_says_which_page_to_open(desk: Path, tmp_path: Path) -> None:
    before = snapshot(desk)
    result = run("merge", desk / "收件夹", "--out", tmp_path / "结果", *SETTINGS)
    assert (result.exit_code, result.stderr) == (0, "")
    assert str(tmp_path / "结果" / "核查报告.html") in result.stdout.splitlines()[-1]
    assert (tmp_path / "结果" / "核查报告.html").is_file()
    assert snapshot(desk) == before


def test_a_strict_merge_with_errors_writes_everything_and_ends_in_one(desk: Path, tmp_path: Path) -> None:
    result = run("merge", desk / "收件夹", "--out", tmp_path / "out", "--strict", "--lang", "en", *SETTINGS)
    assert result.exit_code == 1
    assert (tmp_path / "out" / "data" / "findings.csv").is_file()
    assert "errors" in result.stdout


def test_a_check_with_errors_ends_in_one_and_lists_them_by_place(desk: Path) -> None:
    before = snapshot(desk)
    result = run("check", desk / "收件夹" / "附件3.xlsx", *SETTINGS)
    assert (result.exit_code, result.stderr) == (1, "")
    assert "B4" in result.stdout
    assert "id-checksum" in result.stdout
    assert "360704200805210316" not in result.stdout
    assert snapshot(desk) == before


def test_a_check_without_errors_ends_in_nought(desk: Path) -> None:
    result = run("check", desk / "附件3.xlsx", "--format", "json", *SETTINGS)
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])


def test_findings_can_be_piped_into_other_programs(desk: Path) -> None:
    result = run("check", desk / "收件夹" / "附件3.xlsx", "--format", "csv", "--lang", "en", *SETTINGS)
    (row,) = (row for row in csv.DictReader(io.StringIO(result.stdout)) if row["severity"] == "error")
    assert (row["file"], row["sheet"], row["cell"], row["rule"]) == ("附件3.xlsx", "Sheet", "B4", "id-checksum")
    assert "check character" in row["message"]


# Faults of the operator


def fault(*arguments: str | Path) -> str:
    """The one sentence with which a command gives up."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    return result.stderr


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_inbox_that_is_not_there_is_named(language: str, tmp_path: Path) -> None:
    nowhere = tmp_path / "不在"
    assert str(nowhere) in fault("merge", nowhere, "--out", tmp_path / "out", "--lang", language)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", [("merge", "{long}", "--out", "{out}"), ("merge", "{inbox}", "--out", "{long}")])
def test_a_path_that_no_disk_takes_is_told(command: tuple[str, ...], desk: Path, tmp_path: Path) -> None:
    places = {"long": tmp_path / ("长" * 100), "inbox": desk / "收件夹", "out": tmp_path / "out"}
    assert "长长长" in fault(*(each.format(**places) for each in command))
    assert list(tmp_path.iterdir()) == []


def test_an_inbox_without_a_file_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "收件夹").mkdir()
    assert "收件夹" in fault("merge", tmp_path / "收件夹", "--out", tmp_path / "out")


def test_results_are_not_written_into_the_inbox(desk: Path) -> None:
    before = snapshot(desk)
    assert "收件夹" in fault("merge", desk / "收件夹", "--out", desk / "收件夹" / "结果", *SETTINGS)
    assert snapshot(desk) == before


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--period", "2021年夏"), "--period"),
        (("--as-of", "三月"), "--as-of"),
        (("--jobs", "-1"), "--jobs"),
        (("--roster", "没有的名册.xlsx"), "没有的名册.xlsx"),
        (("--config", "没有的设置.toml"), "没有的设置.toml"),
    ],
)
def test_a_setting_that_cannot_be_is_named(options: tuple[str, str], named: str, desk: Path, tmp_path: Path) -> None:
    assert named in fault("merge", desk / "收件夹", "--out", tmp_path / "out", *options)


def test_a_key_nobody_knows_names_the_nearest(desk: Path, tmp_path: Path) -> None:
    (tmp_path / "kbxt.toml").write_text('perod = "2021春"\n', encoding="utf-8")
    sentence = fault("check", desk / "附件3.xlsx", "--config", tmp_path / "kbxt.toml")
    assert "perod" in sentence
    assert "period" in sentence


def test_every_fault_of_a_schema_is_told_a_line_each(tmp_path: Path) -> None:
    (tmp_path / "bureau.yaml").write_text("bureau: 某局\nforms: [gone, lost]\n", encoding="utf-8")
    result = run("forms", "--schemas", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert all(name in result.stderr for name in ("gone", "lost"))


def test_a_fault_of_the_program_is_no_sentence(desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*arguments: object, **options: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(merging, "merge", break_down)
    result = run("merge", desk / "收件夹", "--out", tmp_path / "out", *SETTINGS)
    assert isinstance(result.exception, ZeroDivisionError)


# Reference


def test_rules_are_listed_for_people_and_for_programs() -> None:
    page = run("rules", "--lang", "en")
    assert (page.exit_code, page.stderr) == (0, "")
    assert all(f"`{slug}`" in page.stdout for slug in CATALOGUE)
    listed_rules = json.loads(run("rules", "--format", "json").stdout)
    assert [rule["rule"] for rule in listed_rules] == list(CATALOGUE)


def test_forms_are_listed_for_people_and_for_programs() -> None:
    assert "附件 1-1" in run("forms").stdout
    shown = json.loads(run("forms", "--format", "json").stdout)
    assert [form["form"] for form in shown["forms"]] == ["1-1", "1-2", "2", "3", "4", "5"]


# Help


def help_pages() -> Iterator[list[str]]:
    yield ["--help"]
    yield ["--version"]
    yield from ([name, "--help"] for name in main.commands)


def test_help_is_there_for_every_command_and_imports_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "from kbxt_merge.cli import main\n"
        f"for arguments in {list(help_pages())!r}:\n"
        "    try:\n"
        "        main(arguments)\n"
        "    except SystemExit as ended:\n"
        "        assert ended.code == 0, arguments\n"
        f"print('heavy:', *[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr == "heavy:\n"
    assert all(name in done.stdout for name in main.commands)


@pytest.mark.parametrize(("language", "word"), [("zh", "请先关闭"), ("en", "Close what is open")])
def test_an_output_that_is_open_elsewhere_is_asked_to_be_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, word: str
) -> None:
    monkeypatch.setattr("kbxt_merge.outputs.publish.publish.open_elsewhere", lambda out: ["汇总/附件3.xlsx"])
    save(tmp_path / "in" / "附件3.xlsx", CLEAN)
    result = run("merge", tmp_path / "in", "--out", tmp_path / "out", *SETTINGS, "--lang", language)
    assert result.exit_code == 0
    assert result.stderr.startswith(word)
    assert "汇总/附件3.xlsx" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(("arguments", "status"), [(["--version"], 0), (["check"], 2), (["--version", "--bogus"], 2)])
def test_the_program_ends_with_its_status_and_what_waits_for_its_end(arguments: list[str], status: int) -> None:
    program = (
        "import atexit, sys, threading, time\n"
        "from kbxt_merge.__main__ import run\n"
        "atexit.register(print, 'put away')\n"
        "threading.Thread(target=lambda: (time.sleep(0.2), print('at work'))).start()\n"
        f"sys.argv = ['kbxt', *{arguments!r}]\n"
        "run()\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8")
    assert (ended.returncode, ended.stdout.split("\n")[-3:]) == (status, ["at work", "put away", ""])
