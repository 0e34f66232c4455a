"""What a message brings comes out whole, with the names that its sender saw."""

from __future__ import annotations

import base64
import email
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbxt_merge.mail.parse_message import message_id, read_message
from kbxt_merge.model.attachment_names import attachment_name

NAME = "附件1-2 辍学学生登记汇总表（乗）.xlsx"
UTF, GBK = NAME.encode(), NAME.encode("gb18030")
assert b"\\" in GBK, "a byte that looks like an escape"


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def part(disposition: str | bytes, content_type: bytes = b"application/octet-stream") -> bytes:
    raw = disposition.encode() if isinstance(disposition, str) else disposition
    return b"Content-Type: " + content_type + b"\r\nContent-Disposition: " + raw + b"\r\n\r\nx"


FORMS = {
    "RFC 2231": f"attachment; filename*=utf-8''{quote(UTF)}",
    "RFC 2231 in GBK": f"attachment; filename*=GBK''{quote(GBK)}",
    "RFC 2231 continued, split in mid-character": (
        f"attachment;\r\n filename*0*=utf-8''{quote(UTF[:7])};\r\n filename*1*={quote(UTF[7:20])};\r\n"
        f" filename*2*={quote(UTF[20:])}"
    ),
    "RFC 2231 out of order": f"attachment; filename*1*={quote(GBK[5:])}; filename*0*=gb2312''{quote(GBK[:5])}",
    "RFC 2231 beside a plain one": f"attachment; filename=\"x.xlsx\"; filename*=utf-8''{quote(UTF)}",
    "RFC 2047 in quotes": f'attachment; filename="=?utf-8?B?{b64(UTF)}?="',
    "RFC 2047 without quotes": f"attachment; filename==?UTF-8?B?{b64(UTF)}?=",
    "RFC 2047 split in mid-character": (
        f'attachment; filename="=?UTF-8?B?{b64(UTF[:10])}?=\r\n =?UTF-8?B?{b64(UTF[10:])}?="'
    ),
    "RFC 2047 gb2312 that is GBK": f'attachment; filename="=?gb2312?B?{b64(GBK)}?="',
    "RFC 2047 gb2312, split in mid-character": (
        f'attachment; filename="=?GB2312?B?{b64(GBK[:9])}?=\t=?gb2312?B?{b64(GBK[9:])}?="'
    ),
    "RFC 2047 in Q": f'attachment; filename="=?gbk?Q?{"".join(f"={each:02X}" for each in GBK)}?="',
    "RFC 2047 without padding": f'attachment; filename="=?gb2312?B?{b64(GBK).rstrip("=")}?="',
    "RFC 2047 in pieces": f'attachment; filename*0="=?utf-8?B?{b64(UTF)[:12]}"; filename*1="{b64(UTF)[12:]}?="',
    "raw GBK": b'attachment; filename="' + GBK + b'"',
    "raw UTF-8 without quotes": b"attachment; filename=" + UTF,
    "called UTF-8 and GBK": f"attachment; filename*=utf-8''{quote(GBK)}",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_name_comes_out_right_however_it_is_written(form: str) -> None:
    assert attachment_name(email.message_from_bytes(part(FORMS[form]))) == NAME


def test_a_name_in_the_content_type_alone_is_taken() -> None:
    raw = part("attachment", b'application/octet-stream; name="=?gb2312?B?' + b64(GBK).encode() + b'?="')
    assert attachment_name(email.message_from_bytes(raw)) == NAME


@given(st.text(st.characters(codec="gb18030", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=40))
def test_what_python_writes_is_read_back(name: str) -> None:
    mail = EmailMessage(policy=SMTP)
    mail.add_attachment(b"", maintype="application", subtype="octet-stream", filename=name)
    attached = email.message_from_bytes(mail.as_bytes())
    [found] = [each for each in attached.walk() if each.get_content_disposition() == "attachment"]
    assert attachment_name(found).split() == name.split()


@given(st.binary(max_size=200))
def test_no_bytes_are_too_odd_to_be_read(raw: bytes) -> None:
    read_message(raw)
    attachment_name(
        email.message_from_bytes(part(b"attachment; filename=" + raw.replace(b"\r", b"").replace(b"\n", b"")))
    )
    assert message_id(raw)


def mail(*attached: tuple[str, bytes], body: str = "见附件。", number: str = "<1@school.example>") -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    made["From"] = "a@school.example"
    made["Message-ID"] = number
    made.set_content(body)
    for name, content in attached:
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made


def test_names_are_safe_to_write_and_no_two_are_the_same() -> None:
    found = read_message(mail(("../../etc/passwd", b"1"), ("表.xlsx", b"2"), ("表.xlsx", b"3")).as_bytes())
    assert [(each.name, each.content) for each in found.attachments] == [
        ("_.._etc_passwd", b"1"),
        ("表.xlsx", b"2"),
        ("表(2).xlsx", b"3"),
    ]


def test_attachments_of_a_forwarded_message_are_taken() -> None:
    outer = mail()
    outer.add_attachment(mail(("表.xlsx", b"1")))
    assert [each.name for each in read_message(outer.as_bytes()).attachments] == ["表.xlsx"]


def test_our_own_mail_coming_back_brings_nothing() -> None:
    outer = mail()
    outer.add_attachment(mail(("退回表格-01.xlsx", b"1"), number="<0a1b.kbxt@bureau.example>"))
    assert read_message(outer.as_bytes()).attachments == ()
    bounce = b"From: MAILER-DAEMON@mx.example\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b--\r\n"
    assert read_message(bounce).bounced


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("https://mail.163.com/large-attachment-download/index.html?p=X-NETEASE&file=ab%3D", True),
        ("https://wx.mail.qq.com/ftn/download?func=3&key=a&code=b", True),
        ("http://mail.qq.com/cgi-bin/ftnExs_download?k=12&t=exs_ftn_download", True),
        ("https://pan.baidu.com/s/1abc", True),
        ("https://www.ganxian.gov.cn/notice.html", False),
    ],
)
def test_links_to_attachments_in_a_cloud_are_told(link: str, told: bool) -> None:
    body = mail(body="x")
    escaped = link.replace("&", "&amp;")
    body.add_alternative(f'<p>超大附件 <a href="{escaped}">下载</a></p>', subtype="html")
    assert read_message(body.as_bytes()).links == ((link,) if told else ())
