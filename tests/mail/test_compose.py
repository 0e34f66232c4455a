"""A school's mail says what to do and brings its files, and gives away nothing about a child on the way."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import io
import re
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest
from py7zr import SevenZipFile
from py7zr.exceptions import PasswordRequired
from py7zr.io import BytesIOFactory

from kbxt_merge.errors import MailError
from kbxt_merge.intake.formats.encryption import unlocked
from kbxt_merge.mail.compose import Gist, Letter, Occasion, letter
from kbxt_merge.mail.outbox import Sent, file_outbox
from kbxt_merge.mail.passwords import PasswordList, passwords_made_beside
from kbxt_merge.mail.recipients import read_recipients
from kbxt_merge.mail.send import Fate, write_letters
from kbxt_merge.model.mail_account import MailAccount
from kbxt_merge.model.period import Period
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
FILES = f"""file,verdict,school,forms
一/{CHILD}.xlsx,merged-with-errors,第一小学,1-2
"""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """What a merge left."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "findings.csv").write_text(FINDINGS, encoding="utf-8-sig")
    (tmp_path / "data" / "files.csv").write_text(FILES, encoding="utf-8-sig")
    folder = tmp_path / "退回" / "第一小学"
    folder.mkdir(parents=True)
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = CHILD
    book.save(folder / f"{CHILD}.xlsx")
    (folder / "核查报告.html").write_text("<p>360***1239", encoding="utf-8")
    return tmp_path


def letters(out: Path, only: tuple[str, ...] = (), remind: bool = False, **occasion: object) -> list[Letter]:
    recipients = read_recipients(out, ROSTER, ASKING_FOR_RETURNS, only, remind)
    asked = {"due": dt.date(2021, 3, 31), "attachments": {"1-2": "附件 1-2"}, **occasion}
    asked = {"account": ACCOUNT, **asked}
    sending = Occasion("某区教育局", Period.parse("2021春"), remind=remind, **asked)  # type: ignore[arg-type]
    return [letter(each, sending, {}) for each in recipients]


def attachments(message: EmailMessage) -> dict[str, bytes]:
    return {str(each.get_filename()): each.get_payload(decode=True) for each in message.iter_attachments()}  # type: ignore[misc]


def test_every_school_of_the_roster_is_written_to_with_its_own_counts_and_files(out: Path) -> None:
    found = read_recipients(out, ROSTER, ASKING_FOR_RETURNS)
    assert [(each.school.name, each.counts[Severity.ERROR], len(each.files)) for each in found] == [
        ("第一小学", 1, 2),
        ("第二小学", 0, 0),
        ("第三小学", 0, 0),
    ]
    assert found[0].missing == ("统计表填了残疾儿童 2 人，没有收到附件3",)


def test_a_reminder_goes_to_schools_that_owe_a_return_or_a_correction(out: Path) -> None:
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
    assert sorted(attached) == ["核查报告.7z", "附件1-2（退回）.xlsx"]
    plain = unlocked(attached["附件1-2（退回）.xlsx"], [PASSWORD])
    assert openpyxl.load_workbook(io.BytesIO(plain)).worksheets[0]["A1"].value == CHILD
    with pytest.raises(Exception, match="encrypted"):
        unlocked(attached["附件1-2（退回）.xlsx"], ["wrong"])


def test_the_report_is_locked_as_the_workbooks_are_unless_told_otherwise(out: Path) -> None:
    report = (out / "退回" / "第一小学" / "核查报告.html").read_bytes()
    locked = attachments(letters(out)[0].message(NOW))["核查报告.7z"]
    assert "核查报告.html".encode("utf-16-le") not in locked
    with pytest.raises(PasswordRequired), SevenZipFile(io.BytesIO(locked)):
        pass
    factory = BytesIOFactory(1 << 20)
    with SevenZipFile(io.BytesIO(locked), password=PASSWORD) as archive:
        archive.extractall(factory=factory)
    assert {name: product.read() for name, product in factory.products.items()} == {"核查报告.html": report}
    told = attachments(letters(out, account=replace(ACCOUNT, plain_report=True))[0].message(NOW))
    assert sorted(told) == ["核查报告.html", "附件1-2（退回）.xlsx"]
    assert told["核查报告.html"].strip() == report
    assert sorted(attachments(letters(out, plain=True)[0].message(NOW))) == ["核查报告.html", "附件1-2（退回）.xlsx"]


def test_a_report_alone_is_locked_too(out: Path) -> None:
    (out / "退回" / "第一小学" / f"{CHILD}.xlsx").unlink()
    recipient = read_recipients(out, ROSTER, ASKING_FOR_RETURNS)[0]
    occasion = Occasion("某区教育局", Period.parse("2021春"), None, ACCOUNT)
    assert list(attachments(letter(recipient, occasion, {}).message(NOW))) == ["核查报告.7z"]
    nameless = replace(recipient, school=replace(recipient.school, password=""))
    with pytest.raises(ValueError, match="第一小学"):
        letter(nameless, occasion, {})


def test_a_plain_workbook_goes_as_it_is_where_asked(out: Path) -> None:
    attached = attachments(letters(out, plain=True)[0].message(NOW))
    assert attached["附件1-2（退回）.xlsx"] == (out / "退回" / "第一小学" / f"{CHILD}.xlsx").read_bytes()


