"""What passes between bureau and schools, through the command line: blanks out, findings back."""

import csv
import email
import email.policy
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from click.testing import CliRunner, Result

from kbxt_merge.cli import main

EXAMPLES = Path(__file__).parent.parent / "examples"


class Postbox:
    """Keeps what a real server took."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        self.taken += [(address, envelope.content) for address in envelope.rcpt_tos]
        return "250 taken"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    box = Postbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


@pytest.fixture
def merged(tmp_path: Path) -> Path:
    """A merge of one school's file, its roster beside the outcome."""
    (tmp_path / "inbox").mkdir()
    (source,) = (EXAMPLES / "returned").glob("赣县区江口清溪小学附件3.*")
    (tmp_path / "inbox" / source.name).write_bytes(source.read_bytes())
    (tmp_path / "学校名册.xlsx").write_bytes((EXAMPLES / "学校名册.xlsx").read_bytes())
    (tmp_path / "kbxt.toml").write_bytes((EXAMPLES / "kbxt.toml").read_bytes())
    run = CliRunner().invoke(main, ["merge", str(tmp_path / "inbox"), "--out", str(tmp_path / "out")])
    assert run.exit_code == 0, run.output
    return tmp_path / "out"


def run(*arguments: str | Path, ends: int = 0) -> Result:
    """The command, which must end so."""
    done = CliRunner().invoke(main, list(map(str, arguments)))
    assert done.exit_code == ends, done.output
    return done


def told(done: Result) -> dict[str, str]:
    """The passwords that a sending told, by school."""
    return dict(line.split() for line in done.stderr.splitlines() if line.startswith("    "))


@pytest.fixture
def account(merged: Path, postbox: tuple[Postbox, int]) -> Postbox:
    """The postbox, set as the mail server of the merge."""
    box, port = postbox
    settings = merged.parent / "kbxt.toml"
    mail = f"""
[mail]
host = "127.0.0.1"
port = {port}
security = "none"
from = "bureau@example.test"
pace_seconds = 0.0
"""
    settings.write_text(settings.read_text(encoding="utf-8") + mail, encoding="utf-8")
    return box


def test_each_school_gets_its_mail_once_though_all_is_merged_again(merged: Path, account: Postbox) -> None:
    run("send", merged)
    schools = len(account.taken)
    assert schools == len({address for address, _ in account.taken}) == 9
    run("merge", merged.parent / "inbox", "--out", merged)
    again = run("send", merged)
    assert len(account.taken) == schools
    assert again.stderr == ""


def test_a_made_password_is_shown_by_a_dry_run_told_once_and_opens_what_comes_back(
    merged: Path, account: Postbox
) -> None:
    roster = merged.parent / "学校名册.xlsx"
    shown = told(run("send", merged, "--dry-run"))
    assert told(run("send", merged)) == shown
    assert list(shown) == ["赣县区江口清溪小学"]  # the others sent nothing, and get nothing to open
    assert told(run("send", merged, "--resend")) == {}
    sheet = merged / "办理" / "口令单.xlsx"
    assert sheet.stat().st_mode & 0o077 == 0
    assert shown.items() <= {(row[0], row[2]) for row in openpyxl.load_workbook(sheet).worksheets[0].values}

    inbox = merged.parent / "inbox"
    for old in inbox.iterdir():
        old.unlink()
    for _, content in account.taken:
        for part in email.message_from_bytes(content, policy=email.policy.default).iter_attachments():  # type: ignore[attr-defined]
            if str(part.get_filename()).endswith(".xlsx"):
                (inbox / "发回.xlsx").write_bytes(part.get_payload(decode=True))
    run("merge", inbox, "--out", merged)
    (row,) = csv.DictReader((merged / "data" / "files.csv").read_text(encoding="utf-8-sig").splitlines())
    assert (row["verdict"], row["school"]) == ("merged-with-errors", "赣县区江口清溪小学")
    checked = run("check", inbox / "发回.xlsx", "--roster", roster, "--format", "json", ends=1)
    assert "file-encrypted" not in checked.stdout


def test_a_sending_in_which_a_mail_did_not_go_out_ends_with_two(merged: Path, account: Postbox) -> None:
    roster = merged.parent / "学校名册.xlsx"
    book = openpyxl.load_workbook(roster)
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if "@" in str(cell.value)]
    cells[0].value, cells[1].value = "mailto:a..b@example.test", f"mailto:{cells[1].value}"
    book.save(roster)
    done = run("send", merged, ends=2)
    assert len(account.taken) == 8
    assert "a..b@example.test" in done.stdout


def test_what_is_mailed_names_no_child(merged: Path) -> None:
    run = CliRunner().invoke(main, ["send", str(merged), "--dry-run", "--only", "江口清溪小学"])
    assert run.exit_code == 0, run.output
    (written,) = (merged / "发件").glob("*.eml")
    records = (merged / "data" / "records-3.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    mail = written.read_bytes()
    for record in records:
        name, number = record.split(",")[1], record.split(",")[3]
        assert name.encode() not in mail
        assert number.encode() not in mail


def test_sending_without_a_server_says_what_to_set(merged: Path) -> None:
    run = CliRunner().invoke(main, ["send", str(merged)])
    assert run.exit_code == 2
    assert "host" in run.stderr
    assert "Traceback" not in run.output


def test_fetching_without_a_mailbox_says_what_to_set(tmp_path: Path) -> None:
    run = CliRunner().invoke(main, ["fetch", "--to", str(tmp_path / "inbox")])
    assert run.exit_code == 2
    assert "imap_host" in run.stderr


@pytest.mark.parametrize("command", [["merge", "nowhere", "--out", "out"], ["check", "nowhere.xlsx"]])
def test_an_inbox_that_is_not_there_is_said_in_a_sentence(command: list[str], tmp_path: Path) -> None:
    arguments = [str(tmp_path / each) if each in ("nowhere", "nowhere.xlsx", "out") else each for each in command]
    run = CliRunner().invoke(main, arguments)
    assert run.exit_code == 2
    assert "nowhere" in run.stderr
    assert not (tmp_path / "out").exists()


def test_blanks_are_written_for_every_school_of_the_roster(tmp_path: Path) -> None:
    roster = EXAMPLES / "学校名册.xlsx"
    run = CliRunner().invoke(
        main, ["blanks", "--out", str(tmp_path / "下发"), "--roster", str(roster), "--period", "2021春"]
    )
    assert run.exit_code == 0, run.output
    schools = [each for each in (tmp_path / "下发").iterdir() if each.is_dir()]
    assert len(schools) == 9
    assert {len(list(school.glob("*.xlsx"))) for school in schools} == {6}


def test_the_run_says_its_period_for_the_mails(merged: Path) -> None:
    assert json.loads((merged / "data" / "run.json").read_text(encoding="utf-8"))["period"]["label"] == "2021春"
