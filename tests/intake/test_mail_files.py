"""Mails that a clerk saves are opened as archives are: each attachment is a file of its own, below the mail."""

from __future__ import annotations

import base64
import datetime as dt
import struct
from email.message import EmailMessage
from pathlib import Path

import pytest
from cast import listed
from made_mails import compound, mail, message_of, winmail
from made_workbooks import written, zipped
from sheets import FORMS
from test_read_file import save

from kbxt_merge.intake.inbox.listing import content, walk
from kbxt_merge.intake.inbox.tnef import _properties
from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Reading

LIMITS = Limits()
READ = ReadReturn(FORMS, LIMITS)
NAME = "附件1-2.xlsx"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("book")
    return save(folder / NAME, listed("1-2", "| 姓名 |\n| 赖小满 |", sheet="名单")).read_bytes()


def outcome(inbox: Path) -> dict[str, str]:
    """Of each file the forms on it, or why it was not read."""
    return {reading.file.path: _told(reading) for reading in map(READ, walk(inbox, LIMITS, jobs=0))}


def _told(reading: Reading) -> str:
    if reading.problem:
        return f"{reading.problem.slug}: {reading.problem.facts['what']}"
    return " ".join(sheet.form for sheet in reading.sheets)


def test_what_is_attached_to_a_mail_is_read(tmp_path: Path, book: bytes) -> None:
    written(tmp_path, "梅林小学.eml", bytes(mail({NAME: book, "smime.p7s": b"\x30\x80\0\0"})))
    assert outcome(tmp_path) == {
        "梅林小学.eml": "file-container: eml",
        f"梅林小学.eml/{NAME}": "1-2",
        "梅林小学.eml/smime.p7s": "file-other: signature",
    }


def test_an_attachment_is_as_old_as_its_mail(tmp_path: Path, book: bytes) -> None:
    written(tmp_path, "a.eml", bytes(mail({NAME: book})))
    _, file = walk(tmp_path, LIMITS, jobs=0)
    assert dt.datetime.fromtimestamp(file.modified, dt.UTC) == dt.datetime(2021, 3, 12, 1, 15, 30, tzinfo=dt.UTC)
    assert content(file, LIMITS) == book


CHECKED = "mx.163.com; spf={spf} smtp.mailfrom=school.example; dkim={dkim} header.d=school.example"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("mx.163.com; dmarc=fail header.from=school.example", "file-unreadable: mail-forged"),
        (CHECKED.format(spf="fail", dkim="none"), "file-unreadable: mail-forged"),
        (CHECKED.format(spf="fail", dkim="pass"), "file-container: eml"),
        (CHECKED.format(spf="pass", dkim="pass"), "file-container: eml"),
        ("", "file-container: eml"),
    ],
)
def test_nothing_in_a_mail_whose_sender_is_forged_is_taken(
    said: str, expected: str, tmp_path: Path, book: bytes
) -> None:
    message = mail({NAME: book})
    if said:
        message["Authentication-Results"] = said
    written(tmp_path, "a.eml", bytes(message))
    attached = {f"a.eml/{NAME}": "1-2"} if expected == "file-container: eml" else {}
    assert outcome(tmp_path) == {"a.eml": expected, **attached}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<html><table>" + "<tr><td>1</td><td>赖小满</td><td>女</td></tr>" * 3 + "</table></html>", "mail-forged"),
        ("请下载：https://pan.baidu.com/s/1aB2cD3eF4gH 提取码 1234", "mail-forged"),
        ("见上次的表", "mail-alone"),
    ],
)
def test_nor_is_what_its_text_holds_or_leads_to(text: str, expected: str, tmp_path: Path) -> None:
    message = mail({}, text)
    message["Authentication-Results"] = "mx.163.com; dmarc=fail header.from=school.example"
    written(tmp_path, "a.eml", bytes(message))
    assert [each.split(": ")[1] for each in outcome(tmp_path).values()] == [expected]


def test_what_lies_in_a_mail_knows_its_sender_in_an_archive_too(tmp_path: Path, book: bytes) -> None:
    message = mail({"材料.zip": zipped({NAME: book})})
    message.replace_header("From", '"茅店中学, <b@school.example>" <meilin@school.example>')
    written(tmp_path, "a.eml", bytes(message))
    senders = {file.path: file.sender for file in walk(tmp_path, LIMITS, jobs=0)}
    sent = "meilin@school.example"
    assert senders == {"a.eml": "", "a.eml/材料.zip": sent, f"a.eml/材料.zip/{NAME}": sent}


def test_a_forwarded_mail_is_opened_too_even_where_it_is_encoded(tmp_path: Path, book: bytes) -> None:
    forwarded = EmailMessage()
    forwarded["From"], forwarded["Date"] = "zx@school.example", "Fri, 12 Mar 2021 09:15:30 +0800"
    forwarded.set_content("转发")
    forwarded.add_attachment(mail({NAME: book}))
    written(tmp_path, "a.eml", bytes(forwarded))
    encoded = base64.encodebytes(bytes(mail({NAME: book}))).decode()
    written(
        tmp_path,
        "b.eml",
        (
            "From: zx@school.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
            f"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{encoded}\n--b--\n"
        ).encode(),
    )
    assert outcome(tmp_path) == {
        "a.eml": "file-container: eml",
        f"a.eml/{NAME}": "1-2",
        "b.eml": "file-container: eml",
        f"b.eml/{NAME}": "1-2",
    }


