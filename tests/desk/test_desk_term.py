"""A clerk's whole term by the page alone: blanks, returns, three rounds by mail on real servers, the next period."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import openpyxl
import pytest
from fictional import FAULTS, make_district
from open_desk import WAIT, at_work
from playwright.sync_api import BrowserContext, Error, Page, expect

sys.path.append(str(Path(__file__).parents[1] / "mail"))
from imap_server import Front, dovecot, put
from post_office import CODE, USER, Office, post_office

from kbxt_merge.intake.formats.encryption import unlocked
from kbxt_merge.mail.encrypt import sealed
from kbxt_merge.model.mail_account import Security

PLANTED = (("id-checksum", "1-2"), ("grade-age-mismatch", "3"))
"""What is wrong in the returns of one school: an error, and what a bureau may confirm."""
PASSWORD = "liulian-27"
_NUMBERED = "all => all.map(each => [each.dataset.number, each.textContent])"


@dataclass
class Clerk:
    """Whoever works the round in a browser, and the schools that get and send mails."""

    tab: Page
    host: str
    office: Office
    box: Front
    made: Path
    schools: Mapping[str, str]
    """Each by its name, with its address: the one that has something to correct first, then the others in order."""
    read: int = 0

    def goes_to(self, path: str) -> None:
        self.tab.goto(f"http://{self.host}{path}")

    def heard(self) -> int:
        """How many lines were told until now."""
        return int(self.tab.locator("body").get_attribute("data-heard") or 0)

    def hears(self, text: str, since: int) -> None:
        """A line on the first page tells how it went: one that came after so many."""
        until = time.monotonic() + WAIT / 1000
        while time.monotonic() < until:
            with suppress(Error):  # the page may just be loading itself anew
                lines = self.tab.locator("#log li.done").evaluate_all(_NUMBERED)
                if any(int(number) > since and text in told for number, told in lines):
                    return
            time.sleep(0.05)
        raise AssertionError((text, lines))

    def sets(self, **values: str) -> None:
        self.goes_to("/settings")
        self.tab.get_by_text("其他设置").click()
        for key, value in values.items():
            self.tab.locator(f"[name='{key.replace('__', '.')}']").fill(value)
        with self.tab.expect_navigation():
            self.tab.get_by_role("button", name="保存").click()
        expect(self.tab.get_by_role("alert")).to_have_count(0)

    def hands_out(self, period: str) -> set[str]:
        """Make a period's blanks and mail them; the schools that got them."""
        self.goes_to("/blanks")
        self.tab.get_by_label("学期或月份").fill(period)
        self.tab.get_by_label("每校一个工作簿").check()
        since = self.heard()
        self.tab.get_by_role("button", name="生成").click()
        self.hears(f"下发{period}", since)
        self.goes_to("/blanks")
        since = self.heard()
        row = self.tab.locator("form[action='/blanks/send']", has_text=f"下发{period}")
        row.get_by_label("授权码").fill(CODE)
        row.get_by_role("button", name="按校发到邮箱").click()
        self.hears("3 所学校", since)
        return self.got_mail()

    def sends(self, *, remind: bool = False) -> set[str]:
        """Send to all that the page has chosen; the schools that got a mail."""
        self.goes_to(f"/letters?remind={int(remind)}")
        since = self.heard()
        self.tab.locator("form[action='/letters/send']").get_by_label("授权码").fill(CODE)
        self.tab.get_by_role("button", name="发给选中的学校").click()
        self.hears("所学校：", since)
        return self.got_mail()

    def fetches(self) -> None:
        """Fetch, and wait until what came is merged."""
        self.goes_to("/letters")
        since = self.heard()
        self.tab.locator("form[action='/letters/fetch']").get_by_label("授权码").fill(CODE)
        self.tab.get_by_role("button", name="收信").click()
        self.hears("汇总完成", since)

    def got_mail(self) -> set[str]:
        owners = {address: school for school, address in self.schools.items()}
        new, self.read = self.office.recipients[self.read :], len(self.office.recipients)
        return {owners[address] for addresses in new for address in addresses}

    def returns(self, school: str, which: str) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted((self.made / which / "inbox").glob(f"{school}*"))}

    def attached(self, school: str, part: str) -> tuple[str, bytes]:
        """The workbook of the last mail to a school whose name has this part."""
        mail = next(each for each in reversed(self.office.taken) if each["To"] == self.schools[school])
        for each in mail.iter_attachments():
            name, content = str(each.get_filename()), each.get_payload(decode=True)
            if part in name and name.endswith(".xlsx"):
                assert isinstance(content, bytes)
                return name, content
        raise AssertionError([each.get_filename() for each in mail.iter_attachments()])

    def mailed_by(self, school: str, when: str, files: Mapping[str, bytes]) -> None:
        """A mail of a school comes in."""
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"], mail["Subject"] = self.schools[school], USER, f"{school}报表"
        mail["Message-ID"] = f"<{when.replace(' ', '.')}@school.example>"
        mail.set_content("见附件。")
        for name, content in files.items():
            mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
        put(self.box, mail.as_bytes(), f'"{when} +0800"')

    def corrected(self, school: str, slug: str) -> dict[str, bytes]:
        """What a school makes of its marked workbook: opened by its password, the red cell as the sound one has it."""
        name, content = self.attached(school, slug)
        book = openpyxl.load_workbook(io.BytesIO(unlocked(content, (PASSWORD,))))
        (sound,) = (path for path in (self.made / "sound" / "inbox").glob(f"{school}*{slug}*"))
        wanted = openpyxl.load_workbook(sound).worksheets[0]
        for row in wanted.iter_rows():
            for cell in row:
                here = book[wanted.title][cell.coordinate]
                if here.value != cell.value and hasattr(here, "column_letter"):
                    here.value = cell.value
        saved = io.BytesIO()
        book.save(saved)
        return {name: sealed(saved.getvalue(), PASSWORD)}


