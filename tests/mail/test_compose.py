"""A school's mail says what to do and brings its files, and gives away nothing about a child on the way."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import io
import re
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest

from kbxt_merge.errors import MailError
from kbxt_merge.intake.formats.encryption import unlocked
from kbxt_merge.mail.compose import Letter, Occasion, letter
from kbxt_merge.mail.encrypt import made_passwords
from kbxt_merge.mail.recipients import Recipient, read_recipients
from kbxt_merge.mail.send import Fate, write_letters
from kbxt_merge.model.mail_account import MailAccount
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.school import Roster, School
from kbxt_merge.rules.catalogue import ASKING_FOR_RETURNS

CHILD, NUMBER, PASSWORD = "赵小明", "360704201003051239", "tianshu27"
NOW = dt.datetime(2021, 3, 20, 9, 0, tzinfo=dt.UTC)
ACCOUNT = MailAccount("smtp.example", user="jyj@bureau.example", sender_name="某区教育局", reply_to="bm@bureau.example")
FIRST = School("1", "第一小学", email="one@school.example", password=PASSWORD)
ROSTER = Roster((FIRST, School("2", "第二小学", email="two@school.example"), School("3", "第三小学")))
FINDINGS = f"""file,sheet,cell,form,school,field,rule,severity,value,message,suggestion,related
一/{CHILD}.xlsx,Sheet1,B4,5,第一小学,name,name-invalid,error,{NUMBER},“{CHILD}”不是姓名,,
一/{CHILD}.xlsx,Sheet1,C4,5,第一小学,grade,grade-age-mismatch,warning,九年级,年级与年龄不符,,
,,,3,第一小学,,form-not-returned,error,,统计表填了残疾儿童 2 人，没有收到附件3,,
,,,,第二小学,,school-not-returned,error,,没有收到任何表格,,
"""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """What a merge left."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "findings.csv").write_text(FINDINGS, encoding="utf-8-sig")
    folder = tmp_path / "退回" / "第一小学"
    folder.mkdir(parents=True)
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = CHILD
    book.save(folder / f"{CHILD}.xlsx")
    (folder / "核查报告.html").write_text("<p>360***1239", encoding="utf-8")
    return tmp_path


def letters(out: Path, only: tuple[str, ...] = (), remind: bool = False, **occasion: object) -> list[Letter]:
    recipients = read_recipients(out, ROSTER, ASKING_FOR_RETURNS, only, remind)
    sending = Occasion("某区教育局", "2021春", dt.date(2021, 3, 31), ACCOUNT, remind=remind, **occasion)  # type: ignore[arg-type]
    return [letter(each, sending, made_passwords(recipients)) for each in recipients]


def attachments(message: EmailMessage) -> dict[str, bytes]:
    return {str(each.get_filename()): each.get_payload(decode=True) for each in message.iter_attachments()}  # type: ignore[misc]


def test_every_school_of_the_roster_is_written_to_with_its_own_counts_and_files(out: Path) -> None:
    found = read_recipients(out, ROSTER, ASKING_FOR_RETURNS)
    assert [(each.school.name, each.counts[Severity.ERROR], len(each.files)) for each in found] == [
        ("第一小学", 2, 2),
        ("第二小学", 1, 0),
        ("第三小学", 0, 0),
    ]
    assert found[0].missing == ("统计表填了残疾儿童 2 人，没有收到附件3",)


def test_a_reminder_goes_to_schools_of_which_something_is_missing(out: Path) -> None:
    roster_names = [each.school for each in letters(out, remind=True)]
    assert roster_names == ["第一小学", "第二小学"]
    assert [each.school for each in letters(out, only=("第二小学",), remind=True)] == ["第二小学"]