def test_an_archive_in_a_mail_and_a_mail_in_an_archive_are_opened(tmp_path: Path, book: bytes) -> None:
    written(tmp_path, "a.eml", bytes(mail({"材料.zip": zipped({NAME: book})})))
    written(tmp_path, "b.zip", zipped({"上报.eml": bytes(mail({NAME: book}))}))
    assert outcome(tmp_path) == {
        "a.eml": "file-container: eml",
        "a.eml/材料.zip": "file-container: zip",
        f"a.eml/材料.zip/{NAME}": "1-2",
        "b.zip": "file-container: zip",
        "b.zip/上报.eml": "file-container: eml",
        f"b.zip/上报.eml/{NAME}": "1-2",
    }


def test_a_table_pasted_into_a_mail_is_read_and_one_that_only_lays_out_a_signature_is_no_fault(tmp_path: Path) -> None:
    rows = listed("1-2", "| 姓名 |\n| 赖小满 |").rows
    table = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row if cell is not None)}</tr>" for row in rows)
    written(tmp_path, "a.eml", bytes(mail({}, f"<html><body><table>{table}</table></body></html>")))
    written(tmp_path, "b.eml", bytes(mail({}, "<html><table><tr><td>教导处</td><td>赖老师</td></tr></table></html>")))
    written(tmp_path, "c.eml", bytes(mail({}, "<html><p>请查收</p></html>")))
    written(tmp_path, "d.eml", bytes(mail({}, '<a href="https://www.kdocs.cn/l/abc">附件3</a>')))
    assert outcome(tmp_path) == {
        "a.eml": "file-container: eml",
        "a.eml/ATT00000 正文.htm": "1-2",
        "b.eml": "file-other: mail-alone",
        "c.eml": "file-other: mail-alone",
        "d.eml": "file-unreadable: mail-link",
    }


def test_an_attachment_without_a_name_gets_one(tmp_path: Path, book: bytes) -> None:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    text = base64.encodebytes(book).decode()
    raw = f"From: a@b.example\nSubject: x\nContent-Type: {kind}\nContent-Transfer-Encoding: base64\n\n{text}"
    written(tmp_path, "a.eml", raw.encode())
    assert outcome(tmp_path) == {"a.eml": "file-container: eml", "a.eml/未命名文件.xlsx": "1-2"}


def test_a_saved_web_page_is_no_mail(tmp_path: Path) -> None:
    page = (
        b"From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/related;\r\n\tboundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n--b--\r\n"
    )
    written(tmp_path, "a.mht", page)
    assert outcome(tmp_path) == {"a.mht": "file-unreadable: html"}


def test_what_is_attached_to_a_message_of_outlook_is_read(tmp_path: Path, book: bytes) -> None:
    forwarded = message_of({NAME: book}, "转发：上报")
    written(tmp_path, "梅林小学.msg", compound(message_of({"附件3.xlsx": book, "x": forwarded})))
    assert outcome(tmp_path) == {
        "梅林小学.msg": "file-container: msg",
        "梅林小学.msg/附件3.xlsx": "1-2",
        f"梅林小学.msg/转发：上报/{NAME}": "1-2",
    }


def test_a_message_under_the_name_of_a_workbook_is_told_and_not_passed_over(tmp_path: Path, book: bytes) -> None:
    data = compound(message_of({NAME: book}))
    written(tmp_path, "附件3.xls", data)
    assert outcome(tmp_path) == {"附件3.xls": "file-unreadable: unlisted"}
    written(tmp_path, "附件3.xls", data[: len(data) // 2])
    assert outcome(tmp_path)["附件3.xls"].startswith("file-unreadable: ")


@pytest.mark.parametrize("long_names", [False, True])
def test_winmail_is_opened_its_names_in_gbk_or_in_unicode(tmp_path: Path, book: bytes, long_names: bool) -> None:
    written(tmp_path, "winmail.dat", winmail({NAME: book}, long_names))
    assert outcome(tmp_path) == {"winmail.dat": "file-container: tnef", f"winmail.dat/{NAME}": "1-2"}


def test_a_property_of_billions_of_values_is_not_believed() -> None:
    many = struct.pack("<IHHI", 1, 0x1003, 1, 0xFFFFFFFF)
    with pytest.raises(EOFError):
        list(_properties(many + bytes(8)))


@pytest.mark.parametrize("odd", [0x0000, 0x0001, 0x00FD, 0x0FFF])
def test_a_property_of_a_type_that_nobody_knows_costs_what_stands_behind_it(
    tmp_path: Path, book: bytes, odd: int
) -> None:
    """Here the long name: the file has its short one, and is read."""
    written(tmp_path, "winmail.dat", winmail({NAME: book}, long_names=True, number_type=odd))
    assert outcome(tmp_path) == {"winmail.dat": "file-container: tnef", "winmail.dat/附件1~1.XLS": "1-2"}


def test_winmail_in_a_mail_is_opened_and_a_damaged_one_is_told(tmp_path: Path, book: bytes) -> None:
    whole = winmail({NAME: book})
    written(tmp_path, "a.eml", bytes(mail({"winmail.dat": whole})))
    written(tmp_path, "winmail.dat", whole[:-100])
    assert outcome(tmp_path) == {
        "a.eml": "file-container: eml",
        "a.eml/winmail.dat": "file-container: tnef",
        f"a.eml/winmail.dat/{NAME}": "1-2",
        "winmail.dat": "file-unreadable: truncated",
    }
