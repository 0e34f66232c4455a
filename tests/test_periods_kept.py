"""One OUT over periods and merges: what was merged before is kept, and a merge that changes nothing says so."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from fictional import make_district

from kbxt_merge.cli import main
from kbxt_merge.mail.encrypt import sealed
from kbxt_merge.mail.passwords import PasswordList

SCHOOL = "赣县区江口清溪小学"


def run(*arguments: str | Path, ends: int = 0) -> Result:
    """The command, which must end so."""
    done = CliRunner().invoke(main, list(map(str, arguments)))
    assert done.exit_code == ends, done.output
    return done


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with roster, settings and two terms' inboxes; the first was merged twice, then the second."""
    folder = tmp_path_factory.mktemp("bureau")
    make_district(folder / "made", schools=3, seed=5, variants=False)
    (folder / "made" / "inbox").rename(folder / "春")
    (folder / "made" / "roster.xlsx").rename(folder / "学校名册.xlsx")
    (folder / "秋").mkdir()
    (folder / "秋" / f"{SCHOOL}说明.txt").write_text("附件3 无", encoding="utf-8")
    (folder / "kbxt.toml").write_text("jobs = 0\n", encoding="utf-8")
    return folder


def merge(folder: Path, term: str) -> str:
    year = {"春": ("2021春", "2021-03-20"), "秋": ("2021秋", "2021-09-20")}[term]
    return run("merge", folder / term, "--out", folder / "结果", "--period", year[0], "--as-of", year[1]).stdout


def kept(folder: Path) -> dict[str, bytes]:
    out = folder / "结果"
    paths = [out / "核查报告.html", *sorted((out / "汇总").rglob("*"))]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in paths if path.is_file()}


def test_a_new_period_keeps_the_report_and_the_summary_of_the_last_one(bureau: Path) -> None:
    assert "没有变化" not in merge(bureau, "春")
    merge(bureau, "春")
    last = kept(bureau)
    assert not (bureau / "结果" / "往期").exists()
    merge(bureau, "秋")
    past = bureau / "结果" / "往期"
    assert [path.name for path in past.iterdir()] == ["2021春"]
    assert {name: (past / "2021春" / name).read_bytes() for name in last} == last
    merge(bureau, "秋")
    assert {name: (past / "2021春" / name).read_bytes() for name in last} == last
    assert "2021秋" in run("status", bureau / "结果").stdout

    # a term corrected late stands in OUT itself, and the other one in its stead among those that are past
    autumn = kept(bureau)
    book = openpyxl.load_workbook(bureau / "春" / f"{SCHOOL}附件3.xlsx")
    book.save(bureau / "春" / f"{SCHOOL}附件3（更正）.xlsx")
    merge(bureau, "春")
    assert [path.name for path in past.iterdir()] == ["2021秋"]
    assert {name: (past / "2021秋" / name).read_bytes() for name in autumn} == autumn
    assert "2021春" in run("status", bureau / "结果").stdout


def test_status_and_merge_agree_on_what_is_open(bureau: Path, tmp_path: Path) -> None:
    inbox, out = tmp_path / "收件夹", tmp_path / "结果"
    inbox.mkdir()
    (inbox / "损坏.xlsx").write_bytes(b"PK\x03\x04 nothing")
    (inbox / f"{SCHOOL}附件3.xlsx").write_bytes(b"PK\x03\x04 nothing")
    roster = ("--roster", bureau / "学校名册.xlsx")
    said = run("merge", inbox, "--out", out, *roster, "--period", "2021春", "--as-of", "2021-03-20").stdout
    (counts,) = (line for line in said.splitlines() if line.startswith("必须修改"))
    assert counts in run("status", out).stdout
    with (out / "data" / "findings.csv").open(encoding="utf-8-sig", newline="") as stream:
        nobodys = [row for row in csv.DictReader(stream) if row["severity"] == "error" and not row["school"]]
    assert f"没有注明学校的文件：必须修改 {len(nobodys)} 处" in run("status", out).stdout


def test_a_merge_that_changes_nothing_says_what_the_last_round_said(bureau: Path, tmp_path: Path) -> None:
    inbox, out = tmp_path / "收件夹", tmp_path / "结果"
    inbox.mkdir()
    wrong, right = (tmp_path / f"{name}.xlsx" for name in ("wrong", "right"))
    for path, phone in ((wrong, "1380000"), (right, "13800000001")):
        book = openpyxl.load_workbook(bureau / "春" / f"{SCHOOL}附件3.xlsx")
        book.worksheets[0]["H4"] = phone
        book.save(path)
    days = ("--period", "2021春", "--as-of", "2021-03-20")
    (inbox / f"{SCHOOL}附件3.xlsx").write_bytes(wrong.read_bytes())
    run("merge", inbox, "--out", out, *days)
    (inbox / f"{SCHOOL}附件3.xlsx").write_bytes(right.read_bytes())
    second = run("merge", inbox, "--out", out, *days).stdout
    again = run("merge", inbox, "--out", out, *days).stdout
    assert "第 2 轮" in second
    assert [line for line in again.splitlines() if "没有变化" not in line] == second.splitlines()
    report = (out / "核查报告.html").read_text(encoding="utf-8")
    (fixed,) = (line for line in report.splitlines() if "› H4" in line)
    assert SCHOOL in fixed
    assert "138**00" in fixed
    with closing(sqlite3.connect(out / "kbxt.db")) as ledger:
        query = "SELECT file, sheet, cell, zh FROM findings WHERE closed IS NOT NULL AND cell = 'H4'"
        ((file, sheet, cell, words),) = ledger.execute(query).fetchall()
    assert (file, sheet, cell) == (f"{SCHOOL}附件3.xlsx", "附件3", "H4")
    assert words in report


def test_the_passwords_made_stand_in_the_ledger_and_open_what_comes_back_without_their_list(
    bureau: Path, tmp_path: Path
) -> None:
    inbox, out = tmp_path / "收件夹", tmp_path / "结果"
    inbox.mkdir()
    made = PasswordList(out).of("2021春", [SCHOOL])
    content = (bureau / "春" / f"{SCHOOL}附件3.xlsx").read_bytes()
    (inbox / "退回.xlsx").write_bytes(sealed(content, made[SCHOOL]))
    for _ in range(2):
        run("merge", inbox, "--out", out, "--period", "2021春", "--as-of", "2021-03-20")
        with closing(sqlite3.connect(out / "kbxt.db")) as ledger:
            assert ledger.execute("SELECT school, period, password FROM passwords").fetchall() == [
                (SCHOOL, "2021春", made[SCHOOL])
            ]
        (out / "办理" / "口令.jsonl").unlink(missing_ok=True)
        (inbox / "退回.xlsx").write_bytes(sealed(content, made[SCHOOL]))
    with (out / "data" / "files.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row["school"] for row in csv.DictReader(stream)] == [SCHOOL]
