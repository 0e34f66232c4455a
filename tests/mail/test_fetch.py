"""What schools mail lands in the inbox once, under the school's name, and the mailbox stays as it was."""

from __future__ import annotations

import datetime as dt
import email
import io
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from imap_server import Front, empty, flags, front, put
from post_office import CODE, client_context

from kbxt_merge.cli import main
from kbxt_merge.errors import MailError
from kbxt_merge.mail.encrypt import sealed
from kbxt_merge.mail.fetch import Fetch
from kbxt_merge.mail.fetch_lines import lines_of_fetch
from kbxt_merge.mail.fetched import memory_beside, memory_held
from kbxt_merge.mail.filing import Arrival, Filing
from kbxt_merge.model.awaited import Wait
from kbxt_merge.model.mail_account import Security
from kbxt_merge.model.school import Roster, School

ROSTER = Roster(
    (
        School("1", "第一小学", email="One@school.example"),
        School("2", "第二小学", email="both@school.example"),
        School("3", "第二小学分校", email="both@school.example"),
    )
)


@pytest.fixture
def mailbox(server: int) -> Iterator[Front]:
    with front(server) as before:
        yield before


def message(
    number: int,
    sender: str = "one@school.example",
    *,
    subject: str = "上报",
    body: str = "见附件。",
    subtype: str = "plain",
    **files: bytes,
) -> bytes:
    """A mail with these attachments."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"王老师 <{sender}>"
    mail["To"] = "jyj@bureau.example"
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{number}@school.example>"
    mail.set_content(body, subtype=subtype)
    for name, content in files.items():
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def fetching(box: Front, inbox: Path, *, code: str = CODE, **settings: Any) -> Fetch:
    """A fetch into the inbox; settings are those of a fetch or of its account."""
    of_fetch = {name: settings.pop(name) for name in ("since", "mark") if name in settings}
    account, memory = box.account(**settings), memory_beside(inbox, box.user)
    filing = Filing(inbox, ROSTER, account.user)
    return Fetch(account, code, filing, memory, context=client_context(), wait=lambda _: None, **of_fetch)


def fetch(box: Front, inbox: Path, **settings: Any) -> list[Arrival]:
    return list(fetching(box, inbox, **settings).arrivals())


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
    assert [each.who for each in arrivals] == ["第一小学", "both@school.example"]
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


def test_a_server_without_the_encryption_that_was_asked_for_gets_no_code(mailbox: Front, tmp_path: Path) -> None:
    with pytest.raises(MailError) as stopped:
        fetch(mailbox, tmp_path / "inbox", imap_port=mailbox.behind, imap_security=Security.STARTTLS)
    assert "STARTTLS" in stopped.value.sentence("zh")


def test_a_folder_that_is_not_there_stops_with_a_sentence(mailbox: Front, tmp_path: Path) -> None:
    with pytest.raises(MailError) as stopped:
        fetch(mailbox, tmp_path / "inbox", imap_folder=("报表&其他",))
    assert "报表&其他" in stopped.value.sentence("zh")
    assert any("&YQBZGF-" in each or "&-" in each for each in mailbox.said)


def test_a_server_that_demands_an_introduction_gets_one(mailbox: Front, tmp_path: Path) -> None:
    assert mailbox.refuses(False, b"A1 EXAMINE INBOX\r\n") is not None
    put(mailbox, message(1, **{"名单.xlsx": b"a"}))
    assert len(fetch(mailbox, tmp_path / "inbox")) == 1


def test_all_folders_are_fetched_and_a_message_in_two_of_them_once(mailbox: Front, tmp_path: Path) -> None:
    put(mailbox, message(1, **{"一.xlsx": b"a"}))
    put(mailbox, message(1, **{"一.xlsx": b"a"}), folder="Junk")
    put(mailbox, message(2, **{"二.xlsx": b"b"}), folder="Junk")
    assert len(fetch(mailbox, tmp_path / "inbox", imap_folder=("INBOX", "Junk"))) == 2
    assert [Path(each).name for each in lying(tmp_path / "inbox")] == ["一.xlsx", "二.xlsx"]


def test_two_schools_may_give_their_messages_the_same_number(mailbox: Front, tmp_path: Path) -> None:
    for sender in ("one@school.example", "other@school.example"):
        put(mailbox, message(0, sender, **{"附件1-2.xlsx": b"a"}))
    assert {each.who for each in fetch(mailbox, tmp_path / "inbox")} == {"第一小学", "other@school.example"}
    assert len(lying(tmp_path / "inbox")) == 2


def test_a_mailbox_is_remembered_whatever_the_inbox(mailbox: Front, tmp_path: Path) -> None:
    put(mailbox, message(1, **{"一.xlsx": b"a"}))
    assert len(fetch(mailbox, tmp_path / "spring")) == 1
    assert fetch(mailbox, tmp_path / "autumn") == []


def test_what_came_before_the_day_is_left_and_counted_until_an_earlier_day_is_asked_for(
    mailbox: Front, tmp_path: Path
) -> None:
    put(mailbox, message(1, **{"2018.xlsx": b"a"}), '"12-Mar-2018 09:15:30 +0800"')
    put(mailbox, message(2, **{"2021.xlsx": b"b"}))
    spring = fetching(mailbox, tmp_path / "inbox", since=dt.date(2020, 12, 3))
    assert len(list(spring.arrivals())) == 1
    assert spring.left == 1
    assert len(fetch(mailbox, tmp_path / "inbox", since=dt.date(2018, 1, 1))) == 1
    assert [Path(each).name for each in lying(tmp_path / "inbox")] == ["2018.xlsx", "2021.xlsx"]


def test_a_server_that_cannot_tell_days_gives_all(mailbox: Front, tmp_path: Path) -> None:
    put(mailbox, message(1, **{"2018.xlsx": b"a"}), '"12-Mar-2018 09:15:30 +0800"')
    mailbox.answer = lambda said: "BAD SINCE" if "SINCE" in said else None
    assert len(fetch(mailbox, tmp_path / "inbox", since=dt.date(2020, 12, 3))) == 1


REFUSALS = {
    "NO": "NO [UNAVAILABLE] backend",
    "BAD": "BAD no such thing",
    "OK without content": "OK done",
    "an escape": "NO \x1b[2Jgone",
}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_message_that_the_server_does_not_give_is_set_aside_told_and_asked_for_again(
    refusal: str, server: int, tmp_path: Path
) -> None:
    with front(server) as box:
        for number in (1, 2, 3):
            put(box, message(number, **{f"{number}.xlsx": b"%d" % number}))
        box.answer = lambda said: REFUSALS[refusal] if said.startswith("UID FETCH 2 ") else None
        arrivals = fetch(box, tmp_path / "inbox")
        assert [(each.who, len(each.files)) for each in arrivals] == [("第一小学", 1), ("INBOX #2", 0), ("第一小学", 1)]
        (awaited,) = arrivals[1].awaited
        assert awaited.wait is Wait.ASIDE
        assert "\x1b" not in awaited.line("zh")
        assert memory_beside(tmp_path / "inbox", box.user).awaited == (awaited,)
        box.answer = lambda _: None
        assert [len(each.files) for each in fetch(box, tmp_path / "inbox")] == [1]
        assert memory_beside(tmp_path / "inbox", box.user).awaited == ()
    assert len(lying(tmp_path / "inbox")) == 3


def test_a_message_at_which_the_line_always_breaks_does_not_keep_the_others_back(server: int, tmp_path: Path) -> None:
    with front(server, lambda said: said.startswith("UID FETCH") and box.said.count(said) > 1) as box:
        put(box, message(1, **{"1.xlsx": b"1"}))
        arrivals = fetch(box, tmp_path / "inbox")
    assert len(arrivals) == 1


NESTED = b"".join(
    b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (depth, depth) for depth in range(1100)
)


def test_a_message_that_cannot_be_taken_apart_is_set_aside_and_the_next_is_fetched(
    mailbox: Front, tmp_path: Path
) -> None:
    put(mailbox, b"From: one@school.example\r\nMIME-Version: 1.0\r\n" + NESTED)
    put(mailbox, b"From: " + b"(" * 800 + b"\r\n\r\nx")
    put(mailbox, message(3, **{"3.xlsx": b"3"}))
    for new in (2, 0):
        arrivals = fetch(mailbox, tmp_path / "inbox")
        assert [each.wait for each in arrivals[0].awaited] == [Wait.ASIDE]
        assert [each.who for each in arrivals[1:]] == ["unknown", "第一小学"][:new]


def test_a_message_set_aside_that_was_deleted_meanwhile_is_no_more_told(mailbox: Front, tmp_path: Path) -> None:
    put(mailbox, b"From: one@school.example\r\nMIME-Version: 1.0\r\n" + NESTED)
    assert fetch(mailbox, tmp_path / "inbox")[0].awaited
    empty(mailbox)
    assert fetch(mailbox, tmp_path / "inbox") == []
    assert memory_beside(tmp_path / "inbox", mailbox.user).awaited == ()


LINK = "https://pan.baidu.com/s/1abc"


def test_what_lies_in_a_cloud_is_awaited_until_a_file_comes(mailbox: Front, tmp_path: Path) -> None:
    put(mailbox, message(1, body=f"见网盘 {LINK}"))
    (arrival,) = fetch(mailbox, tmp_path / "inbox")
    assert [(each.wait, each.who, each.where) for each in arrival.awaited] == [(Wait.CLOUD, "第一小学", (LINK,))]
    assert any(LINK in line for line in lines_of_fetch(fetching(mailbox, tmp_path / "inbox"), "zh"))
    put(mailbox, message(2, "other@school.example", **{"别校.xlsx": b"a"}))
    fetch(mailbox, tmp_path / "inbox")
    assert memory_beside(tmp_path / "inbox", mailbox.user).awaited == arrival.awaited
    put(mailbox, message(3, **{"补发.xlsx": b"b"}))
    fetch(mailbox, tmp_path / "inbox")
    assert memory_beside(tmp_path / "inbox", mailbox.user).awaited == ()


def test_what_a_clerk_downloads_into_the_inbox_is_awaited_no_more(mailbox: Front, tmp_path: Path) -> None:
    put(mailbox, message(1, body=LINK))
    fetch(mailbox, tmp_path / "inbox")
    (tmp_path / "inbox/第一小学").mkdir(parents=True)
    (tmp_path / "inbox/第一小学/下载.xlsx").write_bytes(b"a")
    assert not any(LINK in line for line in lines_of_fetch(fetching(mailbox, tmp_path / "inbox"), "zh"))


def test_a_mail_that_brings_nothing_is_listed_with_its_subject_masked(mailbox: Front, tmp_path: Path) -> None:
    put(mailbox, message(1, subject="\x1b]0;x\x07本校 110105200805210317 已返校"))
    (line, _) = lines_of_fetch(fetching(mailbox, tmp_path / "inbox"), "zh")
    assert "已返校" in line
    assert "200805" not in line
    assert line.isprintable()


@pytest.mark.parametrize(
    "body", ["<table>" + "<tr><td>1<td>叶小满<td>其他</tr>" * 2 + "</table>", "<p>叶小满 110105200805210317</p>"]
)
def test_rows_in_the_text_of_a_mail_are_told(body: str, mailbox: Front, tmp_path: Path) -> None:
    put(mailbox, message(1, body=body, subtype="html"))
    (arrival,) = fetch(mailbox, tmp_path / "inbox")
    assert [each.wait for each in arrival.awaited] == [Wait.IN_TEXT]


BOUNCES = {
    "a report": (
        'Content-Type: multipart/report; boundary="b"\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n'
        "Reporting-MTA: dns; m12.163.com\r\n\r\nFinal-Recipient: rfc822; One@school.example\r\nAction: failed\r\n--b--"
    ),
    "words": "Content-Type: text/plain\r\n\r\n无法发送到 one@school.example，发件人 box@bureau.example\r\n",
    "a header": "X-Failed-Recipients: one@school.example\r\n\r\nsorry\r\n",
}


@pytest.mark.parametrize("form", BOUNCES)
def test_a_bounce_names_the_school(form: str, mailbox: Front, tmp_path: Path) -> None:
    put(mailbox, f"From: Postmaster@163.com\r\nSubject: bounce\r\n{BOUNCES[form]}".encode())
    (arrival,) = fetch(mailbox, tmp_path / "inbox")
    assert [(each.wait, each.who) for each in arrival.awaited] == [(Wait.BOUNCED, "第一小学")]
    assert memory_beside(tmp_path / "inbox", mailbox.user).awaited == arrival.awaited


def test_a_notice_of_delay_is_no_bounce(mailbox: Front, tmp_path: Path) -> None:
    put(mailbox, b"From: postmaster@163.com\r\n" + BOUNCES["a report"].replace("failed", "delayed").encode())
    assert fetch(mailbox, tmp_path / "inbox")[0].awaited == ()


def test_a_bounce_that_somebody_passes_on_is_his_mail_with_all_it_brings(mailbox: Front, tmp_path: Path) -> None:
    passed_on = EmailMessage(policy=SMTP)
    passed_on["From"] = "teacher@private.example"
    passed_on.set_content("退信了，再发一次")
    passed_on.add_attachment(email.message_from_string(BOUNCES["a report"], policy=SMTP))
    passed_on.add_attachment(b"a", maintype="application", subtype="octet-stream", filename="名单.xlsx")
    put(mailbox, passed_on.as_bytes())
    (arrival,) = fetch(mailbox, tmp_path / "inbox")
    assert (arrival.who, [each.name for each in arrival.files]) == ("teacher@private.example", ["名单.xlsx"])


AUTHENTICATION = {
    "mx.163.com; spf=fail smtp.mailfrom=x; dkim=none; dmarc=fail": True,
    "mx.163.com; spf=fail smtp.mailfrom=x; dkim=none": True,
    "mx.163.com; spf=fail; dkim=pass": False,
    "mx.163.com; spf=softfail": False,
    "mx.163.com; spf=fail; dmarc=pass": False,
}


@pytest.mark.parametrize(("said", "forged"), AUTHENTICATION.items())
def test_the_files_of_a_forged_sender_are_told_and_kept_apart(
    said: str, forged: bool, mailbox: Front, tmp_path: Path
) -> None:
    own = b"Authentication-Results: mx.163.com; dmarc=pass\r\n" if forged else b""
    put(mailbox, f"Authentication-Results: {said}\r\n".encode() + own + message(1, **{"名单.xlsx": b"a"}))
    (arrival,) = fetch(mailbox, tmp_path / "inbox")
    assert [each.wait for each in arrival.awaited] == [Wait.FORGED] * forged
    assert len(lying(tmp_path / "inbox")) == (not forged)
    assert arrival.files[0].read_bytes() == b"a"


def test_the_command_fetches_what_its_settings_say(mailbox: Front, tmp_path: Path) -> None:
    put(mailbox, message(1, **{"2018.xlsx": b"a"}), '"12-Mar-2018 09:15:30 +0800"')
    put(mailbox, message(2, **{"名单.xlsx": b"b"}))
    put(mailbox, message(3, body=LINK), folder="Junk")
    (tmp_path / "学校名册.csv").write_text("学校名称,邮箱\n第一小学,one@school.example\n", encoding="utf-8")
    (tmp_path / "kbxt.toml").write_text(
        f"""