@pytest.fixture
def clerk(tmp_path: Path, window: BrowserContext) -> Iterator[Clerk]:
    """A desk in a folder in which there is nothing yet, a post office, and a mailbox."""
    faults = [next(key for key in FAULTS if key[:2] == planted) for planted in PLANTED]
    truth = make_district(tmp_path / "made" / "faulty", schools=3, seed=5, variants=False, faults=faults)
    make_district(tmp_path / "made" / "sound", schools=3, seed=5, variants=False)
    sheet = openpyxl.load_workbook(tmp_path / "made" / "sound" / "roster.xlsx").worksheets[0]
    rows = sheet.iter_rows(min_row=2, values_only=True)
    in_order = sorted(rows, key=lambda row: str(row[1]) not in truth[0].file)
    schools = {str(row[1]): str(row[6]) for row in in_order}
    (tmp_path / "局里").mkdir()
    with (
        dovecot() as port,
        post_office(security=Security.NONE) as office,
        at_work(tmp_path / "局里", period=None, as_of=None) as desk,
    ):
        page = window.new_page()
        page.goto(desk.urls[0])
        yield Clerk(page, desk.host, office, Front(port, user=USER), tmp_path / "made", schools)


def test_a_term_is_worked_by_the_page_alone(clerk: Clerk) -> None:
    tab, (wrong, clean, silent) = clerk.tab, clerk.schools
    everybody = set(clerk.schools)

    # before the term: the mailbox, the roster, the blanks
    expect(tab.get_by_role("heading", level=1)).to_have_text("还没有学校的表。")
    clerk.sets(
        period="2021春", as_of="2021-03-20", mail__user=USER, mail__host="127.0.0.1", mail__port=str(clerk.office.port),
        mail__security="none", mail__pace_seconds="0", mail__imap_host="127.0.0.1", mail__imap_security="none",
        mail__imap_port=str(clerk.box.behind),
    )  # fmt: skip
    clerk.goes_to("/roster")
    for number, (school, address) in enumerate(clerk.schools.items()):
        tab.locator(f"[name='new{number}.name']").fill(school)
        tab.locator(f"[name='new{number}.email']").fill(address)
        tab.locator(f"[name='new{number}.password']").fill(PASSWORD)
    tab.get_by_role("button", name="保存").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("学校名册（3）")
    assert clerk.hands_out("2021春") == everybody

    # the first round: an error, something to be confirmed, and nothing at all
    for minute, school in enumerate((wrong, clean)):
        clerk.mailed_by(school, f"13-Mar-2021 09:0{minute}:00", clerk.returns(school, "faulty"))
    clerk.fetches()
    expect(tab.get_by_role("heading", level=1)).to_have_text("3 所学校，2 所已交；其中 1 所还有要改的。")
    expect(tab.get_by_text("邮箱上次查看")).to_be_visible()
    assert clerk.sends() == everybody

    # the second: one corrects its workbook, what is left of it is confirmed at the desk, another is reminded
    clerk.mailed_by(wrong, "16-Mar-2021 09:00:00", clerk.corrected(wrong, "1-2"))
    clerk.fetches()
    expect(tab.get_by_role("row", name=wrong).get_by_text("改好1")).to_be_visible()
    tab.get_by_role("link", name=wrong).click()
    finding = tab.locator(".finding.warning")
    finding.get_by_text("核实无误…").click()
    finding.get_by_label("理由").fill("因病休学一年")
    finding.get_by_role("button", name="核实无误").click()
    expect(tab.locator(".finding", has_text="本局核实：因病休学一年")).to_be_visible(timeout=WAIT)
    tab.get_by_role("link", name="信件", exact=True).click()
    tab.get_by_role("link", name="催报名单").click()
    expect(tab.get_by_role("row", name=silent)).to_contain_text("一张表都没有报")
    assert f"一张表都没有报（1 所）：{silent}" in tab.get_by_label("群发文字").input_value()
    assert clerk.sends(remind=True) == {silent}
    clerk.sends()

    # the third: what was left; then nothing is to be done any more
    clerk.mailed_by(silent, "19-Mar-2021 09:00:00", clerk.returns(silent, "sound"))
    clerk.fetches()
    expect(tab.get_by_role("heading", level=1)).to_have_text("3 所学校，3 所已交；没有须改的。")
    expect(tab.locator(".steps li")).to_have_text(["都办好了：没有要改、要催、要看的。"])
    assert silent in clerk.sends()

    # the next period: what is still open goes out, comes back, and the spring is kept
    assert clerk.hands_out("2021秋") == everybody
    clerk.goes_to("/blanks")
    since = clerk.heard()
    tab.locator("form[action='/period']").get_by_role("button", name="开始").click()
    expect(tab.get_by_text("这一期没有必须修改的问题了。")).to_be_visible()
    tab.get_by_role("button", name="确定开始").click()
    clerk.hears("已开始2021 年秋季学期；上期交来的文件在“收件夹2021春”里", since)
    expect(tab.get_by_role("heading", level=1)).to_have_text("还没有学校的表。")
    for view in ("/findings", "/owing", "/summaries"):
        clerk.goes_to(view)
        expect(tab.get_by_text("这一期还没有收到学校的表")).to_be_visible()
    expect(tab.get_by_text("还没有本期的汇总结果；下面是以前写成的")).to_be_visible()
    clerk.sets(as_of="2021-09-20")
    name, content = clerk.attached(wrong, "")
    clerk.mailed_by(wrong, "13-Sep-2021 09:00:00", {name: content})
    clerk.fetches()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("3 所学校，1 所已交")
    expect(tab.locator(".period")).to_have_text("2021 年秋季学期")
    tab.get_by_role("link", name="汇总", exact=True).click()
    expect(tab.get_by_role("link", name="2021春 › 核查报告.html")).to_be_visible()
