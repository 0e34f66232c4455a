"""What became of each mail: one that was sent twice is two, and a vain second try hides no first."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbxt_merge.mail.outbox import FileOutbox, file_outbox, mails_of
from kbxt_merge.mail.waiting import last_sent
from kbxt_merge.status import latest_mails

SCHOOL = "赣县区田村小学"


def tried(outbox: FileOutbox, ends: str, address: str = "a@school.example") -> None:
    outbox.begin("k", SCHOOL, address)
    if ends != "begin":
        getattr(outbox, ends)("k", f"{ends} it was")


@pytest.mark.parametrize("second", ["sent", "failed", "begin"])
def test_a_mail_that_was_sent_again_is_two(tmp_path: Path, second: str) -> None:
    with file_outbox(tmp_path) as outbox:
        tried(outbox, "sent")
        tried(outbox, second, "b@school.example")
    assert [(each.school, each.address, each.event, each.reply) for each in mails_of(tmp_path)] == [
        (SCHOOL, "a@school.example", "sent", "sent it was"),
        (SCHOOL, "b@school.example", second, "" if second == "begin" else f"{second} it was"),
    ]
    assert list(last_sent(tmp_path)) == [SCHOOL]


@pytest.mark.parametrize("only", ["failed", "begin"])
def test_who_was_written_to_in_vain_was_not_written_to(tmp_path: Path, only: str) -> None:
    with file_outbox(tmp_path) as outbox:
        tried(outbox, only)
    assert [each.event for each in latest_mails(tmp_path)] == [only]
    assert last_sent(tmp_path) == {}


def test_without_an_outbox_no_mail_went(tmp_path: Path) -> None:
    assert mails_of(tmp_path) == []
