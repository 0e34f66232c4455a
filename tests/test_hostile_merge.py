"""What one school's file costs after it was read is its own: the district is merged, and told what is missing."""

from __future__ import annotations

import csv
import datetime as dt
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from kbxt_merge import merging
from kbxt_merge.cli import main
from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.merging import Progress
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.period import Period
from kbxt_merge.model.returns import Problem, Reading, address
from kbxt_merge.rules.catalogue import CATALOGUE as RULES
from kbxt_merge.settings import Settings

SETTINGS = Settings(jobs=1, period=Period.parse("2021春"), as_of=dt.date(2021, 3, 20))


def write_return(path: Path, school: str, number: str) -> None:
    """A form 3 of one child without a name."""
    form = load_forms(RULES).by_slug["3"]
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["A2"] = form.title, f"学校名称：{school}（盖章） 2021年3月10日"
    for column, field in enumerate(form.fields):
        sheet[address(2, column)] = field.header
        sheet[address(3, column)] = {"id_number": number, "sex": "男"}.get(field.name)
    book.save(path)


def reasons(out: Path) -> dict[str, str]:
    with (out / "data" / "files.csv").open(encoding="utf-8-sig") as stream:
        return {line["file"]: line["reason"] for line in csv.DictReader(stream)}


def test_a_file_that_changed_or_went_after_it_was_read_is_told_and_marked_nowhere_else(tmp_path: Path) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    for school in ("甲", "乙", "丙"):
        write_return(inbox / f"{school}.xlsx", f"赣县区{school}小学", "360704200905150")

    def meddle(reading: Reading) -> None:
        if reading.file.path == "乙.xlsx":
            write_return(inbox / "乙.xlsx", "赣县区乙小学", "1")
        if reading.file.path == "丙.xlsx":
            (inbox / "丙.xlsx").unlink()

    checked = merging.merge(inbox, out, SETTINGS, Progress(on_file=meddle))
    assert list(checked.verdicts["verdict"]) == ["merged-with-errors"] * 3
    told = reasons(out)
    assert (told["甲.xlsx"], "核查意见" in told["乙.xlsx"], "核查意见" in told["丙.xlsx"]) == ("", True, True)
    log = (out / "data" / "log").read_text(encoding="utf-8").splitlines()
    assert [line.partition("：")[0] for line in log if "核查意见" in line] == ["丙.xlsx", "乙.xlsx"]
    report = (out / "核查报告.html").read_text(encoding="utf-8")
    assert all(told[name] in report for name in ("乙.xlsx", "丙.xlsx"))
    sheets = {path.name: openpyxl.load_workbook(path).sheetnames for path in (out / "退回").rglob("*.xlsx")}
    alone = ["核查意见", "Sheet1"]
    assert sheets == {"甲.xlsx": ["核查意见", "Sheet"], "乙.xlsx": alone, "丙.xlsx": alone}


def test_a_file_whose_name_is_dots_goes_back_under_a_name(tmp_path: Path) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    write_return(inbox / "甲.xlsx", "赣县区甲小学", "360704200905150")
    (inbox / "甲.xlsx").rename(inbox / "...")
    assert list(merging.merge(inbox, out, SETTINGS).verdicts["verdict"]) == ["merged-with-errors"]
    assert [path.name for path in (out / "退回").rglob("*.xlsx")] == ["未命名.xlsx"]


@pytest.mark.skipif(sys.platform != "linux", reason="reports are written by copies on Linux only")
def test_a_school_whose_report_costs_too_much_has_none_and_the_others_have_theirs(tmp_path: Path) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    for school in ("甲", "乙"):
        write_return(inbox / f"{school}.xlsx", f"赣县区{school}小学", "360704200905150")
    asks = """
import os, sys
from pathlib import Path
from test_hostile_merge import SETTINGS
from kbxt_merge import merging
from kbxt_merge.cli import main
from kbxt_merge.outputs.report import Reports

written = Reports.write_school
def write_school(self, school, path):
    if "乙" in school:
        os._exit(1)
    written(self, school, path)
Reports.write_school = write_school
merging.merge(Path(sys.argv[1]), Path(sys.argv[2]), SETTINGS)
"""
    environment = {"PYTHONPATH": str(Path(__file__).parent), "PYTHONUTF8": "1"}
    subprocess.run([sys.executable, "-c", asks, inbox, out], check=True, env=environment)
    assert [path.parent.name for path in (out / "退回").rglob("*.html")] == ["赣县区甲小学"]
    assert [name for name, reason in reasons(out).items() if "核查报告" in reason] == ["乙.xlsx"]


@pytest.mark.parametrize("layout", ["table", "github"])
def test_nothing_that_a_terminal_would_obey_is_shown_nor_an_id_number_in_a_files_name(
    layout: str, tmp_path: Path
) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    (inbox / "赖小满 360704-20090515-0018 20210312.xlsx").write_bytes(b"PK\3\4")
    write_return(inbox / "一\x1b[31m二\x9b7m.xlsx", "赣县区\u202e\x9b31m小学", "360704200905150")
    day = ("--as-of", "2021-03-20", "--jobs", "0")
    for asked in (
        ("check", str(inbox), "--format", layout, "--verbose", *day),
        ("merge", str(inbox), "--out", str(out), "--verbose", *day),
        ("status", str(out)),
    ):
        shown = CliRunner().invoke(main, asked)
        assert shown.exit_code in (0, 1), shown.output
        assert "\ufffd" in shown.output
        assert not set(shown.output) & {"\x1b", "\x9b", "\u202e"}
        assert "0515" not in shown.output
        assert ("赖小满 360***-********-**** 20210312.xlsx" in shown.output) == (asked[0] != "status")
    log = (out / "data" / "log").read_text(encoding="utf-8")
    assert not set(log) & {"\x1b", "\x9b", "\u202e"}
    piped = CliRunner().invoke(main, ["check", str(inbox), "--format", "json", *day]).output
    assert json.loads(piped[piped.index("[\n") :])[0]["file"] == "一\x1b[31m二\x9b7m.xlsx"


def test_a_workbook_of_more_records_than_any_school_has_is_told_and_the_others_are_merged(tmp_path: Path) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    write_return(inbox / "甲.xlsx", "赣县区甲小学", "360704200905150")
    write_return(inbox / "乙.xlsx", "赣县区乙小学", "360704200905150")
    book = openpyxl.load_workbook(inbox / "乙.xlsx")
    for _ in range(3):
        book.worksheets[0].append([cell.value for cell in book.worksheets[0][4]])
    book.save(inbox / "乙.xlsx")
    checked = merging.merge(inbox, out, replace(SETTINGS, limits=Limits(records=3)))
    verdicts = dict(zip(checked.verdicts["file"], checked.verdicts["verdict"], strict=True))
    assert verdicts == {"甲.xlsx": "merged-with-errors", "乙.xlsx": "rejected"}
    (problem,) = [reading.problem for reading in checked.district.readings if reading.problem]
    assert problem == Problem("file-unsafe", {"what": "too-many-records", "limit": "3", "found": "4"})
