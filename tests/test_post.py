"""What passes between bureau and schools, through the command line: blanks out, findings back."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from click.testing import CliRunner

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


def test_each_school_gets_its_mail_once_and_its_password_is_told_once(
    merged: Path, postbox: tuple[Postbox, int]
) -> None:
    box, port = postbox
    settings = merged.parent / "kbxt.toml"
    account = f"""
[mail]
host = "127.0.0.1"
port = {port}
security = "none"
from = "bureau@example.test"
pace_seconds = 0.0
"""
    settings.write_text(settings.read_text(encoding="utf-8") + account, encoding="utf-8")
    first = CliRunner().invoke(main, ["send", str(merged)])
    assert first.exit_code == 0, first.output
    schools = len(box.taken)
    assert schools == len({address for address, _ in box.taken}) == 9
    again = CliRunner().invoke(main, ["send", str(merged)])
    assert again.exit_code == 0
    assert len(box.taken) == schools
    assert first.stderr.strip()
    assert again.stderr == ""


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