def test_a_school_that_nobody_knows_and_an_out_without_a_merge_are_told(out: Path, tmp_path: Path) -> None:
    with pytest.raises(MailError, match="第九小学"):
        read_recipients(out, ROSTER, ASKING_FOR_RETURNS, ("第九小学",))
    with pytest.raises(MailError, match="kbxt merge"):
        read_recipients(tmp_path / "none", ROSTER, ASKING_FOR_RETURNS)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("remind", [False, True])
def test_nothing_that_can_be_read_on_the_way_names_a_child(language: str, remind: bool, out: Path) -> None:
    message = letters(out, language=language, remind=remind)[0].message(NOW)
    readable = str(message.as_bytes()) + "".join(
        part.get_content() if part.get_content_maintype() == "text" else str(part.get_filename())
        for part in message.walk()
        if not part.is_multipart()
    )
    assert message["Subject"]
    assert all(secret not in readable for secret in (CHILD, NUMBER, PASSWORD))


def test_the_workbook_opens_with_the_schools_password_and_no_other(out: Path) -> None:
    attached = attachments(letters(out)[0].message(NOW))
    assert sorted(attached) == ["核查报告.html", "退回表格-02.xlsx"]
    plain = unlocked(attached["退回表格-02.xlsx"], [PASSWORD])
    assert openpyxl.load_workbook(io.BytesIO(plain)).worksheets[0]["A1"].value == CHILD
    with pytest.raises(Exception, match="encrypted"):
        unlocked(attached["退回表格-02.xlsx"], ["wrong"])


def test_a_plain_workbook_goes_as_it_is_where_asked(out: Path) -> None:
    attached = attachments(letters(out, plain=True)[0].message(NOW))
    assert attached["退回表格-02.xlsx"] == (out / "退回" / "第一小学" / f"{CHILD}.xlsx").read_bytes()


def test_passwords_are_made_for_schools_that_have_none_and_get_workbooks(out: Path) -> None:
    first, second, _ = read_recipients(out, ROSTER, ASKING_FOR_RETURNS)
    without = Recipient(School("4", "第四小学"), second.counts, (), first.files)
    made = made_passwords([first, second, without])
    assert list(made) == ["第四小学"]
    assert re.fullmatch(r"[a-hjkmnp-z2-9]{10}", made["第四小学"])


def test_a_letter_that_would_lock_without_a_password_is_a_fault_of_the_program(out: Path) -> None:
    roster = Roster((School("1", "第一小学", email="one@school.example"),))
    first = read_recipients(out, roster, ASKING_FOR_RETURNS)[0]
    with pytest.raises(ValueError, match="第一小学"):
        letter(first, Occasion("局", "2021春", None, ACCOUNT), {})


def test_a_mail_is_another_one_when_what_it_brings_changes(out: Path) -> None:
    before = letters(out)[0].key
    assert letters(out, language="en")[0].key == before
    assert letters(out, remind=True)[0].key != before
    (out / "退回" / "第一小学" / "核查报告.html").write_text("<p>new", encoding="utf-8")
    assert letters(out)[0].key != before


def test_headers_say_from_whom_and_where_to_answer(out: Path) -> None:
    message = letters(out)[0].message(NOW)
    assert message["From"] == "某区教育局 <jyj@bureau.example>"
    assert (message["To"], message["Reply-To"]) == ("one@school.example", "bm@bureau.example")
    assert str(message["Date"]) == "Sat, 20 Mar 2021 09:00:00 +0000"


def test_a_dry_run_writes_the_same_mails_and_sends_none(out: Path) -> None:
    outcomes = list(write_letters(letters(out), out))
    assert [each.fate for each in outcomes] == [Fate.WRITTEN, Fate.WRITTEN, Fate.NO_ADDRESS]
    written = sorted(path.name for path in (out / "发件").iterdir())
    assert written == ["第一小学.eml", "第二小学.eml"]
    message = email.message_from_bytes((out / "发件" / "第一小学.eml").read_bytes(), policy=email.policy.default)
    assert message["To"] == "one@school.example"
    assert (out / "发件" / "第一小学.eml").stat().st_mode & 0o077 == 0
