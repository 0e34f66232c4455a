"""What came locked by mail is read as a merge will read it, and told only where that will stay locked."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from bureau_rounds import FORMS
from py7zr import SevenZipFile

from kbxt_merge.ledger.ledger import ledger_of
from kbxt_merge.mail.encrypt import sealed
from kbxt_merge.model.passwords import Passwords
from kbxt_merge.model.school import Roster, School
from kbxt_merge.post.locked_arrivals import LockedArrivals
from kbxt_merge.settings import Settings

SCHOOL = "赣县区梅林小学"
ROSTER = Roster((School("", SCHOOL, password="mei-2021"),), ("赣州市", "赣县区"))
SETTINGS = Settings(jobs=0)


def workbook() -> bytes:
    book = io.BytesIO()
    openpyxl.Workbook().save(book)
    return book.getvalue()


def archive(password: str, content: bytes, *, names: bool = False) -> bytes:
    out = io.BytesIO()
    with SevenZipFile(out, "w", password=password, header_encryption=names) as opened:
        for number in (1, 2):
            opened.writestr(content, f"附件{number}.xlsx")
    return out.getvalue()


@pytest.fixture
def arrived(tmp_path: Path) -> Path:
    """The folder in which a school's mail of a moment lies."""
    folder = tmp_path / "收件夹" / SCHOOL / "2021-03-15 0930"
    folder.mkdir(parents=True)
    return folder


def told(arrived: Path, files: dict[str, bytes], settings: Settings = SETTINGS, roster: Roster = ROSTER) -> list[str]:
    for name, content in files.items():
        (arrived / name).write_bytes(content)
    inbox = arrived.parent.parent
    locked = LockedArrivals(inbox, Passwords(settings.passwords, (), roster), FORMS, settings)
    return [line.strip() for line in locked.lines(tuple(arrived / name for name in files))]


def named(lines: list[str]) -> list[str]:
    return [line.partition(" ")[0] for line in lines]


def test_what_the_schools_own_password_opens_is_not_told_archives_and_hidden_names_included(arrived: Path) -> None:
    content = workbook()
    files = {
        "附件1.xlsx": sealed(content, "mei-2021"),
        "材料.7z": archive("mei-2021", content),
        "材料2.7z": archive("mei-2021", sealed(content, "mei-2021"), names=True),
        "开着.xlsx": content,
    }
    assert told(arrived, files) == []


def test_what_stays_locked_is_told_an_archive_once_and_no_name_is_obeyed_by_a_terminal(arrived: Path) -> None:
    content = workbook()
    red = io.BytesIO()
    with SevenZipFile(red, "w", password="mei-2021") as opened:
        opened.writestr(sealed(content, "another"), "\x1b[31m附件.xlsx")
    files = {
        "附件1.xlsx": sealed(content, "another"),
        "材料.7z": archive("another", content),
        "材料2.7z": archive("another", content, names=True),
        "材料3.7z": archive("mei-2021", sealed(content, "another")),
        "材料4.7z": red.getvalue(),
    }
    lines = told(arrived, files)
    assert not [line for line in lines if "\x1b" in line]
    assert sorted(each for each in named(lines) if "材料4.7z" not in each) == [
        "材料.7z",
        "材料2.7z",
        "材料3.7z/附件1.xlsx",
        "材料3.7z/附件2.xlsx",
        "附件1.xlsx",
    ]
    assert not [line for line in lines if "another" in line or "mei-2021" in line]


def test_a_password_that_only_a_ledger_keeps_is_tried(arrived: Path) -> None:
    out = arrived.parent.parent.parent / "结果"
    stage = out.with_name(".stage")
    stage.mkdir()
    with ledger_of(out, stage, "") as ledger:
        ledger.enter_passwords([{"school": SCHOOL, "period": "2021春", "password": "only-there", "at": "2021-03-01"}])
    shutil.move(stage, out)
    content = workbook()
    files = {"附件1.xlsx": sealed(content, "only-there"), "材料.7z": archive("only-there", content, names=True)}
    roster = Roster((replace(ROSTER.schools[0], password=""),), ROSTER.prefixes)
    assert told(arrived, files, roster=roster) == []
    assert named(told(arrived, {"附件2.xlsx": sealed(content, "another")}, roster=roster)) == ["附件2.xlsx"]


def test_a_ledger_that_cannot_be_asked_is_told_and_keeps_nothing_back(arrived: Path) -> None:
    (arrived.parent.parent.parent / "结果").mkdir()
    (arrived.parent.parent.parent / "结果" / "kbxt.db").write_bytes(b"no ledger" * 200)
    lines = told(arrived, {"附件1.xlsx": sealed(workbook(), "another")})
    assert (len(lines), named(lines)[0]) == (2, "附件1.xlsx")
    assert "kbxt.db" in lines[1]