def test_several_workbooks_of_a_form_and_one_of_no_known_form_are_told_apart(out: Path) -> None:
    folder = out / "退回" / "第一小学"
    for name in ("乙.xlsx", "丙.xlsx"):
        (folder / name).write_bytes((folder / f"{CHILD}.xlsx").read_bytes())
    (out / "data" / "files.csv").write_text(f"{FILES}二/乙.xlsx,merged,第一小学,1-2\n", encoding="utf-8-sig")
    names = set(attachments(letters(out, plain=True)[0].message(NOW)))
    assert names == {"核查报告.html", "报表（退回）.xlsx", "附件1-2（退回）.xlsx", "附件1-2（退回2）.xlsx"}


def test_a_made_password_is_one_for_a_school_and_period_and_kept(tmp_path: Path) -> None:
    out = tmp_path / "结果"
    made = PasswordList(out).of("2021春", ["第四小学", "第五小学"])
    assert all(re.fullmatch(r"[a-hjkmnp-z2-9]{10}", each) for each in made.values())
    assert PasswordList(out).of("2021春", ["第五小学"]) == {"第五小学": made["第五小学"]}
    later = PasswordList(out).of("2021秋", ["第四小学"])
    assert later["第四小学"] != made["第四小学"]
    beside = passwords_made_beside(tmp_path / "收件夹" / "x.xlsx", None)
    assert set(beside) == {*made.items(), *later.items()}
    assert (out / "办理" / "口令.jsonl").stat().st_mode & 0o077 == 0


def test_a_made_password_is_untold_until_it_was_told(tmp_path: Path) -> None:
    kept = PasswordList(tmp_path)
    kept.of("2021春", ["第四小学", "第五小学"])
    kept.tell("2021春", ["第四小学"])
    assert kept.untold("2021春", ["第四小学", "第五小学"]) == ["第五小学"]
    assert kept.untold("2021秋", ["第四小学"]) == ["第四小学"]


def test_a_letter_that_would_lock_without_a_password_is_a_fault_of_the_program(out: Path) -> None:
    roster = Roster((School("1", "第一小学", email="one@school.example"),))
    first = read_recipients(out, roster, ASKING_FOR_RETURNS)[0]
    with pytest.raises(ValueError, match="第一小学"):
        letter(first, Occasion("局", Period.parse("2021春"), None, ACCOUNT), {})


def test_a_mail_is_another_one_when_something_about_the_school_changed(out: Path) -> None:
    before = letters(out)[0].key
    findings, report = out / "data" / "findings.csv", out / "退回" / "第一小学" / "核查报告.html"
    report.write_text("<p>printed later", encoding="utf-8")
    findings.write_text(FINDINGS.replace("年级与年龄不符", "年级与年龄不一致"), encoding="utf-8-sig")
    assert letters(out, language="en", due=dt.date(2021, 4, 9))[0].key == before
    findings.write_text(FINDINGS.replace("九年级", "八年级"), encoding="utf-8-sig")
    assert letters(out)[0].key != before
    assert letters(out)[1].key != before


def test_a_reminder_is_another_mail_and_one_with_another_day_again_another(out: Path) -> None:
    keys = [
        letters(out)[0].key,
        letters(out, remind=True)[0].key,
        letters(out, remind=True, due=dt.date(2021, 4, 9))[0].key,
    ]
    assert len(set(keys)) == 3


GISTS = [
    ("", Gist.CLEAN),
    (",,,,第三小学,,school-not-returned,error,,没有收到,,", Gist.NOTHING_CAME),
    (",,,3,第三小学,,form-not-returned,error,,没有收到附件3,,", Gist.MISSING),
    ("一.xlsx,S,B4,5,第三小学,name,name-invalid,error,,不是姓名,,", Gist.ERRORS),
    (
        "坏.xlsx,,,,第三小学,,file-unreadable,error,,坏,,\n,,,,第三小学,,school-not-returned,error,,请催报,,",
        Gist.ERRORS,
    ),
    ("一.xlsx,S,B4,5,第三小学,name,name-odd,warning,,少见,,", Gist.VERIFY),
    ("一.xlsx,S,B4,5,第三小学,name,name-odd,info,,少见,,", Gist.CLEAN),
]


@pytest.mark.parametrize(("row", "gist"), GISTS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_mail_says_what_happened(row: str, gist: Gist, language: str, out: Path) -> None:
    (out / "data" / "findings.csv").write_text(f"{FINDINGS.splitlines()[0]}\n{row}\n", encoding="utf-8-sig")
    roster = Roster((School("3", "第三小学", email="three@school.example"),))
    (school,) = read_recipients(out, roster, ASKING_FOR_RETURNS)
    assert Gist.of(school) is gist
    asked = Occasion("局", Period.parse("2021-04"), dt.date(2021, 4, 30), ACCOUNT, language=language)  # type: ignore[arg-type]
    message = letter(school, asked, {}).message(NOW)
    texts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    assert len(texts) == 2
    assert not any("请催报" in text for text in texts)
    assert all(("4 月 30 日" in text or "2021-04-30" in text) == (gist is not Gist.CLEAN) for text in texts)


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


def test_what_a_reminder_said_is_not_said_again_and_a_reminder_may_follow_what_was_said(out: Path) -> None:
    said, reminder = (letters(out, remind=remind)[0] for remind in (False, True))
    later = letters(out, remind=True, due=dt.date(2021, 4, 9))[0]
    with file_outbox(out) as outbox:
        for sent, known in (
            (said, (Sent.SENT, Sent.NEVER, Sent.NEVER)),
            (reminder, (Sent.SENT, Sent.SENT, Sent.NEVER)),
            (later, (Sent.SENT, Sent.NEVER, Sent.SENT)),
        ):
            outbox.begin(sent.key, sent.school, sent.shown_address)
            outbox.sent(sent.key, "250 ok")
            assert tuple(outbox.state(each.key) for each in (said, reminder, later)) == known