period = "2021春"
[mail]
imap_host = "127.0.0.1"
imap_port = {mailbox.behind}
imap_security = "none"
imap_folder = ["INBOX", "Junk"]
user = "{mailbox.user}"
""",
        encoding="utf-8",
    )
    inbox = tmp_path / "收件夹"
    run = CliRunner().invoke(main, ["fetch", "--to", str(inbox)], env={"KBXT_MAIL_PASSWORD": f" {CODE}\n"})
    assert run.exit_code == 0, run.output
    assert lying(inbox) == ["第一小学/2021-03-12 091530/名单.xlsx"]
    assert LINK in run.output
    run = CliRunner().invoke(
        main, ["fetch", "--to", str(inbox), "--since", "2018-01-01"], env={"KBXT_MAIL_PASSWORD": CODE}
    )
    assert run.exit_code == 0, run.output
    assert len(lying(inbox)) == 2


def test_a_day_that_is_none_stops_with_a_sentence(tmp_path: Path) -> None:
    run = CliRunner().invoke(main, ["fetch", "--to", str(tmp_path / "inbox"), "--since", "去年"])
    assert run.exit_code == 2
    assert "--since" in run.stderr
    assert not (tmp_path / "inbox").exists()


def test_a_second_fetch_of_a_mailbox_at_the_same_time_is_refused(server: int, tmp_path: Path) -> None:
    box = Front(server)
    settings = f'[mail]\nuser = "{box.user}"\nimap_host = "127.0.0.1"\nimap_port = {server}\nimap_security = "none"\n'
    (tmp_path / "kbxt.toml").write_text(settings, encoding="utf-8")
    put(box, message(1, **{"名单.xlsx": b"a"}))
    command = ["fetch", "--to", str(tmp_path / "收件夹")]
    environ = {"KBXT_MAIL_PASSWORD": CODE}
    with memory_held(tmp_path / "收件夹", box.account()):
        refused = CliRunner().invoke(main, command, env=environ)
    assert refused.exit_code == 2
    assert "kbxt fetch" in refused.stderr
    assert not lying(tmp_path / "收件夹")
    assert CliRunner().invoke(main, command, env=environ).exit_code == 0
    assert len(lying(tmp_path / "收件夹")) == 1


def command_in(folder: Path, server: int, user: str, *more: str) -> list[str]:
    """A fetch into an inbox in this folder, with settings of its own beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f'user = "{user}"', 'imap_host = "127.0.0.1"', f"imap_port = {server}", 'imap_security = "none"', *more]
    (folder / "kbxt.toml").write_text("\n".join(["[mail]", *lines]), encoding="utf-8")
    return ["fetch", "--to", str(folder / "收件夹")]


