"""Four rounds over real servers: the clerk runs commands, the schools answer by mail, nobody touches a file.

The period's blanks go out; then returns with faults, a cloud link and a mail that bounces; corrections in the locked
workbooks, one of them wrong; the rest; and a school that corrects unasked.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from fictional import FAULTS, make_district
from imap_server import Front, put
from post_office import CODE, USER, Office, post_office

from kbxt_merge.cli import main
from kbxt_merge.intake.formats.encryption import unlocked
from kbxt_merge.mail.encrypt import sealed
from kbxt_merge.model.mail_account import Security

WRONG, TWICE_WRONG, UNLIKELY, IN_CLOUD, MISDIRECTED, CORRECTS, CLEAN = (
    "赣县区江口清溪小学",
    "赣县区江口清溪中学",
    "赣县区王母渡松林学校",
    "赣县区王母渡育英小学",
    "赣县区韩坊清溪小学",
    "赣县区韩坊清溪中学",
    "赣县区沙地松林学校",
)
PLANTED = {
    WRONG: ("id-checksum", "1-2"),
    TWICE_WRONG: ("sex-id-mismatch", "3"),
    UNLIKELY: ("grade-age-mismatch", "3"),
}
LINK = "https://mail.163.com/large-attachment-download/index.html?p=X-NETEASE-HUGE-ATTACHMENT&file=abc"
Files = Mapping[str, bytes]


def run(*arguments: str | Path, ends: int = 0) -> Result:
    """The command, which must end so."""
    done = CliRunner().invoke(main, list(map(str, arguments)), env={"KBXT_MAIL_PASSWORD": CODE})
    assert done.exit_code == ends, done.output
    return done


class Bureau:
    """A clerk at the command line, and the schools that get and send mails."""

    def __init__(self, folder: Path, office: Office, server: int) -> None:
        self.folder, self.office, self.box = folder, office, Front(server, user=USER)
        self.inbox, self.out = folder / "收件夹", folder / "结果"
        self.passwords: dict[str, str] = {}
        self._read = 0
        make_district(folder / "faulty", schools=7, seed=5, variants=False, faults=_faults())
        make_district(folder / "sound", schools=7, seed=5, variants=False)
        self.addresses = self._write_roster()
        mail = [
            f'user = "{USER}"', 'host = "127.0.0.1"', f"port = {office.port}", 'security = "none"',
            "pace_seconds = 0", 'imap_host = "127.0.0.1"', f"imap_port = {server}", 'imap_security = "none"',
        ]  # fmt: skip
        settings = ['period = "2021春"', "as_of = 2021-03-20", "jobs = 0", "[mail]", *mail]
        (folder / "kbxt.toml").write_text("\n".join(settings), encoding="utf-8")

    def _write_roster(self) -> dict[str, str]:
        """The fictional roster with a password for one school and an address that nobody has for another."""
        book = openpyxl.load_workbook(self.folder / "sound" / "roster.xlsx")
        sheet = book.worksheets[0]
        sheet["H1"] = "口令"
        addresses = {}
        for row in sheet.iter_rows(min_row=2):
            school = str(row[1].value)
            addresses[school] = str(row[6].value)
            if school == MISDIRECTED:
                row[6].value = "gone@example.test"
            if school == WRONG:
                sheet.cell(row[0].row, 8, "liulian-27")
                self.passwords[school] = "liulian-27"
        book.save(self.folder / "学校名册.xlsx")
        return addresses

    def correct_address(self) -> None:
        """The clerk asks the school by telephone, and corrects the roster."""
        path = self.folder / "学校名册.xlsx"
        book = openpyxl.load_workbook(path)
        (cell,) = (cell for cell in book.worksheets[0]["G"] if cell.value == "gone@example.test")
        cell.value = self.addresses[MISDIRECTED]
        book.save(path)

    def round(self) -> set[str]:
        """Fetch, merge and send; the schools that a mail went to."""
        run("fetch", "--to", self.inbox)
        self.told = run("merge", self.inbox, "--out", self.out).stdout
        return self.send()

    def send(self, *options: str | Path) -> set[str]:
        """Send, note the passwords told, and give the schools that got a mail by it."""
        done = run("send", self.out, *options)
        self.passwords |= dict(re.findall(r"^    (\S+)  (\S+)$", done.stderr, re.M))
        owners = {address: school for school, address in {**self.addresses, "": ""}.items()}
        new = self.office.recipients[self._read :]
        return {owners.get(address, MISDIRECTED) for addresses in new for address in addresses}

    def got(self, school: str) -> EmailMessage:
        """The last mail to a school."""
        self._read = len(self.office.taken)
        return next(each for each in reversed(self.office.taken) if each["To"] == self.addresses[school])

    def done_reading(self) -> None:
        self._read = len(self.office.taken)

    def returns(self, school: str, which: str = "sound") -> Files:
        return {path.name: path.read_bytes() for path in sorted((self.folder / which / "inbox").glob(f"{school}*"))}

    def mails_in(self, school: str, minute: int, files: Files, text: str = "见附件。") -> None:
        """A mail of a school comes in, so many minutes after nine."""
        mail = EmailMessage(policy=SMTP)
        mail["From"] = f"{school},老师 <{self.addresses[school]}>"
        mail["To"] = USER
        mail["Subject"] = f"{school}报表"
        mail["Message-ID"] = f"<{minute}.{len(files)}@school.example>"
        mail.set_content(text)
        for name, content in files.items():
            mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
        put(self.box, mail.as_bytes(), f'"13-Mar-2021 09:{minute:02d}:00 +0800"')

    def bounces(self, address: str) -> None:
        now = dt.datetime.now(dt.UTC)
        report = (
            f"From: Mail Delivery <postmaster@example.test>\r\nTo: {USER}\r\nSubject: Undeliverable\r\n"
            f"Message-ID: <{now.timestamp()}@example.test>\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: text/plain\r\n\r\nno such user\r\n"
            f"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
            f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
        )
        put(self.box, report.encode(), f'"{now:%d-%b-%Y %H:%M:%S} +0000"')

    def answered(self, school: str, *, rightly: bool = True) -> Files:
        """What a school makes of the workbooks that it got: opened by its password, answered and saved with it."""
        answers = {}
        for part in self.got(school).iter_attachments():
            name = str(part.get_filename())
            if name.endswith(".xlsx"):
                content = part.get_payload(decode=True)
                assert isinstance(content, bytes)
                book = unlocked(content, (self.passwords[school],))
                answers[name] = sealed(self._corrected(book, school, rightly), self.passwords[school])
        return answers

    def _corrected(self, content: bytes, school: str, rightly: bool) -> bytes:
        """Errors corrected to what the sound workbook says (`rightly`), warnings verified, as 核查意见 asks for."""
        book = openpyxl.load_workbook(io.BytesIO(content))
        (slug,) = (slug for name, (_, slug) in PLANTED.items() if name == school)
        sound = openpyxl.load_workbook(self.folder / "sound" / "inbox" / f"{school}附件{slug}.xlsx")
        opinions = book["核查意见"]
        columns = {cell.value: cell.column for cell in opinions[3]}
        for row in range(4, opinions.max_row + 1):
            severity, name, cell = (
                str(opinions.cell(row, columns[each]).value) for each in ("级别", "工作表", "单元格")
            )
            if severity == "请核实":
                opinions.cell(row, columns["处理"], "核实无误")
                opinions.cell(row, columns["说明"], "该生因病休学，复学后随低年级就读")
            elif severity == "必须修改":
                book[name][cell].value = sound[name][cell].value if rightly else "未知"
                opinions.cell(row, columns["处理"], "已改")
        saved = io.BytesIO()
        book.save(saved)
        return saved.getvalue()

    def asked(self) -> set[tuple[str, str]]:
        """(school, rule) of all that is asked of schools."""
        with (self.out / "data" / "findings.csv").open(encoding="utf-8-sig", newline="") as stream:
            return {(row["school"], row["rule"]) for row in csv.DictReader(stream) if row["severity"] != "info"}

    def status(self) -> str:
        return run("status", self.out).stdout


def _faults() -> list[object]:
    return [next(key for key in FAULTS if key[:2] == fault) for fault in PLANTED.values()]  # in the roster's order


@pytest.fixture
def bureau(tmp_path: Path, server: int) -> Iterator[Bureau]:
    with post_office(security=Security.NONE) as office:
        yield Bureau(tmp_path, office, server)


def test_four_rounds_end_clean_without_a_hand_on_the_files(bureau: Bureau) -> None:
    everybody = set(bureau.addresses)
    run("blanks", "--out", bureau.folder / "下发", "--bundle")
    assert bureau.send("--blanks", bureau.folder / "下发") == everybody
    bureau.done_reading()

    # the first round: returns with faults, a link, and an address that nobody has
    for minute, school in enumerate((WRONG, TWICE_WRONG, UNLIKELY, CORRECTS, CLEAN)):
        bureau.mails_in(school, minute, bureau.returns(school, "faulty"))
    bureau.mails_in(IN_CLOUD, 9, {}, f"报表见超大附件：{LINK}")
    bureau.bounces("gone@example.test")
    assert bureau.round() == everybody
    planted = {(school, rule) for school, (rule, _) in PLANTED.items()}
    silent = {(school, "school-not-returned") for school in (IN_CLOUD, MISDIRECTED)}
    assert bureau.asked() == planted | silent
    assert "核查无误" in str(bureau.got(CLEAN)["Subject"])
    assert "尚未报送" in str(bureau.got(IN_CLOUD)["Subject"])
    assert set(bureau.passwords) == {WRONG, TWICE_WRONG, UNLIKELY}
    assert LINK in bureau.status()

    # the second: answers in the locked workbooks, one of them wrong again; the bounce names its school
    bureau.bounces("gone@example.test")
    bureau.mails_in(WRONG, 20, bureau.answered(WRONG))
    bureau.mails_in(TWICE_WRONG, 21, bureau.answered(TWICE_WRONG, rightly=False))
    bureau.mails_in(UNLIKELY, 22, bureau.answered(UNLIKELY))
    bureau.mails_in(IN_CLOUD, 23, bureau.returns(IN_CLOUD))
    run("fetch", "--to", bureau.inbox)
    shown = bureau.status()
    assert re.search(f"{MISDIRECTED}.*gone@example.test", shown)
    bureau.correct_address()
    assert bureau.round() == {WRONG, TWICE_WRONG, UNLIKELY, IN_CLOUD, MISDIRECTED}
    assert {school for school, _ in bureau.asked()} == {TWICE_WRONG, MISDIRECTED}
    assert "必须修改" in str(bureau.got(TWICE_WRONG)["Subject"])
    shown = bureau.status()
    assert LINK not in shown
    assert "gone@example.test" not in shown
    fixed = (bureau.out / "核查报告.html").read_text(encoding="utf-8")
    assert "已改正的问题" in fixed

    # the third: what was left
    bureau.mails_in(TWICE_WRONG, 30, bureau.answered(TWICE_WRONG))
    bureau.mails_in(MISDIRECTED, 31, bureau.returns(MISDIRECTED))
    assert bureau.round() == {TWICE_WRONG, MISDIRECTED}
    assert bureau.asked() == set()
    bureau.done_reading()

    # the fourth: a school corrects a word unasked, and nobody is told anything
    files = bureau.returns(CORRECTS)
    name = next(each for each in files if "附件3" in each)
    book, saved = openpyxl.load_workbook(io.BytesIO(files[name])), io.BytesIO()
    book.worksheets[0]["F4"] = "赣县区韩坊镇某村"
    book.save(saved)
    bureau.mails_in(CORRECTS, 40, {name.replace(".xlsx", "（更正）.xlsx"): saved.getvalue()})
    assert bureau.round() == set()
    assert bureau.asked() == set()
    assert bureau.round() == set()
    assert "没有变化" in bureau.told
    assert "7/7" in bureau.status()

    with (bureau.folder / "sound" / "records.csv").open(encoding="utf-8-sig", newline="") as stream:
        wanted = sum(1 for _ in csv.DictReader(stream))
    kept = [path.read_text(encoding="utf-8-sig") for path in (bureau.out / "data").glob("records-*.csv")]
    assert sum(len(list(csv.DictReader(io.StringIO(each)))) for each in kept) == wanted
