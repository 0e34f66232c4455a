"""When a file came: by its mail or its archive, never by the day that it bears inside of one."""

from __future__ import annotations

import datetime as dt
import os
import zipfile
from email.message import EmailMessage
from pathlib import Path

from kbxt_merge.intake.inbox.listing import walk
from kbxt_merge.model.china_time import moment_of
from kbxt_merge.model.limits import Limits

CAME = dt.datetime(2021, 4, 2, 8, tzinfo=dt.UTC)


def arrivals(inbox: Path) -> dict[str, dt.datetime]:
    return {each.path: moment_of(each.arrival) for each in walk(inbox, Limits(), 0)}


def packed(path: Path) -> bytes:
    """An archive whose member says that it is of the first of March."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("附件3.csv", (2021, 3, 1, 8, 0, 0)), "姓名,身份证号\n")
    return path.read_bytes()


def test_what_lies_in_an_archive_came_when_the_archive_did(tmp_path: Path) -> None:
    packed(tmp_path / "报表.zip")
    os.utime(tmp_path / "报表.zip", (CAME.timestamp(),) * 2)
    assert set(arrivals(tmp_path).values()) == {CAME}


def test_what_a_mail_brings_came_when_it_was_sent_also_in_an_archive(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["Date"] = "a@school.example", CAME
    mail.set_content("见附件")
    mail.add_attachment(packed(tmp_path.parent / "报表.zip"), maintype="a", subtype="b", filename="报表.zip")
    (tmp_path / "信.eml").write_bytes(mail.as_bytes())
    found = arrivals(tmp_path)
    assert {path: at for path, at in found.items() if path != "信.eml"} == {
        "信.eml/报表.zip": CAME,
        "信.eml/报表.zip/附件3.csv": CAME,
    }


def test_a_file_by_itself_came_when_it_was_last_changed(tmp_path: Path) -> None:
    (tmp_path / "附件3.csv").write_text("姓名", encoding="utf-8")
    os.utime(tmp_path / "附件3.csv", (CAME.timestamp(),) * 2)
    assert arrivals(tmp_path) == {"附件3.csv": CAME}
