"""The clerk's guide, docs/使用说明.md, is true: its commands run in its order, with real servers, as it says."""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.policy import SMTP
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from unittest import mock
from urllib.parse import urlsplit

import openpyxl
import pytest
from click.testing import CliRunner, Result
from fictional import FAULTS, make_district
from imap_server import Front, put
from post_office import CODE, USER, Office, post_office

from kbxt_merge.cli import main
from kbxt_merge.model.mail_account import Security

GUIDE = Path(__file__).parent.parent.parent / "docs" / "使用说明.md"
OWN_FORMS = GUIDE.parent.parent / "examples" / "自己做一张表"
SCHOOL, ALIAS = "赣县区江口清溪小学", "梅林小学"
_STEP = re.compile(r"^ *```(?P<kind>[a-z]+)?\n(?P<block>.*?)^ *```|`(?P<inline>kbxt [^`]+)`", re.M | re.S)
MENTIONED = {
    "kbxt status",
    "kbxt send",
    "kbxt fetch",
    "kbxt status 结果",
    "kbxt send 结果",
    "kbxt forget 结果 --period 2020春",
}
"""What a sentence only speaks of stands as a command elsewhere."""


def steps() -> Iterator[tuple[str, str]]:
    """What the guide tells to do, in its order: `toml` to write, and commands to `run`."""
    for found in _STEP.finditer(GUIDE.read_text(encoding="utf-8")):
        if found["kind"]:
            yield found["kind"], found["block"]
        elif found["inline"]:
            if found["inline"] not in MENTIONED:
                yield "run", found["inline"]
        else:
            yield from (("run", line) for line in found["block"].splitlines() if line.startswith("kbxt "))


def leave_desk(url: str) -> None:
    """Come in as a browser would, and press the button 退出."""
    address = urlsplit(url)
    line = HTTPConnection(address.netloc, timeout=60)
    line.request("GET", f"{address.path}?{address.query}")
    answer = line.getresponse()
    answer.read()
    cookie = (answer.getheader("set-cookie") or "").partition(";")[0]
    line.request("POST", "/quit", headers={"cookie": cookie, "origin": f"http://{address.netloc}"})
    assert "工作台已退出" in line.getresponse().read().decode()
    line.close()