def test_one_memory_serves_inboxes_in_different_places(server: int, tmp_path: Path) -> None:
    box, environ = Front(server), {"KBXT_MAIL_PASSWORD": CODE}
    put(box, message(1, **{"名单.xlsx": b"a"}))
    shared = f'memory = "{(tmp_path / "记录").as_posix()}"'
    spring, autumn, apart = (
        command_in(tmp_path / term, server, box.user, *more)
        for term, more in (("春", [shared]), ("秋", [shared]), ("别处", []))
    )
    for command in (spring, autumn, apart):
        assert CliRunner().invoke(main, command, env=environ).exit_code == 0
    assert [len(lying(tmp_path / term / "收件夹")) for term in ("春", "秋", "别处")] == [1, 0, 1]
    put(box, message(2, **{"名单.xlsx": b"b"}))
    assert CliRunner().invoke(main, autumn, env=environ).exit_code == 0
    assert CliRunner().invoke(main, spring, env=environ).exit_code == 0
    assert [len(lying(tmp_path / term / "收件夹")) for term in ("春", "秋")] == [1, 1]


def test_a_locked_workbook_is_tried_with_what_is_known_and_told_where_nothing_opens_it(
    server: int, tmp_path: Path
) -> None:
    box = Front(server)
    command = command_in(tmp_path, server, box.user)
    roster = "学校名称,邮箱,口令\n赣县区梅林小学,meilin@school.example,mei-2021\n"
    (tmp_path / "学校名册.csv").write_text(roster, encoding="utf-8")
    book = io.BytesIO()
    openpyxl.Workbook().save(book)
    files = {"附件1-2.xlsx": sealed(book.getvalue(), "mei-2021"), "附件3.xlsx": sealed(book.getvalue(), "another")}
    put(box, message(1, **files, **{"附件4.xlsx": book.getvalue()}))
    said = CliRunner().invoke(main, command, env={"KBXT_MAIL_PASSWORD": CODE}).output
    assert [name for name in ("附件1-2.xlsx", "附件3.xlsx", "附件4.xlsx") if name in said] == ["附件3.xlsx"]
    assert "another" not in said
