"""The cases of rounds.tar.xz: a folder sent again with its blanks, a locked workbook come back, a mail's folder."""

from __future__ import annotations

import csv
import datetime as dt
import os
import shutil
from pathlib import Path

import pytest
from fictional import FAULTS, make_district

import kbxt_merge
from kbxt_merge.mail.encrypt import sealed

SCHOOL = "赣县区江口清溪小学"
DAYS = {"period": "2021春", "as_of": "2021-03-20", "jobs": 0}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A district of which one school has a wrong number in form 1-2, the same without, and the school's blanks."""
    folder = tmp_path_factory.mktemp("rounds")
    fault = next(key for key in FAULTS if key[:2] == ("id-checksum", "1-2"))
    make_district(folder / "faulty", schools=4, seed=5, variants=False, faults=[fault])
    make_district(folder / "sound", schools=4, seed=5, variants=False)
    kbxt_merge.write_blanks(folder / "blanks", roster=folder / "sound" / "roster.xlsx", period="2021春")
    return folder


def lay(files: list[Path], folder: Path, day: str) -> None:
    """Files of a school as they came on a day."""
    folder.mkdir(parents=True)
    moment = dt.datetime.fromisoformat(day).timestamp()
    for path in files:
        copied = Path(shutil.copy(path, folder))
        os.utime(copied, (moment, moment))


def children(result: kbxt_merge.Result) -> list[tuple[str, str]]:
    frames = ((form, frame) for form, frame in result.records.items() if form != "1-1")
    return sorted((form, name) for form, frame in frames for name in frame["name"])


def test_a_folder_sent_again_with_all_blanks_but_the_corrected_form_loses_no_child(world: Path, tmp_path: Path) -> None:
    first = sorted((world / "faulty" / "inbox").glob(f"{SCHOOL}*"))
    (corrected,) = (world / "sound" / "inbox").glob(f"{SCHOOL}附件1-2.xlsx")
    blanks = [path for path in sorted((world / "blanks" / SCHOOL).iterdir()) if "1-2" not in path.name]
    lay(first, tmp_path / "收件夹" / "第一次", "2021-03-16")
    lay([*blanks, corrected], tmp_path / "收件夹" / "第二次", "2021-03-17")
    roster = world / "sound" / "roster.xlsx"
    alone = kbxt_merge.check(tmp_path / "收件夹" / "第一次", roster=roster, **DAYS)
    both = kbxt_merge.check(tmp_path / "收件夹", roster=roster, **DAYS)
    assert children(both) == children(alone)
    assert len(both.records["1-1"]) == 1
    asked = both.findings[(both.findings["severity"] != "info") & (both.findings["school"] == SCHOOL)]
    assert list(asked["rule"]) == []


@pytest.mark.parametrize("command", ["check", "merge"])
def test_a_workbook_that_comes_back_locked_is_opened_by_the_roster_beside_its_inbox(
    world: Path, tmp_path: Path, command: str
) -> None:
    (marked,) = (world / "faulty" / "inbox").glob(f"{SCHOOL}附件1-2.xlsx")
    inbox = tmp_path / "收件夹"
    deep = inbox / SCHOOL / "2021-03-17 101500"
    deep.mkdir(parents=True)
    (deep / "退回表格-01.xlsx").write_bytes(sealed(marked.read_bytes(), "liulian-27"))
    (tmp_path / "kbxt.toml").write_text('period = "2021春"\nas_of = 2021-03-20\njobs = 0\n', encoding="utf-8")
    with (tmp_path / "学校名册.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(
            [["学校名称", "口令"], ["赣县区韩坊清溪小学", "fuzi-8888"], [SCHOOL, "liulian-27"]]
        )
    if command == "check":
        result = kbxt_merge.check(deep / "退回表格-01.xlsx")
    else:
        result = kbxt_merge.merge(inbox, tmp_path / "结果")
    assert list(result.files["verdict"]) == ["merged-with-errors"]
    assert "id-checksum" in set(result.findings["rule"])


def test_the_moment_in_a_mail_s_folder_is_never_masked(world: Path, tmp_path: Path) -> None:
    (first,) = (world / "faulty" / "inbox").glob(f"{SCHOOL}附件1-2.xlsx")
    (second,) = (world / "sound" / "inbox").glob(f"{SCHOOL}附件1-2.xlsx")
    inbox, folder = tmp_path / "收件夹", "2026-11-27 173758"
    lay([first], inbox / "早", "2021-03-16")
    lay([second], inbox / SCHOOL / folder, "2021-03-17")
    result = kbxt_merge.merge(inbox, tmp_path / "结果", roster=world / "sound" / "roster.xlsx", **DAYS)
    (told,) = result.findings.loc[result.findings["rule"] == "file-superseded", "message"]
    assert f"{SCHOOL}/{folder}/{second.name}" in told
    for path in ("data/findings.csv", "data/files.csv", "data/log", "核查报告.html"):
        assert folder in (tmp_path / "结果" / path).read_text(encoding="utf-8-sig"), path