class Desk:
    """A folder made as the guide says, with schools that answer."""

    def __init__(self, folder: Path, office: Office, server: int) -> None:
        self.folder, self.office, self.server = folder, office, server
        self.settings: dict[str, object] = {}
        fault = next(key for key in FAULTS if key[:2] == ("id-checksum", "1-2"))
        make_district(folder / "made", schools=4, seed=5, variants=False, faults=[fault])
        book = openpyxl.load_workbook(folder / "made" / "roster.xlsx")
        book.worksheets[0]["C2"] = f"{book.worksheets[0]['C2'].value}、{ALIAS}"
        book.save(folder / "学校名册.xlsx")
        (folder / "收件夹").mkdir()
        for path in (folder / "made" / "inbox").glob("*.xlsx"):
            if SCHOOL not in path.name:
                shutil.copy(path, folder / "收件夹")
        (folder / "收件夹2021秋").mkdir()
        (folder / "收件夹2021秋" / f"{SCHOOL}说明.txt").write_text("附件3 无", encoding="utf-8")
        for number, path in enumerate(sorted((folder / "made" / "inbox").glob(f"{SCHOOL}*"))[:2], 1):
            shutil.copy(path, folder / "收件夹" / f"文件{number}.xlsx")
        self._add_own_forms()
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"], mail["Subject"] = "school000@example.test", USER, "报表"
        mail.set_content("见附件。")
        for path in (folder / "made" / "inbox").glob(f"{SCHOOL}*"):
            mail.add_attachment(path.read_bytes(), maintype="application", subtype="octet-stream", filename=path.name)
        put(Front(server, user=USER), mail.as_bytes(), '"13-Mar-2021 09:00:00 +0800"', "Returns")

    def _add_own_forms(self) -> None:
        """The blanks of another notice, and what a school returned in them."""
        for path in (OWN_FORMS / "空表").glob("*.xlsx"):
            shutil.copy(path, self.folder / f"{path.stem.split()[1]}.xlsx")
        book = openpyxl.load_workbook(next((OWN_FORMS / "收件夹").glob("*江口中学.xlsx")))
        for sheet in book:
            for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)):
                cell.value = cell.value.replace("云岭县江口中学", SCHOOL)
        (self.folder / "收件夹4月").mkdir()
        book.save(self.folder / "收件夹4月" / f"{SCHOOL}.xlsx")
        book.save(self.folder / "样表.xlsx")

    def write(self, block: str) -> None:
        """Settings as the guide has them, but for the servers, which are here, and the day, which is of the period."""
        self.settings |= tomllib.loads(block)
        text = [f"{key} = {_toml(value)}" for key, value in self.settings.items() if key != "mail"]
        text += ["jobs = 0", f"as_of = {'2021-09-20' if '秋' in str(self.settings['period']) else '2021-03-20'}"]
        if "mail" in self.settings:
            text += ["[mail]", f'user = "{USER}"', 'host = "127.0.0.1"', f"port = {self.office.port}"]
            text += ['security = "none"', 'imap_host = "127.0.0.1"', f"imap_port = {self.server}"]
            text += ['imap_security = "none"', 'imap_folder = ["Returns"]', "pace_seconds = 0"]
        (self.folder / "kbxt.toml").write_text("\n".join(text), encoding="utf-8")

    def run(self, command: str) -> Result:
        """In another thread: in this one the loop of another test's browser may run, and the desk has one, too."""
        browser = mock.patch("webbrowser.open", lambda url: Thread(target=leave_desk, args=(url,)).start())
        with browser, ThreadPoolExecutor(1) as thread:
            return thread.submit(self._run, command).result()

    def _run(self, command: str) -> Result:
        here = command.replace("192.168.1.20", "127.0.0.1")  # the address of the guide is no machine's of ours
        return CliRunner().invoke(main, shlex.split(here)[1:], env={"KBXT_MAIL_PASSWORD": CODE})


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def test_every_command_of_the_guide_does_what_it_says(
    tmp_path: Path, server: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said: dict[str, str] = {}
    with post_office(security=Security.NONE) as office:
        desk = Desk(tmp_path, office, server)
        for kind, what in steps():
            if kind == "toml":
                desk.write(what)
                continue
            done = desk.run(what)
            assert done.exit_code == (1 if what.startswith("kbxt check") else 0), f"{what}: {done.output}"
            said.setdefault(what, done.output)
    sent = len(office.taken)
    assert sent > 12
    assert "24 个工作簿" in said["kbxt blanks --out 下发"]
    assert "取回 6 个文件" in said["kbxt fetch --to 收件夹"]
    assert "4/4" in said["kbxt status 结果"]
    assert "此前已发送" in said["kbxt send 结果 --only 梅林小学"]
    assert said["kbxt send 结果 --only 梅林小学 --resend"].startswith(SCHOOL)
    assert "2021秋" in said["kbxt blanks --out 下发2021秋 --carry 结果"]
    assert (
        "14 栏"
        in said["kbxt forms --draft 月报表.xlsx 疑似辍学台账.xlsx 辍学台账.xlsx 适龄儿童台账.xlsx --to 我的表格"]
    )
    assert (tmp_path / "试读" / "试读.html").exists()
    assert (tmp_path / "六张表" / "表格定义.xlsx").exists()
    merged = said["kbxt merge 收件夹4月 --out 结果4月 --schemas 我的表格/表格定义.xlsx --period 2024-04"]
    assert "汇总 7 行" in merged
    out = tmp_path / "结果"
    named = re.findall(r"^\| `([^`]+)`", GUIDE.read_text(encoding="utf-8"), re.M)
    assert len(named) >= 7
    for name in ("办理/口令单.xlsx", "发件/outbox.jsonl", *named):
        assert (out / name.replace("学校名", SCHOOL)).exists(), name


def test_the_guide_covers_what_a_clerk_must_know() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    for word in (
        "kbxt.toml",
        "[mail]",
        "授权码",
        "口令",
        "kbxt status",
        "--remind",
        "kbxt fetch",
        "kbxt forget",
        "核实无误",
        "下一期",
        "自己做一张表",
    ):
        assert word in text, word
