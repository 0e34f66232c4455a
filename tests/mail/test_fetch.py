"""What schools mail lands in the inbox once, under the school's name, and the mailbox stays as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from imap_server import Front, dovecot, flags, front, put
from post_office import CODE, client_context

from kbxt_merge.errors import MailError
from kbxt_merge.mail.fetch import Arrival, Fetch
from kbxt_merge.mail.fetched import seen_beside
from kbxt_merge.model.school import Roster, School

ROSTER = Roster(
    (
        School("1", "第一小学", email="One@school.example"),
        School("2", "第二小学", email="both@school.example"),
        School("3", "第二小学分校", email="both@school.example"),
    )
)


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    with dovecot() as port:
        yield port


@pytest.fixture
def mailbox(server: int) -> Iterator[Front]:
    with front(server) as before:
        yield before


def message(number: int, sender: str = "one@school.example", **files: bytes) -> bytes:
    """A mail with these attachments."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"王老师 <{sender}>"
    mail["To"] = "jyj@bureau.example"
    mail["Subject"] = "上报"
    mail["Message-ID"] = f"<{number}@school.example>"
    mail.set_content("见附件。")
    for name, content in files.items():
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def fetch(box: Front, inbox: Path, *, code: str = CODE, mark: bool = False, **settings: object) -> list[Arrival]:
    account = box.account(**settings)
    seen = seen_beside(inbox)
    return list(Fetch(account, code, ROSTER, seen, mark, client_context(), wait=lambda _: None).into(inbox))


def lying(inbox: Path) -> list[str]:
    return sorted(path.relative_to(inbox).as_posix() for path in inbox.rglob("*") if path.is_file())


def test_attachments_lie_under_the_school_of_the_sender_and_the_moment(mailbox: Front, tmp_path: Path) -> None:
    put(mailbox, message(1, **{"名单.xlsx": b"a", "说明.docx": b"b"}))
    put(mailbox, message(2, "both@school.example", **{"表.xlsx": b"c"}), '"13-Mar-2021 00:00:05 +0800"')
    arrivals = fetch(mailbox, tmp_path / "inbox")
    assert lying(tmp_path / "inbox") == [
        "both@school.example/2021-03-13 000005/表.xlsx",
        "第一小学/2021-03-12 091530/名单.xlsx",
        "第一小学/2021-03-12 091530/说明.docx",
    ]
    assert [(each.school, each.sender) for each in arrivals] == [
        ("第一小学", "one@school.example"),
        ("", "both@school.example"),
    ]
    moment = dt.datetime(2021, 3, 12, 9, 15, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    assert (tmp_path / "inbox/第一小学/2021-03-12 091530/名单.xlsx").stat().st_mtime == moment.timestamp()


def test_the_server_is_told_who_asks_and_is_left_as_it_was(mailbox: Front, tmp_path: Path) -> None:
    put(mailbox, message(1, **{"名单.xlsx": b"a"}))
    before = flags(mailbox)
    fetch(mailbox, tmp_path / "inbox")
    said = [each.split()[0] for each in mailbox.said]
    assert said.index("LOGIN") < said.index("ID") < said.index("EXAMINE")
    assert "SELECT" not in said
    assert "\\Seen" not in str(flags(mailbox))
    assert flags(mailbox) == before


def test_messages_are_marked_as_read_where_asked(mailbox: Front, tmp_path: Path) -> None:
    put(mailbox, message(1, **{"名单.xlsx": b"a"}))
    fetch(mailbox, tmp_path / "inbox", mark=True)
    assert "\\Seen" in flags(mailbox)[0]


def test_only_new_messages_are_fetched(mailbox: Front, tmp_path: Path) -> None:
    put(mailbox, message(1, **{"一.xlsx": b"a"}))
    assert len(fetch(mailbox, tmp_path / "inbox")) == 1
    assert fetch(mailbox, tmp_path / "inbox") == []
    put(mailbox, message(1, **{"一.xlsx": b"a"}))  # the same message again, as rules and moves make it
    put(mailbox, message(2, **{"一.xlsx": b"b"}))
    assert len(fetch(mailbox, tmp_path / "inbox")) == 1
    assert lying(tmp_path / "inbox") == ["第一小学/2021-03-12 091530/一(2).xlsx", "第一小学/2021-03-12 091530/一.xlsx"]


@pytest.mark.parametrize("command", ["LOGIN", "ID", "EXAMINE", "UID SEARCH", "UID FETCH"])
def test_a_line_that_breaks_is_taken_up_again(command: str, server: int, tmp_path: Path) -> None:
    left = [3]

    def cut(said: str) -> bool:
        """Cut at the third such command, where there are as many, else at the first."""
        left[0] -= said.startswith(command)
        return said.startswith(command) and left[0] == (0 if command == "UID FETCH" else 2)

    with front(server, cut) as box:
        for number in range(4):
            put(box, message(number, **{f"{number}.xlsx": b"%d" % number}))
        arrivals = fetch(box, tmp_path / "inbox")
    assert len(arrivals) == 4
    assert [Path(each).name for each in lying(tmp_path / "inbox")] == [f"{number}.xlsx" for number in range(4)]


def test_a_server_that_stays_away_stops_with_a_sentence(tmp_path: Path) -> None:
    with front(1) as box, pytest.raises(MailError) as stopped:
        fetch(box, tmp_path / "inbox", tries=2)
    assert "127.0.0.1" in stopped.value.sentence("zh")


def test_a_wrong_code_stops_with_a_sentence(mailbox: Front, tmp_path: Path) -> None:
    with pytest.raises(MailError) as stopped:
        fetch(mailbox, tmp_path / "inbox", code="wrong")
    assert "授权码" in stopped.value.sentence("zh")


def test_a_folder_that_is_not_there_stops_with_a_sentence(mailbox: Front, tmp_path: Path) -> None:
    with pytest.raises(MailError) as stopped:
        fetch(mailbox, tmp_path / "inbox", imap_folder="报表&其他")
    assert "报表&其他" in stopped.value.sentence("zh")
    assert any("&YQBZGF-" in each or "&-" in each for each in mailbox.said)


def test_a_server_that_demands_an_introduction_gets_one(mailbox: Front, tmp_path: Path) -> None:
    assert mailbox.refuses(False, b"A1 EXAMINE INBOX\r\n") is not None
    put(mailbox, message(1, **{"名单.xlsx": b"a"}))
    assert len(fetch(mailbox, tmp_path / "inbox")) == 1
